import MartletOps
import MartletTensor

/// What the tracer refuses or warns of: whatever the recording would not tell the truth about.
extension Recorder {
  /// A value of a traced tensor is about to become a Swift value.
  func noteRead(of use: String, allowed: Bool, at location: SourceLocation?) throws {
    let scope = recording.frames[frame].scope
    guard allowed || options.allowConstants else {
      var error = MartletError(
        .tracing,
        "\(use) reads the value of a tensor that is being traced: what Swift does with it cannot "
          + "be recorded, and the trace would be wrong for other inputs. Keep the choice in "
          + "tensors, as `where` does, or agree to a constant: `asConstant: true` for this call, "
          + "`allowConstants: true` for the whole trace")
      error.location = location
      throw error
    }
    notes.warn(.read(use), at: location, after: lastLocation, in: scope)
  }

  func inspect(
    _ operation: Operator, _ arguments: [Value], _ results: [Value], dependsOnInputs: Bool,
    at location: SourceLocation?
  ) throws {
    let scope = recording.frames[frame].scope
    if dependsOnInputs, case .dataDependent = operation.body {
      for result in results where result.isPlain {
        try noteRead(of: operation.name, allowed: false, at: location)
      }
    }
    let training = operation.schema.trainingArgument.map { arguments[$0].isTrue }
    if training == true, !operation.schema.lacksRunningStatistics(arguments) {
      guard options.allowTraining else {
        throw MartletError(
          .tracing,
          "\(operation.name) is called as in training; a trace is for inference: call eval() on "
            + "the model first, or trace with `allowTraining: true`")
      }
      notes.warn(.training(operation.name), at: location, after: lastLocation, in: scope)
    }
    if operation.isRandom, training != false {
      notes.warn(.random(operation.name), at: location, after: lastLocation, in: scope)
    }
  }
}

extension Value {
  /// A Swift value that remembers nothing of where it comes from.
  fileprivate var isPlain: Bool {
    switch self {
    case .bool, .double, .complex, .string: true
    default: false
    }
  }

  fileprivate var isTrue: Bool { if case .bool(true) = self { true } else { false } }
}

extension Schema {
  /// Whether a norm is called without running statistics: it uses the batch's in inference too.
  func lacksRunningStatistics(_ values: [Value]) -> Bool {
    guard let index = arguments.firstIndex(where: { $0.name == "running_mean" }) else {
      return false
    }
    if case .none = values[index] { return true }
    return false
  }

  /// The argument that says whether to behave as in training.
  var trainingArgument: Int? {
    arguments.firstIndex { ["train", "training", "use_input_stats"].contains($0.name) }
  }
}
