import MartletTensor

/// Limits on values: NaN stays NaN, and a bound that is NaN makes everything so.
package enum Clamping {
  package static let operators: [Operator] = [
    clamp, clampTensor, clip, clipTensor, clampMin, clampMinTensor, clampMax, clampMaxTensor,
  ]

  /// `min(max(self, min), max)`; the bounds take part in the dtype's promotion.
  static let clamp = Operator(
    "aten::clamp(Tensor self, Scalar? min=None, Scalar? max=None) -> Tensor",
    .kernel(infer: infer, compute: compute))
  static let clip = Operator(
    "aten::clip(Tensor self, Scalar? min=None, Scalar? max=None) -> Tensor",
    .kernel(infer: infer, compute: compute))
  static let clampMin = Operator(
    "aten::clamp_min(Tensor self, Scalar min) -> Tensor", .kernel(infer: infer, compute: compute))
  static let clampMax = Operator(
    "aten::clamp_max(Tensor self, Scalar max) -> Tensor", .kernel(infer: infer, compute: compute))

  static let clampTensor = Operator(
    "aten::clamp.Tensor(Tensor self, Tensor? min=None, Tensor? max=None) -> Tensor",
    .composite(clampByTensors))
  static let clipTensor = Operator(
    "aten::clip.Tensor(Tensor self, Tensor? min=None, Tensor? max=None) -> Tensor",
    .composite(clampByTensors))
  static let clampMinTensor = Operator(
    "aten::clamp_min.Tensor(Tensor self, Tensor min) -> Tensor",
    .composite { [.tensor(try Powers.maximum($0["self"], $0["min"]))] })
  static let clampMaxTensor = Operator(
    "aten::clamp_max.Tensor(Tensor self, Tensor max) -> Tensor",
    .composite { [.tensor(try Powers.minimum($0["self"], $0["max"]))] })

  @Sendable private static func clampByTensors(_ arguments: Arguments) throws -> [Value] {
    let (low, high) = (try arguments.optionalTensor("min"), try arguments.optionalTensor("max"))
    guard low != nil || high != nil else { throw noBound }
    var x = try arguments.tensor("self")
    if let low { x = try Powers.maximum(.tensor(x), .tensor(low)) }
    if let high { x = try Powers.minimum(.tensor(x), .tensor(high)) }
    return [.tensor(x)]
  }

  private static let noBound = MartletError(
    .argument, "clamp expects at least one of 'min' and 'max'")

  private static func bound(_ arguments: Arguments, _ name: String) throws -> Scalar? {
    guard arguments.schema.arguments.contains(where: { $0.name == name }) else { return nil }
    return try arguments.optionalScalar(name)
  }

  @Sendable private static func infer(_ arguments: Arguments) throws -> [TensorSpec] {
    let x = try arguments.tensor("self")
    let bounds = [try bound(arguments, "min"), try bound(arguments, "max")].compactMap { $0 }
    guard !bounds.isEmpty else { throw noBound }
    let dtype = resultType([.tensor(x)] + bounds.map { .scalar($0) })
    for bound in bounds { try bound.checkFits(dtype) }
    return [TensorSpec(x.sizes, dtype)]
  }

  @Sendable private static func compute(_ arguments: Arguments, _ results: [Tensor]) throws {
    let dtype = results[0].dtype
    let low = try bound(arguments, "min")?.rounded(to: dtype)
    let high = try bound(arguments, "max")?.rounded(to: dtype)
    try between(low, high, in: dtype).apply(try arguments.tensor("self"), into: results[0])
  }

  /// Limits to what is given of the two.
  static func between(_ low: Double?, _ high: Double?, in dtype: DType) -> UnaryFunction {
    if low?.isNaN == true || high?.isNaN == true {
      return UnaryFunction(integer: { $0 }) { _ in .nan }
    }
    let (least, most) = (low.map(dtype.wrapping) ?? .min, high.map(dtype.wrapping) ?? .max)
    let (lowest, highest) = (low ?? -.infinity, high ?? .infinity)
    return UnaryFunction(integer: { min(max($0, least), most) }) { x in
      let raised = x < lowest ? lowest : x
      return raised > highest ? highest : raised
    }
  }
}

extension Scalar {
  /// - Throws: `MartletError` of kind `.value` when the dtype cannot hold the number, as where
  ///   PyTorch converts it with a check. A fraction is cut, a negative number wraps in `uint8`.
  func checkFits(_ dtype: DType) throws {
    let fits: Bool
    switch (dtype, self) {
    case (.bool, _): fits = true
    case (.int64, .int), (.int64, .bool): fits = true
    case (.int64, .double(let value)): fits = value >= -0x1p63 && value < 0x1p63
    case (.uint8, _): fits = abs(double) <= 255
    case _ where isComplex && !dtype.isComplex: fits = complex.imaginary == 0
    case _ where dtype.isFloatingPoint || dtype.isComplex:
      fits = !double.isFinite || abs(double) <= dtype.largestFinite
    default: fits = double >= -dtype.largestFinite - 1 && double <= dtype.largestFinite
    }
    guard fits else {
      throw MartletError(.value, "value \(double) cannot be converted to \(dtype) without overflow")
    }
  }
}
