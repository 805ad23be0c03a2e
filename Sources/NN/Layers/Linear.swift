import MartletOps
import MartletTensor

/// `y = x Wᵀ + b` over the last axis: `[…, inFeatures] -> […, outFeatures]`.
public class Linear: ModuleBase, Forward {
  /// `[outFeatures, inFeatures]`.
  public let weight: Parameter
  /// `[outFeatures]`.
  public let bias: Parameter?
  public let inFeatures, outFeatures: Int

  public init(_ inFeatures: Int, _ outFeatures: Int, bias: Bool = true) {
    weight = Parameter()
    self.bias = bias ? Parameter() : nil
    self.inFeatures = inFeatures
    self.outFeatures = outFeatures
    super.init()
    requireSizes(inFeatures, outFeatures)
    initialize(weight) {
      try Init.kaimingUniform([outFeatures, inFeatures], a: 5.0.squareRoot())
    }
    initialize(self.bias) {
      let bound = inFeatures > 0 ? 1 / Double(inFeatures).squareRoot() : 0
      return try Init.uniform([outFeatures], from: -bound, to: bound)
    }
  }

  /// A layer whose weight, of sizes `[outFeatures, inFeatures]`, is another module's too.
  public init(sharing weight: Parameter, bias: Parameter? = nil) {
    self.weight = weight
    self.bias = bias
    let sizes = weight.value.sizes
    (outFeatures, inFeatures) = sizes.count == 2 ? (sizes[0], sizes[1]) : (0, 0)
    super.init()
    require(
      sizes.count == 2,
      "expected a weight of sizes [out_features, in_features], got \(sizes)")
  }

  public override class var torchTypeName: String { "torch.nn.modules.linear.Linear" }

  public override var extraDescription: String {
    "in_features=\(inFeatures), out_features=\(outFeatures), bias=\(Python.text(bias != nil))"
  }

  public func forward(_ input: Tensor) throws -> Tensor {
    try F.linear(input, weight.value, bias?.value)
  }
}

/// The projection behind `MultiheadAttention`, a class of its own in PyTorch.
final class NonDynamicallyQuantizableLinear: Linear {
  override class var torchTypeName: String {
    "torch.nn.modules.linear.NonDynamicallyQuantizableLinear"
  }
}

/// `y = x₁ᵀ A x₂ + b` for each output: `[…, in1Features], […, in2Features] -> […, outFeatures]`.
public final class Bilinear: ModuleBase, Forward {
  /// `[outFeatures, in1Features, in2Features]`.
  public let weight: Parameter
  /// `[outFeatures]`.
  public let bias: Parameter?
  public let in1Features, in2Features, outFeatures: Int

  public init(_ in1Features: Int, _ in2Features: Int, _ outFeatures: Int, bias: Bool = true) {
    weight = Parameter()
    self.bias = bias ? Parameter() : nil
    self.in1Features = in1Features
    self.in2Features = in2Features
    self.outFeatures = outFeatures
    super.init()
    require(in1Features > 0, "in1_features must be > 0, but got \(in1Features)")
    let bound = 1 / Double(in1Features).squareRoot()
    initialize(weight) {
      try Init.uniform([outFeatures, in1Features, in2Features], from: -bound, to: bound)
    }
    initialize(self.bias) { try Init.uniform([outFeatures], from: -bound, to: bound) }
  }

  public override class var torchTypeName: String { "torch.nn.modules.linear.Bilinear" }

  public override var extraDescription: String {
    "in1_features=\(in1Features), in2_features=\(in2Features), out_features=\(outFeatures), "
      + "bias=\(Python.text(bias != nil))"
  }

  public func forward(_ inputs: (Tensor, Tensor)) throws -> Tensor {
    let (x1, x2) = inputs
    guard x1.dim > 0, x2.dim > 0, x1.sizes.dropLast() == x2.sizes.dropLast(),
      x1.sizes.last == in1Features, x2.sizes.last == in2Features
    else {
      throw MartletError(
        .shape,
        "expected inputs of sizes […, \(in1Features)] and […, \(in2Features)], got \(x1.sizes) and "
          + "\(x2.sizes)")
    }
    // [1, B, in1] · [out, in1, in2] = [out, B, in2]; of each row the product with that of x2.
    let rows = try x1.reshape([-1, in1Features]).unsqueeze(0)
    let products = try rows.matmul(weight.value).transpose(0, 1)
    let sums = try products.bmm(try x2.reshape([-1, in2Features]).unsqueeze(2))
    let result = try sums.reshape(Shape(dims: x1.shape.dropLast() + [Dim(outFeatures)]))
    return try bias.map { try result + $0.value } ?? result
  }
}

/// The input itself.
public final class Identity: ModuleBase, Forward {
  public override class var torchTypeName: String { "torch.nn.modules.linear.Identity" }

  public func forward(_ input: Tensor) throws -> Tensor { input }
}
