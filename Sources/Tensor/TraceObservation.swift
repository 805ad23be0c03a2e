/// A traced value's name within its trace.
package struct TraceTag: Sendable, Hashable {
  /// Which trace; no two traces of a process share one.
  package let session: UInt64
  /// Which value of that trace.
  package let value: Int

  package init(session: UInt64, value: Int) {
    self.session = session
    self.value = value
  }
}

/// Told when Swift code takes a plain value out of what is being traced.
package protocol TraceObserver: AnyObject, Sendable {
  /// The value the tensor is in the trace, or nil when the trace does not know it.
  func tag(of tensor: Tensor) -> TraceTag?
  /// Called before a tensor's elements are read; throws when the trace would be fixed to them.
  /// `allowed` is set where the caller has agreed to a constant.
  func willRead(
    _ tensor: Tensor, by use: String, allowed: Bool, at location: SourceLocation?) throws
  /// Called after a size was taken as a plain number or truth value.
  func didBake(_ dim: Dim, by use: String, at location: SourceLocation?)
  /// Called before random numbers are drawn outside of an operator.
  func willDraw()
}

extension TraceObserver {
  package func willDraw() {}
}

package enum TraceObservation {
  /// The observer of the trace that is active in this task.
  @TaskLocal package static var observer: (any TraceObserver)?
}
