import MartletOps
import MartletTensor

/// Runs one of two closures by the value of a tensor. In a trace both are recorded, as
/// `prim::If`, so that the traced model still chooses when it runs.
///
///     let y = try cond(x.sum() .> 0, then: { try x * 2 }, else: { try x - 1 })
///
/// Both closures give as many tensors (or sizes) of the same kinds. They see tensors from outside;
/// what they make is seen outside only when they return it. In a trace both run once on the
/// example.
///
/// - Parameter condition: a tensor of one element; zero is false.
/// - Throws: `MartletError` of kind `.tracing` when the closures give what cannot be recorded, and
///   what the closures throw.
public func cond<each Output: ValueConvertible>(
  _ condition: Tensor, then: () throws -> (repeat each Output),
  else otherwise: () throws -> (repeat each Output), file: StaticString = #fileID,
  line: UInt = #line
) throws -> (repeat each Output) {
  guard let recorder = Dispatcher.recorder as? Recorder else {
    return try ControlFlow.isTrue(condition) ? then() : otherwise()
  }
  let location = SourceLocation(file, line)
  let flag = try recorder.recordCondition(condition, at: location)
  func thenValues() throws -> [Value] {
    let outputs = try then()
    var values: [Value] = []
    for output in repeat each outputs { values.append(output.value) }
    return values
  }
  func elseValues() throws -> [Value] {
    let outputs = try otherwise()
    var values: [Value] = []
    for output in repeat each outputs { values.append(output.value) }
    return values
  }
  let (thenBlock, thenResults) = try recorder.recordBlock([], at: location) { _ in
    try thenValues()
  }
  let (elseBlock, elseResults) = try recorder.recordBlock([], at: location) { _ in
    try elseValues()
  }
  let isTrue = try ControlFlow.unrecorded { try ControlFlow.isTrue(condition) }
  let chosen = isTrue ? thenResults : elseResults
  let results = try zip(chosen, zip(thenResults, elseResults)).map {
    (value: $0, type: try ControlFlow.join($1.0, $1.1, "the branches of cond", at: location))
  }
  var marked = try recorder.recordControl(
    .if, [flag], blocks: [thenBlock, elseBlock], results: results, at: location
  ).makeIterator()
  return (repeat try (each Output)(marked.next() ?? .none))
}

/// Repeats a closure on what it carries, as long as a condition holds. In a trace it is recorded
/// as `prim::Loop`, so that the traced model runs as many rounds as its inputs ask for.
///
///     let (x, n) = try whileLoop(x, n, while: { x, n in try x.sum() .< 100 }) { x, n in
///       (try x * 2, try n + 1)
///     }
///
/// In a trace the closure also runs once for the recording. Carried tensors keep their dtypes;
/// their sizes may change from round to round.
///
/// - Throws: `MartletError` of kind `.tracing` when what is carried cannot be recorded, and what
///   the closures throw.
public func whileLoop<each State: ValueConvertible>(
  _ initial: repeat each State, while condition: (repeat each State) throws -> Tensor,
  file: StaticString = #fileID, line: UInt = #line,
  do body: (repeat each State) throws -> (repeat each State)
) throws -> (repeat each State) {
  var initialValues: [Value] = []
  for state in repeat each initial { initialValues.append(state.value) }
  func isWanted(_ state: [Value]) throws -> Tensor {
    var items = state.makeIterator()
    return try condition(repeat try (each State)(items.next() ?? .none))
  }
  func next(_ state: [Value]) throws -> [Value] {
    var items = state.makeIterator()
    let results = try body(repeat try (each State)(items.next() ?? .none))
    var values: [Value] = []
    for result in repeat each results { values.append(result.value) }
    return values
  }
  func run(_ start: [Value]) throws -> [Value] {
    var state = start
    while try ControlFlow.isTrue(isWanted(state)) { state = try next(state) }
    return state
  }
  var finals: IndexingIterator<[Value]>
  if let recorder = Dispatcher.recorder as? Recorder {
    let location = SourceLocation(file, line)
    let first = try recorder.recordCondition(isWanted(initialValues), at: location)
    finals = try Loops.record(
      recorder, rounds: .int(Int.max), condition: first, initialValues, at: location,
      body: { _, state in
        let results = try next(state)
        return (try recorder.recordCondition(isWanted(results), at: location), results)
      },
      run: run
    ).makeIterator()
  } else {
    finals = try run(initialValues).makeIterator()
  }
  return (repeat try (each State)(finals.next() ?? .none))
}

