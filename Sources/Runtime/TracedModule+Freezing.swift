import MartletTensor
import MartletTracer

extension TracedModule {
  /// The module folded into one method, as `torch.jit.freeze` does: submodules in their places,
  /// parameters and buffers as constants, branches that attributes decide taken, what depends on
  /// constants alone computed, batch norms in the convolutions before them.
  ///
  /// - Parameter method: the one method that is left; the main one when nil.
  /// - Throws: `MartletError` of kind `.argument` when there is no such method or a run changes the
  ///   module's attributes, `.unsupported` for operators that Martlet lacks.
  public func frozen(method: String? = nil) throws -> TracedModule {
    let name = method ?? mainMethod
    var graph: Graph
    do {
      graph = try frozenGraph(of: name)
    } catch let error as NotFreezable {
      throw MartletError(.argument, "\(error)")
    }
    try graph.requireSupport()
    for pass in Pass.all { try pass.run(&graph) }
    if !isFunction {
      let receiver = graph.newValue(.module("__torch__.\(typeName)"), name: "self")
      graph.body.parameters.insert(receiver, at: 0)
    }
    return TracedModule(
      typeName: typeName, isFunction: isFunction, attributes: [], children: [],
      methods: [(name, graph)], constants: constants,
      exampleInputs: exampleInputs.filter { $0.key == name },
      resizedInputs: resizedInputs.filter { $0.key == name }, unit: unit, extraFiles: extraFiles)
  }
}
