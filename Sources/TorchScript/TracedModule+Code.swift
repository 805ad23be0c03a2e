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
    var printer = SourcePrinter(try graph(of: method))
    return printer.function(named: method)
  }
}
