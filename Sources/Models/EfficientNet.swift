import MartletNN
import MartletOps
import MartletTensor

/// One block of an `EfficientNet`: widens the channels, convolves each on its own, weighs them,
/// and narrows them; with a residual sum where the sizes stay.
public final class MBConv: Module {
  public let block: Sequential
  public let stochasticDepth: StochasticDepth
  /// Whether the input is added.
  public let usesResidual: Bool

  init(
    _ inChannels: Int, _ outChannels: Int, kernelSize: Int, stride: Int, expandRatio: Int,
    stochasticDepthProb: Double, norm: (Int) -> any UnaryModule
  ) {
    let expanded = Channels.divisibleBy8(Double(inChannels * expandRatio))
    func activation() -> any UnaryModule { SiLU(inplace: true) }
    block = Sequential {
      if expanded != inChannels {
        Conv2dNormActivation(
          inChannels, expanded, kernelSize: 1, norm: norm, activation: activation)
      }
      Conv2dNormActivation(
        expanded, expanded, kernelSize: kernelSize, stride: stride, groups: expanded, norm: norm,
        activation: activation)
      SqueezeExcitation(expanded, max(1, inChannels / 4), activation: activation())
      Conv2dNormActivation(expanded, outChannels, kernelSize: 1, norm: norm, activation: nil)
    }
    stochasticDepth = StochasticDepth(p: stochasticDepthProb)
    usesResidual = stride == 1 && inChannels == outChannels
    super.init()
    require(1...2 ~= stride, "illegal stride value")
  }

  public override class var torchTypeName: String { "torchvision.models.efficientnet.MBConv" }

  public func forward(_ x: Tensor) throws -> Tensor {
    let y = try block(x)
    return usesResidual ? try stochasticDepth(y) + x : y
  }
}

/// A network for images whose width and depth grow together (Tan and Le 2019), with
/// torchvision's names: `[N, 3, H, W] -> [N, numClasses]`.
public final class EfficientNet: Module {
  public let features: Sequential
  public let avgpool: AdaptiveAvgPool2d
  public let classifier: Sequential

  /// The paper's networks, from the smallest.
  public enum Size: Int, Sendable, CaseIterable {
    case b0, b1, b2, b3, b4, b5, b6, b7

    /// How the channels, the depth and the dropout grow.
    var scaling: (width: Double, depth: Double, dropout: Double) {
      switch self {
      case .b0: (1, 1, 0.2)
      case .b1: (1, 1.1, 0.2)
      case .b2: (1.1, 1.2, 0.3)
      case .b3: (1.2, 1.4, 0.3)
      case .b4: (1.4, 1.8, 0.4)
      case .b5: (1.6, 2.2, 0.4)
      case .b6: (1.8, 2.6, 0.5)
      case .b7: (2, 3.1, 0.5)
      }
    }

    /// The side of the images that the published weights were trained on, in pixels.
    public var imageSize: Int { [224, 240, 288, 300, 380, 456, 528, 600][rawValue] }
  }

  /// One of the paper's networks.
  public convenience init(_ size: Size, numClasses: Int = 1000) {
    let scaling = size.scaling
    self.init(
      widthMult: scaling.width, depthMult: scaling.depth, dropout: scaling.dropout,
      numClasses: numClasses,
      norm: {
        size.rawValue < Size.b5.rawValue
          ? BatchNorm2d($0) : BatchNorm2d($0, eps: 0.001, momentum: 0.01)
      })
  }

  /// - Parameters:
  ///   - widthMult: scales the channels of every layer.
  ///   - depthMult: scales the number of blocks of every stage.
  ///   - stochasticDepthProb: how often the last block's branch is dropped in training.
  ///   - norm: makes the norm for a number of channels.
  public init(
    widthMult: Double, depthMult: Double, dropout: Double, stochasticDepthProb: Double = 0.2,
    numClasses: Int = 1000, norm: (Int) -> any UnaryModule = { BatchNorm2d($0) }
  ) {
    func adjusted(_ channels: Int) -> Int { Channels.divisibleBy8(Double(channels) * widthMult) }
    let stages = Self.stages.map { stage in
      (
        expand: stage.expand, kernel: stage.kernel, stride: stage.stride,
        channels: adjusted(stage.channels),
        blocks: Int(Int64(saturating: (Double(stage.blocks) * depthMult).rounded(.up)))
      )
    }
    let blockCount = Double(stages.reduce(0) { $0 + $1.blocks })
    var channels = adjusted(32)
    var modules: [any UnaryModule] = [
      Conv2dNormActivation(
        3, channels, stride: 2, norm: norm, activation: { SiLU(inplace: true) })
    ]
    var position = 0
    for stage in stages {
      var blocks: [any UnaryModule] = []
      for i in 0..<max(stage.blocks, 0) {
        blocks.append(
          MBConv(
            channels, stage.channels, kernelSize: stage.kernel, stride: i == 0 ? stage.stride : 1,
            expandRatio: stage.expand,
            stochasticDepthProb: stochasticDepthProb * Double(position) / blockCount, norm: norm))
        channels = stage.channels
        position += 1
      }
      modules.append(Sequential(blocks))
    }
    modules.append(
      Conv2dNormActivation(
        channels, 4 * channels, kernelSize: 1, norm: norm, activation: { SiLU(inplace: true) }))
    features = Sequential(modules)
    avgpool = AdaptiveAvgPool2d(1)
    classifier = Sequential(
      Dropout(p: dropout, inplace: true), Linear(4 * channels, numClasses))
    super.init()
    initializeWeights()
  }

  private func initializeWeights() {
    for module in modules() {
      switch module {
      case let layer as Conv2d:
        initialize(layer.weight) {
          try Init.kaimingNormal(sizes(of: layer.weight), mode: .fanOut)
        }
        clear(layer.bias)
      case let layer as Linear:
        let bound = 1 / Double(max(layer.outFeatures, 1)).squareRoot()
        initialize(layer.weight) {
          try Init.uniform(sizes(of: layer.weight), from: -bound, to: bound)
        }
        clear(layer.bias)
      default: break
      }
    }
  }

  public override class var torchTypeName: String {
    "torchvision.models.efficientnet.EfficientNet"
  }

  public func forward(_ x: Tensor) throws -> Tensor {
    try classifier(avgpool(features(x)).flatten(startDim: 1))
  }

  /// Table 1 of the paper.
  private static let stages: [(expand: Int, kernel: Int, stride: Int, channels: Int, blocks: Int)] =
    [
      (1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3), (6, 5, 1, 112, 3),
      (6, 5, 2, 192, 4), (6, 3, 1, 320, 1),
    ]
}
