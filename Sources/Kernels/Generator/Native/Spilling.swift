/// Rewrites a program so that some of its registers live on the stack, or are made anew at each
/// use where they only ever hold a constant.
struct Spilling {
  private let kind: VirtualRegister.Kind
  private let instructionSet: InstructionSet
  private let registers: Set<Int>
  private(set) var freshCount: Int
  private(set) var slotCount: Int
  private var slots: [Int: Int] = [:]
  private var constants: [Int: HeldConstant] = [:]
  private var output: [MachineInstruction] = []

  init(
    kind: VirtualRegister.Kind, instructionSet: InstructionSet, registers: Set<Int>,
    firstFresh: Int, firstSlot: Int
  ) {
    self.kind = kind
    self.instructionSet = instructionSet
    self.registers = registers
    freshCount = firstFresh
    slotCount = firstSlot
  }

  mutating func run(_ instructions: [MachineInstruction]) -> [MachineInstruction] {
    findConstants(in: instructions)
    for register in registers.sorted() where constants[register] == nil {
      slots[register] = slotCount
      slotCount += 1
    }
    output.reserveCapacity(instructions.count * 5 / 4)
    for instruction in instructions { rewrite(instruction) }
    return output
  }

  /// Registers that are written once, with a constant.
  private mutating func findConstants(in instructions: [MachineInstruction]) {
    var writes: [Int: Int] = [:]
    for instruction in instructions {
      instruction.forEachRegister { register, access in
        if access != .read, isSpilled(register) { writes[register.id, default: 0] += 1 }
      }
    }
    for instruction in instructions {
      guard let (register, constant) = instruction.constant, isSpilled(register),
        writes[register.id] == 1
      else { continue }
      constants[register.id] = constant
    }
  }

  private func isSpilled(_ register: VirtualRegister) -> Bool {
    register.kind == kind && registers.contains(register.id)
  }

  private mutating func fresh() -> VirtualRegister {
    defer { freshCount += 1 }
    return VirtualRegister(kind: kind, id: freshCount)
  }

  private mutating func rewrite(_ original: MachineInstruction) {
    // The definition of a constant goes: each use makes it anew.
    if let (register, _) = original.constant, isSpilled(register),
      constants[register.id] != nil
    {
      return
    }
    let instruction = folded(original)
    var isRead: [Int: Bool] = [:]
    var isWritten: [Int: Bool] = [:]
    instruction.forEachRegister { register, access in
      guard isSpilled(register) else { return }
      isRead[register.id, default: false] = access != .write || isRead[register.id] == true
      isWritten[register.id, default: false] = access != .read || isWritten[register.id] == true
    }
    guard !isRead.isEmpty else { return output.append(instruction) }
    var temporaries: [Int: VirtualRegister] = [:]
    var loads: [MachineInstruction] = []
    var stores: [MachineInstruction] = []
    for id in isRead.keys.sorted() {
      let temporary = fresh()
      temporaries[id] = temporary
      if isRead[id] == true { loads.append(load(id, into: temporary)) }
      if isWritten[id] == true, let slot = slots[id] { stores.append(store(temporary, slot)) }
    }
    output += loads
    output.append(
      instruction.mapRegisters { register, _ in
        isSpilled(register) ? temporaries[register.id] ?? register : register
      })
    output += stores
  }

  private func load(_ id: Int, into target: VirtualRegister) -> MachineInstruction {
    switch constants[id] {
    case .lanes(0): return .zero(target)
    case .lanes(.max): return .ones(target)
    case .lanes(let bits): return broadcast(bits, target)
    case .integer(let value): return .setInteger(target, value)
    case nil: break
    }
    let place = VirtualMemory.slot(kind, slots[id] ?? 0)
    return switch kind {
    case .integer: .loadInteger(target, place)
    case .vector:
      .vector(VectorStep(opcode: .load, register: target, source: .memory(place)))
    case .mask:
      .vector(VectorStep(opcode: .loadMask, register: target, source: .memory(place)))
    }
  }

  private func broadcast(_ bits: UInt32, _ target: VirtualRegister) -> MachineInstruction {
    .vector(
      VectorStep(
        opcode: .broadcast, register: target, source: .memory(.constant(.lane(bits)))))
  }

  private func store(_ source: VirtualRegister, _ slot: Int) -> MachineInstruction {
    let place = VirtualMemory.slot(kind, slot)
    return switch kind {
    case .integer: .storeInteger(place, source)
    case .vector:
      .vector(VectorStep(opcode: .store, register: source, source: .memory(place)))
    case .mask:
      .vector(VectorStep(opcode: .storeMask, register: source, source: .memory(place)))
    }
  }
}

extension Spilling {
  /// The instruction with a spilled register as a memory operand, where it can be one.
  private func folded(_ instruction: MachineInstruction) -> MachineInstruction {
    switch instruction {
    case .vector(let step): .vector(folded(step))
    case .moveVector(let a, let b):
      if isSpilled(b), constants[b.id] == nil, !isSpilled(a), let slot = slots[b.id] {
        load(b.id, into: a, from: slot)
      } else if isSpilled(a), !isSpilled(b), let slot = slots[a.id] {
        store(b, slot)
      } else {
        instruction
      }
    case .addConstant(let a, let value): .addConstant(folded(a), value)
    case .integer(let operation, let a, let b): .integer(operation, a, folded(b))
    case .loop(let a, let id): .loop(folded(a), id: id)
    case .endLoop(let a, let id): .endLoop(folded(a), id: id)
    case .ifPositive(let a, let id): .ifPositive(folded(a), id: id)
    default: instruction
    }
  }

  private func load(
    _ id: Int, into target: VirtualRegister, from slot: Int
  ) -> MachineInstruction {
    .vector(
      VectorStep(opcode: .load, register: target, source: .memory(.slot(.vector, slot))))
  }

  private func folded(_ place: IntegerPlace) -> IntegerPlace {
    guard case .register(let register) = place, isSpilled(register),
      let slot = slots[register.id]
    else { return place }
    return .memory(.slot(.integer, slot))
  }

  private func folded(_ step: VectorStep) -> VectorStep {
    guard kind == .vector, step.opcode.takesMemory, case .register(let register) = step.source,
      isSpilled(register), step.register != register, step.second != register,
      step.last != register
    else { return step }
    var step = step
    if let slot = slots[register.id] {
      step.source = .memory(.slot(.vector, slot))
    } else if case .lanes(let bits) = constants[register.id] {
      if instructionSet == .avx2 || step.opcode.memoryByteCount == 4 {
        step.source = .memory(.constant(.vector(bits)))
      } else if step.opcode.takesBroadcast {
        step.source = .broadcast(.constant(.lane(bits)))
      }
    }
    return step
  }
}
