import MartletOps
import MartletTensor

/// What the padding layers share: elements added at both ends of the last one to three axes.
public class PaddingLayer: ModuleBase, Forward {
  /// What each end gets, last axis first: `[left, right, top, bottom, front, back]`. Negative
  /// numbers cut.
  public let padding: [Int]

  /// How many axes are padded.
  class var axisCount: Int { 2 }
  class var mode: String { "constant" }

  /// - Parameter padding: one number for every end, or one for each, last axis first.
  public init(_ padding: any PerAxis) {
    let count = 2 * Self.axisCount
    let numbers = AxisSizes(padding).expanded(count)
    self.padding = numbers
    super.init()
    require(
      numbers.count == count, "padding must be one integer or \(count) of them, got \(numbers)")
  }

  public override class var torchTypeName: String { "torch.nn.modules.padding.\(self)" }

  public override var extraDescription: String { Python.tuple(padding) }

  public func forward(_ input: Tensor) throws -> Tensor {
    if Self.mode == "circular" {
      let axes = Self.axisCount
      guard input.dim == axes + 1 || input.dim == axes + 2 else {
        throw MartletError(
          .shape, "expected \(axes + 1)D or \(axes + 2)D input (got \(input.dim)D input)")
      }
    }
    return try input.pad(padding, mode: Self.mode)
  }
}

/// What `ConstantPad1d`, `ConstantPad2d` and `ConstantPad3d` share.
public class ConstantPadLayer: PaddingLayer {
  /// What is added.
  public let value: Double

  public init(_ padding: any PerAxis, value: Double) {
    self.value = value
    super.init(padding)
  }

  public override var extraDescription: String {
    "padding=\(Python.tuple(padding)), value=\(value)"
  }

  public override func forward(_ input: Tensor) throws -> Tensor {
    try input.pad(padding, value: value)
  }
}

/// Pads the last axis with a value.
public final class ConstantPad1d: ConstantPadLayer { override class var axisCount: Int { 1 } }
/// Pads the last two axes with a value.
public final class ConstantPad2d: ConstantPadLayer {}
/// Pads the last three axes with a value.
public final class ConstantPad3d: ConstantPadLayer { override class var axisCount: Int { 3 } }

/// Pads the last axis with zeros.
public final class ZeroPad1d: PaddingLayer { override class var axisCount: Int { 1 } }
/// Pads the last two axes with zeros.
public final class ZeroPad2d: PaddingLayer {}
/// Pads the last three axes with zeros.
public final class ZeroPad3d: PaddingLayer { override class var axisCount: Int { 3 } }

/// Pads the last axis with its mirror image, without the border: `[N, C, L]` or `[C, L]`.
public final class ReflectionPad1d: PaddingLayer {
  override class var axisCount: Int { 1 }
  override class var mode: String { "reflect" }
}

/// Pads the last two axes with their mirror image, without the border: `[N, C, H, W]`.
public final class ReflectionPad2d: PaddingLayer {
  override class var mode: String { "reflect" }
}

/// Pads the last three axes with their mirror image, without the border: `[N, C, D, H, W]`.
public final class ReflectionPad3d: PaddingLayer {
  override class var axisCount: Int { 3 }
  override class var mode: String { "reflect" }
}

/// Pads the last axis with the border's elements: `[N, C, L]` or `[C, L]`.
public final class ReplicationPad1d: PaddingLayer {
  override class var axisCount: Int { 1 }
  override class var mode: String { "replicate" }
}

/// Pads the last two axes with the border's elements: `[N, C, H, W]`.
public final class ReplicationPad2d: PaddingLayer {
  override class var mode: String { "replicate" }
}

/// Pads the last three axes with the border's elements: `[N, C, D, H, W]`.
public final class ReplicationPad3d: PaddingLayer {
  override class var axisCount: Int { 3 }
  override class var mode: String { "replicate" }
}

/// Pads the last axis with the elements of its other end: `[N, C, L]` or `[C, L]`.
public final class CircularPad1d: PaddingLayer {
  override class var axisCount: Int { 1 }
  override class var mode: String { "circular" }
}

/// Pads the last two axes with the elements of their other ends: `[N, C, H, W]`.
public final class CircularPad2d: PaddingLayer {
  override class var mode: String { "circular" }
}

/// Pads the last three axes with the elements of their other ends: `[N, C, D, H, W]`.
public final class CircularPad3d: PaddingLayer {
  override class var axisCount: Int { 3 }
  override class var mode: String { "circular" }
}
