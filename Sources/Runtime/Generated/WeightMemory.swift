import MartletKernels

/// Memory for one plan's packed weights, cut one after the other from larger pieces: the system is
/// asked less often, and gives large pages to weights that are smaller than those.
package struct WeightMemory {
  /// A piece's size; what is not used of it never has pages.
  private static let pieceByteCount = 32 << 20

  /// Memory of which the first bytes are in use.
  package struct Piece {
    package let memory: AlignedMemory
    package fileprivate(set) var used = 0
    /// How many have been told of by `takeUnfilled`.
    fileprivate var filled = 0
  }

  package private(set) var pieces: [Piece] = []
  /// Bytes of weights that are sure to come.
  private var expected: Int

  package init(expecting byteCount: Int = 0) { expected = byteCount }

  /// No longer counts on a weight of so many bytes: it needs memory now, or none.
  package mutating func meet(_ byteCount: Int) { expected -= min(byteCount, expected) }

  /// Memory for a weight.
  ///
  /// - Throws: `AllocationError` when it cannot be had.
  package mutating func take(_ byteCount: Int) throws(AllocationError) -> AlignedMemory {
    if byteCount > Self.pieceByteCount / 2 {
      let memory = try AlignedMemory(keptByteCount: byteCount)
      // Before the piece that the next weights come from.
      pieces.insert(Piece(memory: memory, used: byteCount), at: max(pieces.count - 1, 0))
      return memory
    }
    if (pieces.last.map { $0.memory.byteCount - $0.used } ?? 0) < byteCount {
      pieces.append(Piece(memory: try AlignedMemory(keptByteCount: Self.pieceByteCount)))
    }
    let last = pieces.count - 1
    let start = pieces[last].used
    let (alignment, end) = (AlignedMemory.alignment, start + byteCount)
    pieces[last].used = (end + alignment - 1) / alignment * alignment
    return AlignedMemory(cut: start..<end, from: pieces[last].memory)
  }

  /// The memory in use whose pages the system may give now, and has not been asked for. Up to a
  /// large page's end where the weights to come fill it.
  package mutating func takeUnfilled() -> [(memory: AlignedMemory, range: Range<Int>)] {
    let block = AlignedMemory.fillBlockByteCount
    return pieces.indices.compactMap { index in
      let piece = pieces[index]
      let end = (piece.used + block - 1) / block * block
      let reaches = end <= piece.memory.byteCount && end - piece.used <= expected
      let filled = max(reaches ? end : piece.used, piece.filled)
      pieces[index].filled = filled
      return filled > piece.filled ? (piece.memory, piece.filled..<filled) : nil
    }
  }
}
