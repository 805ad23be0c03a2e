import MartletNN
import MartletOps
import MartletTensor

/// One block of a `MobileNetV3`: widens the channels, convolves each on its own, weighs them
/// where squeeze and excitation are on, and narrows them; with a residual sum where sizes stay.
public final class MobileNetV3Block: Module {
  public let block: Sequential
  /// Whether the input is added.
  public let usesResidual: Bool

  /// The settings of a block, as a row of the paper's tables.
  public struct Settings: Sendable {
    public var inputChannels, kernel, expandedChannels, outputChannels: Int
    public var usesSqueezeExcitation, usesHardswish: Bool
    public var stride, dilation: Int

    /// - Parameter widthMult: scales every number of channels.
    init(
      _ input: Int, _ kernel: Int, _ expanded: Int, _ output: Int, squeezes: Bool,
      hardswish: Bool, stride: Int, dilation: Int = 1, widthMult: Double
    ) {
      func adjusted(_ channels: Int) -> Int { Channels.divisibleBy8(Double(channels) * widthMult) }
      inputChannels = adjusted(input)
      self.kernel = kernel
      expandedChannels = adjusted(expanded)
      outputChannels = adjusted(output)
      usesSqueezeExcitation = squeezes
      usesHardswish = hardswish
      self.stride = stride
      self.dilation = dilation
    }
  }

  init(_ settings: Settings) {
    let (input, expanded) = (settings.inputChannels, settings.expandedChannels)
    func activation() -> any UnaryModule {
      settings.usesHardswish ? Hardswish(inplace: true) : ReLU(inplace: true)
    }
    block = Sequential {
      if expanded != input {
        Conv2dNormActivation(
          input, expanded, kernelSize: 1, norm: MobileNetV3.norm, activation: activation)
      }
      Conv2dNormActivation(
        expanded, expanded, kernelSize: settings.kernel,
        stride: settings.dilation > 1 ? 1 : settings.stride, groups: expanded,
        dilation: settings.dilation, norm: MobileNetV3.norm, activation: activation)
      if settings.usesSqueezeExcitation {
        SqueezeExcitation(
          expanded, Channels.divisibleBy8(Double(expanded / 4)), scaleActivation: Hardsigmoid())
      }
      Conv2dNormActivation(
        expanded, settings.outputChannels, kernelSize: 1, norm: MobileNetV3.norm, activation: nil)
    }
    usesResidual = settings.stride == 1 && input == settings.outputChannels
    super.init()
    require(1...2 ~= settings.stride, "illegal stride value")
  }

  public override class var torchTypeName: String {
    "torchvision.models.mobilenetv3.InvertedResidual"
  }

  public func forward(_ x: Tensor) throws -> Tensor {
    usesResidual ? try block(x) + x : try block(x)
  }
}

/// A network for images on small machines (Howard et al. 2019), with torchvision's names:
/// `[N, 3, H, W] -> [N, numClasses]`.
public final class MobileNetV3: Module {
  public let features: Sequential
  public let avgpool: AdaptiveAvgPool2d
  public let classifier: Sequential

  /// The paper's two networks.
  public enum Size: Sendable {
    case large, small
  }

