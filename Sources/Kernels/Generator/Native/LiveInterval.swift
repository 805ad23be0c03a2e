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

  /// How much there is to lose on the stack.
  var spillCost: Double {
    (isConstant ? weight / 2 : weight) / Double(end - start + 1)
  }
}

/// The lives of all registers of a program.
struct Liveness {
  /// By kind, sorted by their starts.
  private(set) var intervals: [[LiveInterval]]

  /// - Parameter counts: How many registers there are, by kind.
  init(_ instructions: [MachineInstruction], counts: [Int]) {
    let ends = Self.loopEnds(in: instructions)
    var places = counts.map { [Int32](repeating: -1, count: $0) }
    var intervals = counts.map { count -> [LiveInterval] in
      var list: [LiveInterval] = []
      list.reserveCapacity(count)
      return list
    }
    var loops: [(begin: Int, end: Int)] = []
    var weight = 1.0
    for (i, instruction) in instructions.enumerated() {
      if case .loop = instruction {
        loops.append((i, ends[i] ?? i))
        weight *= 10
      }
      instruction.forEachRegister { register, access in
        let kind = Int(register.kind.rawValue)
        let place: Int
        if places[kind][register.id] < 0 {
          precondition(access == .write, "register \(register.id) is read before it is defined")
          place = intervals[kind].count
          places[kind][register.id] = Int32(place)
          intervals[kind].append(
            LiveInterval(
              id: register.id, start: 2 * i + 1, end: 2 * i + 1, weight: weight,
              isConstant: instruction.isConstant, source: instruction.movedSource))
          return
        }
        place = Int(places[kind][register.id])
        let start = intervals[kind][place].start
        var end = access == .read ? 2 * i : 2 * i + 1
        if access != .write, let around = loops.first(where: { 2 * $0.begin > start }) {
          end = 2 * around.end + 1
        }
        if end > intervals[kind][place].end { intervals[kind][place].end = end }
        intervals[kind][place].weight += access == .readWrite ? 2 * weight : weight
        if access != .read { intervals[kind][place].isConstant = false }
      }
      if case .endLoop = instruction {
        loops.removeLast()
        weight /= 10
      }
    }
    self.intervals = intervals
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
