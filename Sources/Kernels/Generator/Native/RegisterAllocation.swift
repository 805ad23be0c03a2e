/// Gives virtual registers to the processor's by linear scan over their lives.
///
/// A register for which there is none left moves to the stack, the least used first: then each
/// mention of it gets a short life of its own, and the scan begins anew.
struct RegisterAllocation {
  private(set) var instructions: [MachineInstruction]
  /// The processor's registers by kind and virtual register.
  private(set) var assignments: [VirtualRegister.Kind: [UInt8]] = [:]
  /// Places on the stack by kind.
  private(set) var slotCounts: [VirtualRegister.Kind: Int] = [:]
  private let instructionSet: InstructionSet
  /// Virtual registers by kind.
  private var counts: [Int]
  /// Virtual registers from here on are the short lives of spilled ones.
  private let firstTemporary: [Int]

  init(_ legal: Legalization) {
    instructions = legal.output
    instructionSet = legal.instructionSet
    counts = [legal.vectorCount, legal.integerCount, legal.maskCount]
    firstTemporary = counts
    Coalescing.run(&instructions, counts: counts)
    while !allocate() {}
  }

  /// False where registers had to be spilled: then the lives are others.
  private mutating func allocate() -> Bool {
    let liveness = Liveness(instructions, counts: counts)
    var isDone = true
    for kind in VirtualRegister.Kind.allCases {
      let number = Int(kind.rawValue)
      var scan = LinearScan(
        registers: Self.registers(kind, instructionSet), count: counts[number],
        firstTemporary: firstTemporary[number])
      scan.run(liveness.intervals[number])
      assignments[kind] = scan.assignment
      if scan.spilled.isEmpty { continue }
      isDone = false
      var spilling = Spilling(
        kind: kind, instructionSet: instructionSet, registers: scan.spilled,
        firstFresh: counts[number], firstSlot: slotCounts[kind] ?? 0)
      instructions = spilling.run(instructions)
      counts[number] = spilling.freshCount
      slotCounts[kind] = spilling.slotCount
    }
    return isDone
  }

  /// The processor's registers in the order in which they are taken: those that cost no saving
  /// and make short instructions first. The parameters' address, which lives first, arrives in
  /// the first.
  private static func registers(
    _ kind: VirtualRegister.Kind, _ instructionSet: InstructionSet
  ) -> [UInt8] {
    switch kind {
    case .vector: (0..<instructionSet.vectorRegisterCount).map { UInt8($0) }
    case .mask: Array(1...7)
    case .integer: integers.map(\.rawValue)
    }
  }

  private static let integers: [GeneralRegister] = [
    .rdi, .rax, .rcx, .rdx, .rsi, .r8, .r9, .r10, .r11, .rbx, .rbp, .r12, .r13, .r14, .r15,
  ]
}

/// One pass over the lives of one kind of registers.
private struct LinearScan {
  private let registers: [UInt8]
  private let firstTemporary: Int
  private(set) var assignment: [UInt8]
  private(set) var spilled: Set<Int> = []
  private var active: [(interval: LiveInterval, register: UInt8)] = []
  /// One bit for each free place in `registers`' numbers.
  private var free: UInt32 = 0

  init(registers: [UInt8], count: Int, firstTemporary: Int) {
    self.registers = registers
    self.firstTemporary = firstTemporary
    assignment = Array(repeating: 0, count: count)
    for register in registers { free |= 1 << UInt32(register) }
  }

  mutating func run(_ intervals: [LiveInterval]) {
    for interval in intervals {
      expire(before: interval.start)
      if let register = choose(for: interval) {
        take(register, for: interval)
      } else {
        spill(atStartOf: interval)
      }
    }
  }

  private mutating func expire(before position: Int) {
    active.removeAll { entry in
      guard entry.interval.end < position else { return false }
      free |= 1 << UInt32(entry.register)
      return true
    }
  }

  private func choose(for interval: LiveInterval) -> UInt8? {
    if let source = interval.source, source < assignment.count {
      let wanted = assignment[source]
      if free & 1 << UInt32(wanted) != 0 { return wanted }
    }
    if free == 0 { return nil }
    return registers.first { free & 1 << UInt32($0) != 0 }
  }

  private mutating func take(_ register: UInt8, for interval: LiveInterval) {
    free &= ~(1 << UInt32(register))
    assignment[interval.id] = register
    active.append((interval, register))
  }

  /// Takes the register of the life that is least used for its length, unless it is the new one.
  private mutating func spill(atStartOf interval: LiveInterval) {
    guard
      let victim = active.indices.min(by: { cost(active[$0].interval) < cost(active[$1].interval) })
    else { preconditionFailure("no registers at all") }
    let other = active[victim]
    guard min(cost(other.interval), cost(interval)) < .infinity else {
      preconditionFailure("an instruction with more registers than the processor has")
    }
    if cost(interval) <= cost(other.interval) {
      spilled.insert(interval.id)
    } else {
      spilled.insert(other.interval.id)
      active.remove(at: victim)
      free |= 1 << UInt32(other.register)
      take(other.register, for: interval)
    }
  }

  private func cost(_ interval: LiveInterval) -> Double {
    if interval.id >= firstTemporary { return .infinity }
    return interval.spillCost
  }
}
