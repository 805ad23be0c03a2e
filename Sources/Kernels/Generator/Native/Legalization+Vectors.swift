extension Legalization {
  mutating func lowerVector(_ instruction: KernelInstruction) {
    switch instruction {
    case .zero(let a): append(.zero(register(a)))
    case .constant(let a, let bits): lowerConstant(register(a), bits)
    case .move(let a, let b): append(.moveVector(register(a), register(b)))
    case .load(let a, let address):
      append(step(.load, register(a), .memory(memory(address))))
    case .broadcast(let a, let address):
      append(step(.broadcast, register(a), .memory(memory(address))))
    case .broadcastLane(let a, let b):
      append(step(.broadcast, register(a), .register(register(b))))
    case .store(let address, let a):
      append(step(.store, register(a), .memory(memory(address))))
    case .storeFirst(let address, let a):
      append(step(.storeFirst, register(a), .memory(memory(address))))
    case .loadMasked(let a, let address, let mask):
      lowerLoad(register(a), memory(address), register(mask))
    case .storeMasked(let address, let a, let mask):
      lowerStore(memory(address), register(a), register(mask))
    case .binary(let operation, let a, let b, let c):
      let opcode = VectorOpcode.of(operation)
      append(step(opcode, register(a), register(b), source(c, opcode)))
    case .multiplyAdd(let a, let b, let c):
      append(step(.multiplyAdd, register(a), register(b), source(c, .multiplyAdd)))
    case .multiplySubtract(let a, let b, let c):
      append(step(.multiplySubtract, register(a), register(b), source(c, .multiplySubtract)))
    case .multiplyThenAdd(let a, let b, let c):
      append(step(.multiplyThenAdd, register(a), register(b), source(c, .multiplyThenAdd)))
    case .unary(let operation, let a, let b):
      let (opcode, immediate) = VectorOpcode.of(operation)
      append(step(opcode, register(a), .register(register(b)), immediate: immediate))
    case .shift(let operation, let a, let b, let count):
      append(
        VectorStep(
          opcode: .of(operation), second: register(a), source: .register(register(b)),
          immediate: UInt8(count)))
    case .permuteWithin(let a, let b, let choice):
      append(
        step(.permuteWithin, register(a), .register(register(b)), immediate: choice))
    case .permuteGroups(let a, let b, let c, let choice):
      let opcode: VectorOpcode = instructionSet == .avx2 ? .permuteHalves : .permuteQuarters
      append(
        step(opcode, register(a), register(b), .register(register(c)), immediate: choice))
    case .compare(let mask, let comparison, let a, let b):
      append(
        step(
          .compare, register(mask), register(a), .register(register(b)),
          immediate: comparison.predicate))
    case .maskFirst(let mask, let count): lowerMaskFirst(register(mask), register(count))
    case .select(let a, let mask, let b, let c):
      lowerSelect(register(a), register(mask), whenSet: register(b), other: register(c))
    default: preconditionFailure("not a vector instruction")
    }
  }

  private func step(
    _ opcode: VectorOpcode, _ a: VirtualRegister, _ second: VirtualRegister,
    _ source: VectorStep.Source, immediate: UInt8? = nil
  ) -> VectorStep {
    VectorStep(
      opcode: opcode, register: a, second: second, source: source, immediate: immediate)
  }

  private func step(
    _ opcode: VectorOpcode, _ a: VirtualRegister, _ source: VectorStep.Source,
    immediate: UInt8? = nil
  ) -> VectorStep {
    VectorStep(opcode: opcode, register: a, source: source, immediate: immediate)
  }

  private mutating func lowerConstant(_ a: VirtualRegister, _ bits: UInt32) {
    switch bits {
    case 0: append(.zero(a))
    case .max: append(.ones(a))
    default: append(step(.broadcast, a, .memory(.constant(.lane(bits)))))
    }
  }

  private mutating func source(
    _ operand: VectorOperand, _ opcode: VectorOpcode
  ) -> VectorStep.Source {
    let isFolded = instructionSet == .avx512 && opcode.takesBroadcast
    switch operand {
    case .register(let a): return .register(register(a))
    case .memory(let address): return .memory(memory(address))
    case .broadcast(let address):
      let place = memory(address)
      if isFolded { return .broadcast(place) }
      let loaded = freshVector()
      append(step(.broadcast, loaded, .memory(place)))
      return .register(loaded)
    case .constant(let bits):
      if instructionSet == .avx2 { return .memory(.constant(.vector(bits))) }
      if isFolded { return .broadcast(.constant(.lane(bits))) }
      let loaded = freshVector()
      lowerConstant(loaded, bits)
      return .register(loaded)
    }
  }

  private mutating func lowerLoad(
    _ a: VirtualRegister, _ place: VirtualMemory, _ mask: VirtualRegister
  ) {
    if instructionSet == .avx2 {
      append(step(.loadMasked, a, mask, .memory(place)))
    } else {
      append(
        VectorStep(
          opcode: .load, register: a, source: .memory(place), mask: mask, isZeroing: true))
    }
  }

  private mutating func lowerStore(
    _ place: VirtualMemory, _ a: VirtualRegister, _ mask: VirtualRegister
  ) {
    if instructionSet == .avx2 {
      append(step(.storeMasked, a, mask, .memory(place)))
    } else {
      append(VectorStep(opcode: .store, register: a, source: .memory(place), mask: mask))
    }
  }

  private mutating func lowerMaskFirst(_ mask: VirtualRegister, _ count: VirtualRegister) {
    if instructionSet == .avx2 {
      // Lane i is set where the count is greater than i.
      let single = freshVector()
      let counts = freshVector()
      append(step(.fromInteger, single, .register(count)))
      append(step(.broadcastInteger, counts, .register(single)))
      append(step(.compareGreaterIntegers, mask, counts, .memory(.constant(.laneNumbers))))
    } else {
      let bits = freshInteger()
      append(.setInteger(bits, 0xFFFF))
      append(step(.zeroHighBits, bits, count, .register(bits)))
      append(step(.maskFromInteger, mask, .register(bits)))
    }
  }

  private mutating func lowerSelect(
    _ a: VirtualRegister, _ mask: VirtualRegister, whenSet: VirtualRegister,
    other: VirtualRegister
  ) {
    if instructionSet == .avx2 {
      append(
        VectorStep(
          opcode: .blendByVector, register: a, second: other, source: .register(whenSet),
          last: mask))
    } else {
      append(
        VectorStep(
          opcode: .blendByMask, register: a, second: other, source: .register(whenSet),
          mask: mask))
    }
  }
}
