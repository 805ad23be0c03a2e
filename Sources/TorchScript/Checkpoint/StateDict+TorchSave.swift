import MartletNN
import MartletTensor

/// Archives of PyTorch: what `torch.jit.save` and `torch.save` write.
public enum TorchScript {}

extension TorchScript {
  /// The tensors of a file that `torch.save` wrote, by name, in the file's order: a state
  /// dictionary, or a checkpoint that holds one under `state_dict`, `model_state_dict`,
  /// `model_state` or `model`. The format from before PyTorch 1.6 is read too.
  ///
  /// Nothing that the file names is run. Values are views into the file where they lie at a
  /// multiple of 16 bytes, and belong to the process once written.
  ///
  /// - Throws: `MartletError` of kind `.file` that says what is wrong with the file and where, or
  ///   that it holds no tensors; of kind `.dtype` or `.unsupported` for tensors that Martlet lacks.
  public static func loadStateDict(
    _ path: String
  ) throws -> [(name: String, tensor: Tensor)] {
    try Checkpoint(path: path).tensors()
  }
}

extension StateDict {
  /// Reads the tensors of a file of weights: safetensors or `torch.save`'s, told apart by what
  /// they begin with.
  ///
  /// - Throws: `MartletError` of kind `.file` that says what is wrong with the file and where.
  public init(contentsOf path: String) throws {
    switch try WeightsFormat(path: path) {
    case .safetensors: try self.init(safetensors: path)
    case .torch: self.init(try TorchScript.loadStateDict(path))
    }
  }
}

extension ModuleBase {
  /// Takes over the values of a file of weights, safetensors or `torch.save`'s, as
  /// `load(_:strict:)` does.
  ///
  /// - Throws: `MartletError` of kind `.file` for a broken file, of kind `.weights` for one that
  ///   does not fit; the model is then unchanged.
  @discardableResult
  public func load(stateDictFile path: String, strict: Bool = true) throws -> LoadReport {
    try load(StateDict(contentsOf: path), strict: strict)
  }
}
