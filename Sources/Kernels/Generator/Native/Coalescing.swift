/// Computes values where a later move would put them, so that the move goes away.
struct Coalescing {
  /// A virtual register's first and last mention.
  private struct Mentions {
    var first: Int32 = .max
    var last: Int32 = -1
    var isWrittenFirst = false
  }

  private var mentions: [[Mentions]]

  /// - Parameter counts: How many registers there are, by kind.
  static func run(_ instructions: inout [MachineInstruction], counts: [Int]) {
    let moves = instructions.indices.filter { instructions[$0].moved != nil }
    guard !moves.isEmpty else { return }
    var coalescing = Coalescing(instructions, counts)
    var isChanged = false
    var lastControl = -1
    var next = 0
    for i in moves {
      while next < i {
        if instructions[next].isControl { lastControl = next }
        next += 1
      }
      guard let first = coalescing.firstMention(beforeMoveAt: i, instructions),
        first > lastControl, let (target, value) = instructions[i].moved
      else { continue }
      for j in first...i {
        instructions[j] = instructions[j].mapRegisters { register, _ in
          register == value ? target : register
        }
      }
      coalescing.extend(target, to: first)
      isChanged = true
    }
    guard isChanged else { return }
    instructions.removeAll {
      guard let (target, value) = $0.moved else { return false }
      return target == value
    }
  }

  private init(_ instructions: [MachineInstruction], _ counts: [Int]) {
    var mentions = counts.map { [Mentions](repeating: Mentions(), count: $0) }
    for (i, instruction) in instructions.enumerated() {
      instruction.forEachRegister { register, access in
        let kind = Int(register.kind.rawValue)
        if mentions[kind][register.id].first == .max {
          mentions[kind][register.id].first = Int32(i)
          mentions[kind][register.id].isWrittenFirst = access == .write
        }
        mentions[kind][register.id].last = Int32(i)
      }
    }
    self.mentions = mentions
  }

  /// Where the value of a move is first mentioned, if it could be computed in place: it lives
  /// until the move alone, and the target is not mentioned meanwhile.
  private func firstMention(
    beforeMoveAt i: Int, _ instructions: [MachineInstruction]
  ) -> Int? {
    guard let (target, value) = instructions[i].moved, target != value else { return nil }
    let life = mentions[Int(value.kind.rawValue)][value.id]
    let first = Int(life.first)
    guard Int(life.last) == i, first < i, life.isWrittenFirst else { return nil }
    for j in (first + 1)..<i {
      var isFound = false
      instructions[j].forEachRegister { other, _ in isFound = isFound || other == target }
      if isFound { return nil }
    }
    return first
  }

  private mutating func extend(_ register: VirtualRegister, to first: Int) {
    let kind = Int(register.kind.rawValue)
    guard first < Int(mentions[kind][register.id].first) else { return }
    mentions[kind][register.id].first = Int32(first)
    mentions[kind][register.id].isWrittenFirst = true
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

  var movedSource: Int? { moved?.1.id }
}
