/// Starting values for parameters: new tensors, drawn as `torch.nn.init` draws them.
///
/// The same generator, seed and order of calls give PyTorch's numbers, so a model that is built
/// here after `Generator.default.manualSeed(0)` has the weights of the one that Python builds
/// after `torch.manual_seed(0)`.
///
/// ```swift
/// // torch.nn.Linear's own
/// let weight = try Init.kaimingUniform([outFeatures, inFeatures], a: 5.0.squareRoot())
/// let bound = 1 / Double(inFeatures).squareRoot()
/// let bias = try Init.uniform([outFeatures], from: -bound, to: bound)
/// ```
/// Tensors without elements draw nothing.
public enum Init {
  /// Uniform numbers in [from, to) (`uniform_`).
  public static func uniform(
    _ sizes: [Int], from: Double = 0, to: Double = 1, generator: Generator = .current,
    dtype: DType = .float32
  ) throws -> Tensor {
    try .uniform(sizes, from: from, to: to, generator: generator, dtype: dtype)
  }

  /// Normal numbers (`normal_`).
  public static func normal(
    _ sizes: [Int], mean: Double = 0, std: Double = 1, generator: Generator = .current,
    dtype: DType = .float32
  ) throws -> Tensor {
    try .normal(sizes, mean: mean, std: std, generator: generator, dtype: dtype)
  }

  /// The value everywhere (`constant_`).
  public static func constant(_ sizes: [Int], _ value: Double, dtype: DType = .float32) throws
    -> Tensor
  {
    try .filled(sizes, dtype, with: value)
  }

  public static func zeros(_ sizes: [Int], dtype: DType = .float32) throws -> Tensor {
    try .filled(sizes, dtype, with: 0)
  }

  public static func ones(_ sizes: [Int], dtype: DType = .float32) throws -> Tensor {
    try .filled(sizes, dtype, with: 1)
  }

  /// Uniform numbers within ±gain · √(6 / (fan in + fan out)) (`xavier_uniform_`).
  ///
  /// - Throws: `MartletError` of kind `.shape` when there are fewer than two sizes.
  public static func xavierUniform(
    _ sizes: [Int], gain: Double = 1, generator: Generator = .current, dtype: DType = .float32
  ) throws -> Tensor {
    let bound = 3.0.squareRoot() * (try xavierDeviation(sizes, gain))
    return try bounded(sizes, by: bound, generator, dtype)
  }

  /// Normal numbers of deviation gain · √(2 / (fan in + fan out)) (`xavier_normal_`).
  ///
  /// - Throws: `MartletError` of kind `.shape` when there are fewer than two sizes.
  public static func xavierNormal(
    _ sizes: [Int], gain: Double = 1, generator: Generator = .current, dtype: DType = .float32
  ) throws -> Tensor {
    let std = try xavierDeviation(sizes, gain)
    if sizes.contains(0) { return try .allocate(sizes, dtype) }
    return try normal(sizes, std: std, generator: generator, dtype: dtype)
  }

  /// Uniform numbers within ±gain · √(3 / fan) (`kaiming_uniform_`).
  ///
  /// - Parameters:
  ///   - a: the negative slope, when the nonlinearity is `.leakyReLU`.
  ///   - mode: which fan keeps its variance.
  /// - Throws: `MartletError` of kind `.shape` when there are fewer than two sizes.
  public static func kaimingUniform(
    _ sizes: [Int], a: Double = 0, mode: FanMode = .fanIn,
    nonlinearity: Nonlinearity = .leakyReLU, generator: Generator = .current,
    dtype: DType = .float32
  ) throws -> Tensor {
    if sizes.contains(0) { return try .allocate(sizes, dtype) }
    let bound = 3.0.squareRoot() * (try kaimingDeviation(sizes, a, mode, nonlinearity))
    return try bounded(sizes, by: bound, generator, dtype)
  }

  /// Normal numbers of deviation gain / √fan (`kaiming_normal_`).
  ///
  /// - Parameters:
  ///   - a: the negative slope, when the nonlinearity is `.leakyReLU`.
  ///   - mode: which fan keeps its variance.
  /// - Throws: `MartletError` of kind `.shape` when there are fewer than two sizes.
  public static func kaimingNormal(
    _ sizes: [Int], a: Double = 0, mode: FanMode = .fanIn,
    nonlinearity: Nonlinearity = .leakyReLU, generator: Generator = .current,
    dtype: DType = .float32
  ) throws -> Tensor {
    if sizes.contains(0) { return try .allocate(sizes, dtype) }
    let std = try kaimingDeviation(sizes, a, mode, nonlinearity)
    return try normal(sizes, std: std, generator: generator, dtype: dtype)
  }

  private static func bounded(
    _ sizes: [Int], by bound: Double, _ generator: Generator, _ dtype: DType
  ) throws -> Tensor {
    if sizes.contains(0) { return try .allocate(sizes, dtype) }
    return try uniform(sizes, from: -bound, to: bound, generator: generator, dtype: dtype)
  }

  private static func xavierDeviation(_ sizes: [Int], _ gain: Double) throws -> Double {
    let fans = try fans(of: sizes)
    return gain * (2 / Double(fans.in + fans.out)).squareRoot()
  }

  private static func kaimingDeviation(
    _ sizes: [Int], _ a: Double, _ mode: FanMode, _ nonlinearity: Nonlinearity
  ) throws -> Double {
    let fans = try fans(of: sizes)
    let fan = mode == .fanIn ? fans.in : fans.out
    return gain(nonlinearity, parameter: a) / Double(fan).squareRoot()
  }
}
