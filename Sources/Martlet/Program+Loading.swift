import MartletRuntime
import MartletTensor
import MartletTorchScript
import MartletTracer

extension Program {
  /// Loads what `torch.jit.save` wrote and compiles it.
  ///
  ///     let program = try Program(contentsOf: "resnet18.pt", threads: 2)
  ///     let y: Tensor = try program(x)
  ///
  /// A module whose attributes change in a run is run node by node, one run at a time, and keeps
  /// what runs change, as in PyTorch.
  ///
  /// - Parameters:
  ///   - method: `forward` when nil.
  ///   - threads: the most threads that one run uses; nil for as many as the process may use.
  /// - Throws: as `TorchScript.load` and `TracedModule.compile`.
  public convenience init(
    contentsOf path: String, method: String? = nil, threads: Int? = nil,
    optimization: Optimization = .full
  ) throws {
    try self.init(
      try TorchScript.load(path), method: method, threads: threads, optimization: optimization)
  }
  /// Loads what `torch.jit.save` wrote and compiles it with all that can be chosen.
  ///
  /// - Throws: as `TorchScript.load` and `TracedModule.compile`.
  public convenience init(
    contentsOf path: String, method: String? = nil, options: CompileOptions
  ) throws {
    try self.init(try TorchScript.load(path), method: method, options: options)
  }
}
