/// What a kernel is called with when it is interpreted.
package enum KernelParameter: Sendable, Hashable {
  case integer(Int)
  /// A byte in one of the buffers.
  case address(buffer: Int, byteOffset: Int)

  /// The 64 bits that the kernel sees. Buffers lie so far apart that no offset within one
  /// reaches another.
  package var bits: Int {
    switch self {
    case .integer(let value): value
    case .address(let buffer, let byteOffset):
      (buffer + 1) << KernelInterpreter.bufferBits + byteOffset
    }
  }
}

package enum KernelInterpreterError: Error, Equatable {
  /// An access of `byteCount` bytes that do not lie within one buffer.
  case outOfBounds(instruction: Int, address: Int, byteCount: Int)
  case parameterCount(expected: Int, got: Int)
  /// A mask of more lanes than a vector has, or of fewer than none.
  case maskCount(instruction: Int, count: Int)
}

/// Runs a kernel's program in plain Swift, instruction by instruction, to the result that the
/// processor gives (but for which NaN it is): the oracle of the generated code.
///
/// Every access is checked against the buffers' bounds.
package struct KernelInterpreter {
  static let bufferBits = 40

  let program: KernelProgram
  let lanes: Int
  var vectors: [SIMD16<UInt32>]
  var scalars: [Int]
  var masks: [UInt16]
  var memory: InterpreterMemory
  /// The instruction that is being run.
  var position = 0

  /// Calls the kernel once; `memory` is what the parameters' addresses point into.
  ///
  /// - Throws: `KernelInterpreterError`; the memory is then as it was.
  package static func run(
    _ program: KernelProgram, parameters: [KernelParameter], memory: inout [[UInt8]]
  ) throws(KernelInterpreterError) {
    guard parameters.count >= program.parameterCount else {
      throw .parameterCount(expected: program.parameterCount, got: parameters.count)
    }
    var interpreter = KernelInterpreter(program, InterpreterMemory(memory))
    try interpreter.run(parameters.map(\.bits))
    interpreter.memory.copy(to: &memory)
  }

  private init(_ program: KernelProgram, _ memory: InterpreterMemory) {
    self.program = program
    self.memory = memory
    lanes = program.instructionSet.lanes
    vectors = Array(repeating: .zero, count: program.vectorCount)
    scalars = Array(repeating: 0, count: program.scalarCount)
    masks = Array(repeating: 0, count: program.maskCount)
  }

  private mutating func run(_ parameters: [Int]) throws(KernelInterpreterError) {
    let instructions = program.instructions
    let partners = Self.partners(of: instructions)
    position = 0
    while position < instructions.count {
      switch instructions[position] {
      case .parameter(let target, let index): scalars[target.id] = parameters[index]
      case .setInteger(let target, let value): scalars[target.id] = value
      case .copyInteger(let target, let from): scalars[target.id] = scalars[from.id]
      case .addConstant(let target, let value): scalars[target.id] &+= value
      case .addInteger(let target, let other): scalars[target.id] &+= scalars[other.id]
      case .subtractInteger(let target, let other): scalars[target.id] &-= scalars[other.id]
      case .multiplyConstant(let target, let value): scalars[target.id] &*= value
      case .minimumInteger(let target, let other):
        scalars[target.id] = min(scalars[target.id], scalars[other.id])
      case .loadInteger(let target, let address):
        let place = try locate(address, byteCount: 8)
        scalars[target.id] = Int(bitPattern: UInt(memory.load64(place)))
      case .prefetch: break
      case .loop(let count):
        if scalars[count.id] <= 0 { position = partners[position] }
      case .endLoop:
        let start = partners[position]
        if case .loop(let count) = instructions[start] {
          scalars[count.id] &-= 1
          if scalars[count.id] > 0 { position = start }
        }
      case .ifPositive(let condition):
        if scalars[condition.id] <= 0 { position = partners[position] }
      case .otherwise: position = partners[position]
      case .endIf: break
      default: try runVector(instructions[position])
      }
      position += 1
    }
  }

  /// Where each control instruction jumps: loops to their ends and back, a condition to its
  /// alternative or end, an alternative to its end.
  private static func partners(of instructions: [KernelInstruction]) -> [Int] {
    var result = [Int](repeating: -1, count: instructions.count)
    var open: [Int] = []
    for (index, instruction) in instructions.enumerated() {
      switch instruction {
      case .loop, .ifPositive: open.append(index)
      case .otherwise:
        result[open.removeLast()] = index
        open.append(index)
      case .endLoop:
        let start = open.removeLast()
        result[start] = index
        result[index] = start
      case .endIf: result[open.removeLast()] = index
      default: break
      }
    }
    precondition(open.isEmpty, "a loop or condition without an end")
    return result
  }

  /// The address as a place in the pooled memory, checked.
  func locate(_ address: Address, byteCount: Int) throws(KernelInterpreterError) -> Int {
    var place = scalars[address.base.id] &+ address.offset
    if let index = address.index { place &+= scalars[index.id] &* address.scale }
    return try locate(place, byteCount: byteCount)
  }

  func locate(_ address: Int, byteCount: Int) throws(KernelInterpreterError) -> Int {
    guard let place = memory.place(of: address, byteCount: byteCount) else {
      throw .outOfBounds(instruction: position, address: address, byteCount: byteCount)
    }
    return place
  }
}

/// The buffers, one behind another.
struct InterpreterMemory {
  private var bytes: [UInt8] = []
  private var starts: [Int] = [0]

  init(_ buffers: [[UInt8]]) {
    for buffer in buffers {
      bytes += buffer
      starts.append(bytes.count)
    }
  }

  func copy(to buffers: inout [[UInt8]]) {
    for i in buffers.indices { buffers[i] = Array(bytes[starts[i]..<starts[i + 1]]) }
  }

  /// Where the bytes lie; nil when they are not within one buffer.
  func place(of address: Int, byteCount: Int) -> Int? {
    let buffer = address >> KernelInterpreter.bufferBits - 1
    guard buffer >= 0, buffer + 1 < starts.count else { return nil }
    let offset = address & (1 << KernelInterpreter.bufferBits - 1)
    let size = starts[buffer + 1] - starts[buffer]
    guard byteCount <= size, offset <= size - byteCount else { return nil }
    return starts[buffer] + offset
  }

  func load(_ place: Int) -> UInt32 {
    unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: place, as: UInt32.self) }
  }

  func load64(_ place: Int) -> UInt64 {
    unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: place, as: UInt64.self) }
  }

  mutating func store(_ value: UInt32, _ place: Int) {
    unsafe bytes.withUnsafeMutableBytes {
      unsafe $0.storeBytes(of: value, toByteOffset: place, as: UInt32.self)
    }
  }
}
