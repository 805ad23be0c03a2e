import MartletOps
import MartletTensor

/// What batch and instance normalisation share: an affine map and running statistics of each
/// channel.
public class ChannelNormLayer: ModuleBase, Forward {
  /// `[numFeatures]`.
  public let weight, bias: Parameter?
  /// `[numFeatures]`; nil unless running statistics are tracked.
  public let runningMean, runningVar: Buffer?
  /// How many batches the running statistics have seen, an int64 of no axes.
  public let numBatchesTracked: Buffer?
  public let numFeatures: Int
  public let eps: Double
  /// How much a batch counts in the running statistics; nil for their plain average.
  public let momentum: Double?
  public let affine, trackRunningStats: Bool

  init(
    _ numFeatures: Int, _ eps: Double, _ momentum: Double?, _ affine: Bool,
    _ trackRunningStats: Bool, _ bias: Bool
  ) {
    weight = affine ? Parameter() : nil
    self.bias = affine && bias ? Parameter() : nil
    runningMean = trackRunningStats ? Buffer() : nil
    runningVar = trackRunningStats ? Buffer() : nil
    numBatchesTracked =
      trackRunningStats ? Buffer(.unset, persistent: true, mayBeMissing: true) : nil
    self.numFeatures = numFeatures
    self.eps = eps
    self.momentum = momentum
    self.affine = affine
    self.trackRunningStats = trackRunningStats
    super.init()
    initialize(weight) { try Init.ones([numFeatures]) }
    initialize(self.bias) { try Init.zeros([numFeatures]) }
    construct {
      runningMean?.value = try Init.zeros([numFeatures])
      runningVar?.value = try Init.ones([numFeatures])
      numBatchesTracked?.value = try Tensor(scalar: Int64(0))
    }
  }

  public override var extraDescription: String {
    "\(numFeatures), eps=\(eps), momentum=\(Python.text(momentum)), affine=\(Python.text(affine)), "
      + "bias=\(Python.text(bias != nil)), track_running_stats=\(Python.text(trackRunningStats))"
  }

  public func forward(_ input: Tensor) throws -> Tensor { input }

  /// The ranks that the input may have.
  class var ranks: ClosedRange<Int> { 2...3 }

  func checkRank(of input: Tensor) throws {
    let ranks = Self.ranks
    guard ranks.contains(input.dim) else {
      let expected = ranks.map { "\($0)D" }.joined(separator: " or ")
      throw MartletError(.shape, "expected \(expected) input (got \(input.dim)D input)")
    }
  }
}

/// What `BatchNorm1d`, `BatchNorm2d` and `BatchNorm3d` share.
public class BatchNormLayer: ChannelNormLayer {
  public init(
    _ numFeatures: Int, eps: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = true,
    trackRunningStats: Bool = true, bias: Bool = true
  ) {
    super.init(numFeatures, eps, momentum, affine, trackRunningStats, bias)
  }

  public override class var torchTypeName: String { "torch.nn.modules.batchnorm.\(self)" }

  public override func forward(_ input: Tensor) throws -> Tensor {
    try checkRank(of: input)
    let usesBatch = training || runningMean == nil
    // Read before the update: operators see the statistics that the batch found.
    let output = try F.batchNorm(
      input, runningMean: runningMean?.value, runningVar: runningVar?.value,
      weight: weight?.value, bias: bias?.value, training: usesBatch, momentum: momentum ?? 0,
      eps: eps)
    if training { try updateStatistics(with: input) }
    return output
  }

  /// Moves the running statistics towards the batch's mean and unbiased variance.
  private func updateStatistics(with input: Tensor) throws {
    guard let runningMean, let runningVar, let numBatchesTracked, !input.isMeta,
      input.layout.count > 0
    else { return }
    let seen: Int64 = try numBatchesTracked.value.scalar() + 1
    numBatchesTracked.value = try Tensor(scalar: seen)
    let share = momentum ?? 1 / Double(seen)
    let inner = input.sizes.dropFirst(2).reduce(1, *)
    let (means, variances) = try BatchNormalization.statistics(input, numFeatures, inner)
    let count = Double(input.layout.count / numFeatures)
    try runningMean.move(towards: means, share)
    try runningVar.move(towards: variances.map { $0 * count / (count - 1) }, share)
  }
}

extension Buffer {
  func move(towards target: [Double], _ share: Double) throws {
    let old: [Double] = try value.converted(to: .float64).elements()
    let new = zip(old, target).map { (1 - share) * $0 + share * $1 }
    value = try Tensor(new, shape: value.sizes).converted(to: value.dtype)
  }
}

/// Batch normalisation of `[N, C]` or `[N, C, L]`: each channel to mean 0 and variance 1, then an
/// affine map.
public final class BatchNorm1d: BatchNormLayer {}

/// Batch normalisation of `[N, C, H, W]`: each channel to mean 0 and variance 1, then an affine
/// map.
public final class BatchNorm2d: BatchNormLayer {
  override class var ranks: ClosedRange<Int> { 4...4 }
}

/// Batch normalisation of `[N, C, D, H, W]`: each channel to mean 0 and variance 1, then an affine
/// map.
public final class BatchNorm3d: BatchNormLayer {
  override class var ranks: ClosedRange<Int> { 5...5 }
}
