import MartletOps
import MartletTensor

/// Attention of several heads at once, each on a part of the embedding.
///
///     let (y, weights) = try attention(x, x, x)
///     let (y, _) = try attention(x, x, x, needWeights: false)
///
/// Shapes: query `[L, N, E]`, key `[S, N, kdim]`, value `[S, N, vdim]` -> `[L, N, E]`; with
/// `batchFirst` the batch axis N comes first; without a batch it is left out.
public final class MultiheadAttention: ModuleBase {
  /// The three projections in one: `[3 · embedDim, embedDim]`; nil when keys or values have sizes
  /// of their own.
  public let inProjWeight: Parameter?
  public let qProjWeight, kProjWeight, vProjWeight: Parameter?
  /// `[3 · embedDim]`.
  public let inProjBias: Parameter?
  /// `[1, 1, embedDim]`, added to the sequence of keys and of values.
  public let biasK, biasV: Parameter?
  public let outProj: Linear
  public let embedDim, numHeads, kdim, vdim: Int
  public let dropout: Double
  public let batchFirst: Bool
  /// Whether a key and a value of zeros are added to the sequence.
  public let addZeroAttn: Bool

  /// The elements of one head.
  var headDim: Int { numHeads > 0 ? embedDim / numHeads : 0 }

  public init(
    _ embedDim: Int, _ numHeads: Int, dropout: Double = 0, bias: Bool = true,
    addBiasKV: Bool = false, addZeroAttn: Bool = false, kdim: Int? = nil, vdim: Int? = nil,
    batchFirst: Bool = false
  ) {
    let (kdim, vdim) = (kdim ?? embedDim, vdim ?? embedDim)
    let isPacked = kdim == embedDim && vdim == embedDim
    inProjWeight = isPacked ? Parameter() : nil
    qProjWeight = isPacked ? nil : Parameter()
    kProjWeight = isPacked ? nil : Parameter()
    vProjWeight = isPacked ? nil : Parameter()
    inProjBias = bias ? Parameter() : nil
    outProj = NonDynamicallyQuantizableLinear(embedDim, embedDim, bias: bias)
    biasK = addBiasKV ? Parameter() : nil
    biasV = addBiasKV ? Parameter() : nil
    self.embedDim = embedDim
    self.numHeads = numHeads
    self.kdim = kdim
    self.vdim = vdim
    self.dropout = dropout
    self.batchFirst = batchFirst
    self.addZeroAttn = addZeroAttn
    super.init()
    require(
      embedDim > 0 && numHeads > 0,
      "embed_dim and num_heads must be greater than 0, got embed_dim=\(embedDim) and "
        + "num_heads=\(numHeads) instead")
    require(
      headDim * numHeads == embedDim,
      "embed_dim must be divisible by num_heads, got \(embedDim) and \(numHeads)")
    initialize(inProjWeight) { try Init.xavierUniform([3 * embedDim, embedDim]) }
    initialize(qProjWeight) { try Init.xavierUniform([embedDim, embedDim]) }
    initialize(kProjWeight) { try Init.xavierUniform([embedDim, kdim]) }
    initialize(vProjWeight) { try Init.xavierUniform([embedDim, vdim]) }
    initialize(inProjBias) { try Init.zeros([3 * embedDim]) }
    initialize(outProj.bias) { try Init.zeros([embedDim]) }
    initialize(biasK) { try Init.xavierNormal([1, 1, embedDim]) }
    initialize(biasV) { try Init.xavierNormal([1, 1, embedDim]) }
  }

  public override class var torchTypeName: String {
    "torch.nn.modules.activation.MultiheadAttention"
  }

  public override var attributeNames: [String: String] { ["biasK": "bias_k", "biasV": "bias_v"] }

  /// Runs the attention.
  ///
  /// - Parameters:
  ///   - keyPaddingMask: `[N, S]`; keys that are true are left out, numbers are added.
  ///   - needWeights: whether the attention weights are given too; without them it is faster.
  ///   - attnMask: `[L, S]` or `[N · numHeads, L, S]`, as `keyPaddingMask`.
  ///   - averageAttnWeights: whether the weights are averaged over the heads.
  ///   - isCausal: says that `attnMask` is the causal one, which need then not be read.
  /// - Returns: the output, and the weights `[N, L, S]` or `[N, numHeads, L, S]` if wanted.
  /// - Throws: `MartletError` when shapes do not fit.
  public func callAsFunction(
    _ query: Tensor, _ key: Tensor, _ value: Tensor, keyPaddingMask: Tensor? = nil,
    needWeights: Bool = true, attnMask: Tensor? = nil, averageAttnWeights: Bool = true,
    isCausal: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) throws -> (output: Tensor, weights: Tensor?) {
    try step(query, key, value, keyPaddingMask, attnMask, at: SourceLocation(file, line)) {
      let call = AttentionCall(
        layer: self, isBatched: try checkedRank(query, key, value, keyPaddingMask, attnMask),
        needWeights: needWeights, averageAttnWeights: averageAttnWeights)
      return try call.run(
        query, key, value, keyPaddingMask: keyPaddingMask, attnMask: attnMask, isCausal: isCausal)
    }
  }

  /// Whether the inputs have a batch axis.
  private func checkedRank(
    _ query: Tensor, _ key: Tensor, _ value: Tensor, _ keyPaddingMask: Tensor?, _ attnMask: Tensor?
  ) throws -> Bool {
    let rank = query.dim
    guard rank == 2 || rank == 3 else {
      throw MartletError(
        .shape,
        "query should be unbatched 2D or batched 3D tensor but received \(rank)-D query tensor")
    }
    let kind = "For \(rank == 3 ? "batched" : "unbatched") (\(rank)-D) `query`, expected"
    guard key.dim == rank, value.dim == rank else {
      throw MartletError(
        .shape,
        "\(kind) `key` and `value` to be \(rank)-D but found \(key.dim)-D and \(value.dim)-D "
          + "tensors respectively")
    }
    if let keyPaddingMask, keyPaddingMask.dim != rank - 1 {
      throw MartletError(
        .shape,
        "\(kind) `key_padding_mask` to be `None` or \(rank - 1)-D but found "
          + "\(keyPaddingMask.dim)-D tensor instead")
    }
    if let attnMask, attnMask.dim != 2, attnMask.dim != 3 {
      throw MartletError(
        .shape,
        "\(kind) `attn_mask` to be `None`, 2-D or 3-D but found \(attnMask.dim)-D tensor instead")
    }
    return rank == 3
  }
}
