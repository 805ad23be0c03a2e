import MartletOps
import MartletTensor
import MartletTracer

extension TorchScript {
  /// Loads what `torch.jit.save` wrote: a traced or scripted module, or a function.
  ///
  ///     let model = try TorchScript.load("model.pt")
  ///     let y: Tensor = try model(x)                    // or: try model.compile()(x)
  ///
  /// Weights are used where they lie in the file; what a run changes of them stays in this
  /// process. Nothing in the file is executed while it loads, but a class's own `__setstate__`, as
  /// a script. Operators that Martlet lacks do not keep a module from loading; see
  /// `unsupportedOperators(of:)`.
  ///
  /// - Throws: `MartletError` of kind `.file` for a broken file and for layouts older than
  ///   PyTorch 1.4, `.graph` for source that does not compile, with file, line and column,
  ///   `.unsupported` for what Martlet has no kind of value for.
  public static func load(_ path: String) throws -> TracedModule {
    try ArchiveLoader(try ZipArchive(path: path)).module()
  }

  /// The operators that a module's `forward`, or another method, needs and Martlet lacks.
  public static func unsupportedOperators(
    of module: TracedModule, method: String? = nil
  ) throws -> [UnsupportedOperator] {
    try module.unsupportedOperators(of: method)
  }
}
