import MartletNN
import MartletOps
import MartletTensor

/// Widens the channels, convolves each on its own, and narrows them again; with a residual sum
/// where the sizes stay.
public final class InvertedResidual: Module {
  public let conv: Sequential
  /// Whether the input is added.
  public let usesResidual: Bool

  public init(_ inChannels: Int, _ outChannels: Int, stride: Int, expandRatio: Int) {
    let hidden = inChannels * expandRatio
    conv = Sequential {
      if expandRatio != 1 {
        Conv2dNormActivation(
          inChannels, hidden, kernelSize: 1, activation: { ReLU6(inplace: true) })
      }
      Conv2dNormActivation(
        hidden, hidden, stride: stride, groups: hidden, activation: { ReLU6(inplace: true) })
      Conv2d(hidden, outChannels, kernelSize: 1, bias: false)
      BatchNorm2d(outChannels)
    }
    usesResidual = stride == 1 && inChannels == outChannels
    super.init()
    require(stride == 1 || stride == 2, "stride should be 1 or 2 instead of \(stride)")
  }

  public override class var torchTypeName: String {
    "torchvision.models.mobilenetv2.InvertedResidual"
  }

  public func forward(_ x: Tensor) throws -> Tensor {
    usesResidual ? try x + conv(x) : try conv(x)
  }
}

/// A network for images on small machines (Sandler et al. 2018), with torchvision's names:
/// `[N, 3, H, W] -> [N, numClasses]`.
public final class MobileNetV2: Module {
  public let features, classifier: Sequential

  /// - Parameter widthMult: scales the channels of every layer.
  public init(numClasses: Int = 1000, widthMult: Double = 1, dropout: Double = 0.2) {
    let stages: [(expand: Int, channels: Int, blocks: Int, stride: Int)] = [
      (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2),
      (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
    ]
    var channels = Channels.divisibleBy8(32 * widthMult)
    let last = Channels.divisibleBy8(1280 * max(1, widthMult))
    var modules: [any UnaryModule] = [
      Conv2dNormActivation(3, channels, stride: 2, activation: { ReLU6(inplace: true) })
    ]
    for stage in stages {
      let output = Channels.divisibleBy8(Double(stage.channels) * widthMult)
      for i in 0..<stage.blocks {
        modules.append(
          InvertedResidual(
            channels, output, stride: i == 0 ? stage.stride : 1, expandRatio: stage.expand))
        channels = output
      }
    }
    modules.append(
      Conv2dNormActivation(
        channels, last, kernelSize: 1, activation: { ReLU6(inplace: true) }))
    features = Sequential(modules)
    classifier = Sequential(Dropout(p: dropout), Linear(last, numClasses))
    super.init()
    initializeForReLU()
  }

  public override class var torchTypeName: String { "torchvision.models.mobilenetv2.MobileNetV2" }

  public func forward(_ x: Tensor) throws -> Tensor {
    let pooled = try F.adaptiveAvgPool2d(features(x), [1, 1])
    return try classifier(pooled.flatten(startDim: 1))
  }

  /// MobileNetV2 as in the paper.
  public static func mobilenetV2(numClasses: Int = 1000) -> MobileNetV2 {
    MobileNetV2(numClasses: numClasses)
  }
}
