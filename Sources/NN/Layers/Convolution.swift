import MartletOps
import MartletTensor

/// How a convolution fills the border when it pads.
public enum PaddingMode: String, Sendable, Hashable {
  case zeros, reflect, replicate, circular
}

/// What convolutions of one to three axes share; make a `Conv1d`, `Conv2d` or `Conv3d`.
public class ConvolutionLayer: ModuleBase, Forward {
  /// `[outChannels, inChannels / groups, kernel…]`; transposed: `[inChannels, outChannels / groups,
  /// kernel…]`.
  public let weight: Parameter
  /// `[outChannels]`.
  public let bias: Parameter?
  public let inChannels, outChannels, groups: Int
  /// One number for each spatial axis.
  public let kernelSize, stride, dilation: [Int]
  /// One number for each spatial axis; nothing when the padding has a name.
  public let padding: [Int]
  public let namedPadding: ConvolutionPadding?
  public let paddingMode: PaddingMode

  class var axisCount: Int { 2 }

  init(
    _ inChannels: Int, _ outChannels: Int, kernelSize: any PerAxis, stride: any PerAxis,
    padding: any PerAxis, namedPadding: ConvolutionPadding?, dilation: any PerAxis, groups: Int,
    bias: Bool, paddingMode: PaddingMode, isTransposed: Bool
  ) {
    let axes = Self.axisCount
    weight = Parameter()
    self.bias = bias ? Parameter() : nil
    self.inChannels = inChannels
    self.outChannels = outChannels
    self.groups = groups
    self.kernelSize = AxisSizes(kernelSize).expanded(axes)
    self.stride = AxisSizes(stride).expanded(axes)
    self.padding = namedPadding == nil ? AxisSizes(padding).expanded(axes) : []
    self.dilation = AxisSizes(dilation).expanded(axes)
    self.namedPadding = namedPadding
    self.paddingMode = paddingMode
    super.init()
    check(axes)
    initializeParameters(isTransposed: isTransposed)
  }

  private func check(_ axes: Int) {
    requireSizes(inChannels, outChannels)
    require(groups > 0, "groups must be a positive integer, got \(groups)")
    construct {
      guard inChannels % groups == 0 else {
        throw MartletError(
          .argument, "in_channels must be divisible by groups, got \(inChannels) and \(groups)")
      }
      guard outChannels % groups == 0 else {
        throw MartletError(
          .argument, "out_channels must be divisible by groups, got \(outChannels) and \(groups)")
      }
    }
    require(
      namedPadding != .same || stride.allSatisfy { $0 == 1 },
      "padding='same' is not supported for strided convolutions, got stride \(stride)")
    for (name, numbers) in [
      ("kernel_size", kernelSize), ("stride", stride), ("dilation", dilation),
      ("padding", namedPadding == nil ? padding : kernelSize),
    ] {
      require(
        numbers.count == axes, "'\(name)' must be one integer or \(axes) of them, got \(numbers)")
    }
  }

  private func initializeParameters(isTransposed: Bool) {
    let (first, second) = isTransposed ? (inChannels, outChannels) : (outChannels, inChannels)
    var fan = 0
    initialize(weight) {
      let sizes = [first, second / groups] + kernelSize
      fan = try Init.fans(of: sizes).in
      return try Init.kaimingUniform(sizes, a: 5.0.squareRoot())
    }
    initialize(bias) {
      guard fan > 0 else { return try Init.zeros([outChannels]) }
      let bound = 1 / Double(fan).squareRoot()
      return try Init.uniform([outChannels], from: -bound, to: bound)
    }
  }

  public override class var torchTypeName: String { "torch.nn.modules.conv.\(self)" }

  public override var extraDescription: String {
    var parts = [
      "\(inChannels)", "\(outChannels)", "kernel_size=\(Python.tuple(kernelSize))",
      "stride=\(Python.tuple(stride))",
    ]
    if let namedPadding {
      parts.append("padding=\(namedPadding.rawValue)")
    } else if padding.contains(where: { $0 != 0 }) {
      parts.append("padding=\(Python.tuple(padding))")
    }
    if dilation.contains(where: { $0 != 1 }) { parts.append("dilation=\(Python.tuple(dilation))") }
    parts += outputPaddingDescription
    if groups != 1 { parts.append("groups=\(groups)") }
    if bias == nil { parts.append("bias=False") }
    if paddingMode != .zeros { parts.append("padding_mode=\(paddingMode.rawValue)") }
    return parts.joined(separator: ", ")
  }

