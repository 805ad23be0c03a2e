import MartletNN
import MartletOps
import MartletTensor

/// In training drops a residual branch with probability `p`, for each image or for the whole
/// batch, and scales it by `1 / (1 - p)` where it stays (Huang et al. 2016); else does nothing.
public final class StochasticDepth: Module {
  public let p: Double
  public let mode: Mode

  /// What is dropped at once.
  public enum Mode: String, Sendable {
    case row, batch
  }

  public init(p: Double, mode: Mode = .row) {
    self.p = p
    self.mode = mode
    super.init()
    require(p >= 0 && p <= 1, "drop probability has to be between 0 and 1, but got \(p)")
  }

  public override class var torchTypeName: String {
    "torchvision.ops.stochastic_depth.StochasticDepth"
  }

  public override var extraDescription: String { "p=\(p), mode=\(mode.rawValue)" }

  public func forward(_ x: Tensor) throws -> Tensor {
    guard training, p > 0, x.dim > 0 else { return x }
    let ones: [Dim] = Array(repeating: 1, count: x.dim - 1)
    // Dropout draws one number for each element, and scales as this does.
    let noise = try x.newOnes([mode == .row ? x.shape[0] : 1] + ones)
    return try x * F.dropout(noise, p: p)
  }
}
