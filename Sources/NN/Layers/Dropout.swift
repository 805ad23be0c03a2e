import MartletOps
import MartletTensor

/// What the dropout layers share: in training they set elements to 0 and scale the others; else
/// they do nothing.
public class DropoutLayer: ModuleBase, Forward {
  /// The probability of being dropped.
  public let p: Double
  /// Shows in `print`; tensors are values here.
  public let inplace: Bool

  public init(p: Double = 0.5, inplace: Bool = false) {
    self.p = p
    self.inplace = inplace
    super.init()
    require(
      p >= 0 && p <= 1, "dropout probability has to be between 0 and 1, but got \(p)")
  }

  public override class var torchTypeName: String { "torch.nn.modules.dropout.\(self)" }

  public override var extraDescription: String { "p=\(p), inplace=\(Python.text(inplace))" }

  public func forward(_ input: Tensor) throws -> Tensor { input }
}

/// Drops elements.
public final class Dropout: DropoutLayer {
  public override func forward(_ input: Tensor) throws -> Tensor {
    try F.dropout(input, p: p, training: training)
  }
}

/// Drops whole channels of `[N, C, L]`.
public final class Dropout1d: DropoutLayer {
  public override func forward(_ input: Tensor) throws -> Tensor {
    try F.dropout1d(input, p: p, training: training)
  }
}

/// Drops whole channels of `[N, C, H, W]`.
public final class Dropout2d: DropoutLayer {
  public override func forward(_ input: Tensor) throws -> Tensor {
    try F.dropout2d(input, p: p, training: training)
  }
}

/// Drops whole channels of `[N, C, D, H, W]`.
public final class Dropout3d: DropoutLayer {
  public override func forward(_ input: Tensor) throws -> Tensor {
    try F.dropout3d(input, p: p, training: training)
  }
}

/// Drops elements to SELU's lower bound, keeping mean and variance.
public final class AlphaDropout: DropoutLayer {
  public override func forward(_ input: Tensor) throws -> Tensor {
    try F.alphaDropout(input, p: p, training: training)
  }
}

/// Drops whole channels to SELU's lower bound, keeping mean and variance.
public final class FeatureAlphaDropout: DropoutLayer {
  public override func forward(_ input: Tensor) throws -> Tensor {
    try F.featureAlphaDropout(input, p: p, training: training)
  }
}
