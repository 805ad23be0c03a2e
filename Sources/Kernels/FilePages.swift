/// Pages of files that nobody will need for long, let go of many at once: neighbours with one call,
/// and where a processor is free, beside what comes next.
package enum FilePages {
  /// Memory that may be freed before it is let go of.
  private struct Waiting {
    weak var memory: AlignedMemory?
  }

  private static let waiting = Locked<[Waiting]>([])

  /// What lies between two tensors' bytes in an archive, and is let go of with them.
  private static let gap = 1 << 12
  private static let partByteCount = 8 << 20

  /// Has the pages of memory that belongs to a file let go of with those of others.
  package static func releaseSoon(_ memory: AlignedMemory) {
    if memory.file != nil { waiting.withLock { $0.append(Waiting(memory: memory)) } }
  }

  /// Lets go of all that wait, on so many threads.
  ///
  /// - Parameter isBeside: comes back at once, where a thread can be had.
  package static func releaseAll(threads: Int = 1, isBeside: Bool = false) {
    let taken = waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
    if taken.isEmpty { return }
    if isBeside, startThread({ release(taken, threads: 1) }) { return }
    release(taken, threads: threads)
  }

  private static func release(_ waiting: [Waiting], threads: Int) {
    let files = Dictionary(grouping: waiting.compactMap(\.memory)) {
      $0.file.map { ObjectIdentifier($0) }
    }
    for memories in files.values {
      memories.first?.file?.release(parts(memories), threads: threads)
    }
  }

  /// The bytes of memories of a file, those that nearly touch as one, but hardly more than a thread
  /// does at a time.
  private static func parts(_ memories: [AlignedMemory]) -> [Range<UInt>] {
    var parts: [Range<UInt>] = []
    for memory in memories.sorted(by: { $0.address < $1.address }) {
      let end = memory.address + UInt(memory.byteCount)
      if let last = parts.last, memory.address <= last.upperBound + UInt(gap),
        last.count < partByteCount
      {
        parts[parts.count - 1] = last.lowerBound..<max(last.upperBound, end)
      } else {
        parts.append(memory.address..<end)
      }
    }
    return parts
  }
}
