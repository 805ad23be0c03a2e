/// Instructions on 64-bit integers.
extension Assembler {
  /// `[opcode] reg, r/m` with 64-bit operands.
  private mutating func emit(_ opcode: [UInt8], _ reg: GeneralRegister, _ rm: GeneralRegister) {
    emit(0x48 | (reg.isExtended ? 4 : 0) | (rm.isExtended ? 1 : 0))
    emit(opcode)
    emitOperand(reg.rawValue, register: rm.rawValue)
  }

  private mutating func emit(
    _ opcode: [UInt8], _ reg: GeneralRegister, _ memory: MachineMemory, trailing: Int = 0
  ) {
    let (index, base) = memory.extensions
    emit(0x48 | (reg.isExtended ? 4 : 0) | (index ? 2 : 0) | (base ? 1 : 0))
    emit(opcode)
    emitOperand(reg.rawValue, memory, trailing: trailing)
  }

  /// An instruction whose ModRM byte carries part of its code.
  private mutating func emit(_ opcode: [UInt8], digit: UInt8, _ rm: GeneralRegister) {
    emit(0x48 | (rm.isExtended ? 1 : 0))
    emit(opcode)
    emitOperand(digit, register: rm.rawValue)
  }

  package mutating func move(_ target: GeneralRegister, _ source: GeneralRegister) {
    emit([0x8B], target, source)
  }

  package mutating func load(_ target: GeneralRegister, _ memory: MachineMemory) {
    emit([0x8B], target, memory)
  }

  package mutating func store(_ memory: MachineMemory, _ source: GeneralRegister) {
    emit([0x89], source, memory)
  }

  package mutating func loadAddress(_ target: GeneralRegister, _ memory: MachineMemory) {
    emit([0x8D], target, memory)
  }

  package mutating func set(_ target: GeneralRegister, _ value: Int) {
    if value == 0 {
      if target.isExtended { emit(0x45) }
      emit(0x33)
      emitOperand(target.rawValue, register: target.rawValue)
    } else if let small = UInt32(exactly: value) {
      if target.isExtended { emit(0x41) }
      emit(0xB8 | target.low)
      emitInteger(small)
    } else if let small = Int32(exactly: value) {
      emit([0xC7], digit: 0, target)
      emitInteger(small)
    } else {
      emit(0x48 | (target.isExtended ? 1 : 0))
      emit(0xB8 | target.low)
      emitInteger(Int64(value))
    }
  }

  package enum IntegerOperation: UInt8, Sendable {
    case add = 0x03
    case subtract = 0x2B
    case compare = 0x3B

    var digit: UInt8 { rawValue >> 3 }
  }

  package mutating func integer(
    _ operation: IntegerOperation, _ target: GeneralRegister, _ source: GeneralRegister
  ) {
    emit([operation.rawValue], target, source)
  }

  package mutating func integer(
    _ operation: IntegerOperation, _ target: GeneralRegister, _ memory: MachineMemory
  ) {
    emit([operation.rawValue], target, memory)
  }

  package mutating func integer(
    _ operation: IntegerOperation, _ target: GeneralRegister, constant: Int32
  ) {
    if let small = Int8(exactly: constant) {
      emit([0x83], digit: operation.digit, target)
      emit(UInt8(bitPattern: small))
    } else {
      emit([0x81], digit: operation.digit, target)
      emitInteger(constant)
    }
  }

  /// The operation on a 64-bit integer in memory.
  package mutating func integer(
    _ operation: IntegerOperation, _ memory: MachineMemory, constant: Int32
  ) {
    let digit = GeneralRegister.allCases[Int(operation.digit)]
    if let small = Int8(exactly: constant) {
      emit([0x83], digit, memory, trailing: 1)
      emit(UInt8(bitPattern: small))
    } else {
      emit([0x81], digit, memory, trailing: 4)
      emitInteger(constant)
    }
  }

  package mutating func test(_ register: GeneralRegister) { emit([0x85], register, register) }

  package mutating func decrement(_ register: GeneralRegister) {
    emit([0xFF], digit: 1, register)
  }

  package mutating func decrement(_ memory: MachineMemory) { emit([0xFF], .rcx, memory) }

  package mutating func multiply(
    _ target: GeneralRegister, _ source: GeneralRegister, by constant: Int32
  ) {
    if let small = Int8(exactly: constant) {
      emit([0x6B], target, source)
      emit(UInt8(bitPattern: small))
    } else {
      emit([0x69], target, source)
      emitInteger(constant)
    }
  }

  package mutating func multiply(_ target: GeneralRegister, _ source: GeneralRegister) {
    emit([0x0F, 0xAF], target, source)
  }

  package mutating func shiftLeft(_ target: GeneralRegister, by count: UInt8) {
    emit([0xC1], digit: 4, target)
    emit(count)
  }

  package mutating func moveIfGreater(_ target: GeneralRegister, _ source: GeneralRegister) {
    emit([0x0F, 0x4F], target, source)
  }

  /// Into every level of the cache.
  package mutating func prefetch(_ memory: MachineMemory) {
    let (index, base) = memory.extensions
    if index || base { emit(0x40 | (index ? 2 : 0) | (base ? 1 : 0)) }
    emit([0x0F, 0x18])
    emitOperand(1, memory)
  }

  package mutating func push(_ register: GeneralRegister) {
    if register.isExtended { emit(0x41) }
    emit(0x50 | register.low)
  }

  package mutating func pop(_ register: GeneralRegister) {
    if register.isExtended { emit(0x41) }
    emit(0x58 | register.low)
  }

  package mutating func alignStack(to alignment: Int8) {
    emit([0x83], digit: 4, .rsp)
    emit(UInt8(bitPattern: -alignment))
  }

  package mutating func returnToCaller() { emit(0xC3) }

  /// Leaves the registers as code without AVX wants them.
  package mutating func clearUpperHalves() { emit([0xC5, 0xF8, 0x77]) }
}
