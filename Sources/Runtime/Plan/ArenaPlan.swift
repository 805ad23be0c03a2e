import MartletKernels

/// Offsets for the buffers of a plan in one arena, so that buffers alive at the same time lie
/// apart.
package struct ArenaPlan {
  /// By buffer; nil for those that lie elsewhere.
  package private(set) var offsets: [Int?]
  package private(set) var byteCount = 0

  /// The smallest of the arenas that some orders of placing give.
  ///
  /// Orders: by size, by how much lives at a block's busiest step (both of Pisarchyk and Lee,
  /// "Efficient Memory Management for Deep Neural Net Inference", 2020), and as they are made.
  /// Later ones are tried only while something may be gained.
  package init(_ buffers: [PlannedBuffer]) {
    let blocks = ArenaPlan.merged(buffers)
    offsets = [Int?](repeating: nil, count: buffers.count)
    let live = ArenaPlan.liveByteCounts(blocks)
    func bySize(_ one: Block, _ other: Block) -> Bool {
      (one.byteCount, other.members[0]) > (other.byteCount, one.members[0])
    }
    func byStep() -> [Block] {
      let busiest = blocks.map { $0.steps.map { live[$0] }.max() ?? 0 }
      return blocks.indices.sorted {
        busiest[$0] != busiest[$1]
          ? busiest[$0] > busiest[$1] : bySize(blocks[$0], blocks[$1])
      }.map { blocks[$0] }
    }
    var best = Placement(blocks.sorted(by: bySize))
    // Nothing is below what lives at once.
    let least = live.max() ?? 0
    for order in [byStep, { blocks }] where best.byteCount > least {
      let other = Placement(order())
      if other.byteCount < best.byteCount { best = other }
    }
    byteCount = best.byteCount
    for placed in best.placed {
      for member in placed.block.members { offsets[member] = placed.offset }
    }
  }

  /// Bytes of the blocks that live at each step.
  private static func liveByteCounts(_ blocks: [Block]) -> [Int] {
    var live = [Int](repeating: 0, count: (blocks.map(\.lastStep).max() ?? -1) + 1)
    for block in blocks {
      for step in block.steps { live[step] += block.byteCount }
    }
    return live
  }

  /// Blocks one after the other, each at the lowest gap among those it lives beside.
  private struct Placement {
    private(set) var placed: [(block: Block, offset: Int)] = []
    private(set) var byteCount = 0

    init(_ blocks: [Block]) {
      for block in blocks {
        var offset = 0
        let beside = placed.filter { $0.block.steps.overlaps(block.steps) }
          .sorted { $0.offset < $1.offset }
        for other in beside {
          if offset + block.byteCount <= other.offset { break }
          offset = max(offset, other.offset + other.block.byteCount)
        }
        placed.append((block, offset))
        byteCount = max(byteCount, offset + block.byteCount)
      }
    }
  }

  private struct Block {
    var members: [Int]
    var byteCount: Int
    var firstStep: Int
    var lastStep: Int

    /// None where no step uses it.
    var steps: Range<Int> { firstStep > lastStep ? 0..<0 : firstStep..<lastStep + 1 }
  }

  /// Buffers that take over one another's memory become one block.
  private static func merged(_ buffers: [PlannedBuffer]) -> [Block] {
    let unit = AlignedMemory.alignment
    var blockOf = [Int?](repeating: nil, count: buffers.count)
    var blocks: [Block] = []
    for (index, buffer) in buffers.enumerated() where buffer.place == .arena {
      let size = (buffer.byteCount + unit - 1) / unit * unit
      if let old = buffer.mayReplace, let block = blockOf[old],
        buffers[old].lastStep == buffer.firstStep, blocks[block].lastStep == buffer.firstStep
      {
        blocks[block].members.append(index)
        blocks[block].lastStep = buffer.lastStep
        blockOf[index] = block
      } else {
        blockOf[index] = blocks.count
        blocks.append(
          Block(
            members: [index], byteCount: size, firstStep: buffer.firstStep,
            lastStep: buffer.lastStep))
      }
    }
    return blocks
  }
}
