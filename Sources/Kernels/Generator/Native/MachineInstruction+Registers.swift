extension MachineInstruction {
  /// Visits the registers that the instruction mentions.
  @inline(__always)
  func forEachRegister(_ body: (VirtualRegister, RegisterAccess) -> Void) {
    switch self {
    case .vector(let step): step.forEachRegister(body)
    case .moveVector(let a, let b), .copyInteger(let a, let b):
      body(a, .write)
      body(b, .read)
    case .zero(let a), .ones(let a), .entry(let a), .setInteger(let a, _): body(a, .write)
    case .loadInteger(let a, let memory):
      body(a, .write)
      memory.forEachRegister(body)
    case .storeInteger(let memory, let a):
      memory.forEachRegister(body)
      body(a, .read)
    case .addConstant(let a, _), .endLoop(let a, _): a.forEachRegister(.readWrite, body)
    case .integer(_, let a, let b):
      body(a, .readWrite)
      b.forEachRegister(.read, body)
    case .multiplyConstant(let a, let b, _):
      body(a, .write)
      body(b, .read)
    case .multiply(let a, let b), .minimum(let a, let b):
      body(a, .readWrite)
      body(b, .read)
    case .shiftLeft(let a, _): body(a, .readWrite)
    case .prefetch(let memory): memory.forEachRegister(body)
    case .loop(let a, _), .ifPositive(let a, _): a.forEachRegister(.read, body)
    case .otherwise, .endIf: break
    }
  }
}

extension VectorStep {
  @inline(__always)
  fileprivate func forEachRegister(_ body: (VirtualRegister, RegisterAccess) -> Void) {
    let role = opcode.role
    if let register {
      body(register, role == .define ? .write : role == .accumulate ? .readWrite : .read)
    }
    if let second { body(second, role == .definePrefixed ? .write : .read) }
    if let last { body(last, .read) }
    if let mask { body(mask, .read) }
    switch source {
    case .register(let register): body(register, .read)
    case .memory(let memory), .broadcast(let memory): memory.forEachRegister(body)
    }
  }
}

extension VirtualMemory {
  @inline(__always)
  fileprivate func forEachRegister(_ body: (VirtualRegister, RegisterAccess) -> Void) {
    if case .register(let base) = base { body(base, .read) }
    if let index { body(index, .read) }
  }
}

extension IntegerPlace {
  @inline(__always)
  fileprivate func forEachRegister(
    _ access: RegisterAccess, _ body: (VirtualRegister, RegisterAccess) -> Void
  ) {
    switch self {
    case .register(let register): body(register, access)
    case .memory(let memory): memory.forEachRegister(body)
    }
  }
}
