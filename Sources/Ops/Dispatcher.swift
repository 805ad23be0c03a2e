import MartletTensor

/// Told of every operator call while a trace is active.
package protocol OperatorRecorder: TraceObserver {
  /// Records the call and returns its results marked as the trace's values.
  func record(
    _ operation: Operator, _ arguments: [Value], results: [Value], at location: SourceLocation?
  ) throws -> [Value]
  /// A module's method begins; `inputs` are what it is called with, where that is known.
  func beginCall(
    of module: AnyObject, method: String, inputs: [Value], at location: SourceLocation?) throws
  /// The innermost call ends; `output` is nil when it threw.
  func endCall(of module: AnyObject, output: Value?) throws
}

package enum Dispatcher {
  /// The trace that is active in this task.
  @TaskLocal package static var recorder: (any OperatorRecorder)?
}

extension Operator {
  /// Evaluates and, when a trace is active, records: every operator call passes here.
  package func call(_ given: [Value], at location: SourceLocation?) throws -> [Value] {
    var arguments: Arguments?
    do {
      let checked = try Arguments(schema, resolving(given))
      arguments = checked
      // Lists and dictionaries are Swift's own in a trace: only what is in them is recorded.
      if takesReferences { return try evaluate(checked) }
      guard let recorder = Dispatcher.recorder else { return try evaluate(checked) }
      // What an operator is made of is not recorded with it.
      let results = try Dispatcher.$recorder.withValue(nil) {
        try TraceObservation.$observer.withValue(nil) { try evaluate(checked) }
      }
      return try recorder.record(self, checked.values, results: results, at: location)
    } catch var error as MartletError {
      if error.operatorCall == nil {
        error.operatorCall = arguments?.summary ?? summary(of: given)
      }
      if error.location == nil { error.location = location }
      throw error
    }
  }

  /// The arguments as the operator takes them: what references hold, unless it changes that. What
  /// is put into a container has an identity there.
  package func resolving(_ given: [Value]) -> [Value] {
    if takesReferences { return schema.isMutating ? given.map(\.givingIdentities) : given }
    return given.contains(where: \.holdsReferences) ? given.map(\.resolvingReferences) : given
  }

  private func summary(of given: [Value]) -> String {
    "\(name)(\(given.map(\.summary).joined(separator: ", ")))"
  }

  /// A call with one result, whatever its kind.
  package func value(_ arguments: Value..., at location: SourceLocation? = nil) throws -> Value {
    try call(arguments, at: location)[0]
  }

  /// A call with one tensor as its result.
  package func callAsFunction(_ arguments: Value..., at location: SourceLocation? = nil) throws
    -> Tensor
  {
    try Tensor(try call(arguments, at: location)[0])
  }
}
