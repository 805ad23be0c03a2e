import MartletNN
import MartletOps
import MartletTensor

/// Halves the resolution: four neighbours side by side, normalised, and mapped to twice the
/// channels: `[…, H, W, C] -> […, ⌈H / 2⌉, ⌈W / 2⌉, 2C]`.
public final class PatchMerging: Module {
  public let reduction: Linear
  public let norm: LayerNorm

  public init(_ dim: Int) {
    reduction = Linear(4 * dim, 2 * dim, bias: false)
    norm = LayerNorm(4 * dim)
  }

  public override class var torchTypeName: String {
    "torchvision.models.swin_transformer.PatchMerging"
  }

  public func forward(_ x: Tensor) throws -> Tensor {
    guard x.dim >= 3 else {
      throw MartletError(.shape, "expected features of sizes […, H, W, C], got \(x.sizes)")
    }
    let (height, width) = (x.shape[-3], x.shape[-2])
    let padded = try x.pad([0, 0, 0, width % 2, 0, height % 2])
    func quarter(_ y: Int, _ x: Int) throws -> Tensor {
      try padded.slice(dim: -3, start: y, step: 2).slice(dim: -2, start: x, step: 2)
    }
    let parts = try [quarter(0, 0), quarter(1, 0), quarter(0, 1), quarter(1, 1)]
    return try reduction(norm(Tensor.cat(parts, dim: -1)))
  }
}

/// Attention within windows and a two-layer network, each after a layer norm and within a
/// residual sum.
public final class SwinTransformerBlock: Module {
  public let norm1: LayerNorm
  public let attn: ShiftedWindowAttention
  public let stochasticDepth: StochasticDepth
  public let norm2: LayerNorm
  public let mlp: MLP

  init(
    _ dim: Int, numHeads: Int, windowSize: [Int], shiftSize: [Int], mlpRatio: Double,
    dropout: Double, attentionDropout: Double, stochasticDepthProb: Double
  ) {
    norm1 = LayerNorm(dim)
    attn = ShiftedWindowAttention(
      dim, windowSize: windowSize, shiftSize: shiftSize, numHeads: numHeads,
      attentionDropout: attentionDropout, dropout: dropout)
    stochasticDepth = StochasticDepth(p: stochasticDepthProb)
    norm2 = LayerNorm(dim)
    mlp = MLP(
      dim, [Int(Int64(saturating: Double(dim) * mlpRatio)), dim], dropout: dropout,
      activation: { GELU() })
    super.init()
    for case let layer as Linear in mlp.modules() {
      initialize(layer.weight) { try Init.xavierUniform(sizes(of: layer.weight)) }
      initialize(layer.bias) { try Init.normal(sizes(of: layer.bias), std: 1e-6) }
    }
  }

  public override class var torchTypeName: String {
    "torchvision.models.swin_transformer.SwinTransformerBlock"
  }

  public func forward(_ x: Tensor) throws -> Tensor {
    let y = try x + stochasticDepth(attn(norm1(x)))
    return try y + stochasticDepth(mlp(norm2(y)))
  }
}

/// A transformer for images whose attention stays within shifted windows (Liu et al. 2021), with
/// torchvision's names: `[N, 3, H, W] -> [N, numClasses]`, for any size.
public final class SwinTransformer: Module {
  public let features: Sequential
  public let norm: LayerNorm
  public let permute: Permute
  public let avgpool: AdaptiveAvgPool2d
  public let flatten: Flatten
  public let head: Linear

  /// One of the paper's networks.
  public enum Size: Sendable, CaseIterable {
    case tiny, small, base

    var settings: (embedDim: Int, depths: [Int], heads: [Int], stochasticDepthProb: Double) {
      switch self {
      case .tiny: (96, [2, 2, 6, 2], [3, 6, 12, 24], 0.2)
      case .small: (96, [2, 2, 18, 2], [3, 6, 12, 24], 0.3)
      case .base: (128, [2, 2, 18, 2], [4, 8, 16, 32], 0.5)
      }
    }
  }

  /// One of the paper's networks.
  public convenience init(_ size: Size, numClasses: Int = 1000) {
    let settings = size.settings
    self.init(
      patchSize: [4, 4], embedDim: settings.embedDim, depths: settings.depths,
      numHeads: settings.heads, windowSize: [7, 7],
      stochasticDepthProb: settings.stochasticDepthProb, numClasses: numClasses)
  }

  /// - Parameters:
  ///   - patchSize: height and width of the patches, in pixels.
  ///   - embedDim: the channels of the first stage; they double from stage to stage.
  ///   - depths: how many blocks each stage has.
  ///   - numHeads: how many heads each stage's attention has.
  ///   - windowSize: height and width of the windows, in patches.
  ///   - mlpRatio: how much wider than their ends the two-layer networks are inside.
  ///   - stochasticDepthProb: how often the last block's branches are dropped in training.
  public init(
    patchSize: [Int], embedDim: Int, depths: [Int], numHeads: [Int], windowSize: [Int],
    mlpRatio: Double = 4, dropout: Double = 0, attentionDropout: Double = 0,
    stochasticDepthProb: Double = 0.1, numClasses: Int = 1000
  ) {
    var modules: [any UnaryModule] = [
      Sequential(
        Conv2d(3, embedDim, kernelSize: patchSize, stride: patchSize),
        Permute([0, 2, 3, 1]), LayerNorm(embedDim))
    ]
    let blockCount = depths.reduce(0, +)
    var position = 0
    var width = embedDim
    for (stage, (depth, heads)) in zip(depths, numHeads).enumerated() {
      var blocks: [any UnaryModule] = []
      for i in 0..<max(depth, 0) {
        let probability = stochasticDepthProb * Double(position) / Double(max(blockCount - 1, 1))
        blocks.append(
          SwinTransformerBlock(
            width, numHeads: heads, windowSize: windowSize,
            shiftSize: windowSize.map { i % 2 == 0 ? 0 : $0 / 2 }, mlpRatio: mlpRatio,
            dropout: dropout, attentionDropout: attentionDropout,
            stochasticDepthProb: probability))
        position += 1
      }
      modules.append(Sequential(blocks))
      if stage + 1 < depths.count {
        modules.append(PatchMerging(width))
        width *= 2
      }
    }
    features = Sequential(modules)
    norm = LayerNorm(width)
    permute = Permute([0, 3, 1, 2])
    avgpool = AdaptiveAvgPool2d(1)
    flatten = Flatten(startDim: 1)
    head = Linear(width, numClasses)
    super.init()
    require(
      !depths.isEmpty && depths.count == numHeads.count,
      "expected depths and heads of one or more stages, got \(depths) and \(numHeads)")
    for case let layer as Linear in self.modules() {
      initialize(layer.weight) { try Init.truncNormal(sizes(of: layer.weight), std: 0.02) }
      clear(layer.bias)
    }
  }

  public override class var torchTypeName: String {
    "torchvision.models.swin_transformer.SwinTransformer"
  }

  public func forward(_ x: Tensor) throws -> Tensor {
    try head(flatten(avgpool(permute(norm(features(x))))))
  }
}
