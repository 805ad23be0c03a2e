import MartletTensor

extension F {
  /// The input divided by its norm along an axis, which counts as at least `eps`.
  ///
  /// - Throws: `MartletError` of kind `.dtype` for whole numbers, `.index` for a wrong axis.
  public static func normalize(
    _ input: Tensor, p: Double = 2, dim: Int = 1, eps: Double = 1e-12,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    let norm = try input.norm(p: p, dim: [dim], keepdim: true, file: file, line: line)
    let location = SourceLocation(file, line)
    let divisor = try Clamping.clampMin(.tensor(norm), .double(eps), at: location)
    return try input.div(divisor.expand(as: input, file: file, line: line), file: file, line: line)
  }

  /// `‖x1 - x2 + eps‖` over the last axis.
  ///
  /// - Throws: `MartletError` when the shapes do not broadcast.
  public static func pairwiseDistance(
    _ x1: Tensor, _ x2: Tensor, p: Double = 2, eps: Double = 1e-6, keepdim: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try VectorNorms.pairwiseDistance(
      .tensor(x1), .tensor(x2), .double(p), .double(eps), .bool(keepdim),
      at: SourceLocation(file, line))
  }

  /// Each element of `[N, C, …]` divided by `(k + alpha · mean of squares)^beta`, the mean over
  /// the same place in `size` neighbouring channels.
  ///
  /// - Throws: `MartletError` of kind `.shape` for fewer than 3 axes.
  public static func localResponseNorm(
    _ input: Tensor, size: Int, alpha: Double = 1e-4, beta: Double = 0.75, k: Double = 1
  ) throws -> Tensor {
    guard input.dim >= 3 else {
      throw MartletError(
        .shape, "expected 3D or higher dimensionality input (got \(input.dim) dimensions)")
    }
    if input.count == 0 { return input }
    let (shape, squares) = (input.shape, try input * input)
    let border = [size / 2, (size - 1) / 2]
    var mean: Tensor
    if input.dim == 3 {
      let padded = try squares.unsqueeze(1).pad([0, 0] + border)
      mean = try F.avgPool2d(padded, [size, 1], stride: 1).squeeze(1)
    } else {
      let planes = try squares.view([shape[0], 1, shape[1], shape[2], -1])
      let padded = try planes.pad([0, 0, 0, 0] + border)
      mean = try F.avgPool3d(padded, [size, 1, 1], stride: 1).squeeze(1).view(shape)
    }
    return try input / (mean * alpha + k).pow(beta)
  }

  /// `(Σ x^normType)^(1/normType)` over each window of `[N, C, L]`.
  ///
  /// - Parameter stride: the kernel's size when nil.
  /// - Throws: `MartletError` when sizes or numbers do not fit.
  public static func lpPool1d(
    _ input: Tensor, normType: Double, _ kernelSize: Int, stride: Int? = nil,
    ceilMode: Bool = false
  ) throws -> Tensor {
    let mean = try F.avgPool1d(
      input.pow(normType), kernelSize, stride: stride.map { $0 as any PerAxis },
      ceilMode: ceilMode)
    return try root(mean, of: kernelSize, normType)
  }

  /// `(Σ x^normType)^(1/normType)` over each window of `[N, C, H, W]`.
  ///
  /// - Parameters:
  ///   - kernelSize: height and width.
  ///   - stride: the kernel's size when nil.
  /// - Throws: `MartletError` when sizes or numbers do not fit.
  public static func lpPool2d(
    _ input: Tensor, normType: Double, _ kernelSize: (Int, Int), stride: (any PerAxis)? = nil,
    ceilMode: Bool = false
  ) throws -> Tensor {
    let mean = try F.avgPool2d(
      input.pow(normType), [kernelSize.0, kernelSize.1], stride: stride, ceilMode: ceilMode)
    return try root(mean, of: kernelSize.0 * kernelSize.1, normType)
  }

  /// PyTorch's way from a window's mean power to the norm: what is negative counts as zero.
  private static func root(_ mean: Tensor, of count: Int, _ normType: Double) throws -> Tensor {
    let positive = try mean.sign() * F.relu(mean.abs())
    return try (positive * Double(count)).pow(1 / normType)
  }

  /// Sums, means or maxima of runs of rows of `weight: [V, D]`.
  ///
  /// - Parameters:
  ///   - input: the rows' numbers, `[n]`.
  ///   - offsets: where each bag starts, `[bags]`.
  ///   - mode: how a bag becomes one row.
  ///   - perSampleWeights: factors for a sum, `[n]`.
  ///   - includeLastOffset: whether `offsets` ends with the last bag's end.
  ///   - paddingIdx: the row that does not count.
  /// - Throws: `MartletError` when sizes, dtypes or numbers do not fit.
  public static func embeddingBag(
    _ input: Tensor, _ weight: Tensor, offsets: Tensor, mode: EmbeddingBagMode = .mean,
    perSampleWeights: Tensor? = nil, includeLastOffset: Bool = false, paddingIdx: Int? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    let results = try EmbeddingBagFamily.padded.call(
      [
        .tensor(weight), .tensor(input), .tensor(offsets), false, .int(Dim(mode.rawValue)), false,
        perSampleWeights.value, .bool(includeLastOffset), paddingIdx.value,
      ], at: SourceLocation(file, line))
    return try Tensor(results[0])
  }
}

/// How `F.embeddingBag` makes one row of a bag's rows.
public enum EmbeddingBagMode: Int, Sendable { case sum, mean, max }
