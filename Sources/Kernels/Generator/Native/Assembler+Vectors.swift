/// Vector instructions with VEX and EVEX prefixes.
extension Assembler {
  package enum VectorWidth: UInt8, Sendable {
    case bits128, bits256, bits512

    var byteCount: Int { 16 << Int(rawValue) }
  }

  /// The operand that may be a register or in memory.
  package enum VectorSource: Sendable {
    case register(UInt8)
    case memory(MachineMemory)
    /// One float for all lanes; EVEX alone.
    case broadcast(MachineMemory)
  }

  /// - Parameters:
  ///   - reg: The register that the ModRM byte's register field names.
  ///   - second: The one that the prefix names.
  ///   - immediate: The last byte.
  package mutating func vex(
    _ opcode: VectorOpcode, _ width: VectorWidth, reg: UInt8, second: UInt8 = 0,
    source: VectorSource, immediate: UInt8? = nil
  ) {
    let reg = opcode.digit ?? reg
    var index = false
    var base = false
    switch source {
    case .register(let number): base = number & 8 != 0
    case .memory(let memory): (index, base) = memory.extensions
    case .broadcast: preconditionFailure("VEX has no broadcasts")
    }
    let last = (~second & 15) << 3 | (width == .bits256 ? 4 : 0) | opcode.prefix
    let r: UInt8 = reg & 8 == 0 ? 0x80 : 0
    if opcode.map == 1 && !index && !base {
      emit(0xC5)
      emit(r | last)
    } else {
      emit(0xC4)
      emit(r | (index ? 0 : 0x40) | (base ? 0 : 0x20) | opcode.map)
      emit(last)
    }
    emit(opcode.code)
    switch source {
    case .register(let number): emitOperand(reg, register: number)
    case .memory(let memory), .broadcast(let memory):
      emitOperand(reg, memory, trailing: immediate == nil ? 0 : 1)
    }
    if let immediate { emit(immediate) }
  }

  /// - Parameter mask: The mask register, 1 to 7; 0 for none.
  package mutating func evex(
    _ opcode: VectorOpcode, _ width: VectorWidth, reg: UInt8, second: UInt8 = 0,
    source: VectorSource, mask: UInt8 = 0, isZeroing: Bool = false, immediate: UInt8? = nil
  ) {
    let reg = opcode.digit ?? reg
    var x = false
    var b = false
    var isBroadcast = false
    switch source {
    case .register(let number):
      x = number & 16 != 0
      b = number & 8 != 0
    case .memory(let memory): (x, b) = memory.extensions
    case .broadcast(let memory):
      (x, b) = memory.extensions
      isBroadcast = true
    }
    emit(0x62)
    emit(
      (reg & 8 == 0 ? 0x80 : 0) | (x ? 0 : 0x40) | (b ? 0 : 0x20) | (reg & 16 == 0 ? 0x10 : 0)
        | opcode.map)
    emit((opcode.isWide ? 0x80 : 0) | (~second & 15) << 3 | 4 | opcode.prefix)
    emit(
      (isZeroing ? 0x80 : 0) | width.rawValue << 5 | (isBroadcast ? 0x10 : 0)
        | (second & 16 == 0 ? 8 : 0) | mask)
    emit(opcode.code)
    switch source {
    case .register(let number): emitOperand(reg, register: number)
    case .memory(let memory), .broadcast(let memory):
      let unit = isBroadcast ? 4 : opcode.memoryByteCount.map { Int($0) } ?? width.byteCount
      emitOperand(reg, memory, displacementUnit: unit, trailing: immediate == nil ? 0 : 1)
    }
    if let immediate { emit(immediate) }
  }
}
