/// Rarer distributions, as PyTorch's in-place operators draw them.
extension Tensor {
  /// Numbers of the Cauchy distribution (`torch.Tensor.cauchy_`).
  ///
  /// - Parameter dtype: a floating-point type.
  /// - Throws: `MartletError` of kind `.value` unless `sigma` is positive.
  public static func cauchy(
    _ shape: some ShapeConvertible, median: Double = 0, sigma: Double = 1,
    generator: Generator = .current, dtype: DType = .float32
  ) throws -> Tensor {
    try dtype.requireFloatingPoint("cauchy")
    guard sigma > 0 else {
      throw MartletError(.value, "cauchy expects sigma to be above 0, got \(sigma)")
    }
    return try drawn(
      .cauchy(median: median, sigma: sigma), shape.fixedSizes("cauchy"), generator, dtype)
  }

  /// Exponentials of normal numbers (`torch.Tensor.log_normal_`).
  ///
  /// - Parameter dtype: a floating-point type.
  /// - Throws: `MartletError` of kind `.value` unless `std` is positive.
  public static func logNormal(
    _ shape: some ShapeConvertible, mean: Double = 1, std: Double = 2,
    generator: Generator = .current, dtype: DType = .float32
  ) throws -> Tensor {
    try dtype.requireFloatingPoint("log_normal")
    guard std > 0 else {
      throw MartletError(.value, "log_normal expects std to be above 0, got \(std)")
    }
    return try drawn(
      .logNormal(mean: mean, std: std), shape.fixedSizes("log_normal"), generator, dtype)
  }

  /// How many trials there are until the first success (`torch.Tensor.geometric_`).
  ///
  /// - Parameter dtype: any type of numbers.
  /// - Throws: `MartletError` of kind `.value` unless the probability is between 0 and 1.
  public static func geometric(
    _ shape: some ShapeConvertible, probability: Double, generator: Generator = .current,
    dtype: DType = .float32
  ) throws -> Tensor {
    guard dtype != .bool, !dtype.isComplex else {
      throw MartletError(.dtype, "geometric does not make tensors of \(dtype)")
    }
    guard probability > 0, probability < 1 else {
      throw MartletError(
        .value, "geometric expects a probability between 0 and 1, got \(probability)")
    }
    return try drawn(
      .geometric(probability: probability), shape.fixedSizes("geometric"), generator, dtype)
  }

  /// Whole numbers from `low`, or from zero, to the largest one that the type holds, or up to
  /// which it holds all (`torch.Tensor.random_`).
  package static func wholeNumbers(
    _ sizes: [Int], from low: Int64? = nil, generator: Generator = .current, dtype: DType
  ) throws -> Tensor {
    let limit = dtype.exactIntegerLimit
    guard let low else {
      return try drawn(.whole(limit: UInt64(limit)), sizes, generator, dtype)
    }
    if low == .min { return try drawn(.bits, sizes, generator, dtype) }
    guard low <= limit, dtype.integerRange.contains(low) else {
      throw MartletError(.value, "random's first number \(low) is out of the range of \(dtype)")
    }
    let width = UInt64(bitPattern: limit &- low) &+ 1
    return try drawn(.integers(low: low, width: width), sizes, generator, dtype)
  }
}
