extension CodeGenerator {
  mutating func emit(_ instruction: MachineInstruction, at index: Int) {
    switch instruction {
    case .vector(let step): emit(step)
    case .moveVector(let a, let b):
      guard number(a) != number(b) else { return }
      emit(VectorStep(opcode: .move, register: a, source: .register(b)))
    case .zero(let a): emitZero(number(a))
    case .ones(let a): emitOnes(number(a))
    case .entry(let a):
      precondition(general(a) == .rdi, "the parameters arrive in another register")
    case .setInteger(let a, let value): assembler.set(general(a), value)
    case .copyInteger(let a, let b):
      if general(a) != general(b) { assembler.move(general(a), general(b)) }
    case .loadInteger(let a, let place): assembler.load(general(a), memory(place))
    case .storeInteger(let place, let a): assembler.store(memory(place), general(a))
    case .addConstant(.register(let a), let value): emitAdd(general(a), value)
    case .addConstant(.memory(let place), let value):
      assembler.integer(.add, memory(place), constant: value)
    case .integer(let operation, let a, .register(let b)):
      assembler.integer(operation, general(a), general(b))
    case .integer(let operation, let a, .memory(let place)):
      assembler.integer(operation, general(a), memory(place))
    case .multiplyConstant(let a, let b, let value):
      assembler.multiply(general(a), general(b), by: value)
    case .multiply(let a, let b): assembler.multiply(general(a), general(b))
    case .shiftLeft(let a, let count): assembler.shiftLeft(general(a), by: UInt8(count))
    case .minimum(let a, let b):
      assembler.integer(.compare, general(a), general(b))
      assembler.moveIfGreater(general(a), general(b))
    case .prefetch(let place): assembler.prefetch(memory(place))
    case .loop, .endLoop, .ifPositive, .otherwise, .endIf: emitControl(instruction, at: index)
    }
  }

  private mutating func emitAdd(_ register: GeneralRegister, _ value: Int32) {
    // −128 fits a byte, 128 does not.
    if value == 128 {
      assembler.integer(.subtract, register, constant: -128)
    } else {
      assembler.integer(.add, register, constant: value)
    }
  }

  private mutating func emitControl(_ instruction: MachineInstruction, at index: Int) {
    switch instruction {
    case .loop(let counter, let id):
      compareWithZero(counter)
      assembler.jump(.lessOrEqual, to: end(id))
      if isInnermostLoop(at: index) { assembler.alignCode(to: 32) }
      assembler.place(begin(id))
    case .endLoop(let counter, let id):
      switch counter {
      case .register(let register): assembler.decrement(general(register))
      case .memory(let place): assembler.decrement(memory(place))
      }
      assembler.jump(.notZero, to: begin(id))
      assembler.place(end(id))
    case .ifPositive(let value, let id):
      compareWithZero(value)
      assembler.jump(.lessOrEqual, to: begin(id))
    case .otherwise(let id):
      assembler.jump(to: end(id))
      assembler.place(begin(id))
    case .endIf(let id):
      if !assembler.isPlaced(begin(id)) { assembler.place(begin(id)) }
      assembler.place(end(id))
    default: break
    }
  }

  private mutating func compareWithZero(_ value: IntegerPlace) {
    switch value {
    case .register(let register): assembler.test(general(register))
    case .memory(let place): assembler.integer(.compare, memory(place), constant: 0)
    }
  }

  private mutating func emitZero(_ register: UInt8) {
    let opcode = VectorOpcode.of(.xor)
    if register < 16 {
      // The processor clears the whole register.
      assembler.vex(
        opcode, .bits128, reg: register, second: register, source: .register(register))
    } else {
      assembler.evex(
        opcode, .bits512, reg: register, second: register, source: .register(register))
    }
  }

  private mutating func emitOnes(_ register: UInt8) {
    if instructionSet == .avx2 {
      assembler.vex(
        .compareEqualIntegers, .bits256, reg: register, second: register,
        source: .register(register))
    } else {
      assembler.evex(
        .ternaryLogic, .bits512, reg: register, second: register, source: .register(register),
        immediate: 0xFF)
    }
  }

  private mutating func emit(_ step: VectorStep) {
    let source: Assembler.VectorSource
    var largest: UInt8 = 0
    switch step.source {
    case .register(let register):
      source = .register(number(register))
      largest = number(register)
    case .memory(let place): source = .memory(memory(place))
    case .broadcast(let place): source = .broadcast(memory(place))
    }
    let register = step.register.map { number($0) } ?? 0
    let second = step.second.map { number($0) } ?? 0
    largest = max(largest, register, second)
    var immediate = step.immediate
    if let last = step.last { immediate = number(last) << 4 }
    // Masks and integers have no other encoding, and lower registers a shorter one.
    if instructionSet == .avx2 || (step.opcode.isShort && largest < 16) {
      assembler.vex(
        step.opcode, step.opcode.isShort ? .bits128 : .bits256, reg: register, second: second,
        source: source, immediate: immediate)
    } else {
      assembler.evex(
        step.opcode, step.opcode.isShort ? .bits128 : .bits512, reg: register, second: second,
        source: source, mask: step.mask.map { number($0) } ?? 0, isZeroing: step.isZeroing,
        immediate: immediate)
    }
  }
}
