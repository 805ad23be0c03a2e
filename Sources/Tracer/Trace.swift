import MartletNN
import MartletOps
import MartletTensor

/// Records what a module does with example inputs, as `torch.jit.trace` does.
///
///     let traced = try trace(model, example)
///     let y: Tensor = try traced(x)
///
/// - Parameters:
///   - model: in inference mode (`eval()`).
///   - inputs: what `forward` takes: tensors, or tuples, arrays and dictionaries of them, nested.
///   - checkTrace: run the model again and compare every node with the recorded graph.
///   - checkInputs: further inputs to check with; what depends on the inputs' values shows there.
///   - checkTolerance: the relative difference that the check allows.
///   - strict: refuse arrays and dictionaries as outputs.
///   - allowConstants: values read out of traced tensors become constants, with a warning for
///     each source line, instead of an error.
///   - allowTraining: trace a model that is in training mode.
///   - inputNames: the inputs' names in the graph; `x`, or `x1`, `x2` …, unless given.
///   - dynamic: the axes whose sizes will change; the check runs again at other sizes of them.
///   - onWarning: told of each warning; prints to standard error unless given.
/// - Throws: `MartletError` of kind `.tracing` for what cannot be recorded, `.check` when the check
///   fails, naming the first node that differs, and what the model itself throws.
public func trace<M: ModuleBase & Forward, each Input>(
  _ model: M, _ inputs: repeat each Input, checkTrace: Bool = true,
  checkInputs: [M.Input]? = nil, checkTolerance: Double = 1e-5, strict: Bool = true,
  allowConstants: Bool = false, allowTraining: Bool = false, inputNames: [String]? = nil,
  dynamic: DynamicAxes = .none,
  onWarning: @escaping (TraceWarning) -> Void = printWarning, file: StaticString = #fileID,
  line: UInt = #line
) throws -> TracedModule where M.Input == (repeat each Input) {
  func run(_ inputs: (repeat each Input)) throws -> TraceRun {
    try TraceRun(repeat each inputs, spreadsTuple: true) { (input: repeat each Input) in
      try model(repeat each input, file: file, line: line)
    }
  }
  return try TraceSession.trace(
    model,
    [
      TraceRequest(
        method: "forward", example: try run((repeat each inputs)),
        checks: try (checkInputs ?? []).map(run))
    ],
    TraceOptions(
      checkTrace: checkTrace, checkTolerance: checkTolerance, strict: strict,
      allowConstants: allowConstants, allowTraining: allowTraining, inputNames: inputNames,
      dynamic: dynamic,
      onWarning: onWarning))
}

/// As `trace(model, a, b)`.
public func trace<M: ModuleBase & Forward, A, B>(
  _ model: M, _ inputs: (A, B), checkTrace: Bool = true, checkInputs: [M.Input]? = nil,
  checkTolerance: Double = 1e-5, strict: Bool = true, allowConstants: Bool = false,
  allowTraining: Bool = false, inputNames: [String]? = nil,
  dynamic: DynamicAxes = .none,
  onWarning: @escaping (TraceWarning) -> Void = printWarning, file: StaticString = #fileID,
  line: UInt = #line
) throws -> TracedModule where M.Input == (A, B) {
  try trace(
    model, inputs.0, inputs.1, checkTrace: checkTrace, checkInputs: checkInputs,
    checkTolerance: checkTolerance, strict: strict, allowConstants: allowConstants,
    allowTraining: allowTraining, inputNames: inputNames, dynamic: dynamic, onWarning: onWarning,
    file: file,
    line: line)
}

/// As `trace(model, a, b, c)`.
public func trace<M: ModuleBase & Forward, A, B, C>(
  _ model: M, _ inputs: (A, B, C), checkTrace: Bool = true, checkInputs: [M.Input]? = nil,
  checkTolerance: Double = 1e-5, strict: Bool = true, allowConstants: Bool = false,
  allowTraining: Bool = false, inputNames: [String]? = nil,
  dynamic: DynamicAxes = .none,
  onWarning: @escaping (TraceWarning) -> Void = printWarning, file: StaticString = #fileID,
  line: UInt = #line
) throws -> TracedModule where M.Input == (A, B, C) {
  try trace(
    model, inputs.0, inputs.1, inputs.2, checkTrace: checkTrace, checkInputs: checkInputs,
    checkTolerance: checkTolerance, strict: strict, allowConstants: allowConstants,
    allowTraining: allowTraining, inputNames: inputNames, dynamic: dynamic, onWarning: onWarning,
    file: file,
    line: line)
}

/// Records what a function does with example inputs: one graph without `self`, in which the
/// parameters of modules that it calls are constants under their names.
///
/// Parameters and errors are those of tracing a module.
public func trace<each Input, Output>(
  _ function: @escaping (repeat each Input) throws -> Output, _ inputs: repeat each Input,
  checkTrace: Bool = true, checkInputs: [(repeat each Input)]? = nil,
  checkTolerance: Double = 1e-5, strict: Bool = true, allowConstants: Bool = false,
  allowTraining: Bool = false, inputNames: [String]? = nil,
  dynamic: DynamicAxes = .none,
  onWarning: @escaping (TraceWarning) -> Void = printWarning
) throws -> TracedModule {
  func run(_ inputs: (repeat each Input)) throws -> TraceRun {
    try TraceRun(repeat each inputs, call: function)
  }
  return try TraceSession.trace(
    nil,
    [
      TraceRequest(
        method: "forward", example: try run((repeat each inputs)),
        checks: try (checkInputs ?? []).map(run))
    ],
    TraceOptions(
      checkTrace: checkTrace, checkTolerance: checkTolerance, strict: strict,
      allowConstants: allowConstants, allowTraining: allowTraining, inputNames: inputNames,
      dynamic: dynamic,
      onWarning: onWarning))
}

/// As `trace(function, inputs)`, with the function last: `trace(x) { x in try model(x) * 2 }`.
public func trace<each Input, Output>(
  _ inputs: repeat each Input, checkTrace: Bool = true, checkInputs: [(repeat each Input)]? = nil,
  checkTolerance: Double = 1e-5, strict: Bool = true, allowConstants: Bool = false,
  allowTraining: Bool = false, inputNames: [String]? = nil,
  dynamic: DynamicAxes = .none,
  onWarning: @escaping (TraceWarning) -> Void = printWarning,
  function: @escaping (repeat each Input) throws -> Output
) throws -> TracedModule {
  try trace(
    function, repeat each inputs, checkTrace: checkTrace, checkInputs: checkInputs,
    checkTolerance: checkTolerance, strict: strict, allowConstants: allowConstants,
    allowTraining: allowTraining, inputNames: inputNames, dynamic: dynamic, onWarning: onWarning)
}
