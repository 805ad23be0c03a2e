import MartletKernels

/// Offsets for the buffers of a plan in one arena, so that buffers alive at the same time lie
/// apart.
struct ArenaPlan {
  /// By buffer; nil for those that lie elsewhere.
  private(set) var offsets: [Int?]
  private(set) var byteCount = 0

  /// Places large buffers first, each at the lowest gap among those it lives beside.
  init(_ buffers: [PlannedBuffer]) {
    offsets = [Int?](repeating: nil, count: buffers.count)
    var blocks = ArenaPlan.merged(buffers)
    blocks.sort { ($0.byteCount, $1.members[0]) > ($1.byteCount, $0.members[0]) }
    var placed: [(block: Block, offset: Int)] = []
    for block in blocks {
      var offset = 0
      let beside = placed.filter {
        $0.block.firstStep <= block.lastStep && block.firstStep <= $0.block.lastStep
      }.sorted { $0.offset < $1.offset }
      for other in beside {
        if offset + block.byteCount <= other.offset { break }
        offset = max(offset, other.offset + other.block.byteCount)
      }
      placed.append((block, offset))
      byteCount = max(byteCount, offset + block.byteCount)
      for member in block.members { offsets[member] = offset }
    }
  }

  private struct Block {
    var members: [Int]
    var byteCount: Int
    var firstStep: Int
    var lastStep: Int
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
