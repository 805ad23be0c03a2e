/// The processor's integer registers, by their numbers.
package enum GeneralRegister: UInt8, Sendable, CaseIterable {
  case rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15

  package var low: UInt8 { rawValue & 7 }
  var isExtended: Bool { rawValue >= 8 }
}

/// A place in the code or in its constants that is known when the code is finished.
package struct Label: Sendable, Hashable { let id: Int }

/// A memory operand of one machine instruction.
package struct MachineMemory: Sendable, Hashable {
  package enum Base: Sendable, Hashable {
    case register(GeneralRegister)
    /// Relative to the instruction pointer.
    case label(Label)
  }

  package var base: Base
  package var index: GeneralRegister?
  package var scale: Int
  package var displacement: Int32

  package init(
    _ base: GeneralRegister, _ displacement: Int32 = 0, index: GeneralRegister? = nil,
    scale: Int = 1
  ) {
    precondition(index != .rsp, "the stack pointer cannot be an index")
    self.base = .register(base)
    self.index = index
    self.scale = scale
    self.displacement = displacement
  }

  package init(_ label: Label) {
    base = .label(label)
    index = nil
    scale = 1
    displacement = 0
  }

  /// Whether the index or the base is one of the upper eight registers, as prefixes say it.
  var extensions: (index: Bool, base: Bool) {
    guard case .register(let base) = base else { return (false, false) }
    return (index?.isExtended ?? false, base.isExtended)
  }
}

/// Writes x86-64 machine code. Vector instructions are in `Assembler+Vectors`.
package struct Assembler {
  package private(set) var bytes: [UInt8] = []
  private var positions: [Int?] = []
  private var fixups: [Fixup] = []

  /// Four bytes that hold the distance from the end of their instruction to a label.
  private struct Fixup {
    let position: Int
    let end: Int
    let label: Label
  }

  package init() {}

  package mutating func emit(_ byte: UInt8) { bytes.append(byte) }

  package mutating func emit(_ values: [UInt8]) { bytes += values }

  package mutating func emitInteger<I: FixedWidthInteger>(_ value: I) {
    for i in 0..<(I.bitWidth / 8) { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * i))) }
  }

  package mutating func label() -> Label {
    positions.append(nil)
    return Label(id: positions.count - 1)
  }

  package mutating func place(_ label: Label) { positions[label.id] = bytes.count }

  /// Where another label is already.
  mutating func place(_ label: Label, at other: Label) {
    positions[label.id] = positions[other.id]
  }

  func isPlaced(_ label: Label) -> Bool { positions[label.id] != nil }

  /// Instructions that do nothing up to a multiple of `alignment` bytes.
  package mutating func alignCode(to alignment: Int) {
    var missing = (alignment - bytes.count % alignment) % alignment
    while missing > 0 {
      let nop = Self.nops[min(missing, Self.nops.count) - 1]
      bytes += nop
      missing -= nop.count
    }
  }

  package mutating func alignData(to alignment: Int) {
    while bytes.count % alignment != 0 { bytes.append(0) }
  }

  /// Fills in the distances to labels.
  package mutating func finish() {
    for fixup in fixups {
      guard let target = positions[fixup.label.id] else { preconditionFailure("a label nowhere") }
      let distance = Int32(target - fixup.end)
      for i in 0..<4 {
        bytes[fixup.position + i] = UInt8(truncatingIfNeeded: distance >> Int32(8 * i))
      }
    }
    fixups = []
  }

  /// The operand bytes of an instruction: ModRM, SIB and displacement.
  ///
  /// - Parameters:
  ///   - displacementUnit: What a displacement of one byte counts (more than 1 with EVEX).
  ///   - trailing: Bytes of the instruction that follow.
  mutating func emitOperand(
    _ reg: UInt8, _ memory: MachineMemory, displacementUnit: Int = 1, trailing: Int = 0
  ) {
    let reg = (reg & 7) << 3
    guard case .register(let base) = memory.base else {
      emit(reg | 5)
      guard case .label(let label) = memory.base else { return }
      emitFixup(label, trailing: trailing)
      return
    }
    let unit = Int32(displacementUnit)
    let displacement = memory.displacement
    let mode: UInt8
    if displacement == 0 && base.low != 5 {
      mode = 0
    } else if displacement % unit == 0, Int8(exactly: displacement / unit) != nil {
      mode = 1
    } else {
      mode = 2
    }
    if memory.index != nil || base.low == 4 {
      emit(mode << 6 | reg | 4)
      let scale = UInt8(memory.scale.trailingZeroBitCount)
      emit(scale << 6 | (memory.index?.low ?? 4) << 3 | base.low)
    } else {
      emit(mode << 6 | reg | base.low)
    }
    if mode == 1 { emit(UInt8(bitPattern: Int8(displacement / unit))) }
    if mode == 2 { emitInteger(displacement) }
  }

  mutating func emitOperand(_ reg: UInt8, register: UInt8) {
    emit(0xC0 | (reg & 7) << 3 | register & 7)
  }

  private mutating func emitFixup(_ label: Label, trailing: Int = 0) {
    fixups.append(Fixup(position: bytes.count, end: bytes.count + 4 + trailing, label: label))
    emitInteger(Int32(0))
  }

  /// Jumps in two bytes where the label is behind and near.
  private mutating func emitJump(short: UInt8, long: [UInt8], to label: Label) {
    if let target = positions[label.id], let near = Int8(exactly: target - bytes.count - 2) {
      emit(short)
      emit(UInt8(bitPattern: near))
    } else {
      emit(long)
      emitFixup(label)
    }
  }

  package mutating func jump(to label: Label) { emitJump(short: 0xEB, long: [0xE9], to: label) }

  package mutating func jump(_ condition: JumpCondition, to label: Label) {
    emitJump(
      short: 0x70 | condition.rawValue, long: [0x0F, 0x80 | condition.rawValue], to: label)
  }

  package enum JumpCondition: UInt8, Sendable {
    case zero = 4
    case notZero = 5
    case lessOrEqual = 14
    case greater = 15
  }

  /// The processor's own recommendation for each length.
  private static let nops: [[UInt8]] = [
    [0x90], [0x66, 0x90], [0x0F, 0x1F, 0x00], [0x0F, 0x1F, 0x40, 0x00],
    [0x0F, 0x1F, 0x44, 0x00, 0x00], [0x66, 0x0F, 0x1F, 0x44, 0x00, 0x00],
    [0x0F, 0x1F, 0x80, 0, 0, 0, 0], [0x0F, 0x1F, 0x84, 0, 0, 0, 0, 0],
    [0x66, 0x0F, 0x1F, 0x84, 0, 0, 0, 0, 0],
  ]
}
