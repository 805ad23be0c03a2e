/// A register that has no number yet.
package struct VirtualRegister: Sendable, Hashable {
  package enum Kind: UInt32, Sendable, CaseIterable { case vector, integer, mask }

  private let bits: UInt32

  init(kind: Kind, id: Int) { bits = kind.rawValue << 28 | UInt32(id) }

  var kind: Kind {
    switch bits >> 28 {
    case 0: .vector
    case 1: .integer
    default: .mask
    }
  }

  var id: Int { Int(bits & (1 << 28 - 1)) }
}

/// What an instruction does with a register.
package enum RegisterAccess: Sendable { case read, write, readWrite }

/// A memory operand before registers have numbers.
package struct VirtualMemory: Sendable, Hashable {
  package enum Base: Sendable, Hashable {
    case register(VirtualRegister)
    /// A register's place on the stack.
    case slot(VirtualRegister.Kind, Int32)
    case constant(KernelConstant)
  }

  var base: Base
  var index: VirtualRegister?
  var scale: UInt8 = 1
  var offset: Int32 = 0

  static func slot(_ kind: VirtualRegister.Kind, _ number: Int) -> VirtualMemory {
    VirtualMemory(base: .slot(kind, Int32(number)))
  }

  static func constant(_ constant: KernelConstant) -> VirtualMemory {
    VirtualMemory(base: .constant(constant))
  }
}

/// Bytes that lie behind the code.
package enum KernelConstant: Sendable, Hashable {
  /// One lane.
  case lane(UInt32)
  /// Eight equal lanes.
  case vector(UInt32)
  /// 0, 1, 2, … in eight lanes.
  case laneNumbers
}

/// One vector instruction of the processor.
package struct VectorStep: Sendable {
  enum Source: Sendable {
    case register(VirtualRegister)
    case memory(VirtualMemory)
    case broadcast(VirtualMemory)
  }

  var opcode: VectorOpcode
  /// The register of the ModRM byte's register field.
  var register: VirtualRegister?
  /// The register that the prefix names.
  var second: VirtualRegister?
  var source: Source
  /// A register in the immediate byte.
  var last: VirtualRegister?
  var mask: VirtualRegister?
  var isZeroing = false
  var immediate: UInt8?
}

/// An integer operand that may have moved to the stack.
package enum IntegerPlace: Sendable {
  case register(VirtualRegister)
  case memory(VirtualMemory)
}

/// What the processor does in one step, or two that no register's life divides.
package enum MachineInstruction: Sendable {
  case vector(VectorStep)
  case moveVector(VirtualRegister, VirtualRegister)
  case zero(VirtualRegister)
  /// Sets all bits.
  case ones(VirtualRegister)

  /// The parameters' address arrives.
  case entry(VirtualRegister)
  case setInteger(VirtualRegister, Int)
  case copyInteger(VirtualRegister, VirtualRegister)
  case loadInteger(VirtualRegister, VirtualMemory)
  case storeInteger(VirtualMemory, VirtualRegister)
  case addConstant(IntegerPlace, Int32)
  case integer(Assembler.IntegerOperation, VirtualRegister, IntegerPlace)
  case multiplyConstant(VirtualRegister, VirtualRegister, Int32)
  case multiply(VirtualRegister, VirtualRegister)
  case shiftLeft(VirtualRegister, Int)
  case minimum(VirtualRegister, VirtualRegister)
  case prefetch(VirtualMemory)

  case loop(IntegerPlace, id: Int32)
  case endLoop(IntegerPlace, id: Int32)
  case ifPositive(IntegerPlace, id: Int32)
  case otherwise(id: Int32)
  case endIf(id: Int32)
}

extension MachineInstruction {
  typealias RegisterChange = (VirtualRegister, RegisterAccess) -> VirtualRegister

  /// The instruction with its registers replaced.
  func mapRegisters(_ change: RegisterChange) -> MachineInstruction {
    switch self {
    case .vector(let step): .vector(step.mapRegisters(change))
    case .moveVector(let a, let b):
      .moveVector(change(a, .write), change(b, .read))
    case .zero(let a): .zero(change(a, .write))
    case .ones(let a): .ones(change(a, .write))
    case .entry(let a): .entry(change(a, .write))
    case .setInteger(let a, let value): .setInteger(change(a, .write), value)
    case .copyInteger(let a, let b): .copyInteger(change(a, .write), change(b, .read))
    case .loadInteger(let a, let memory):
      .loadInteger(change(a, .write), memory.mapRegisters(change))
    case .storeInteger(let memory, let a):
      .storeInteger(memory.mapRegisters(change), change(a, .read))
    case .addConstant(let a, let value):
      .addConstant(a.mapRegisters(.readWrite, change), value)
    case .integer(let operation, let a, let b):
      .integer(operation, change(a, .readWrite), b.mapRegisters(.read, change))
    case .multiplyConstant(let a, let b, let value):
      .multiplyConstant(change(a, .write), change(b, .read), value)
    case .multiply(let a, let b): .multiply(change(a, .readWrite), change(b, .read))
    case .shiftLeft(let a, let count): .shiftLeft(change(a, .readWrite), count)
    case .minimum(let a, let b): .minimum(change(a, .readWrite), change(b, .read))
    case .prefetch(let memory): .prefetch(memory.mapRegisters(change))
    case .loop(let a, let id): .loop(a.mapRegisters(.read, change), id: id)
    case .endLoop(let a, let id): .endLoop(a.mapRegisters(.readWrite, change), id: id)
    case .ifPositive(let a, let id): .ifPositive(a.mapRegisters(.read, change), id: id)
    case .otherwise, .endIf: self
    }
  }

  /// Whether code runs on from here to elsewhere, or arrives from there.
  var isControl: Bool {
    switch self {
    case .loop, .endLoop, .ifPositive, .otherwise, .endIf: true
    default: false
    }
  }
}

extension VectorStep {
  func mapRegisters(_ change: MachineInstruction.RegisterChange) -> VectorStep {
    var step = self
    step.register = register.map {
      switch opcode.role {
      case .define: change($0, .write)
      case .accumulate: change($0, .readWrite)
      case .store, .definePrefixed: change($0, .read)
      }
    }
    step.second = second.map { change($0, opcode.role == .definePrefixed ? .write : .read) }
    step.last = last.map { change($0, .read) }
    step.mask = mask.map { change($0, .read) }
    switch source {
    case .register(let register): step.source = .register(change(register, .read))
    case .memory(let memory): step.source = .memory(memory.mapRegisters(change))
    case .broadcast(let memory): step.source = .broadcast(memory.mapRegisters(change))
    }
    return step
  }
}

extension VirtualMemory {
  func mapRegisters(_ change: MachineInstruction.RegisterChange) -> VirtualMemory {
    var memory = self
    if case .register(let base) = base { memory.base = .register(change(base, .read)) }
    memory.index = index.map { change($0, .read) }
    return memory
  }
}

extension IntegerPlace {
  func mapRegisters(
    _ access: RegisterAccess, _ change: MachineInstruction.RegisterChange
  ) -> IntegerPlace {
    switch self {
    case .register(let register): .register(change(register, access))
    case .memory(let memory): .memory(memory.mapRegisters(change))
    }
  }
}
