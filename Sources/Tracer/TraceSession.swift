import MartletNN
import MartletOps
import MartletTensor

/// Records methods one after another, builds the traced module, checks it.
struct TraceSession {
  private let root: ModuleBase?
  private let options: TraceOptions

  static func trace(_ root: ModuleBase?, _ requests: [TraceRequest], _ options: TraceOptions) throws
    -> TracedModule
  {
    guard Dispatcher.recorder == nil, TraceObservation.observer == nil else {
      throw MartletError(
        .tracing,
        "a trace is already being recorded in this task: call the inner model itself, or trace it "
          + "first and call its trace; either is recorded as part of the outer one")
    }
    if let root, root.training, !options.allowTraining {
      throw MartletError(
        .tracing,
        "the model is in training mode, and a trace is for inference: call eval() first, or trace "
          + "with `allowTraining: true`")
    }
    return try TraceSession(root: root, options: options).run(requests)
  }

  private func run(_ requests: [TraceRequest]) throws -> TracedModule {
    let modules = ModuleTable(root: root)
    var notes = TraceNotes()
    defer { for warning in notes.warnings { options.onWarning(warning) } }
    var recordings: [(recording: Recording, method: String)] = []
    var resized: [String: [Value]] = [:]
    for request in requests {
      let recorder = Recorder(options, modules: modules, notes: notes, method: request.method)
      defer { notes = recorder.notes }
      try record(request.example, with: recorder)
      let names = try inputNames(request.example.inputs.count)
      let outliner = Outliner(
        recorder.recording, modules, inputNames: names, dynamic: options.dynamic)
      let method = outliner.outline()
      recordings.append((recorder.recording, method))
      if !options.dynamic.isEmpty {
        resized[method] = try options.dynamic.resized(request.example.inputs, names: names)
      }
    }
    var builder = TreeBuilder(modules)
    let traced = builder.build(
      notes: notes,
      exampleInputs: Dictionary(
        zip(recordings, requests).map { ($0.method, $1.example.inputs) }
      ) { first, _ in first },
      resizedInputs: resized)
    if options.checkTrace {
      for (recorded, request) in zip(recordings, requests) {
        try check(
          recorded.recording, recorded.method, traced, request, resized[recorded.method])
      }
    }
    return traced
  }

  private func record(_ run: TraceRun, with recorder: Recorder) throws {
    try TraceInputs.check(run.inputs)
    let marked = try recorder.start(run.inputs)
    let output = try Dispatcher.$recorder.withValue(recorder) {
      try TraceObservation.$observer.withValue(recorder) {
        let marker = InputMarker(marked)
        let output = try run.call(marker)
        try run.checkReplaced(by: marker)
        return output
      }
    }
    try TraceInputs.check(output: output, strict: options.strict)
    try recorder.finish(output)
  }

  /// Runs the model again on the example and on the inputs to check with, the graph in step.
  private func check(
    _ recording: Recording, _ method: String, _ traced: TracedModule, _ request: TraceRequest,
    _ resized: [Value]?
  ) throws {
    let graph = try traced.frozenGraph(of: method)
    var runs = [(request.example, "the same inputs")]
    for (number, run) in request.checks.enumerated() {
      runs.append((run, "checkInputs[\(number)]"))
    }
    if let resized {
      let sizes = resized.flatMap(\.tensors).map { "\($0.sizes)" }.joined(separator: ", ")
      runs.append((request.example.with(resized), "inputs of the sizes \(sizes)"))
    }
    for (run, name) in runs {
      guard run.inputs.count == request.example.inputs.count else {
        throw MartletError(
          .argument,
          "\(name) holds \(run.inputs.count) inputs, "
            + "the model takes \(request.example.inputs.count)")
      }
      let verifier = try Verifier(
        recording, graph, run: name, tolerance: options.checkTolerance)
      let recorder = Recorder(
        options, modules: ModuleTable(root: root), notes: TraceNotes(), method: request.method,
        verifier: verifier)
      do {
        try record(run, with: recorder)
      } catch {
        // The difference came first, and may be why the model failed.
        throw verifier.failure ?? error
      }
      verifier.finish(recorder.recording)
      if let failure = verifier.failure { throw failure }
    }
  }

