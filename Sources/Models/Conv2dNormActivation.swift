import MartletNN
import MartletOps
import MartletTensor

/// A convolution, a norm and an activation, with padding that keeps the sizes at stride 1, as
/// torchvision's block of this name: `[N, C, H, W] -> [N, outChannels, H′, W′]`.
public final class Conv2dNormActivation: Sequential {
  /// - Parameters:
  ///   - padding: what keeps the sizes, where nil.
  ///   - bias: whether the convolution adds a bias; the norm does where there is one.
  ///   - norm: makes the norm for a number of channels.
  ///   - activation: makes what comes last; nothing where nil.
  public init(
    _ inChannels: Int, _ outChannels: Int, kernelSize: Int = 3, stride: Int = 1,
    padding: Int? = nil, groups: Int = 1, dilation: Int = 1, bias: Bool = false,
    norm: (Int) -> any UnaryModule = { BatchNorm2d($0) },
    activation: (() -> any UnaryModule)? = { ReLU(inplace: true) }
  ) {
    var layers: [any UnaryModule] = [
      Conv2d(
        inChannels, outChannels, kernelSize: kernelSize, stride: stride,
        padding: padding ?? (kernelSize - 1) / 2 * dilation, dilation: dilation, groups: groups,
        bias: bias),
      norm(outChannels),
    ]
    if let activation { layers.append(activation()) }
    super.init(layers)
  }

  public override class var torchTypeName: String { "torchvision.ops.misc.Conv2dNormActivation" }
}

/// Numbers of channels that suit hardware.
enum Channels {
  /// The nearest multiple of 8 that does not fall more than 10 % short.
  static func divisibleBy8(_ channels: Double) -> Int {
    let rounded = max(8, Int(Int64(saturating: channels + 4)) / 8 * 8)
    return Double(rounded) < 0.9 * channels ? rounded + 8 : rounded
  }
}
