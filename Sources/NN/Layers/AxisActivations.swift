import MartletOps
import MartletTensor

/// An activation along one axis.
public class AxisActivation: Activation {
  /// The axis; nil leaves PyTorch's old choice by the number of axes.
  public let dim: Int?

  public init(dim: Int? = nil) { self.dim = dim }

  public override var extraDescription: String { "dim=\(Python.text(dim))" }

  /// PyTorch's choice where none was made: axis 0 for 0, 1 and 3 axes, axis 1 for others.
  func axis(of input: Tensor) -> Int { dim ?? ([0, 1, 3].contains(input.dim) ? 0 : 1) }
}

/// exp(x) over its sum along the axis.
public final class Softmax: AxisActivation {
  public override func forward(_ input: Tensor) throws -> Tensor {
    try input.softmax(dim: axis(of: input))
  }
}

/// The softmax of -x.
public final class Softmin: AxisActivation {
  public override func forward(_ input: Tensor) throws -> Tensor {
    try input.neg().softmax(dim: axis(of: input))
  }
}

/// The logarithm of the softmax.
public final class LogSoftmax: AxisActivation {
  public override func forward(_ input: Tensor) throws -> Tensor {
    try input.logSoftmax(dim: axis(of: input))
  }
}

/// The softmax over the channels: `[N, C, H, W]` or `[C, H, W]`.
public final class Softmax2d: Activation {
  public override func forward(_ input: Tensor) throws -> Tensor {
    guard input.dim == 3 || input.dim == 4 else {
      throw MartletError(
        .shape, "Softmax2d: expected input to be 3D or 4D, got \(input.dim)D instead")
    }
    return try input.softmax(dim: -3)
  }
}

/// The first half along the axis times the sigmoid of the second half.
public final class GLU: Activation {
  public let dim: Int

  public init(dim: Int = -1) { self.dim = dim }

  public override var extraDescription: String { "dim=\(dim)" }
  public override func forward(_ input: Tensor) throws -> Tensor { try F.glu(input, dim: dim) }
}
