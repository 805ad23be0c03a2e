/// Memory for what is there for a moment, many times over. New memory costs more to be given by the
/// system than to be written, so it is used again once nobody has a part of it.
package final class SpareMemory: Sendable {
  package static let shared = SpareMemory()

  private let blocks = Locked<[AlignedMemory]>([])

  package init() {}

  /// Memory with any values in it.
  ///
  /// - Throws: `AllocationError` when the bytes cannot be had.
  package func part(byteCount: Int) throws(AllocationError) -> AlignedMemory {
    if let known = reused(byteCount: byteCount) { return known }
    let block = try AlignedMemory(keptByteCount: byteCount)
    block.fillPages(threads: 1)
    blocks.withLock { $0.append(block) }
    return AlignedMemory(part: 0..<byteCount, of: block)
  }

  /// Gives back what nobody has a part of, and the rest once nobody has.
  package func drop() {
    blocks.withLock { $0 = [] }
  }

  private func reused(byteCount: Int) -> AlignedMemory? {
    blocks.withLock { blocks in
      let free = blocks.indices.filter { isKnownUniquelyReferenced(&blocks[$0]) }
      if let index = free.first(where: { blocks[$0].byteCount >= byteCount }) {
        return AlignedMemory(part: 0..<byteCount, of: blocks[index])
      }
      // A larger one follows in their place.
      for index in free.reversed() { blocks.remove(at: index) }
      return nil
    }
  }
}
