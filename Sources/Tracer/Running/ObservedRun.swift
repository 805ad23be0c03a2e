import MartletOps
import MartletTensor

/// What those learn who watch a run: which module's method begins and ends.
package enum MethodEvent {
  case begin(path: String)
  /// With what it gives.
  case end(path: String, result: Value)
}

extension TracedModule {
  /// Runs a method node by node with another meaning of its operators' calls, as for sizes alone,
  /// and tells where calls of methods begin and end.
  ///
  /// Attributes that the method sets are set.
  ///
  /// - Throws: what `call` throws, and `MartletError` as a run does.
  package func observe(
    _ inputs: [Value], method: String? = nil, call: @escaping InterpreterRun.Call,
    onMethod: @escaping (MethodEvent) -> Void
  ) throws {
    let method = method ?? mainMethod
    let graph = try graph(of: method)
    try requireSupport(method)
    let run = InterpreterRun(unit: unit, traits: traits, call: call)
    run.onMethod = onMethod
    let parameters = isFunction ? graph.inputs : Array(graph.inputs.dropFirst())
    _ = try run.call(graph, slots(inputs, parameters, of: graph, method), path: "")
  }

  /// As `observe`, of the graph with submodules in their places: `call` learns each node.
  package func observeInlined(
    _ graph: Graph, _ inputs: [Value], call: @escaping InterpreterRun.Call
  ) throws {
    try requireSupport(mainMethod)
    let run = InterpreterRun(unit: unit, traits: traits, call: call)
    let parameters = isFunction ? graph.inputs : Array(graph.inputs.dropFirst())
    _ = try run.call(graph, slots(inputs, parameters, of: graph, mainMethod), path: "")
  }

  private func slots(
    _ inputs: [Value], _ parameters: [GraphValue], of graph: Graph, _ method: String
  ) throws -> [Interpreter.Slot] {
    let given = try CallInputs(
      inputs, parameters, of: graph,
      defaults: scriptClass?.method(method)?.defaults.suffix(parameters.count) ?? [])
    let values = try given.values(copying: traits.changesTensors).map { Interpreter.Slot.value($0) }
    return isFunction ? values : [.module(self, path: "")] + values
  }
}
