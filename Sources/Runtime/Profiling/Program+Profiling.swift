import MartletKernels
import MartletOps
import MartletTensor
import MartletTracer

extension Program {
  /// Runs again and again, looking at the clock between steps.
  ///
  ///     let profile = try program.profile([.tensor(x)])
  ///     for step in profile.steps { print(step.path, step.kernel, step.duration) }
  ///
  /// Runs outside a profile pay nothing for it. A program without a plan is measured operator by
  /// operator.
  ///
  /// - Parameters:
  ///   - seconds: about how long to measure, after two runs that warm up.
  ///   - minimumRuns: how many runs to measure even if that takes longer.
  /// - Throws: what `run` throws, and `MartletError` of kind `.unsupported` for a module whose
  ///   attributes change in a run.
  public func profile(
    _ inputs: [Value], seconds: Double = 1, minimumRuns: Int = 5
  ) throws -> Profile {
    guard !isChanging else {
      throw MartletError(
        .unsupported, "a module whose attributes change in a run has no steps to profile")
    }
    let inputs = completed(inputs)
    let measured: (steps: [Profile.Step], times: [StepTimes])
    switch try prepared(inputs) {
    case .plan(let plan):
      let log = WorkLog()
      let times = try log.record {
        try Self.repeated(seconds, minimumRuns) {
          var times = try plan.timedRun(inputs)
          times.spans = log.take()
          return times
        }
      }
      measured = (plan.steps.map(Profile.Step.init), times)
    case .walk:
      var steps: [Profile.Step] = []
      var times = try Self.repeated(seconds, minimumRuns) {
        let run = try timedWalk(inputs)
        steps = run.steps
        return run.times
      }
      // Where values choose the way, runs differ; those like the last one count.
      times.removeAll { $0.moments.count != steps.count + 1 }
      measured = (steps, times)
    }
    let counter = AllocationCounter()
    _ = try AllocationCounter.$current.withValue(counter) { try run(inputs) }
    return Profile(
      measured.steps, measured.times, allocationCount: counter.count, threads: threads,
      peak: .measure())
  }

  private static func repeated(
    _ seconds: Double, _ minimumRuns: Int, _ run: () throws -> StepTimes
  ) throws -> [StepTimes] {
    for _ in 0..<2 { _ = try run() }
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    var times: [StepTimes] = []
    repeat { times.append(try run()) } while clock.now < end || times.count < minimumRuns
    return times
  }

  /// Runs node by node. A call's time goes from the end of the one before it, so it holds what
  /// the interpreter did in between.
  private func timedWalk(_ inputs: [Value]) throws -> (steps: [Profile.Step], times: StepTimes) {
    let clock = ContinuousClock()
    var steps: [Profile.Step] = []
    var times = StepTimes()
    let run = InterpreterRun(unit: unit, traits: traits) { operation, given, node in
      let results = try operation.call(given, at: node.location)
      times.moments.append(clock.now)
      steps.append(Profile.Step(operation, given, results, path: node.scope?.path ?? ""))
      return results
    }
    let given = try CallInputs(inputs, graph.inputs, of: graph)
      .values(copying: traits.changesTensors)
    times.moments.append(clock.now)
    _ = try run.results(graph, given)
    return (steps, times)
  }
}

extension Plan {
  /// One run with a look at the clock between steps.
  fileprivate func timedRun(_ inputs: [Value]) throws -> StepTimes {
    let clock = ContinuousClock()
    let context = try borrowContext(for: inputs)
    defer { giveBack(context) }
    var times = StepTimes()
    times.moments.reserveCapacity(steps.count + 1)
    times.moments.append(clock.now)
    for step in steps {
      do {
        try step.body(context)
      } catch {
        throw step.origin.naming(error)
      }
      times.moments.append(clock.now)
    }
    return times
  }
}

extension Profile.Step {
  init(_ step: Step) {
    let operands = step.inputs + step.outputs
    self.init(
      operation: step.operation, kernel: step.kernel, path: step.origin.path,
      sizes: step.outputs.first?.sizes ?? [],
      byteCount: operands.reduce(0) { $0 + $1.extent * $1.dtype.byteCount },
      floatingPointOperations: step.floatingPointOperations)
  }

  /// A call of an operator by its reference evaluation.
  fileprivate init(
    _ operation: Operator, _ inputs: [Value], _ results: [Value], path: String
  ) {
    let outputs = results.flatMap(\.tensors)
    let tensors = inputs.flatMap(\.tensors) + outputs
    let instruction = (try? Arguments(operation.schema, inputs)).map {
      Instruction(operation: operation, arguments: $0, results: results, origin: Origin())
    }
    self.init(
      operation: operation.name, kernel: "reference", path: path,
      sizes: outputs.first?.sizes ?? [],
      byteCount: tensors.reduce(0) { $0 + $1.count * $1.dtype.byteCount },
      floatingPointOperations: instruction?.floatingPointOperations)
  }
}
