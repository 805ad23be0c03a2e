import MartletOps
import MartletTensor

extension TracedModule {
  /// The module as one method without submodules: calls put in place, parameters and buffers as
  /// constants, branches that its attributes decide taken. As `torch.jit.freeze`.
  ///
  /// - Throws: `MartletError` of kind `.unsupported` when a run changes an attribute, `.argument`
  ///   when there is no such method.
  public func frozen(method: String? = nil) throws -> TracedModule {
    let name = method ?? mainMethod
    var graph: Graph
    do {
      graph = try frozenGraph(of: name)
    } catch let error as NotFreezable {
      throw MartletError(.unsupported, "\(error)")
    }
    graph.eraseDeadNodes()
    if !isFunction {
      let receiver = graph.newValue(.module("__torch__.\(typeName)"), name: "self")
      graph.body.parameters.insert(receiver, at: 0)
    }
    return TracedModule(
      typeName: typeName, isFunction: isFunction, attributes: [], children: [],
      methods: [(name, graph)], constants: constants,
      exampleInputs: exampleInputs.filter { $0.key == name }, unit: unit, extraFiles: extraFiles)
  }
}
