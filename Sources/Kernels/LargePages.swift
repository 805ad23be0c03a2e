#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Makes large pages of memory that is filled and will be used for long.
///
/// A core follows many megabytes faster through large pages, but filling them where they are new
/// can take several times as long. So one thread of the lowest priority moves what is there into
/// large pages, block by block, while everybody may use it, and ends when it is done. It rests
/// before the first block, and after each fifty times as long as it took: whoever uses a block that
/// is being moved has to wait, some milliseconds where a virtual machine's host has yet to give the
/// large page.
package final class LargePages: Sendable {
  package static let shared = LargePages()

  /// Memory that may be freed before its turn comes.
  private struct Waiting {
    weak var memory: AlignedMemory?
    let byteCount: Int
  }

  private struct State {
    var waiting: [Waiting] = []
    var isAtWork = false
  }

  private let state = Locked(State())

  package init() {}

  /// Comes back at once.
  ///
  /// - Parameter byteCount: of the memory's beginning, where only that is used.
  package func collect(_ memory: AlignedMemory, byteCount: Int? = nil) {
    let count = byteCount ?? memory.byteCount
    guard memory.mayHaveLargePages, MemoryPages.mayBeLarge(count) else { return }
    let begins = state.withLock { state in
      state.waiting.append(Waiting(memory: memory, byteCount: count))
      defer { state.isAtWork = true }
      return !state.isAtWork
    }
    if begins, !startThread({ [self] in work() }) {
      state.withLock { $0 = State() }
    }
  }

  /// Whether everything so far has been moved.
  package var isIdle: Bool { state.withLock { !$0.isAtWork } }

  private func work() {
    #if canImport(Glibc)
      // Of this thread alone, on Linux.
      _ = setpriority(Int32(PRIO_PROCESS.rawValue), 0, 19)
    #endif
    sleepThread(nanoseconds: 300_000_000)
    while let (memory, byteCount) = next() {
      memory.moveToLargePages(first: byteCount) { took in
        sleepThread(nanoseconds: Int(min(max(50 * took, 20_000_000), 999_000_000)))
      }
    }
  }

  private func next() -> (AlignedMemory, byteCount: Int)? {
    state.withLock { state in
      while let last = state.waiting.popLast() {
        if let memory = last.memory { return (memory, last.byteCount) }
      }
      state.isAtWork = false
      return nil
    }
  }
}
