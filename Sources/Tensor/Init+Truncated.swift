#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Init {
  /// Normal numbers within [a, b], the others drawn again (`trunc_normal_`).
  ///
  /// - Throws: `MartletError` of kind `.value` unless `std` is positive and `a` is below `b`.
  public static func truncNormal(
    _ sizes: [Int], mean: Double = 0, std: Double = 1, a: Double = -2, b: Double = 2,
    generator: Generator = .current, dtype: DType = .float32
  ) throws -> Tensor {
    try dtype.requireFloatingPoint("truncNormal")
    guard std > 0, a < b, mean.isFinite else {
      throw MartletError(
        .value,
        "truncNormal expects std above 0 and a below b, got std \(std), a \(a) and b \(b)")
    }
    let truncation = Truncation(
      sizes: sizes, mean: mean, std: std, low: a, high: b, generator: generator, dtype: dtype)
    switch dtype {
    case .float64: return try truncation.drawn(Double.self)
    case .float16: return try truncation.drawn(Float16.self)
    case .bfloat16: return try truncation.drawn(BFloat16.self)
    default: return try truncation.drawn(Float.self)
    }
  }
}

/// PyTorch draws whole tensors until every element has found a number within the bounds.
private struct Truncation {
  let sizes: [Int]
  let mean, std, low, high: Double
  let generator: Generator
  let dtype: DType

  func drawn<T: TensorElement>(_: T.Type) throws -> Tensor {
    func cumulative(_ x: Double) -> Double { (1 + erf(x / 2.0.squareRoot())) / 2 }
    let inside = cumulative((high - mean) / std) - cumulative((low - mean) / std)
    let values: [T] = inside > 0.3 ? try redrawn() : try rejected()
    return try Tensor(values, shape: sizes)
  }

  /// Normal numbers, and again where they fall outside.
  private func redrawn<T: TensorElement>() throws -> [T] {
    let low = T(rounding: low).double
    let high = T(rounding: high).double
    var values: [T] = try normal()
    while true {
      let outside = values.indices.filter { values[$0].double < low || values[$0].double > high }
      if outside.isEmpty { return values }
      let next: [T] = try normal()
      for i in outside { values[i] = next[i] }
    }
  }

  /// Uniform numbers within the bounds, each kept with its density's share of the peak.
  private func rejected<T: TensorElement>() throws -> [T] {
    let mode = max(low, min(mean, high))
    let peakDistance = (mode - mean) / std
    let logPeak = -0.5 * (peakDistance * peakDistance)
    var values: [T] = try uniform(from: low, to: high)
    var pending = Array(values.indices)
    var candidates = values
    while true {
      let chances: [T] = try uniform(from: 0, to: 1)
      pending = pending.filter { i in
        logarithm(chances[i]) > logDensity(candidates[i], above: logPeak)
      }
      if pending.isEmpty { return values }
      candidates = try uniform(from: low, to: high)
      for i in pending { values[i] = candidates[i] }
    }
  }

  /// -½ ((x - mean) / std)² - logPeak, every step rounded to the type as PyTorch's are.
  private func logDensity<T: TensorElement>(_ x: T, above logPeak: Double) -> Double {
    let distance = T(
      rounding: T(rounding: x.double - scalar(mean, T.self)).double
        / scalar(std, T.self)
    ).double
    let half = T(rounding: -0.5 * T(rounding: distance * distance).double).double
    return T(rounding: half - scalar(logPeak, T.self)).double
  }

  /// A scalar operand: float32 beside everything but float64.
  private func scalar<T: TensorElement>(_ value: Double, _: T.Type) -> Double {
    T.self == Double.self ? value : Double(Float(value))
  }

  private func logarithm<T: TensorElement>(_ x: T) -> Double {
    T(rounding: T.self == Double.self ? log(x.double) : Double(log(Float(x.double)))).double
  }

  private func normal<T: TensorElement>() throws -> [T] {
    try Init.normal(sizes, mean: mean, std: std, generator: generator, dtype: dtype).elements()
  }

  private func uniform<T: TensorElement>(from: Double, to: Double) throws -> [T] {
    try Init.uniform(sizes, from: from, to: to, generator: generator, dtype: dtype).elements()
  }
}
