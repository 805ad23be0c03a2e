/// The pages of passing memory that was freed, kept for the next of its kind: the system gives
/// fresh ones by one fault each, and clears them.
enum SparePages {
  struct Block {
    let start: UnsafeMutableRawPointer
    let byteCount: Int
  }

  /// The largest that was freed.
  private static let spare = Locked<(address: UInt, byteCount: Int)?>(nil)

  /// Pages with any content, no more than four times as many as are asked for; nil where there are
  /// none.
  static func take(_ byteCount: Int) -> Block? {
    let found = spare.withLock { spare -> (address: UInt, byteCount: Int)? in
      guard let kept = spare, kept.byteCount >= byteCount, kept.byteCount / 4 <= byteCount
      else { return nil }
      spare = nil
      return kept
    }
    if let found, let start = unsafe UnsafeMutableRawPointer(bitPattern: found.address) {
      return unsafe Block(start: start, byteCount: found.byteCount)
    }
    guard let start = unsafe MemoryPages.map(byteCount) else { return nil }
    return unsafe Block(start: start, byteCount: byteCount)
  }

  static func giveBack(_ block: Block) {
    let given = unsafe (address: UInt(bitPattern: block.start), byteCount: block.byteCount)
    unmap(
      spare.withLock { spare in
        guard let kept = spare, kept.byteCount >= given.byteCount else {
          defer { spare = given }
          return spare
        }
        return given
      })
  }

  /// Gives the system what is kept.
  static func clear() {
    unmap(
      spare.withLock { spare in
        defer { spare = nil }
        return spare
      })
  }

  private static func unmap(_ block: (address: UInt, byteCount: Int)?) {
    guard let block, let start = unsafe UnsafeMutableRawPointer(bitPattern: block.address)
    else { return }
    unsafe MemoryPages.unmap(start, block.byteCount)
  }
}
