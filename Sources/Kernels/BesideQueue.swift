/// Pieces of work that come up one by one. A thread of its own does them in order, beside whoever
/// adds them; that one does what is left when it comes to need them.
package final class BesideQueue: Sendable {
  private struct State {
    var waiting: ArraySlice<@Sendable () -> Void> = []
    var isAtWork = false
  }

  private let state = Locked(State())
  private let isBeside: Bool
  private let ended = Gate()

  /// - Parameter isBeside: false has `takeAll` do everything, as on a single processor.
  package init(isBeside: Bool = true) { self.isBeside = isBeside && ProcessorCount.default > 1 }

  package func add(_ work: @escaping @Sendable () -> Void) {
    let begins = state.withLock { state in
      state.waiting.append(work)
      guard isBeside, !state.isAtWork else { return false }
      state.isAtWork = true
      return true
    }
    if begins, !startThread({ [self] in workBeside() }) {
      state.withLock { $0.isAtWork = false }
    }
  }

  /// Does what nobody has begun, and waits for the thread's last piece: nothing goes on beside what
  /// comes after.
  package func takeAll() {
    while let work = state.withLock({ $0.waiting.popFirst() }) { work() }
    ended.wait(spinning: 50) { state.withLock { !$0.isAtWork } }
  }

  /// Forgets what nobody has begun.
  package func drop() {
    state.withLock { $0.waiting = [] }
  }

  private func workBeside() {
    while let work = next() { work() }
    ended.open()
  }

  /// Nil once for the thread, which ends.
  private func next() -> (@Sendable () -> Void)? {
    state.withLock { state in
      let work = state.waiting.popFirst()
      if work == nil { state.isAtWork = false }
      return work
    }
  }
}
