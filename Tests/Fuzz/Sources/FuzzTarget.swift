import Martlet

/// What is fed with broken bytes. A new one is a case, its line below and a folder of the corpus.
enum FuzzTarget: String, CaseIterable {
  case archive, pickle, source, npy, safetensors

  /// Reads all that the bytes hold. Errors of Martlet's are what broken bytes should give.
  func run(_ bytes: [UInt8], _ scratch: ScratchFile) throws {
    switch self {
    case .archive:
      let path = try scratch.holding(bytes)
      try refusing { try readWeights(path) }
      try readModule(path)
    case .pickle:
      try refusing { try readWeights(scratch.holding(StoredZip.file(["a/data.pkl": bytes]))) }
      try readModule(
        scratch.holding(
          StoredZip.file([
            "a/data.pkl": bytes, "a/constants.pkl": Self.noConstants,
            "a/version": Array("3".utf8), "a/code/__torch__.py": Self.module,
          ])))
    case .source:
      // Compiled and never run: what was written may loop for ever.
      let text = String(decoding: bytes, as: UTF8.self)
      try refusing {
        let compiled = try script(source: text)
        for name in compiled.functionNames {
          try refusing { _ = try compiled[name].graph.description }
        }
      }
      try TorchScript.load(
        scratch.holding(
          StoredZip.file([
            "a/data.pkl": Self.object(ofClassIn: text), "a/constants.pkl": Self.noConstants,
            "a/version": Array("3".utf8), "a/code/__torch__.py": bytes,
          ]))
      ).save(scratch.second)
    case .npy: try read(Tensor(npy: scratch.holding(bytes)))
    case .safetensors:
      for tensor in try SafeTensors(path: scratch.holding(bytes)).tensors().values {
        try read(tensor)
      }
    }
  }

  /// An empty tuple.
  private static let noConstants: [UInt8] = [0x80, 2, 0x29, 0x2E]

  /// An object of the first class, without attributes.
  private static func object(ofClassIn source: String) -> [UInt8] {
    let name = source.firstMatch(of: /class (\w+)/).map { String($0.1) } ?? "M"
    return [0x80, 2, 0x63] + Array("__torch__\n\(name)\n".utf8) + [0x29, 0x81, 0x7D, 0x62, 0x2E]
  }

  /// A class of the name that the corpus's modules have.
  private static let module = Array(
    """
    class Everything(Module):
      __parameters__ = []
      __buffers__ = []
      ints : List[int]
      texts : List[str]
      def forward(self: __torch__.Everything,
        x: Tensor) -> Tensor:
        return x

    """.utf8)

  /// Goes on after an error of Martlet's.
  private func refusing(_ body: () throws -> Void) throws {
    do { try body() } catch is MartletError {}
  }

  private func readModule(_ path: String) throws {
    for (_, tensor) in try TorchScript.load(path).stateDict { try read(tensor) }
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
