import MartletNN
import MartletOps
import MartletTensor

/// Layer norm over the channels of `[N, C, H, W]`.
public final class LayerNorm2d: LayerNorm {
  public override class var torchTypeName: String { "torchvision.models.convnext.LayerNorm2d" }

  public override func forward(_ x: Tensor) throws -> Tensor {
    try super.forward(x.permute([0, 2, 3, 1])).permute([0, 3, 1, 2])
  }
}

/// One block of a `ConvNeXt`: each channel convolved with a 7×7 kernel, then a two-layer network
/// over the channels of each pixel, scaled and added to the input.
public final class CNBlock: Module {
  public let block: Sequential
  /// `[dim, 1, 1]`.
  public let layerScale = Parameter()
  public let stochasticDepth: StochasticDepth

  init(_ dim: Int, layerScale scale: Double, stochasticDepthProb: Double) {
    block = Sequential(
      Conv2d(dim, dim, kernelSize: 7, padding: 3, groups: dim),
      Permute([0, 2, 3, 1]), LayerNorm(dim, eps: 1e-6), Linear(dim, 4 * dim), GELU(),
      Linear(4 * dim, dim), Permute([0, 3, 1, 2]))
    stochasticDepth = StochasticDepth(p: stochasticDepthProb)
    super.init()
    initialize(layerScale) { try Init.constant([dim, 1, 1], scale) }
  }

  public override class var torchTypeName: String { "torchvision.models.convnext.CNBlock" }

  public func forward(_ x: Tensor) throws -> Tensor {
    try stochasticDepth(layerScale.value * block(x)) + x
  }
}

/// A convolutional network for images built like a transformer (Liu et al. 2022), with
/// torchvision's names: `[N, 3, H, W] -> [N, numClasses]`.
public final class ConvNeXt: Module {
  public let features: Sequential
  public let avgpool: AdaptiveAvgPool2d
  public let classifier: Sequential

  /// One of the paper's networks.
  public enum Size: Sendable, CaseIterable {
    case tiny, small, base, large

    var stages: (channels: [Int], blocks: [Int], stochasticDepthProb: Double) {
      switch self {
      case .tiny: ([96, 192, 384, 768], [3, 3, 9, 3], 0.1)
      case .small: ([96, 192, 384, 768], [3, 3, 27, 3], 0.4)
      case .base: ([128, 256, 512, 1024], [3, 3, 27, 3], 0.5)
      case .large: ([192, 384, 768, 1536], [3, 3, 27, 3], 0.5)
      }
    }
  }

  /// One of the paper's networks.
  public convenience init(_ size: Size, numClasses: Int = 1000) {
    let (channels, blocks, probability) = size.stages
    self.init(
      channels: channels, blocks: blocks, stochasticDepthProb: probability, numClasses: numClasses)
  }

  /// - Parameters:
  ///   - channels: the channels of each stage; the resolution halves between stages.
  ///   - blocks: how many blocks each stage has.
  ///   - stochasticDepthProb: how often the last block's branch is dropped in training.
  ///   - layerScale: what the blocks' scales start as.
  public init(
    channels: [Int], blocks: [Int], stochasticDepthProb: Double = 0, layerScale: Double = 1e-6,
    numClasses: Int = 1000
  ) {
    func norm(_ channels: Int) -> LayerNorm2d { LayerNorm2d(channels, eps: 1e-6) }
    let stages = Array(zip(channels, blocks))
    let blockCount = blocks.reduce(0, +)
    var modules: [any UnaryModule] = [
      Conv2dNormActivation(
        3, channels.first ?? 0, kernelSize: 4, stride: 4, padding: 0, bias: true, norm: norm,
        activation: nil)
    ]
    var position = 0
    for (stage, (width, count)) in stages.enumerated() {
      var stageBlocks: [any UnaryModule] = []
      for _ in 0..<max(count, 0) {
        let probability = stochasticDepthProb * Double(position) / Double(max(blockCount - 1, 1))
        stageBlocks.append(
          CNBlock(width, layerScale: layerScale, stochasticDepthProb: probability))
        position += 1
      }
      modules.append(Sequential(stageBlocks))
      if stage + 1 < stages.count {
        modules.append(
          Sequential(
            norm(width), Conv2d(width, stages[stage + 1].0, kernelSize: 2, stride: 2)))
      }
    }
    features = Sequential(modules)
    avgpool = AdaptiveAvgPool2d(1)
    let last = stages.last?.0 ?? 0
    classifier = Sequential(norm(last), Flatten(startDim: 1), Linear(last, numClasses))
    super.init()
    require(
      !channels.isEmpty && channels.count == blocks.count,
      "expected the channels and blocks of one or more stages, got \(channels) and \(blocks)")
    initializeWeights()
  }

  private func initializeWeights() {
    for module in modules() {
      switch module {
      case let layer as Conv2d:
        initialize(layer.weight) { try Init.truncNormal(sizes(of: layer.weight), std: 0.02) }
        clear(layer.bias)
      case let layer as Linear:
        initialize(layer.weight) { try Init.truncNormal(sizes(of: layer.weight), std: 0.02) }
        clear(layer.bias)
      default: break
      }
    }
  }

  public override class var torchTypeName: String { "torchvision.models.convnext.ConvNeXt" }

  public func forward(_ x: Tensor) throws -> Tensor {
    try classifier(avgpool(features(x)))
  }
}
