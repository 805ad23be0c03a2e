import MartletTensor
import MartletTracer

extension TracedModule {
  /// The module folded into one function, as `torch.jit.freeze` does: submodules in their places,
  /// parameters and buffers as constants, what depends on them alone computed, batch norms in the
  /// convolutions before them, and only the main method left.
  ///
  /// - Throws: `MartletError` of kind `.argument` when a run changes the module's attributes,
  ///   `.unsupported` for operators that Martlet lacks.
  public func frozen() throws -> TracedModule {
    var graph: Graph
    do {
      graph = try frozenGraph()
    } catch let error as NotFreezable {
      throw MartletError(.argument, "the module cannot be frozen: \(error)")
    }
    try graph.requireSupport()
    for pass in Pass.all { try pass.run(&graph) }
    return TracedModule(
      typeName: typeName, isFunction: true, attributes: [], children: [],
      methods: [(name: mainMethod, graph: graph)], exampleInputs: exampleInputs,
      resizedInputs: resizedInputs, unit: unit, extraFiles: extraFiles)
  }
}
