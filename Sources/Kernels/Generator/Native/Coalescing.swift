/// Computes values where a later move would put them, so that the move goes away.
enum Coalescing {
  /// A virtual register's first and last mention.
  private struct Mentions {
    var first = Int.max
    var last = -1
    var isWrittenFirst = false
  }

  static func run(_ instructions: inout [MachineInstruction]) {
    guard instructions.contains(where: { $0.moved != nil }) else { return }
    var mentions: [VirtualRegister: Mentions] = [:]
    for (i, instruction) in instructions.enumerated() {
      instruction.forEachRegister { register, access in
        var entry = mentions[register] ?? Mentions()
        if entry.first == .max {
          entry.first = i
          entry.isWrittenFirst = access == .write
        }
        entry.last = i
        mentions[register] = entry
      }
    }
    var lastControl = -1
    for i in instructions.indices {
      if instructions[i].isControl { lastControl = i }
      guard let (target, value) = instructions[i].moved, target != value,
        let life = mentions[value], life.last == i, life.first < i, life.isWrittenFirst,
        life.first > lastControl,
        !mention(target, in: instructions[(life.first + 1)..<i])
      else { continue }
      for j in life.first...i {
        instructions[j] = instructions[j].mapRegisters { register, _ in
          register == value ? target : register
        }
      }
      if var entry = mentions[target], life.first < entry.first {
        entry.first = life.first
        entry.isWrittenFirst = true
        mentions[target] = entry
      }
    }
    instructions.removeAll {
      guard let (target, value) = $0.moved else { return false }
      return target == value
    }
  }

  private static func mention(
    _ register: VirtualRegister, in instructions: ArraySlice<MachineInstruction>
  ) -> Bool {
    instructions.contains { instruction in
      var isFound = false
      instruction.forEachRegister { other, _ in isFound = isFound || other == register }
      return isFound
    }
  }
}

extension MachineInstruction {
  /// Target and source of a move between registers.
  var moved: (VirtualRegister, VirtualRegister)? {
    switch self {
    case .moveVector(let a, let b), .copyInteger(let a, let b): (a, b)
    default: nil
    }
  }
}
