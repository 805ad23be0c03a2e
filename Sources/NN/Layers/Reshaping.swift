import MartletOps
import MartletTensor

/// Makes one axis of the axes from `startDim` to `endDim`.
public final class Flatten: ModuleBase, Forward {
  public let startDim, endDim: Int

  public init(startDim: Int = 1, endDim: Int = -1) {
    self.startDim = startDim
    self.endDim = endDim
  }

  public override class var torchTypeName: String { "torch.nn.modules.flatten.Flatten" }

  public override var extraDescription: String { "start_dim=\(startDim), end_dim=\(endDim)" }

  public func forward(_ input: Tensor) throws -> Tensor {
    try input.flatten(startDim: startDim, endDim: endDim)
  }
}

/// Makes several axes of one.
public final class Unflatten: ModuleBase, Forward {
  public let dim: Int
  /// The axes' sizes; one may be -1.
  public let unflattenedSize: [Int]

  public init(_ dim: Int, _ unflattenedSize: [Int]) {
    self.dim = dim
    self.unflattenedSize = unflattenedSize
  }

  public override class var torchTypeName: String { "torch.nn.modules.flatten.Unflatten" }

  public override var extraDescription: String {
    "dim=\(dim), unflattened_size=\(Python.tuple(unflattenedSize))"
  }

  public func forward(_ input: Tensor) throws -> Tensor {
    try input.unflatten(dim: dim, unflattenedSize)
  }
}

/// The windows of `[N, C, …]` as columns: `[N, C · kernel elements, windows]`.
public final class Unfold: ModuleBase, Forward {
  public let kernelSize, dilation, padding, stride: AxisSizes

  public init(
    _ kernelSize: any PerAxis, dilation: any PerAxis = 1, padding: any PerAxis = 0,
    stride: any PerAxis = 1
  ) {
    self.kernelSize = AxisSizes(kernelSize)
    self.dilation = AxisSizes(dilation)
    self.padding = AxisSizes(padding)
    self.stride = AxisSizes(stride)
  }

  public override class var torchTypeName: String { "torch.nn.modules.fold.Unfold" }

  public override var extraDescription: String {
    "kernel_size=\(kernelSize), dilation=\(dilation), padding=\(padding), stride=\(stride)"
  }

  public func forward(_ input: Tensor) throws -> Tensor {
    try F.unfold(input, kernelSize, dilation: dilation, padding: padding, stride: stride)
  }
}

/// Sums columns back into their windows, the reverse of `Unfold`.
public final class Fold: ModuleBase, Forward {
  public let outputSize, kernelSize, dilation, padding, stride: AxisSizes

  public init(
    _ outputSize: any PerAxis, _ kernelSize: any PerAxis, dilation: any PerAxis = 1,
    padding: any PerAxis = 0, stride: any PerAxis = 1
  ) {
    self.outputSize = AxisSizes(outputSize)
    self.kernelSize = AxisSizes(kernelSize)
    self.dilation = AxisSizes(dilation)
    self.padding = AxisSizes(padding)
    self.stride = AxisSizes(stride)
  }

  public override class var torchTypeName: String { "torch.nn.modules.fold.Fold" }

  public override var extraDescription: String {
    "output_size=\(outputSize), kernel_size=\(kernelSize), dilation=\(dilation), "
      + "padding=\(padding), stride=\(stride)"
  }

  public func forward(_ input: Tensor) throws -> Tensor {
    try F.fold(
      input, outputSize: outputSize, kernelSize: kernelSize, dilation: dilation,
      padding: padding, stride: stride)
  }
}

/// Channels into space: `[…, C · r², H, W] -> […, C, H · r, W · r]`.
public final class PixelShuffle: ModuleBase, Forward {
  public let upscaleFactor: Int

  public init(_ upscaleFactor: Int) { self.upscaleFactor = upscaleFactor }

  public override class var torchTypeName: String { "torch.nn.modules.pixelshuffle.PixelShuffle" }

  public override var extraDescription: String { "upscale_factor=\(upscaleFactor)" }

  public func forward(_ input: Tensor) throws -> Tensor {
    try F.pixelShuffle(input, upscaleFactor: upscaleFactor)
  }
}

/// Space into channels: `[…, C, H · r, W · r] -> […, C · r², H, W]`.
public final class PixelUnshuffle: ModuleBase, Forward {
  public let downscaleFactor: Int

  public init(_ downscaleFactor: Int) { self.downscaleFactor = downscaleFactor }

  public override class var torchTypeName: String {
    "torch.nn.modules.pixelshuffle.PixelUnshuffle"
  }

  public override var extraDescription: String { "downscale_factor=\(downscaleFactor)" }

  public func forward(_ input: Tensor) throws -> Tensor {
    try F.pixelUnshuffle(input, downscaleFactor: downscaleFactor)
  }
}

/// Deals the channels of `[N, C, …]` out to groups in turn.
public final class ChannelShuffle: ModuleBase, Forward {
  public let groups: Int

  public init(_ groups: Int) { self.groups = groups }

  public override class var torchTypeName: String {
    "torch.nn.modules.channelshuffle.ChannelShuffle"
  }

  public override var extraDescription: String { "groups=\(groups)" }

  public func forward(_ input: Tensor) throws -> Tensor {
    try F.channelShuffle(input, groups: groups)
  }
}