  /// - Parameters:
  ///   - widthMult: scales the channels of every layer.
  ///   - reducedTail: halves the channels of the last layers, as for segmentation.
  ///   - dilated: keeps the last stage's resolution by dilation instead of strides.
  public init(
    _ size: Size, numClasses: Int = 1000, widthMult: Double = 1, reducedTail: Bool = false,
    dilated: Bool = false, dropout: Double = 0.2
  ) {
    let settings = Self.settings(
      size, widthMult: widthMult, divider: reducedTail ? 2 : 1, dilation: dilated ? 2 : 1)
    let tail = (size == .large ? 1280 : 1024) / (reducedTail ? 2 : 1)
    let lastChannel = Channels.divisibleBy8(Double(tail) * widthMult)
    let lastInput = settings.last?.outputChannels ?? 0
    features = Sequential {
      Conv2dNormActivation(
        3, settings.first?.inputChannels ?? 0, stride: 2, norm: Self.norm,
        activation: { Hardswish(inplace: true) })
      for row in settings { MobileNetV3Block(row) }
      Conv2dNormActivation(
        lastInput, 6 * lastInput, kernelSize: 1, norm: Self.norm,
        activation: { Hardswish(inplace: true) })
    }
    avgpool = AdaptiveAvgPool2d(1)
    classifier = Sequential(
      Linear(6 * lastInput, lastChannel), Hardswish(inplace: true),
      Dropout(p: dropout, inplace: true), Linear(lastChannel, numClasses))
    super.init()
    initializeForReLU()
  }

  public override class var torchTypeName: String { "torchvision.models.mobilenetv3.MobileNetV3" }

  public func forward(_ x: Tensor) throws -> Tensor {
    try classifier(avgpool(features(x)).flatten(startDim: 1))
  }

  /// MobileNetV3-Large.
  public static func mobilenetV3Large(numClasses: Int = 1000) -> MobileNetV3 {
    MobileNetV3(.large, numClasses: numClasses)
  }

  /// MobileNetV3-Small.
  public static func mobilenetV3Small(numClasses: Int = 1000) -> MobileNetV3 {
    MobileNetV3(.small, numClasses: numClasses)
  }

  static func norm(_ channels: Int) -> any UnaryModule {
    BatchNorm2d(channels, eps: 0.001, momentum: 0.01)
  }

  /// Tables 1 and 2 of the paper; the last stage's channels are divided by `divider`.
  private static func settings(_ size: Size, widthMult: Double, divider: Int, dilation: Int)
    -> [MobileNetV3Block.Settings]
  {
    func row(
      _ input: Int, _ kernel: Int, _ expanded: Int, _ output: Int, _ squeezes: Bool,
      _ hardswish: Bool, _ stride: Int, _ dilation: Int = 1
    ) -> MobileNetV3Block.Settings {
      .init(
        input, kernel, expanded, output, squeezes: squeezes, hardswish: hardswish,
        stride: stride, dilation: dilation, widthMult: widthMult)
    }
    let last = (size == .large ? 160 : 96) / divider
    switch size {
    case .large:
      return [
        row(16, 3, 16, 16, false, false, 1), row(16, 3, 64, 24, false, false, 2),
        row(24, 3, 72, 24, false, false, 1), row(24, 5, 72, 40, true, false, 2),
        row(40, 5, 120, 40, true, false, 1), row(40, 5, 120, 40, true, false, 1),
        row(40, 3, 240, 80, false, true, 2), row(80, 3, 200, 80, false, true, 1),
        row(80, 3, 184, 80, false, true, 1), row(80, 3, 184, 80, false, true, 1),
        row(80, 3, 480, 112, true, true, 1), row(112, 3, 672, 112, true, true, 1),
        row(112, 5, 672, last, true, true, 2, dilation),
        row(last, 5, 960 / divider, last, true, true, 1, dilation),
        row(last, 5, 960 / divider, last, true, true, 1, dilation),
      ]
    case .small:
      return [
        row(16, 3, 16, 16, true, false, 2), row(16, 3, 72, 24, false, false, 2),
        row(24, 3, 88, 24, false, false, 1), row(24, 5, 96, 40, true, true, 2),
        row(40, 5, 240, 40, true, true, 1), row(40, 5, 240, 40, true, true, 1),
        row(40, 5, 120, 48, true, true, 1), row(48, 5, 144, 48, true, true, 1),
        row(48, 5, 288, last, true, true, 2, dilation),
        row(last, 5, 576 / divider, last, true, true, 1, dilation),
        row(last, 5, 576 / divider, last, true, true, 1, dilation),
      ]
    }
  }
}
