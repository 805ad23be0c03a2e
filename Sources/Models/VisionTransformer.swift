import MartletNN
import MartletOps
import MartletTensor

/// A transformer over an image's patches (Dosovitskiy et al. 2020), with torchvision's names:
/// `[N, 3, imageSize, imageSize] -> [N, numClasses]`.
public final class VisionTransformer: Module {
  /// `[1, 1, hiddenDim]`, the element of the sequence that the answer is read from.
  public let classToken = Parameter()
  public let convProj: Conv2d
  public let encoder: VisionEncoder
  public let heads: Sequential
  public let imageSize, patchSize, hiddenDim: Int

  public init(
    imageSize: Int, patchSize: Int, numLayers: Int, numHeads: Int, hiddenDim: Int, mlpDim: Int,
    dropout: Double = 0, attentionDropout: Double = 0, numClasses: Int = 1000
  ) {
    convProj = Conv2d(3, hiddenDim, kernelSize: patchSize, stride: patchSize)
    let side = patchSize > 0 ? imageSize / patchSize : 0
    encoder = VisionEncoder(
      seqLength: side * side + 1, numLayers: numLayers, numHeads: numHeads, hiddenDim: hiddenDim,
      mlpDim: mlpDim, dropout: dropout, attentionDropout: attentionDropout)
    let head = Linear(hiddenDim, numClasses)
    heads = Sequential(["head": head])
    self.imageSize = imageSize
    self.patchSize = patchSize
    self.hiddenDim = hiddenDim
    super.init()
    require(
      patchSize > 0 && imageSize % patchSize == 0,
      "Input shape indivisible by patch size! Got \(imageSize) and \(patchSize)")
    initialize(classToken) { try Init.zeros([1, 1, hiddenDim]) }
    initialize(convProj.weight) {
      let fan = 3 * patchSize * patchSize
      return try Init.truncNormal(
        sizes(of: convProj.weight), std: (1 / Double(fan)).squareRoot())
    }
    clear(convProj.bias)
    initialize(head.weight) { try Init.zeros(sizes(of: head.weight)) }
    clear(head.bias)
  }

  public override class var torchTypeName: String {
    "torchvision.models.vision_transformer.VisionTransformer"
  }

  public func forward(_ x: Tensor) throws -> Tensor {
    guard x.dim == 4, x.sizes[2] == imageSize, x.sizes[3] == imageSize else {
      throw MartletError(
        .shape, "expected images of sizes [N, 3, \(imageSize), \(imageSize)], got \(x.sizes)")
    }
    let batch = x.shape[0]
    let patches = (x.shape[2] / Dim(patchSize)) * (x.shape[3] / Dim(patchSize))
    let sequence = try convProj(x).reshape([batch, Dim(hiddenDim), patches]).permute([0, 2, 1])
    let token = try classToken.value.expand([batch, -1, -1])
    let encoded = try encoder(Tensor.cat([token, sequence], dim: 1))
    let first = try encoded.select(dim: 1, index: 0)
    return try heads(first)
  }

  /// ViT-B/16 for images of 224 × 224.
  public static func vitB16(numClasses: Int = 1000) -> VisionTransformer {
    VisionTransformer(
      imageSize: 224, patchSize: 16, numLayers: 12, numHeads: 12, hiddenDim: 768, mlpDim: 3072,
      numClasses: numClasses)
  }
}

/// The blocks of a `VisionTransformer`, with the positions added before.
public final class VisionEncoder: Module {
  /// `[1, seqLength, hiddenDim]`.
  public let posEmbedding = Parameter()
  public let dropout: Dropout
  public let layers: Sequential
  public let ln: LayerNorm

  init(
    seqLength: Int, numLayers: Int, numHeads: Int, hiddenDim: Int, mlpDim: Int, dropout: Double,
    attentionDropout: Double
  ) {
    // PyTorch draws the positions before the blocks.
    let positions = Result {
      try Init.normal([1, seqLength, hiddenDim], std: 0.02)
    }
    self.dropout = Dropout(p: dropout)
    layers = Sequential(
      named: (0..<max(numLayers, 0)).map { i in
        let block = VisionEncoderBlock(
          numHeads: numHeads, hiddenDim: hiddenDim, mlpDim: mlpDim, dropout: dropout,
          attentionDropout: attentionDropout)
        return ("encoder_layer_\(i)", block)
      })
    ln = LayerNorm(hiddenDim, eps: 1e-6)
    super.init()
    initialize(posEmbedding) { try positions.get() }
  }

  public override class var torchTypeName: String {
    "torchvision.models.vision_transformer.Encoder"
  }

  public func forward(_ x: Tensor) throws -> Tensor {
    try ln(layers(dropout(x + posEmbedding.value)))
  }
}

/// Attention and a two-layer network, each after a layer norm and within a residual sum.
public final class VisionEncoderBlock: Module {
  public let ln1: LayerNorm
  public let selfAttention: MultiheadAttention
  public let dropout: Dropout
  public let ln2: LayerNorm
  public let mlp: MLPBlock

  init(
    numHeads: Int, hiddenDim: Int, mlpDim: Int, dropout: Double, attentionDropout: Double
  ) {
    ln1 = LayerNorm(hiddenDim, eps: 1e-6)
    selfAttention = MultiheadAttention(
      hiddenDim, numHeads, dropout: attentionDropout, batchFirst: true)
    self.dropout = Dropout(p: dropout)
    ln2 = LayerNorm(hiddenDim, eps: 1e-6)
    mlp = MLPBlock(hiddenDim, mlpDim, dropout: dropout)
  }

  public override class var torchTypeName: String {
    "torchvision.models.vision_transformer.EncoderBlock"
  }

  public override var attributeNames: [String: String] { ["ln1": "ln_1", "ln2": "ln_2"] }

  public func forward(_ x: Tensor) throws -> Tensor {
    let normalized = try ln1(x)
    let attended = try selfAttention(normalized, normalized, normalized, needWeights: false)
    let y = try dropout(attended.output) + x
    return try y + mlp(ln2(y))
  }
}

/// Two linear layers with GELU between.
public final class MLPBlock: Sequential {
  init(_ inDim: Int, _ mlpDim: Int, dropout: Double) {
    let layers = [Linear(inDim, mlpDim), Linear(mlpDim, inDim)]
    super.init([
      layers[0], GELU(), Dropout(p: dropout), layers[1], Dropout(p: dropout),
    ])
    for layer in layers {
      initialize(layer.weight) { try Init.xavierUniform(sizes(of: layer.weight)) }
      initialize(layer.bias) { try Init.normal(sizes(of: layer.bias), std: 1e-6) }
    }
  }

  public override class var torchTypeName: String {
    "torchvision.models.vision_transformer.MLPBlock"
  }
}
