import MartletOps
import MartletTensor
import MartletTracer

extension TracedModule {
  /// The module as one method without submodules: parameters and buffers are constants, what
  /// depends on constants alone is computed, and batch norms are folded into the convolutions
  /// before them (`torch.jit.freeze`).
  ///
  /// - Throws: `MartletError` when the method cannot be put into one graph, as where modules are
  ///   chosen or changed while it runs.
  public func frozen() throws -> TracedModule {
    var graph = try frozenGraph()
    for pass in Pass.all { try pass.run(&graph) }
    let method = mainMethod
    let inputs = exampleInputs[method].map { [method: $0] } ?? [:]
    return TracedModule(
      typeName: typeName, isFunction: true, attributes: [], children: [],
      methods: [(method, graph)], constants: constants, exampleInputs: inputs, unit: unit,
      extraFiles: extraFiles)
  }
}
