import MartletOps
import MartletTensor

/// What `InstanceNorm1d`, `InstanceNorm2d` and `InstanceNorm3d` share.
public class InstanceNormLayer: ChannelNormLayer {
  public init(
    _ numFeatures: Int, eps: Double = 1e-5, momentum: Double = 0.1, affine: Bool = false,
    trackRunningStats: Bool = false, bias: Bool = true
  ) {
    super.init(numFeatures, eps, momentum, affine, trackRunningStats, bias)
  }

  public override class var torchTypeName: String { "torch.nn.modules.instancenorm.\(self)" }

  public override func forward(_ input: Tensor) throws -> Tensor {
    try checkRank(of: input)
    let isUnbatched = input.dim == Self.ranks.lowerBound
    let axis = isUnbatched ? 0 : 1
    guard !affine || input.sizes[axis] == numFeatures else {
      throw MartletError(
        .shape,
        "expected input's size at dim=\(axis) to match num_features (\(numFeatures)), "
          + "but got: \(input.sizes[axis]).")
    }
    return isUnbatched
      ? try normalize(try input.unsqueeze(0)).squeeze(0) : try normalize(input)
  }

  private func normalize(_ input: Tensor) throws -> Tensor {
    let usesInput = training || !trackRunningStats
    let output = try F.instanceNorm(
      input, runningMean: runningMean?.value, runningVar: runningVar?.value,
      weight: weight?.value, bias: bias?.value, useInputStats: usesInput,
      momentum: momentum ?? 0, eps: eps)
    if training { try updateStatistics(with: input) }
    return output
  }

  /// Moves the running statistics towards the samples' means and unbiased variances, averaged.
  private func updateStatistics(with input: Tensor) throws {
    guard let runningMean, let runningVar, !input.isMeta, input.layout.count > 0 else { return }
    let (batch, channels) = (input.sizes[0], numFeatures)
    let inner = input.sizes.dropFirst(2).reduce(1, *)
    // Every channel of every sample counts as a channel of its own.
    let dense = try input.compacted()
    let planes = dense.viewed(
      Layout(contiguous: [1, batch * channels, inner], offset: dense.layout.offset))
    let (means, variances) = try BatchNormalization.statistics(planes, batch * channels, inner)
    let unbiased = Double(inner) / Double(inner - 1)
    func average(_ values: [Double]) -> [Double] {
      (0..<channels).map { c in
        (0..<batch).reduce(0) { $0 + values[$1 * channels + c] } / Double(batch)
      }
    }
    try runningMean.move(towards: average(means), momentum ?? 0)
    try runningVar.move(towards: average(variances).map { $0 * unbiased }, momentum ?? 0)
  }
}

/// Normalises each channel of each sample of `[N, C, L]` or `[C, L]`.
public final class InstanceNorm1d: InstanceNormLayer {}

/// Normalises each channel of each sample of `[N, C, H, W]` or `[C, H, W]`.
public final class InstanceNorm2d: InstanceNormLayer {
  override class var ranks: ClosedRange<Int> { 3...4 }
}

/// Normalises each channel of each sample of `[N, C, D, H, W]` or `[C, D, H, W]`.
public final class InstanceNorm3d: InstanceNormLayer {
  override class var ranks: ClosedRange<Int> { 4...5 }
}
