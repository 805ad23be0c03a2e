/// Puts a program in terms of instructions that the processor has, still with virtual registers.
///
/// With AVX2 a mask is a vector register of all-ones and zero lanes, and a broadcast operand is a
/// load of its own.
struct Legalization {
  let instructionSet: InstructionSet
  private(set) var output: [MachineInstruction] = []
  private(set) var vectorCount: Int
  private(set) var integerCount: Int
  let maskCount: Int
  private let firstMask: Int
  private let parameters: VirtualRegister
  /// Counters and numbers of the loops that are open, and numbers of the conditions.
  private var loops: [(counter: ScalarRegister, id: Int32)] = []
  private var conditions: [Int32] = []
  private var controlCount: Int32 = 0

  init(_ program: KernelProgram) {
    instructionSet = program.instructionSet
    firstMask = program.vectorCount
    vectorCount = program.vectorCount
    maskCount = instructionSet == .avx2 ? 0 : program.maskCount
    if instructionSet == .avx2 { vectorCount += program.maskCount }
    parameters = VirtualRegister(kind: .integer, id: program.scalarCount)
    integerCount = program.scalarCount + 1
    output.reserveCapacity(program.instructions.count * 5 / 4)
    output.append(.entry(parameters))
    for instruction in program.instructions { lower(instruction) }
    precondition(loops.isEmpty && conditions.isEmpty, "a loop or a condition without end")
  }

  private mutating func lower(_ instruction: KernelInstruction) {
    switch instruction {
    case .parameter(let a, let number):
      output.append(
        .loadInteger(
          register(a), VirtualMemory(base: .register(parameters), offset: Int32(8 * number))))
    case .setInteger(let a, let value): output.append(.setInteger(register(a), value))
    case .copyInteger(let a, let b): output.append(.copyInteger(register(a), register(b)))
    case .addConstant(let a, let value):
      if let small = Int32(exactly: value) {
        output.append(.addConstant(.register(register(a)), small))
      } else {
        output.append(.integer(.add, register(a), .register(integer(value))))
      }
    case .addInteger(let a, let b):
      output.append(.integer(.add, register(a), .register(register(b))))
    case .subtractInteger(let a, let b):
      output.append(.integer(.subtract, register(a), .register(register(b))))
    case .multiplyConstant(let a, let value): lowerMultiply(register(a), value)
    case .minimumInteger(let a, let b): output.append(.minimum(register(a), register(b)))
    case .loadInteger(let a, let address):
      output.append(.loadInteger(register(a), memory(address)))
    case .prefetch(let address): output.append(.prefetch(memory(address)))
    case .loop, .endLoop, .ifPositive, .otherwise, .endIf: lowerControl(instruction)
    default: lowerVector(instruction)
    }
  }

  private mutating func lowerMultiply(_ a: VirtualRegister, _ value: Int) {
    if value > 0, value & (value - 1) == 0 {
      if value > 1 { output.append(.shiftLeft(a, value.trailingZeroBitCount)) }
    } else if let small = Int32(exactly: value) {
      output.append(.multiplyConstant(a, a, small))
    } else {
      output.append(.multiply(a, integer(value)))
    }
  }

  private mutating func lowerControl(_ instruction: KernelInstruction) {
    switch instruction {
    case .loop(let counter):
      loops.append((counter, controlCount))
      output.append(.loop(.register(register(counter)), id: controlCount))
      controlCount += 1
    case .endLoop:
      guard let (counter, id) = loops.popLast() else { preconditionFailure("no loop to end") }
      output.append(.endLoop(.register(register(counter)), id: id))
    case .ifPositive(let a):
      conditions.append(controlCount)
      output.append(.ifPositive(.register(register(a)), id: controlCount))
      controlCount += 1
    case .otherwise:
      guard let id = conditions.last else { preconditionFailure("no condition to turn") }
      output.append(.otherwise(id: id))
    case .endIf:
      guard let id = conditions.popLast() else { preconditionFailure("no condition to end") }
      output.append(.endIf(id: id))
    default: break
    }
  }
}

extension Legalization {
  mutating func append(_ step: VectorStep) { output.append(.vector(step)) }

  mutating func append(_ instruction: MachineInstruction) { output.append(instruction) }

  func register(_ a: VectorRegister) -> VirtualRegister {
    VirtualRegister(kind: .vector, id: a.id)
  }

  func register(_ a: ScalarRegister) -> VirtualRegister {
    VirtualRegister(kind: .integer, id: a.id)
  }

  func register(_ a: MaskRegister) -> VirtualRegister {
    instructionSet == .avx2
      ? VirtualRegister(kind: .vector, id: firstMask + a.id)
      : VirtualRegister(kind: .mask, id: a.id)
  }

  mutating func freshVector() -> VirtualRegister {
    defer { vectorCount += 1 }
    return VirtualRegister(kind: .vector, id: vectorCount)
  }

  mutating func freshInteger() -> VirtualRegister {
    defer { integerCount += 1 }
    return VirtualRegister(kind: .integer, id: integerCount)
  }

  /// A new register that holds the value.
  mutating func integer(_ value: Int) -> VirtualRegister {
    let register = freshInteger()
    output.append(.setInteger(register, value))
    return register
  }

  mutating func memory(_ address: Address) -> VirtualMemory {
    var base = register(address.base)
    var offset: Int32 = 0
    if let small = Int32(exactly: address.offset) {
      offset = small
    } else {
      let sum = integer(address.offset)
      output.append(.integer(.add, sum, .register(base)))
      base = sum
    }
    return VirtualMemory(
      base: .register(base), index: address.index.map { register($0) }, scale: UInt8(address.scale),
      offset: offset)
  }
}
