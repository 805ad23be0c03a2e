#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What is done to memory when nobody waits for it: files' pages are let go of, and memory that
/// will be used for long is moved into large pages.
///
/// A core follows many megabytes faster through large pages, but filling them where they are new
/// can take several times as long. So one thread of the lowest priority moves what is there, block
/// by block, while everybody may use it, and ends when it is done. It rests before the first block,
/// and after each fifty times as long as it took: whoever uses a block that is being moved has to
/// wait, some milliseconds where a virtual machine's host has yet to give the large page.
package final class MemoryUpkeep: Sendable {
  package static let shared = MemoryUpkeep()

  /// Memory that may be freed before its turn comes.
  private struct Waiting {
    weak var memory: AlignedMemory?
    /// What is to be moved into large pages; nil for pages of a file, which are let go of.
    let movedByteCount: Int?
  }

  private struct State {
    /// Files' pages are last, and come first.
    var waiting: [Waiting] = []
    var isAtWork = false
  }

  private let state = Locked(State())

  package init() {}

  /// Has memory moved into large pages. Comes back at once.
  ///
  /// - Parameter byteCount: of the memory's beginning, where only that is used.
  package func enlargePages(of memory: AlignedMemory, byteCount: Int? = nil) {
    let count = byteCount ?? memory.byteCount
    guard memory.mayHaveLargePages, MemoryPages.mayBeLarge(count) else { return }
    begin { $0.insert(Waiting(memory: memory, movedByteCount: count), at: 0) }
  }

  /// Has the pages of a file let go of. Comes back at once.
  package func releasePages(of memory: AlignedMemory) {
    guard memory.hasFile else { return }
    begin { $0.append(Waiting(memory: memory, movedByteCount: nil)) }
  }

  /// Whether everything so far has been done.
  package var isIdle: Bool { state.withLock { !$0.isAtWork } }

  private func begin(_ add: (inout [Waiting]) -> Void) {
    let begins = state.withLock { state in
      add(&state.waiting)
      defer { state.isAtWork = true }
      return !state.isAtWork
    }
    if begins, !startThread({ [self] in work() }) {
      state.withLock { $0 = State() }
    }
  }

  private func work() {
    #if canImport(Glibc)
      // Of this thread alone, on Linux.
      _ = setpriority(Int32(PRIO_PROCESS.rawValue), 0, 19)
    #endif
    sleepThread(nanoseconds: 300_000_000)
    while let (memory, movedByteCount) = next() {
      if let movedByteCount {
        memory.moveToLargePages(first: movedByteCount) { took in
          sleepThread(nanoseconds: Int(min(max(50 * took, 20_000_000), 999_000_000)))
        }
      } else {
        memory.releasePages()
      }
    }
  }

  private func next() -> (AlignedMemory, movedByteCount: Int?)? {
    state.withLock { state in
      while let last = state.waiting.popLast() {
        if let memory = last.memory { return (memory, last.movedByteCount) }
      }
      state.isAtWork = false
      return nil
    }
  }
}
