/// What the lanes of each block of a grouped convolution's result read: a pass takes one input
/// channel of every group, from one block of channels or from two.
///
/// Blocks whose groups begin at the same lanes share a pattern.
struct GroupPasses: Sendable {
  /// A pass of some block.
  private struct Pass: Hashable {
    /// The channel within its group.
    var channel: Int
    /// The lane of the input block that each lane reads.
    var choice: [Int]
    /// The blocks it reads, often the same one, from the first one that any pass reads.
    var first: Int
    var last: Int
    /// How many lanes read the first of them.
    var firstLanes: Int
  }

  struct Pattern: Sendable {
    /// The channel within its group that each pass takes: those of one block come first.
    let channels: [Int]
    let singles: Int
    let pairs: Int
    /// Where the entries of its passes begin in the table, and the lanes they read.
    let entries: Int
    let choices: Int
  }

  let patterns: [Pattern]
  /// Each result block's pattern and the first input block that it reads.
  let blocks: [(pattern: Int, source: Int)]
  /// Entries hold bytes between planes, choices two 32-bit integers in each element.
  let table: [Int]

  var hasPairs: Bool { patterns.contains { $0.pairs > 0 } }

  /// Nil where a pass would read more than two blocks.
  init?(
    groups: Int, channels: Int, outChannels: Int, lanes: Int, planeBytes: Int
  ) {
    let (inner, outer) = (channels / groups, outChannels / groups)
    var known: [[Pass]: Int] = [:]
    var patterns: [Pattern] = []
    var blocks: [(pattern: Int, source: Int)] = []
    var table: [Int] = []
    for first in stride(from: 0, to: outChannels, by: lanes) {
      var passes: [Pass] = []
      for channel in 0..<inner {
        // Lanes past the last channel may read anything.
        let read = (first..<first + lanes).map {
          min($0, outChannels - 1) / outer * inner + channel
        }
        let (low, high) = (read[0] / lanes, read[lanes - 1] / lanes)
        guard read.allSatisfy({ $0 / lanes == low || $0 / lanes == high }) else { return nil }
        passes.append(
          Pass(
            channel: channel, choice: read.map { $0 % lanes }, first: low, last: high,
            firstLanes: read.count { $0 / lanes == low }))
      }
      let source = passes.reduce(Int.max) { min($0, $1.first) }
      for index in passes.indices {
        passes[index].first -= source
        passes[index].last -= source
      }
      if let pattern = known[passes] {
        blocks.append((pattern, source))
        continue
      }
      known[passes] = patterns.count
      blocks.append((patterns.count, source))
      let singles = passes.filter { $0.first == $0.last }
      let pairs = passes.filter { $0.first != $0.last }
      let entries = table.count
      for pass in singles { table.append(pass.first * planeBytes) }
      for pass in pairs {
        table += [pass.first * planeBytes, pass.last * planeBytes, pass.firstLanes]
      }
      patterns.append(
        Pattern(
          channels: (singles + pairs).map(\.channel), singles: singles.count,
          pairs: pairs.count, entries: entries, choices: table.count))
      for pass in singles + pairs {
        for lane in stride(from: 0, to: lanes, by: 2) {
          table.append(pass.choice[lane] | pass.choice[lane + 1] << 32)
        }
      }
    }
    self.patterns = patterns
    self.blocks = blocks
    self.table = table
  }
}
