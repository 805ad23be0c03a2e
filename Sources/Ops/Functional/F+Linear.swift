import MartletTensor

extension F {
  /// `input · weightᵀ + bias`
  ///
  /// - Parameters:
  ///   - input: `[…, in]`.
  ///   - weight: `[out, in]`.
  ///   - bias: `[out]`.
  /// - Throws: `MartletError` of kind `.shape` or `.dtype` when they do not fit.
  public static func linear(
    _ input: Tensor, _ weight: Tensor, _ bias: Tensor? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try MatrixProducts.linear(
      .tensor(input), .tensor(weight), bias.value, at: SourceLocation(file, line))
  }

  /// `exp(x) / Σ exp(x)` along an axis.
  ///
  /// - Parameter dtype: converts the input first.
  /// - Throws: `MartletError` of kind `.dtype` for whole numbers, `.index` for a wrong axis.
  public static func softmax(
    _ input: Tensor, dim: Int, dtype: DType? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try input.softmax(dim: dim, dtype: dtype, file: file, line: line)
  }

  /// `x - log(Σ exp(x))` along an axis.
  ///
  /// - Parameter dtype: converts the input first.
  /// - Throws: `MartletError` of kind `.dtype` for whole numbers, `.index` for a wrong axis.
  public static func logSoftmax(
    _ input: Tensor, dim: Int, dtype: DType? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try input.logSoftmax(dim: dim, dtype: dtype, file: file, line: line)
  }
}