  var outputPaddingDescription: [String] { [] }

  public func forward(_ input: Tensor) throws -> Tensor {
    if paddingMode != .zeros {
      let padded = try input.pad(borders, mode: paddingMode.rawValue)
      return try convolve(padded, padding: Array(repeating: 0, count: kernelSize.count))
    }
    guard let namedPadding else { return try convolve(input, padding: padding) }
    let (w, b) = (weight.value, bias?.value)
    switch kernelSize.count {
    case 1:
      return try F.conv1d(
        input, w, b, stride: stride, padding: namedPadding, dilation: dilation, groups: groups)
    case 2:
      return try F.conv2d(
        input, w, b, stride: stride, padding: namedPadding, dilation: dilation, groups: groups)
    default:
      return try F.conv3d(
        input, w, b, stride: stride, padding: namedPadding, dilation: dilation, groups: groups)
    }
  }

  private func convolve(_ x: Tensor, padding: [Int]) throws -> Tensor {
    let (w, b) = (weight.value, bias?.value)
    switch kernelSize.count {
    case 1:
      return try F.conv1d(
        x, w, b, stride: stride, padding: padding, dilation: dilation, groups: groups)
    case 2:
      return try F.conv2d(
        x, w, b, stride: stride, padding: padding, dilation: dilation, groups: groups)
    default:
      return try F.conv3d(
        x, w, b, stride: stride, padding: padding, dilation: dilation, groups: groups)
    }
  }

  /// What `F.pad` adds at both ends of each axis, last axis first.
  private var borders: [Int] {
    kernelSize.indices.reversed().flatMap { d -> [Int] in
      switch namedPadding {
      case nil: return [padding[d], padding[d]]
      case .valid: return [0, 0]
      case .same:
        let total = dilation[d] * (kernelSize[d] - 1)
        return [total / 2, total - total / 2]
      }
    }
  }
}

/// What `Conv1d`, `Conv2d` and `Conv3d` share: how they are made.
public class PlainConvolutionLayer: ConvolutionLayer {
  public init(
    _ inChannels: Int, _ outChannels: Int, kernelSize: any PerAxis, stride: any PerAxis = 1,
    padding: any PerAxis = 0, dilation: any PerAxis = 1, groups: Int = 1, bias: Bool = true,
    paddingMode: PaddingMode = .zeros
  ) {
    super.init(
      inChannels, outChannels, kernelSize: kernelSize, stride: stride, padding: padding,
      namedPadding: nil, dilation: dilation, groups: groups, bias: bias, paddingMode: paddingMode,
      isTransposed: false)
  }

  /// As with numbers, padded by name: `.same` or `.valid`.
  public init(
    _ inChannels: Int, _ outChannels: Int, kernelSize: any PerAxis, stride: any PerAxis = 1,
    padding: ConvolutionPadding, dilation: any PerAxis = 1, groups: Int = 1, bias: Bool = true,
    paddingMode: PaddingMode = .zeros
  ) {
    super.init(
      inChannels, outChannels, kernelSize: kernelSize, stride: stride, padding: 0,
      namedPadding: padding, dilation: dilation, groups: groups, bias: bias,
      paddingMode: paddingMode, isTransposed: false)
  }
}

/// Convolution over one axis: `[N, C, L] -> [N, outChannels, L′]`; also without the batch axis.
public final class Conv1d: PlainConvolutionLayer {
  override class var axisCount: Int { 1 }
}

/// Convolution over two axes: `[N, C, H, W] -> [N, outChannels, H′, W′]`; also without the batch
/// axis.
public final class Conv2d: PlainConvolutionLayer {
  override class var axisCount: Int { 2 }
}

/// Convolution over three axes: `[N, C, D, H, W] -> [N, outChannels, D′, H′, W′]`; also without the
/// batch axis.
public final class Conv3d: PlainConvolutionLayer {
  override class var axisCount: Int { 3 }
}
