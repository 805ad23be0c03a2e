import MartletTensor

/// Dropout and its kin: the input itself except in training.
package enum DropoutFamily {
  package static let operators: [Operator] = [
    dropout, featureDropout, alphaDropout, featureAlphaDropout,
  ]

  /// In training each element becomes 0 with probability `p`, the others grow by `1 / (1 - p)`.
  static let dropout = make(
    "aten::dropout(Tensor input, float p, bool train) -> Tensor", byFeature: false, alpha: false)
  /// As `dropout` for whole channels of `[N, C, …]`.
  static let featureDropout = make(
    "aten::feature_dropout(Tensor input, float p, bool train) -> Tensor", byFeature: true,
    alpha: false)
  /// Dropout to the value that SELU saturates at, keeping mean and variance.
  static let alphaDropout = make(
    "aten::alpha_dropout(Tensor input, float p, bool train) -> Tensor", byFeature: false,
    alpha: true)
  /// As `alpha_dropout` for whole channels of `[N, C, …]`.
  static let featureAlphaDropout = make(
    "aten::feature_alpha_dropout(Tensor input, float p, bool train) -> Tensor", byFeature: true,
    alpha: true)

  private static func make(_ schema: String, byFeature: Bool, alpha: Bool) -> Operator {
    Operator(
      schema, isRandom: true,
      .composite { arguments in
        let x = try arguments.tensor("input")
        let p = try arguments.double("p")
        guard p >= 0, p <= 1 else {
          throw MartletError(
            .argument, "dropout probability has to be between 0 and 1, but got \(p)")
        }
        let training = try arguments.bool("train")
        if p == 0 || !training || x.count == 0 { return [.tensor(x)] }
        if byFeature, x.dim < 2 {
          throw MartletError(
            .shape, "feature dropout requires at least 2 dimensions in the input, got \(x.sizes)")
        }
        try x.dtype.requireFloating("dropout")
        if x.isMeta { return [.tensor(try .meta(x.sizes, x.dtype))] }
        return [.tensor(try drop(x, p, byFeature: byFeature, alpha: alpha))]
      })
  }

  private static func drop(_ x: Tensor, _ p: Double, byFeature: Bool, alpha: Bool) throws -> Tensor
  {
    let sizes =
      byFeature ? Array(x.sizes.prefix(2)) + x.sizes.dropFirst(2).map { _ in 1 } : x.sizes
    let kept =
      p == 1
      ? try Tensor.filled(sizes, x.dtype, with: 0)
      : try Tensor.bernoulli(sizes, probability: 1 - p, dtype: x.dtype)
    var (scale, dropped) = (p == 1 ? 1 : 1 / (1 - p), 0.0)
    var shift = 0.0
    if alpha, p < 1 {
      // -scale · alpha of SELU, to which its left side tends.
      let limit = 1.7580993408473766
      scale = 1 / ((limit * limit * p + 1) * (1 - p)).squareRoot()
      dropped = -limit * scale
      shift = limit * scale * p
    }
    let result = try Tensor.allocate(x.sizes, x.dtype)
    let (wideScale, wideDropped, wideShift) = (scale, dropped, shift)
    let (narrowScale, narrowDropped, narrowShift) = (Float(scale), Float(dropped), Float(shift))
    try BinaryFunction(
      float: { $0 * ($1 * narrowScale) + (1 - $1) * narrowDropped + narrowShift },
      double: { $0 * ($1 * wideScale) + (1 - $1) * wideDropped + wideShift }
    ).apply(x, kept, computingIn: x.dtype, into: result)
    return result
  }
}

extension F {
  /// In training sets elements to 0 with probability `p` and scales the others by `1 / (1 - p)`.
  ///
  /// - Throws: `MartletError` of kind `.argument` unless `p` is in 0 … 1.
  public static func dropout(
    _ input: Tensor, p: Double = 0.5, training: Bool = true, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try DropoutFamily.dropout(
      .tensor(input), .double(p), .bool(training), at: SourceLocation(file, line))
  }

  /// Dropout for SELU networks: keeps mean and variance.
  ///
  /// - Throws: `MartletError` of kind `.argument` unless `p` is in 0 … 1.
  public static func alphaDropout(
    _ input: Tensor, p: Double = 0.5, training: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try DropoutFamily.alphaDropout(
      .tensor(input), .double(p), .bool(training), at: SourceLocation(file, line))
  }

  /// Dropout of whole channels, for SELU networks.
  ///
  /// - Throws: `MartletError` of kind `.argument` unless `p` is in 0 … 1.
  public static func featureAlphaDropout(
    _ input: Tensor, p: Double = 0.5, training: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try DropoutFamily.featureAlphaDropout(
      .tensor(input), .double(p), .bool(training), at: SourceLocation(file, line))
  }

  /// Dropout of whole channels of `[N, C, L]`.
  ///
  /// - Throws: `MartletError` of kind `.argument` unless `p` is in 0 … 1.
  public static func dropout1d(
    _ input: Tensor, p: Double = 0.5, training: Bool = true, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try channelDropout(1, input, p, training, SourceLocation(file, line))
  }

  /// Dropout of whole channels of `[N, C, H, W]`.
  ///
  /// - Throws: `MartletError` of kind `.argument` unless `p` is in 0 … 1.
  public static func dropout2d(
    _ input: Tensor, p: Double = 0.5, training: Bool = true, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try channelDropout(2, input, p, training, SourceLocation(file, line))
  }

  /// Dropout of whole channels of `[N, C, D, H, W]`.
  ///
  /// - Throws: `MartletError` of kind `.argument` unless `p` is in 0 … 1.
  public static func dropout3d(
    _ input: Tensor, p: Double = 0.5, training: Bool = true, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try channelDropout(3, input, p, training, SourceLocation(file, line))
  }

  private static func channelDropout(
    _ axes: Int, _ input: Tensor, _ p: Double, _ training: Bool, _ location: SourceLocation
  ) throws -> Tensor {
    try DropoutFamily.featureDropout(.tensor(input), .double(p), .bool(training), at: location)
  }
}
