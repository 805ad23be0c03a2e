import MartletOps
import MartletTensor

/// What all the graphs share that one run goes through. One thread alone uses it.
package final class InterpreterRun {
  /// Evaluates an operator; what that means is up to who runs the graph.
  package typealias Call = (Operator, [Value], Node) throws -> [Value]

  /// Methods that call each other deeper than this never end, and would overflow the stack.
  package static let depthLimit = 200

  let unit: CompilationUnit
  /// Whether lists and dictionaries have identities.
  let hasIdentities: Bool
  let call: Call
  /// Told where calls of methods and functions begin and end.
  var onMethod: ((MethodEvent) -> Void)?
  private var depth = 0

  package init(
    unit: CompilationUnit, traits: GraphTraits,
    call: @escaping Call = { try $0.call($1, at: $2.location) }
  ) {
    self.unit = unit
    self.hasIdentities = traits.changesContainers
    self.call = call
  }

  /// Runs a method's or function's graph and gives its results as one value.
  func call(_ graph: Graph, _ inputs: [Interpreter.Slot], path: String) throws -> Value {
    guard depth < InterpreterRun.depthLimit else {
      throw MartletError(
        .graph, "functions call each other more than \(InterpreterRun.depthLimit) deep")
    }
    depth += 1
    defer { depth -= 1 }
    var interpreter = Interpreter(graph, self, path: path)
    onMethod?(.begin(path: path))
    let results = try interpreter.results(inputs)
    let result = results.count == 1 ? results[0] : .tuple(results)
    onMethod?(.end(path: path, result: result))
    return result
  }

  /// Runs a method on an object.
  package static func result(
    of graph: Graph, receiver: Value, _ inputs: [Value], unit: CompilationUnit
  ) throws -> Value {
    try InterpreterRun(unit: unit, traits: unit.traits)
      .call(graph, ([receiver] + inputs).map { .value($0) }, path: "")
  }

  /// Runs a method that gives a module its attributes; what it may need is not asked before.
  package static func restore(_ module: TracedModule, by method: String, from state: Value) throws {
    _ = try InterpreterRun(unit: module.unit, traits: module.traits)
      .call(
        try module.graph(of: method), [.module(module, path: ""), .value(state)], path: "")
  }

  /// Runs a graph without modules.
  package func results(_ graph: Graph, _ inputs: [Value]) throws -> [Value] {
    var interpreter = Interpreter(graph, self)
    return try interpreter.results(inputs.map { .value($0) })
  }
}

extension Interpreter {
  /// Calls a method as a user does: inputs are checked, and never changed for the caller, nor is
  /// what earlier calls gave.
  static func run(_ method: String, of module: TracedModule, _ inputs: [Value]) throws -> Value {
    let graph = try module.graph(of: method)
    let parameters = module.isFunction ? graph.inputs : Array(graph.inputs.dropFirst())
    let given = try CallInputs(
      inputs, parameters, of: graph,
      defaults: module.scriptClass?.method(method)?.defaults.suffix(parameters.count) ?? [])
    let traits = module.traits
    try module.requireSupport(method)
    let run = InterpreterRun(unit: module.unit, traits: traits)
    var slots: [Slot] = try given.values(copying: traits.changesTensors).map { .value($0) }
    if !module.isFunction { slots.insert(.module(module, path: ""), at: 0) }
    let result = try run.call(graph, slots, path: "").resolvingReferences
    return traits.changesTensors ? try module.separating(result) : result
  }

  /// Runs a graph that has no `self`.
  static func run(_ graph: Graph, _ inputs: [Value]) throws -> [Value] {
    let traits = GraphTraits(graph)
    try graph.requireSupport()
    let given = try CallInputs(inputs, graph.inputs, of: graph)
    return try InterpreterRun(unit: .empty, traits: traits)
      .results(graph, given.values(copying: traits.changesTensors))
      .map(\.resolvingReferences)
  }
}

extension TracedModule {
  /// The result with copies of the tensors whose elements a later call may change.
  package func separating(_ result: Value) throws -> Value {
    let tensors = result.tensors
    guard !tensors.isEmpty else { return result }
    var own: Set<ObjectIdentifier> = []
    for (_, module) in namedModules {
      for tensor in module.heldTensors { own.insert(ObjectIdentifier(tensor.storage)) }
    }
    guard tensors.contains(where: { own.contains(ObjectIdentifier($0.storage)) }) else {
      return result
    }
    return try result.mapTensors {
      own.contains(ObjectIdentifier($0.storage)) ? try $0.copied() : $0
    }
  }
}
