import MartletOps
import MartletTensor

/// Resizes the spatial axes of `[N, C, …]`, to a size or by a factor.
public class Upsample: ModuleBase, Forward {
  public let size: AxisSizes?
  /// One factor for every axis, or one for each.
  public let scaleFactor: [Double]?
  public let mode: InterpolationMode
  /// Whether the corners' centres stay in place, for the linear and cubic modes.
  public let alignCorners: Bool?
  private let factorIsNumber: Bool

  public init(
    size: any PerAxis, mode: InterpolationMode = .nearest, alignCorners: Bool? = nil
  ) {
    self.size = AxisSizes(size)
    scaleFactor = nil
    factorIsNumber = false
    self.mode = mode
    self.alignCorners = alignCorners
  }

  public init(
    scaleFactor: Double, mode: InterpolationMode = .nearest, alignCorners: Bool? = nil
  ) {
    size = nil
    self.scaleFactor = [scaleFactor]
    factorIsNumber = true
    self.mode = mode
    self.alignCorners = alignCorners
  }

  public init(
    scaleFactor: [Double], mode: InterpolationMode = .nearest, alignCorners: Bool? = nil
  ) {
    size = nil
    self.scaleFactor = scaleFactor
    factorIsNumber = false
    self.mode = mode
    self.alignCorners = alignCorners
  }

  public override class var torchTypeName: String { "torch.nn.modules.upsampling.\(self)" }

  public override var extraDescription: String {
    let target =
      scaleFactor.map {
        "scale_factor=\(factorIsNumber ? Python.text($0[0]) : Python.tuple($0))"
      } ?? "size=\(Python.text(size))"
    return "\(target), mode=\(Python.text(mode.rawValue))"
  }

  public func forward(_ input: Tensor) throws -> Tensor {
    try F.interpolate(
      input, size: size, scaleFactor: scaleFactor, mode: mode, alignCorners: alignCorners)
  }
}

/// Repeats pixels: `[N, C, H, W]`.
public final class UpsamplingNearest2d: Upsample {
  public init(size: any PerAxis) { super.init(size: size) }
  public init(scaleFactor: Double) { super.init(scaleFactor: scaleFactor) }
}

/// Blends neighbouring pixels, corners in place: `[N, C, H, W]`.
public final class UpsamplingBilinear2d: Upsample {
  public init(size: any PerAxis) {
    super.init(size: size, mode: .bilinear, alignCorners: true)
  }
  public init(scaleFactor: Double) {
    super.init(scaleFactor: scaleFactor, mode: .bilinear, alignCorners: true)
  }
}