  private func inputNames(_ count: Int) throws -> [String] {
    guard let names = options.inputNames else {
      return count == 1 ? ["x"] : (1...max(count, 1)).map { "x\($0)" }
    }
    guard names.count == count, Set(names + ["self"]).count == count + 1,
      names.allSatisfy(\.isIdentifier)
    else {
      throw MartletError(
        .argument, "inputNames must be \(count) different identifiers, got \(names)")
    }
    return names
  }
}

/// What can go into a trace and come out of it.
enum TraceInputs {
  static func check(_ inputs: [Value]) throws {
    guard inputs.contains(where: { !$0.tensors.isEmpty }) else {
      throw MartletError(.tracing, "a trace needs at least one tensor among its inputs")
    }
    for input in inputs { try check(input, "input to") }
  }

  static func check(output: Value, strict: Bool) throws {
    try check(output, "output from")
    if strict, let container = output.firstContainer {
      throw MartletError(
        .tracing,
        "encountering a \(container) at the output of the tracer might cause the trace to be "
          + "incorrect: this is only valid if the container structure does not change with the "
          + "inputs. Return a tuple instead, or, if the structure is always the same, trace with "
          + "`strict: false`")
    }
  }

  private static func check(_ value: Value, _ role: String) throws {
    switch value {
    case .tensor: break
    case .list(let items), .tuple(let items):
      for item in items { try check(item, role) }
    case .dictionary(let entries):
      for entry in entries {
        guard case .string = entry.key else { throw refused(entry.key, role) }
        try check(entry.value, role)
      }
    case .none where role == "input to": break
    default: throw refused(value, role)
    }
  }

  private static func refused(_ value: Value, _ role: String) -> MartletError {
    MartletError(
      .tracing,
      "only tensors, and tuples, arrays and dictionaries (by strings) of them, can be \(role) a "
        + "traced function; got \(value.summary) (\(value.kindName)). A number that never changes "
        + "can be captured by a closure; one that changes can be a tensor")
  }
}

extension Value {
  fileprivate var firstContainer: String? {
    switch self {
    case .list: "list"
    case .dictionary: "dict"
    case .tuple(let items): items.lazy.compactMap(\.firstContainer).first
    default: nil
    }
  }
}

extension String {
  fileprivate var isIdentifier: Bool {
    !isEmpty && utf8.first.map { $0 < 48 || $0 > 57 } == true
      && utf8.allSatisfy { ($0 | 32) >= 97 && ($0 | 32) <= 122 || $0 == 95 || $0 >= 48 && $0 <= 57 }
  }
}

/// Builds the immutable tree from the table.
private struct TreeBuilder {
  private let modules: ModuleTable
  private var built: [Int: TracedModule] = [:]

  init(_ modules: ModuleTable) { self.modules = modules }

  mutating func build(
    notes: TraceNotes, exampleInputs: [String: [Value]], resizedInputs: [String: [Value]]
  ) -> TracedModule {
    let record = modules.records[0]
    let isFunction = record.module == nil
    return TracedModule(
      typeName: record.typeName, isFunction: isFunction, attributes: record.attributes,
      children: isFunction ? [] : children(of: 0), methods: record.methods,
      warnings: notes.warnings, constants: notes.constants, exampleInputs: exampleInputs,
      resizedInputs: resizedInputs)
  }

  private mutating func children(of number: Int) -> [(name: String, module: TracedModule)] {
    modules.records[number].children.map { ($0.name, module($0.module)) }
  }

  private mutating func module(_ number: Int) -> TracedModule {
    if let known = built[number] { return known }
    let record = modules.records[number]
    let module = TracedModule(
      typeName: record.typeName, attributes: record.attributes, children: children(of: number),
      methods: record.methods)
    built[number] = module
    return module
  }
}
