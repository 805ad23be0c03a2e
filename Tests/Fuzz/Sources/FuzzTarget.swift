import Martlet

/// What is fed with broken bytes. A new one is a case, its line below and a folder of the corpus.
enum FuzzTarget: String, CaseIterable {
  case archive, pickle, npy, safetensors

  /// Reads all that the bytes hold. Errors of Martlet's are what broken bytes should give.
  func run(_ bytes: [UInt8], _ scratch: ScratchFile) throws {
    switch self {
    case .archive: try readWeights(scratch.holding(bytes))
    case .pickle: try readWeights(scratch.holding(StoredZip.file(["a/data.pkl": bytes])))
    case .npy: try read(Tensor(npy: scratch.holding(bytes)))
    case .safetensors:
      for tensor in try SafeTensors(path: scratch.holding(bytes)).tensors().values {
        try read(tensor)
      }
    }
  }

  private func readWeights(_ path: String) throws {
    for (_, tensor) in try TorchScript.loadStateDict(path) { try read(tensor) }
  }

  /// Touches every element, up to a number that takes no time.
  private func read(_ tensor: Tensor) throws {
    guard !tensor.isMeta, tensor.count < 1 << 20, !tensor.isQuantized, !tensor.dtype.isComplex
    else { return }
    _ = try tensor.to(.float64).array(of: Double.self)
  }
}
