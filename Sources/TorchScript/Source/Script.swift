import MartletOps
import MartletTensor
import MartletTracer

/// Functions and classes written in TorchScript, as `torch.jit.CompilationUnit` takes them.
///
///     let unit = try script(source: """
///       def scale(x: Tensor, factor: float = 2.0) -> Tensor:
///         if bool(x.sum() > 0):
///           return x * factor
///         return x
///       """)
///     let y: Tensor = try unit["scale"](x)
public struct ScriptSource: Sendable {
  private let unit: CompilationUnit

  /// The functions, in the order of the source. Classes are for them to use.
  public let functionNames: [String]

  fileprivate init(_ unit: CompilationUnit) {
    self.unit = unit
    functionNames = unit.order.filter {
      unit.functions[$0] != nil && !$0.hasPrefix(FunctionalSource.qualifier)
    }.map { String($0.dropFirst("__torch__.".count)) }
  }

  /// A function by its name: it can be called, inspected, compiled and saved like a traced one.
  ///
  /// - Throws: `MartletError` of kind `.argument` when the source has none of the name.
  public subscript(name: String) -> TracedModule {
    get throws {
      guard let function = unit.functions["__torch__.\(name)"] else {
        throw MartletError(
          .argument,
          "there is no function '\(name)': the functions are "
            + functionNames.joined(separator: ", "))
      }
      var declared = ScriptClass(kind: .module, name: "__torch__.\(name)")
      declared.methods = [
        ScriptFunction(
          name: "forward", graph: function.graph, parameterNames: function.parameterNames,
          defaults: function.defaults, returnType: function.returnType)
      ]
      return TracedModule(
        typeName: "", isFunction: true, attributes: [], children: [],
        methods: [("forward", function.graph)], unit: unit, scriptClass: declared)
    }
  }
}

/// Compiles TorchScript: functions and classes as text, with control flow, lists, dictionaries,
/// strings, `torch.*`, `F.*`, `math.*`.
///
/// - Parameters:
///   - source: as a Python file. Parameters without annotations are tensors.
///   - path: how messages name it.
/// - Throws: `MartletError` of kind `.graph` that names line and column, with what was expected.
public func script(source: String, path: String = "script") throws -> ScriptSource {
  ScriptSource(
    try SourceCompiler.compile([SourceFile(qualifier: "__torch__", path: path, text: source)]))
}
