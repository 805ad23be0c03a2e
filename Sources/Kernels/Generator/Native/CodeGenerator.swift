/// A kernel's machine code.
package struct NativeCode: Sendable {
  /// Instructions and, behind them, constants.
  package let bytes: [UInt8]
  package let instructionByteCount: Int
  /// Vector and mask registers that live on the stack.
  package let spillCount: Int
  /// Integer registers that do.
  package let integerSpillCount: Int

  package init(_ program: KernelProgram) {
    let allocation = RegisterAllocation(Legalization(program))
    var generator = CodeGenerator(allocation, program.instructionSet)
    generator.run()
    bytes = generator.assembler.bytes
    instructionByteCount = generator.instructionByteCount
    spillCount =
      allocation.slotCounts[.vector, default: 0] + allocation.slotCounts[.mask, default: 0]
    integerSpillCount = allocation.slotCounts[.integer, default: 0]
  }
}

/// Writes the machine code of a program whose registers have their numbers.
///
/// The code takes the address of its parameters and gives nothing back.
struct CodeGenerator {
  var assembler = Assembler()
  private(set) var instructionByteCount = 0
  let instructionSet: InstructionSet
  private let instructions: [MachineInstruction]
  private let vectors: [UInt8]
  private let integers: [UInt8]
  private let masks: [UInt8]
  private let slotCounts: [VirtualRegister.Kind: Int]
  private var constants: [KernelConstant: Label] = [:]
  private var constantOrder: [KernelConstant] = []
  /// Beginnings and ends of loops and conditions by their numbers.
  private var begins: [Int32: Label] = [:]
  private var ends: [Int32: Label] = [:]

  init(_ allocation: RegisterAllocation, _ instructionSet: InstructionSet) {
    self.instructionSet = instructionSet
    instructions = allocation.instructions
    vectors = allocation.assignments[.vector] ?? []
    integers = allocation.assignments[.integer] ?? []
    masks = allocation.assignments[.mask] ?? []
    slotCounts = allocation.slotCounts
  }

  mutating func run() {
    let saved = savedRegisters
    for register in saved { assembler.push(register) }
    let frame = frameByteCount
    if frame > 0 {
      // The caller's stack pointer lies above the spilled registers, which are aligned.
      assembler.move(.rax, .rsp)
      assembler.integer(.subtract, .rsp, constant: Int32(frame + 8))
      assembler.alignStack(to: 64)
      assembler.store(MachineMemory(.rsp, Int32(frame)), .rax)
    }
    for (i, instruction) in instructions.enumerated() { emit(instruction, at: i) }
    assembler.clearUpperHalves()
    if frame > 0 { assembler.load(.rsp, MachineMemory(.rsp, Int32(frame))) }
    for register in saved.reversed() { assembler.pop(register) }
    assembler.returnToCaller()
    instructionByteCount = assembler.bytes.count
    emitConstants()
    assembler.finish()
  }

  /// The registers that belong to the caller among those that are used.
  private var savedRegisters: [GeneralRegister] {
    let used = Set(integers)
    return [.rbx, .rbp, .r12, .r13, .r14, .r15].filter { used.contains($0.rawValue) }
  }

  private var vectorSlotBytes: Int {
    (slotCounts[.vector] ?? 0) * instructionSet.vectorBytes
  }

  private var frameByteCount: Int {
    vectorSlotBytes + 8 * ((slotCounts[.integer] ?? 0) + (slotCounts[.mask] ?? 0))
  }

  private mutating func emitConstants() {
    // Whole vectors first; a lane is also the beginning of its vector.
    for constant in constantOrder {
      guard let label = constants[constant] else { continue }
      switch constant {
      case .vector(let bits):
        placeVector(label) { _ in bits }
        if let lane = constants[.lane(bits)] { assembler.place(lane, at: label) }
      case .laneNumbers: placeVector(label) { $0 }
      case .lane: break
      }
    }
    for constant in constantOrder {
      guard case .lane(let bits) = constant, let label = constants[constant],
        constants[.vector(bits)] == nil
      else { continue }
      assembler.alignData(to: 4)
      assembler.place(label)
      assembler.emitInteger(bits)
    }
  }

  private mutating func placeVector(_ label: Label, _ lane: (UInt32) -> UInt32) {
    assembler.alignData(to: 32)
    assembler.place(label)
    for i in 0..<8 { assembler.emitInteger(lane(UInt32(i))) }
  }
}

extension CodeGenerator {
  func number(_ register: VirtualRegister) -> UInt8 {
    switch register.kind {
    case .vector: vectors[register.id]
    case .integer: integers[register.id]
    case .mask: masks[register.id]
    }
  }

  func general(_ register: VirtualRegister) -> GeneralRegister {
    GeneralRegister.allCases[Int(integers[register.id])]
  }

  mutating func memory(_ memory: VirtualMemory) -> MachineMemory {
    switch memory.base {
    case .register(let base):
      return MachineMemory(
        general(base), memory.offset, index: memory.index.map { general($0) },
        scale: Int(memory.scale))
    case .slot(let kind, let slot):
      let slot = Int(slot)
      let offset =
        switch kind {
        case .vector: slot * instructionSet.vectorBytes
        case .integer: vectorSlotBytes + 8 * slot
        case .mask: vectorSlotBytes + 8 * ((slotCounts[.integer] ?? 0) + slot)
        }
      return MachineMemory(.rsp, Int32(offset))
    case .constant(let constant):
      if let label = constants[constant] { return MachineMemory(label) }
      let label = assembler.label()
      constants[constant] = label
      constantOrder.append(constant)
      return MachineMemory(label)
    }
  }

  mutating func begin(_ id: Int32) -> Label { label(id, in: \.begins) }

  mutating func end(_ id: Int32) -> Label { label(id, in: \.ends) }

  private mutating func label(
    _ id: Int32, in labels: WritableKeyPath<CodeGenerator, [Int32: Label]>
  ) -> Label {
    if let label = self[keyPath: labels][id] { return label }
    let label = assembler.label()
    self[keyPath: labels][id] = label
    return label
  }

  /// Whether the loop that begins at an index has none inside.
  func isInnermostLoop(at index: Int) -> Bool {
    for instruction in instructions[(index + 1)...] {
      if case .loop = instruction { return false }
      if case .endLoop = instruction { return true }
    }
    return false
  }
}
