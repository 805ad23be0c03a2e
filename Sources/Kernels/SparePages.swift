/// The pages of passing memory that was freed, kept for the next of its kind: the system gives
/// fresh ones by one fault each, and clears them.
enum SparePages {
  struct Block {
    let start: UnsafeMutableRawPointer
    let byteCount: Int
  }

  /// As a block, where nobody uses it.
  private typealias Spare = (address: UInt, byteCount: Int)

  /// Two threads pack weights at once.
  private static let limit = 2
  /// The largest that were freed.
  private static let spares = Locked<[Spare]>([])

  /// Pages with any content, no more than four times as many as are asked for; nil where there are
  /// none.
  static func take(_ byteCount: Int) -> Block? {
    let found = spares.withLock { spares -> Spare? in
      let fitting = spares.indices.filter {
        spares[$0].byteCount >= byteCount && spares[$0].byteCount / 4 <= byteCount
      }
      return fitting.min { spares[$0].byteCount < spares[$1].byteCount }
        .map { spares.remove(at: $0) }
    }
    if let found, let start = unsafe UnsafeMutableRawPointer(bitPattern: found.address) {
      return unsafe Block(start: start, byteCount: found.byteCount)
    }
    guard let start = unsafe MemoryPages.map(byteCount) else { return nil }
    unsafe MemoryPages.fill(start, byteCount)
    return unsafe Block(start: start, byteCount: byteCount)
  }

  static func giveBack(_ block: Block) {
    let given = unsafe (address: UInt(bitPattern: block.start), byteCount: block.byteCount)
    unmap(
      spares.withLock { spares -> [Spare] in
        spares.append(given)
        guard spares.count > limit,
          let least = spares.indices.min(by: { spares[$0].byteCount < spares[$1].byteCount })
        else { return [] }
        return [spares.remove(at: least)]
      })
  }

  /// Gives the system what is kept.
  static func clear() {
    unmap(
      spares.withLock { spares in
        defer { spares = [] }
        return spares
      })
  }

  private static func unmap(_ spares: [Spare]) {
    for spare in spares {
      guard let start = unsafe UnsafeMutableRawPointer(bitPattern: spare.address) else { continue }
      unsafe MemoryPages.unmap(start, spare.byteCount)
    }
  }
}