/// Repeats a closure a number of times on what it carries. In a trace it is recorded as
/// `prim::Loop`; the number may be a size of a traced tensor.
///
///     let h = try forLoop(x.shape[1], h) { t, h in try cell(x.select(dim: 1, index: t), h) }
///
/// In a trace the closure also runs once for the recording, for the round 0.
public func forLoop<each State: ValueConvertible>(
  _ rounds: some DimConvertible, _ initial: repeat each State, file: StaticString = #fileID,
  line: UInt = #line, body: (Dim, repeat each State) throws -> (repeat each State)
) throws -> (repeat each State) {
  let rounds = rounds.dim
  var initialValues: [Value] = []
  for state in repeat each initial { initialValues.append(state.value) }
  func next(_ round: Dim, _ state: [Value]) throws -> [Value] {
    var items = state.makeIterator()
    let results = try body(round, repeat try (each State)(items.next() ?? .none))
    var values: [Value] = []
    for result in repeat each results { values.append(result.value) }
    return values
  }
  func run(_ start: [Value]) throws -> [Value] {
    var state = start
    for round in 0..<max(rounds.number, 0) { state = try next(Dim(round), state) }
    return state
  }
  var finals: IndexingIterator<[Value]>
  if let recorder = Dispatcher.recorder as? Recorder {
    let location = SourceLocation(file, line)
    finals = try Loops.record(
      recorder, rounds: try recorder.argument(for: .int(rounds), outsideAt: location),
      condition: .bool(true), initialValues, at: location,
      body: { round, state in (.bool(true), try next(round, state)) }, run: run
    ).makeIterator()
  } else {
    finals = try run(initialValues).makeIterator()
  }
  return (repeat try (each State)(finals.next() ?? .none))
}

/// What the recorded and the plain forms share.
enum ControlFlow {
  /// Runs without telling the trace.
  static func unrecorded<R>(_ body: () throws -> R) rethrows -> R {
    try Dispatcher.$recorder.withValue(nil) {
      try TraceObservation.$observer.withValue(nil) { try body() }
    }
  }

  static func isTrue(_ condition: Tensor) throws -> Bool {
    guard condition.sizes.allSatisfy({ $0 == 1 }) else {
      throw MartletError(
        .shape, "a condition is a tensor of one element, got sizes \(condition.sizes)")
    }
    guard let operation = Catalog.byName["aten::Bool.Tensor"] else {
      throw MartletError(.unsupported, "aten::Bool is needed to read a condition")
    }
    return try Bool(
      operation.evaluate(try Arguments(operation.schema, [.tensor(condition)]))[0])
  }

  /// The type of a value that is one of two, by the path that runs.
  static func join(
    _ a: Value, _ b: Value, _ place: String, at location: SourceLocation?
  ) throws -> GraphType {
    switch (a, b) {
    case (.tensor(let x), .tensor(let y)):
      return .tensor(
        TensorType(x.dtype == y.dtype ? x.dtype : nil, x.sizes == y.sizes ? x.sizes : nil))
    case (.int, .int): return .int
    default:
      var error = MartletError(
        .tracing,
        "\(place) must give tensors or sizes, of the same kinds, got \(a.kindName) and "
          + "\(b.kindName)")
      error.location = location
      throw error
    }
  }
}

enum Loops {
  /// Runs a `prim::Loop`'s block on the node's arguments.
  static func run(_ arguments: [Value], _ block: ([Value]) throws -> [Value]) throws -> [Value] {
    let rounds = try Dim(arguments[0]).number
    var goesOn = try Bool(arguments[1])
    var carried = Array(arguments.dropFirst(2))
    var round = 0
    while goesOn, round < rounds {
      let results = try block([.int(Dim(round))] + carried)
      goesOn = try Bool(results[0])
      carried = Array(results.dropFirst())
      round += 1
    }
    return carried
  }

  /// Records one round as the body, then runs all rounds unrecorded for their result.
  static func record(
    _ recorder: Recorder, rounds: Argument, condition: Argument, _ initial: [Value],
    at location: SourceLocation, body: (Dim, [Value]) throws -> (Argument, [Value]),
    run: ([Value]) throws -> [Value]
  ) throws -> [Value] {
    let starts = try initial.map { try recorder.argument(for: $0, outsideAt: location) }
    let types = try initial.map {
      try ControlFlow.join($0, $0, "what a loop carries", at: location).withoutSizes
    }
    var goesOn = Argument.bool(true)
    let parameters = [(value: Value.int(Dim(0)), type: GraphType.int)] + zip(initial, types)
    var (block, results) = try recorder.recordBlock(parameters, at: location) { given in
      let results: [Value]
      (goesOn, results) = try body(try Dim(given[0]), Array(given.dropFirst()))
      return results
    }
    for (result, (start, type)) in zip(results, zip(initial, types)) {
      let joined = try ControlFlow.join(start, result, "what a loop carries", at: location)
      guard type == joined.withoutSizes else {
        var error = MartletError(
          .tracing,
          "what a loop carries keeps its dtype: it starts as \(start.summary) and a round gives "
            + result.summary)
        error.location = location
        throw error
      }
    }
    block.results.insert(goesOn, at: 0)
    let finals = try ControlFlow.unrecorded { try run(initial) }
    return try recorder.recordControl(
      .loop, [rounds, condition] + starts, blocks: [block],
      results: Array(zip(finals, types)).map { (value: $0.0, type: $0.1) }, at: location)
  }
}

extension GraphType {
  fileprivate var withoutSizes: GraphType {
    if case .tensor(let type) = self { .tensor(TensorType(type.dtype)) } else { self }
  }
}
