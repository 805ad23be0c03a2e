import MartletOps
import MartletTensor

/// What `AvgPool1d`, `AvgPool2d` and `AvgPool3d` share.
public class AvgPoolLayer: ModuleBase, Forward {
  public let kernelSize, stride, padding: AxisSizes
  /// Whether sizes are rounded up.
  public let ceilMode: Bool
  /// Whether the padding's zeros count.
  public let countIncludePad: Bool
  /// What sums are divided by, instead of the window's count.
  public let divisorOverride: Int?

  init(
    _ kernelSize: any PerAxis, _ stride: (any PerAxis)?, _ padding: any PerAxis,
    _ ceilMode: Bool, _ countIncludePad: Bool, _ divisorOverride: Int?, axes: Int?
  ) {
    func sizes(_ given: any PerAxis) -> AxisSizes {
      let sizes = AxisSizes(given)
      return axes.map { AxisSizes(sizes.expanded($0)) } ?? sizes
    }
    self.kernelSize = sizes(kernelSize)
    self.stride = sizes(stride ?? kernelSize)
    self.padding = sizes(padding)
    self.ceilMode = ceilMode
    self.countIncludePad = countIncludePad
    self.divisorOverride = divisorOverride
  }

  public override class var torchTypeName: String { "torch.nn.modules.pooling.\(self)" }

  public override var extraDescription: String {
    "kernel_size=\(kernelSize), stride=\(stride), padding=\(padding)"
  }

  public func forward(_ input: Tensor) throws -> Tensor { input }
}

/// The mean of each window of `[N, C, L]` or `[C, L]`.
public final class AvgPool1d: AvgPoolLayer {
  public init(
    _ kernelSize: any PerAxis, stride: (any PerAxis)? = nil, padding: any PerAxis = 0,
    ceilMode: Bool = false, countIncludePad: Bool = true
  ) {
    super.init(kernelSize, stride, padding, ceilMode, countIncludePad, nil, axes: 1)
  }

  public override func forward(_ input: Tensor) throws -> Tensor {
    try F.avgPool1d(
      input, kernelSize, stride: stride, padding: padding, ceilMode: ceilMode,
      countIncludePad: countIncludePad)
  }
}

/// The mean of each window of `[N, C, H, W]` or `[C, H, W]`.
public final class AvgPool2d: AvgPoolLayer {
  public init(
    _ kernelSize: any PerAxis, stride: (any PerAxis)? = nil, padding: any PerAxis = 0,
    ceilMode: Bool = false, countIncludePad: Bool = true, divisorOverride: Int? = nil
  ) {
    super.init(kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride, axes: nil)
  }

  public override func forward(_ input: Tensor) throws -> Tensor {
    try F.avgPool2d(
      input, kernelSize, stride: stride, padding: padding, ceilMode: ceilMode,
      countIncludePad: countIncludePad, divisorOverride: divisorOverride)
  }
}

/// The mean of each window of `[N, C, D, H, W]` or `[C, D, H, W]`.
public final class AvgPool3d: AvgPoolLayer {
  public init(
    _ kernelSize: any PerAxis, stride: (any PerAxis)? = nil, padding: any PerAxis = 0,
    ceilMode: Bool = false, countIncludePad: Bool = true, divisorOverride: Int? = nil
  ) {
    super.init(kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride, axes: nil)
  }

  public override func forward(_ input: Tensor) throws -> Tensor {
    try F.avgPool3d(
      input, kernelSize, stride: stride, padding: padding, ceilMode: ceilMode,
      countIncludePad: countIncludePad, divisorOverride: divisorOverride)
  }
}
