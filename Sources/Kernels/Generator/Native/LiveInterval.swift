/// Where a virtual register holds a value: one stretch from its first definition to its last use,
/// or to the end of the outermost loop that uses it and did not define it.
///
/// An instruction at index `i` reads at 2i and writes at 2i + 1.
struct LiveInterval {
  let id: Int
  var start: Int
  var end: Int
  /// Uses and definitions, ten times as heavy with each loop around them.
  var weight: Double
  /// Only ever holds a constant, which can be made anew.
  var isConstant: Bool
  /// The register whose value it takes over with a move.
  var source: Int?

  /// Sorted by their starts.
  static func all(
    of kind: VirtualRegister.Kind, count: Int, in instructions: [MachineInstruction]
  ) -> [LiveInterval] {
    let ends = loopEnds(in: instructions)
    var intervals = [LiveInterval?](repeating: nil, count: count)
    var order: [Int] = []
    var loops: [(begin: Int, end: Int)] = []
    var weight = 1.0
    for (i, instruction) in instructions.enumerated() {
      if let end = ends[i] {
        loops.append((i, end))
        weight *= 10
      }
      instruction.forEachRegister { register, access in
        guard register.kind == kind else { return }
        if intervals[register.id] == nil {
          precondition(access == .write, "register \(register.id) is read before it is defined")
          intervals[register.id] = LiveInterval(
            id: register.id, start: 2 * i + 1, end: 2 * i + 1, weight: 0,
            isConstant: instruction.isConstant)
          order.append(register.id)
        }
        guard var interval = intervals[register.id] else { return }
        interval.weight += access == .readWrite ? 2 * weight : weight
        if access != .read, 2 * i + 1 != interval.start { interval.isConstant = false }
        var end = access == .read ? 2 * i : 2 * i + 1
        if access != .write,
          let around = loops.first(where: { 2 * $0.begin > interval.start })
        {
          end = 2 * around.end + 1
        }
        interval.end = max(interval.end, end)
        intervals[register.id] = interval
      }
      if let (target, source) = instruction.moved, target.kind == kind {
        intervals[target.id]?.source = source.id
      }
      if case .endLoop = instruction {
        loops.removeLast()
        weight /= 10
      }
    }
    return order.compactMap { intervals[$0] }
  }

  /// How much there is to lose on the stack.
  var spillCost: Double {
    (isConstant ? weight / 2 : weight) / Double(end - start + 1)
  }

  /// The index of each loop's end by the index of its beginning.
  private static func loopEnds(in instructions: [MachineInstruction]) -> [Int: Int] {
    var open: [Int] = []
    var ends: [Int: Int] = [:]
    for (i, instruction) in instructions.enumerated() {
      if case .loop = instruction { open.append(i) }
      if case .endLoop = instruction, let begin = open.popLast() { ends[begin] = i }
    }
    return ends
  }
}
