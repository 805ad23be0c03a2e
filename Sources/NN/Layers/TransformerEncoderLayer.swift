import MartletOps
import MartletTensor

/// Self-attention and a feed-forward network, each with dropout, a residual sum and a layer norm.
///
/// Shape: `[S, N, dModel]`, with `batchFirst` `[N, S, dModel]`, or without the batch axis.
public final class TransformerEncoderLayer: ModuleBase, Forward {
  /// The function between the feed-forward network's layers.
  public enum Activation: String, Sendable, Hashable {
    case relu, gelu
  }

  public let selfAttn: MultiheadAttention
  public let linear1: Linear
  public let dropout: Dropout
  public let linear2: Linear
  public let norm1, norm2: LayerNorm
  public let dropout1, dropout2: Dropout
  public let activation: Activation
  /// Whether the norms come before the attention and the network.
  public let normFirst: Bool

  public init(
    _ dModel: Int, _ nhead: Int, dimFeedforward: Int = 2048, dropout: Double = 0.1,
    activation: Activation = .relu, layerNormEps: Double = 1e-5, batchFirst: Bool = false,
    normFirst: Bool = false, bias: Bool = true
  ) {
    selfAttn = MultiheadAttention(
      dModel, nhead, dropout: dropout, bias: bias, batchFirst: batchFirst)
    linear1 = Linear(dModel, dimFeedforward, bias: bias)
    self.dropout = Dropout(p: dropout)
    linear2 = Linear(dimFeedforward, dModel, bias: bias)
    norm1 = LayerNorm(dModel, eps: layerNormEps, bias: bias)
    norm2 = LayerNorm(dModel, eps: layerNormEps, bias: bias)
    dropout1 = Dropout(p: dropout)
    dropout2 = Dropout(p: dropout)
    self.activation = activation
    self.normFirst = normFirst
  }

  public override class var torchTypeName: String {
    "torch.nn.modules.transformer.TransformerEncoderLayer"
  }

  public func forward(_ source: Tensor) throws -> Tensor { try encode(source, nil, nil, false) }

  /// Runs the layer with masks, as `MultiheadAttention` takes them.
  public func callAsFunction(
    _ source: Tensor, srcMask: Tensor?, srcKeyPaddingMask: Tensor? = nil, isCausal: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try step(source, srcMask, srcKeyPaddingMask, at: SourceLocation(file, line)) {
      try encode(source, srcMask, srcKeyPaddingMask, isCausal)
    }
  }

  private func encode(
    _ source: Tensor, _ mask: Tensor?, _ paddingMask: Tensor?, _ isCausal: Bool
  ) throws -> Tensor {
    func attended(_ x: Tensor) throws -> Tensor {
      let result = try selfAttn(
        x, x, x, keyPaddingMask: paddingMask, needWeights: false, attnMask: mask,
        isCausal: isCausal)
      return try dropout1(result.output)
    }
    func fedForward(_ x: Tensor) throws -> Tensor {
      let hidden = try linear1(x)
      let active = activation == .relu ? try F.relu(hidden) : try F.gelu(hidden)
      return try dropout2(linear2(dropout(active)))
    }
    if normFirst {
      let x = try source + attended(try norm1(source))
      return try x + fedForward(try norm2(x))
    }
    let x = try norm1(source + attended(source))
    return try norm2(x + fedForward(x))
  }
}
