import MartletOps
import MartletTensor

/// What `MaxPool1d`, `MaxPool2d` and `MaxPool3d` share.
public class MaxPoolLayer: ModuleBase, Forward {
  public let kernelSize, stride, padding, dilation: AxisSizes
  public let ceilMode: Bool

  /// - Parameter stride: the kernel's size when nil.
  public init(
    _ kernelSize: any PerAxis, stride: (any PerAxis)? = nil, padding: any PerAxis = 0,
    dilation: any PerAxis = 1, ceilMode: Bool = false
  ) {
    self.kernelSize = AxisSizes(kernelSize)
    self.stride = AxisSizes(stride ?? kernelSize)
    self.padding = AxisSizes(padding)
    self.dilation = AxisSizes(dilation)
    self.ceilMode = ceilMode
  }

  public convenience init(
    kernelSize: any PerAxis, stride: (any PerAxis)? = nil, padding: any PerAxis = 0,
    dilation: any PerAxis = 1, ceilMode: Bool = false
  ) {
    self.init(
      kernelSize, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode)
  }

  public override class var torchTypeName: String { "torch.nn.modules.pooling.\(self)" }

  public override var extraDescription: String {
    "kernel_size=\(kernelSize), stride=\(stride), padding=\(padding), dilation=\(dilation), "
      + "ceil_mode=\(Python.text(ceilMode))"
  }

  public func forward(_ input: Tensor) throws -> Tensor { input }

  /// The pooled values, and each one's place in its channel's plane (`return_indices=True`).
  public func withIndices(
    _ input: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> (values: Tensor, indices: Tensor) {
    try step(input, at: SourceLocation(file, line)) { try indexed(input) }
  }

  func indexed(_ input: Tensor) throws -> (values: Tensor, indices: Tensor) { (input, input) }
}

/// The largest element of each window of `[N, C, L]` or `[C, L]`.
public final class MaxPool1d: MaxPoolLayer {
  public override func forward(_ input: Tensor) throws -> Tensor {
    try F.maxPool1d(
      input, kernelSize, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode)
  }

  override func indexed(_ input: Tensor) throws -> (values: Tensor, indices: Tensor) {
    try F.maxPool1dWithIndices(
      input, kernelSize, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode)
  }
}

/// The largest element of each window of `[N, C, H, W]` or `[C, H, W]`.
public final class MaxPool2d: MaxPoolLayer {
  public override func forward(_ input: Tensor) throws -> Tensor {
    try F.maxPool2d(
      input, kernelSize, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode)
  }

  override func indexed(_ input: Tensor) throws -> (values: Tensor, indices: Tensor) {
    try F.maxPool2dWithIndices(
      input, kernelSize, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode)
  }
}

/// The largest element of each window of `[N, C, D, H, W]` or `[C, D, H, W]`.
public final class MaxPool3d: MaxPoolLayer {
  public override func forward(_ input: Tensor) throws -> Tensor {
    try F.maxPool3d(
      input, kernelSize, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode)
  }

  override func indexed(_ input: Tensor) throws -> (values: Tensor, indices: Tensor) {
    try F.maxPool3dWithIndices(
      input, kernelSize, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode)
  }
}
