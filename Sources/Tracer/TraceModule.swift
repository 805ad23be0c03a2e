import MartletNN
import MartletOps
import MartletTensor

/// One method of a module to trace: its name, example inputs, and how to call it.
///
///     try traceModule(model, [
///       TraceMethod("forward", x) { model, x in try model(x) },
///       TraceMethod("encode", x) { model, x in try model.encode(x) },
///     ])
public struct TraceMethod<M: ModuleBase> {
  let name: String
  let request: (M) throws -> TraceRequest

  /// - Parameters:
  ///   - inputs: what the method is traced with.
  ///   - checkInputs: further inputs to check with.
  public init<each Input, Output>(
    _ name: String, _ inputs: repeat each Input, checkInputs: [(repeat each Input)] = [],
    call: @escaping (M, repeat each Input) throws -> Output
  ) {
    self.name = name
    request = { model in
      let example = try run(model, repeat each inputs, call: call)
      return TraceRequest(
        method: name, example: example, checks: try runs(model, checkInputs, call: call))
    }
  }
}

private func run<M, each Input, Output>(
  _ model: M, _ inputs: repeat each Input, call: @escaping (M, repeat each Input) throws -> Output
) throws -> TraceRun {
  try TraceRun(repeat each inputs) { (input: repeat each Input) in
    try call(model, repeat each input)
  }
}

private func runs<M, each Input, Output>(
  _ model: M, _ inputs: [(repeat each Input)],
  call: @escaping (M, repeat each Input) throws -> Output
) throws -> [TraceRun] {
  var runs: [TraceRun] = []
  for input in inputs { runs.append(try run(model, repeat each input, call: call)) }
  return runs
}

/// Records several methods of one module, as `torch.jit.trace_module`: they share parameters and
/// submodules. The parameters are those of `trace`.
public func traceModule<M: ModuleBase>(
  _ model: M, _ methods: [TraceMethod<M>], checkTrace: Bool = true,
  checkTolerance: Double = 1e-5, strict: Bool = true, allowConstants: Bool = false,
  allowTraining: Bool = false, onWarning: @escaping (TraceWarning) -> Void = printWarning
) throws -> TracedModule {
  guard !methods.isEmpty, Set(methods.map(\.name)).count == methods.count else {
    throw MartletError(
      .argument, "expected methods with different names, got \(methods.map(\.name))")
  }
  return try TraceSession.trace(
    model, try methods.map { try $0.request(model) },
    TraceOptions(
      checkTrace: checkTrace, checkTolerance: checkTolerance, strict: strict,
      allowConstants: allowConstants, allowTraining: allowTraining, onWarning: onWarning))
}
