import MartletOps
import MartletTensor

/// A table of vectors, looked up by index: `[…] -> […, embeddingDim]`.
public final class Embedding: ModuleBase, Forward {
  /// `[numEmbeddings, embeddingDim]`.
  public let weight: Parameter
  public let numEmbeddings, embeddingDim: Int
  /// The row that starts as zeros and is not learned, counted from 0.
  public let paddingIdx: Int?

  /// - Parameter paddingIdx: negative ones count from the end.
  public init(_ numEmbeddings: Int, _ embeddingDim: Int, paddingIdx: Int? = nil) {
    weight = Parameter()
    self.numEmbeddings = numEmbeddings
    self.embeddingDim = embeddingDim
    self.paddingIdx = paddingIdx.map { $0 < 0 ? $0 + numEmbeddings : $0 }
    super.init()
    if let paddingIdx {
      require(
        paddingIdx >= -numEmbeddings && paddingIdx < numEmbeddings,
        "padding_idx must be within num_embeddings (\(numEmbeddings)), got \(paddingIdx)")
    }
    initialize(weight) { try Init.normal([numEmbeddings, embeddingDim]) }
    clearPaddingRow()
  }

  /// Sets the padding row to zeros, as after drawing all rows.
  package func clearPaddingRow() {
    guard let paddingIdx else { return }
    construct {
      var rows: [Float] = try weight.value.elements()
      for i in 0..<embeddingDim { rows[paddingIdx * embeddingDim + i] = 0 }
      weight.value = try Tensor(rows, shape: [numEmbeddings, embeddingDim])
    }
  }

  public override class var torchTypeName: String { "torch.nn.modules.sparse.Embedding" }

  public override var extraDescription: String {
    "\(numEmbeddings), \(embeddingDim)" + (paddingIdx.map { ", padding_idx=\($0)" } ?? "")
  }

  public func forward(_ input: Tensor) throws -> Tensor {
    try F.embedding(input, weight.value, paddingIdx: paddingIdx)
  }
}
