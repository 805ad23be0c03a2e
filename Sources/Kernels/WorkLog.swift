import Synchronization

/// Notes which thread computes when, for profiles: what a task hands to the thread pool while
/// the log is its current one.
package final class WorkLog: Sendable {
  /// A thread's share of one call.
  package struct Span: Sendable {
    /// 0 for the calling thread, then its helpers in turn.
    package let thread: Int
    package let begin: ContinuousClock.Instant
    package let end: ContinuousClock.Instant
  }

  @TaskLocal private static var current: WorkLog?
  /// How many logs are some task's current one; where there is none, nobody looks further.
  private static let count = Atomic<Int>(0)

  private let spans = Locked<[Span]>([])

  package init() {}

  package func record<Result>(_ body: () throws -> Result) rethrows -> Result {
    Self.count.wrappingAdd(1, ordering: .relaxed)
    defer { Self.count.wrappingSubtract(1, ordering: .relaxed) }
    return try Self.$current.withValue(self, operation: body)
  }

  /// The spans so far, which it forgets.
  package func take() -> [Span] {
    spans.withLock { spans in
      defer { spans = [] }
      return spans
    }
  }

  /// The log of this task.
  static var active: WorkLog? { count.load(ordering: .relaxed) == 0 ? nil : current }

  func add(_ span: Span) { spans.withLock { $0.append(span) } }
}
