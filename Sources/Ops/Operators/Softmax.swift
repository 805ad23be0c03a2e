import MartletTensor

/// Softmax and its logarithm along one axis.
package enum SoftmaxFamily {
  package static let operators: [Operator] = [softmax, logSoftmax]

  /// `exp(x) / Σ exp(x)`
  static let softmax = Operator(
    "aten::softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor",
    .kernel(infer: infer, compute: { try compute($0, $1, isLogarithm: false) }))

  /// `x - log(Σ exp(x))`
  static let logSoftmax = Operator(
    "aten::log_softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor",
    .kernel(infer: infer, compute: { try compute($0, $1, isLogarithm: true) }))

  @Sendable private static func infer(_ arguments: Arguments) throws -> [TensorSpec] {
    let x = try arguments.tensor("self")
    _ = try arguments.dim("dim", rank: x.dim)
    let dtype = try arguments.dtype("dtype") ?? x.dtype
    try dtype.requireFloating("softmax")
    return [TensorSpec(x.sizes, dtype)]
  }

  private static func compute(
    _ arguments: Arguments, _ results: [Tensor], isLogarithm: Bool
  ) throws {
    let x = try arguments.tensor("self").converted(to: results[0].dtype)
    let axis = try arguments.dim("dim", rank: x.dim)
    if results[0].dtype.computeType == .float64 {
      try apply(Double.self, x, axis, into: results[0], isLogarithm: isLogarithm)
    } else {
      try apply(Float.self, x, axis, into: results[0], isLogarithm: isLogarithm)
    }
  }

  /// The softmax along `axis` of a tensor of any floating-point dtype.
  static func apply<T: RealElement>(
    _ type: T.Type, _ x: Tensor, _ axis: Int, into result: Tensor, isLogarithm: Bool
  ) throws {
    if result.count == 0 { return }
    let length = x.dim == 0 ? 1 : x.sizes[axis]
    let inner = x.sizes.dropFirst(axis + 1).reduce(1, *)
    try x.withElements(as: T.self) { from in
      try result.fill(as: T.self) { to in
        for outer in 0..<(from.count / (length * inner)) {
          for offset in 0..<inner {
            let start = outer * length * inner + offset
            var largest = -T.infinity
            for i in 0..<length {
              let value = from[start + i * inner]
              if value > largest || value.isNaN { largest = value }
            }
            var sum = T.zero
            for i in 0..<length {
              let at = start + i * inner
              let power = T.exponential(from[at] - largest)
              sum += power
              to[at] = power
            }
            let logarithm = isLogarithm ? largest + T.logarithm(sum) : 0
            for i in 0..<length {
              let at = start + i * inner
              to[at] = isLogarithm ? from[at] - logarithm : to[at] / sum
            }
          }
        }
      }
    }
  }
}

extension Tensor {
  /// `exp(x) / Σ exp(x)` along an axis (`torch.softmax`).
  ///
  /// - Parameter dtype: converts the input first.
  /// - Throws: `MartletError` of kind `.dtype` for whole numbers, `.index` for a wrong axis.
  public func softmax(
    dim: Int, dtype: DType? = nil, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try SoftmaxFamily.softmax(
      .tensor(self), .int(Dim(dim)), dtype.value, at: SourceLocation(file, line))
  }

  /// `x - log(Σ exp(x))` along an axis (`torch.log_softmax`).
  ///
  /// - Parameter dtype: converts the input first.
  /// - Throws: `MartletError` of kind `.dtype` for whole numbers, `.index` for a wrong axis.
  public func logSoftmax(
    dim: Int, dtype: DType? = nil, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try SoftmaxFamily.logSoftmax(
      .tensor(self), .int(Dim(dim)), dtype.value, at: SourceLocation(file, line))
  }
}
