import MartletOps
import MartletTensor

/// Normalises the last axes, those of `normalizedShape`, to mean 0 and variance 1, then maps each
/// element affinely.
open class LayerNorm: ModuleBase, Forward {
  /// `normalizedShape`.
  public let weight, bias: Parameter?
  public let normalizedShape: [Int]
  public let eps: Double
  public let elementwiseAffine: Bool

  public init(
    _ normalizedShape: any PerAxis, eps: Double = 1e-5, elementwiseAffine: Bool = true,
    bias: Bool = true
  ) {
    let sizes = AxisSizes(normalizedShape).numbers
    weight = elementwiseAffine ? Parameter() : nil
    self.bias = elementwiseAffine && bias ? Parameter() : nil
    self.normalizedShape = sizes
    self.eps = eps
    self.elementwiseAffine = elementwiseAffine
    super.init()
    initialize(weight) { try Init.ones(sizes) }
    initialize(self.bias) { try Init.zeros(sizes) }
  }

  open override class var torchTypeName: String { "torch.nn.modules.normalization.LayerNorm" }

  public override var extraDescription: String {
    "\(Python.tuple(normalizedShape)), eps=\(eps), "
      + "elementwise_affine=\(Python.text(elementwiseAffine)), bias=\(Python.text(bias != nil))"
  }

  open func forward(_ input: Tensor) throws -> Tensor {
    try F.layerNorm(
      input, normalizedShape, weight: weight?.value, bias: bias?.value, eps: eps)
  }
}

/// Divides the last axes, those of `normalizedShape`, by their root mean square.
public final class RMSNorm: ModuleBase, Forward {
  /// `normalizedShape`.
  public let weight: Parameter?
  public let normalizedShape: [Int]
  /// Nil for the dtype's own.
  public let eps: Double?
  public let elementwiseAffine: Bool

  public init(
    _ normalizedShape: any PerAxis, eps: Double? = nil, elementwiseAffine: Bool = true
  ) {
    let sizes = AxisSizes(normalizedShape).numbers
    weight = elementwiseAffine ? Parameter() : nil
    self.normalizedShape = sizes
    self.eps = eps
    self.elementwiseAffine = elementwiseAffine
    super.init()
    initialize(weight) { try Init.ones(sizes) }
  }

  public override class var torchTypeName: String { "torch.nn.modules.normalization.RMSNorm" }

  public override var extraDescription: String {
    "\(Python.tuple(normalizedShape)), eps=\(Python.text(eps)), "
      + "elementwise_affine=\(Python.text(elementwiseAffine))"
  }

  public func forward(_ input: Tensor) throws -> Tensor {
    try F.rmsNorm(input, normalizedShape, weight: weight?.value, eps: eps)
  }
}

/// Normalises groups of channels of `[N, C, …]`, then maps each channel affinely.
public final class GroupNorm: ModuleBase, Forward {
  /// `[numChannels]`.
  public let weight, bias: Parameter?
  public let numGroups, numChannels: Int
  public let eps: Double
  public let affine: Bool

  public init(
    _ numGroups: Int, _ numChannels: Int, eps: Double = 1e-5, affine: Bool = true,
    bias: Bool = true
  ) {
    weight = affine ? Parameter() : nil
    self.bias = affine && bias ? Parameter() : nil
    self.numGroups = numGroups
    self.numChannels = numChannels
    self.eps = eps
    self.affine = affine
    super.init()
    construct {
      guard numGroups > 0, numChannels % numGroups == 0 else {
        throw MartletError(
          .argument,
          "num_channels (\(numChannels)) must be divisible by num_groups (\(numGroups))")
      }
    }
    initialize(weight) { try Init.ones([numChannels]) }
    initialize(self.bias) { try Init.zeros([numChannels]) }
  }

  public override class var torchTypeName: String { "torch.nn.modules.normalization.GroupNorm" }

  public override var extraDescription: String {
    "\(numGroups), \(numChannels), eps=\(eps), affine=\(Python.text(affine)), "
      + "bias=\(Python.text(bias != nil))"
  }

  public func forward(_ input: Tensor) throws -> Tensor {
    try F.groupNorm(
      input, numGroups: numGroups, weight: weight?.value, bias: bias?.value, eps: eps)
  }
}

/// Divides by a power of the squares of `size` neighbouring channels: `[N, C, …]`.
public final class LocalResponseNorm: ModuleBase, Forward {
  public let size: Int
  public let alpha, beta, k: Double

  public init(_ size: Int, alpha: Double = 1e-4, beta: Double = 0.75, k: Double = 1) {
    self.size = size
    self.alpha = alpha
    self.beta = beta
    self.k = k
  }

  public override class var torchTypeName: String {
    "torch.nn.modules.normalization.LocalResponseNorm"
  }

  public override var extraDescription: String { "\(size), alpha=\(alpha), beta=\(beta), k=\(k)" }

  public func forward(_ input: Tensor) throws -> Tensor {
    guard input.dim >= 3 else {
      throw MartletError(
        .shape, "Expected 3D or higher dimensionality input (got \(input.dim) dimensions)")
    }
    if input.layout.count == 0 { return input }
    let shape = input.shape
    let (before, after) = (size / 2, (size - 1) / 2)
    let squares = try input * input
    var mean: Tensor
    if input.dim == 3 {
      let padded = try squares.unsqueeze(1).pad([0, 0, before, after])
      mean = try F.avgPool2d(padded, [size, 1], stride: 1).squeeze(1)
    } else {
      let planes = try squares.view([shape[0], 1, shape[1], shape[2], -1])
      let padded = try planes.pad([0, 0, 0, 0, before, after])
      mean = try F.avgPool3d(padded, [size, 1, 1], stride: 1).squeeze(1).view(shape)
    }
    mean = try (mean * alpha + k).pow(beta)
    return try input / mean
  }
}
