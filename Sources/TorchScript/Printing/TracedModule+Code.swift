import MartletTensor
import MartletTracer

extension TracedModule {
  /// `forward` as TorchScript source, as `torch.jit.trace(…).code` prints it.
  public var code: String {
    // The method is one of this module's own.
    (try? code(of: methods["forward"] != nil ? "forward" : methodNames.first ?? "")) ?? ""
  }

  /// A method as TorchScript source.
  ///
  /// - Throws: `MartletError` of kind `.argument` when there is no such method.
  public func code(of method: String) throws -> String {
    let signature = MethodSignature(method, graph: try graph(of: method), of: self)
    var printer = SourcePrinter(
      signature.graph, context: SourceContext(), names: SourceNames())
    printer.addFunction(
      named: method, signature.parameters(selfType: nil), returning: signature.returnType)
    return printer.text
  }
}

/// How a method may be called, from its source where it has one.
struct MethodSignature {
  let graph: Graph
  private let script: ScriptFunction?
  private let isFunction: Bool

  init(_ name: String, graph: Graph, of module: TracedModule) {
    self.graph = graph
    script = module.scriptClass?.method(name)
    isFunction = module.isFunction
  }

  init(_ function: ScriptFunction, hasSelf: Bool) {
    graph = function.graph
    script = function
    isFunction = !hasSelf
  }

  /// - Parameter selfType: what to write behind `self`.
  func parameters(selfType: String?) -> [SourcePrinter.Parameter] {
    graph.inputs.enumerated().map { index, input in
      if index == 0, !isFunction {
        return SourcePrinter.Parameter(name: "self", type: selfType, defaultValue: nil)
      }
      let given = script.flatMap {
        index < $0.parameterNames.count ? $0.parameterNames[index] : nil
      }
      return SourcePrinter.Parameter(
        name: given ?? SourceNames.base(of: graph.name(of: input)),
        type: graph.type(of: input).annotation,
        defaultValue: script.flatMap { index < $0.defaults.count ? $0.defaults[index] : nil })
    }
  }

  var scriptReturnType: GraphType? { script?.returnType }

  var returnType: String {
    if let script { return script.returnType.annotation }
    let types = graph.outputs.map { graph.type(of: $0).annotation }
    return types.count == 1 ? types[0] : "Tuple[\(types.joined(separator: ", "))]"
  }
}
