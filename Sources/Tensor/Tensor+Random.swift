/// Tensors of random numbers, equal to those that PyTorch draws on the CPU from the same seed.
///
/// In a trace they are constants. A size taken from a traced tensor is fixed, and reported.
extension Tensor {
  /// Uniform numbers in [0, 1) (`torch.rand`).
  ///
  /// - Parameter dtype: a floating-point type.
  public static func rand(
    _ shape: some ShapeConvertible, generator: Generator = .current, dtype: DType = .float32
  ) throws -> Tensor {
    try uniform(shape, from: 0, to: 1, generator: generator, dtype: dtype)
  }

  /// Normal numbers of mean 0 and variance 1 (`torch.randn`).
  ///
  /// - Parameter dtype: a floating-point type.
  public static func randn(
    _ shape: some ShapeConvertible, generator: Generator = .current, dtype: DType = .float32
  ) throws -> Tensor {
    try normal(shape, mean: 0, std: 1, generator: generator, dtype: dtype)
  }

  /// Uniform numbers in [from, to) (`torch.Tensor.uniform_`).
  ///
  /// - Parameter dtype: a floating-point type.
  /// - Throws: `MartletError` of kind `.value` when `from` is above `to`, or one of them or
  ///   their distance is out of the type's range.
  public static func uniform(
    _ shape: some ShapeConvertible, from: Double, to: Double, generator: Generator = .current,
    dtype: DType = .float32
  ) throws -> Tensor {
    try dtype.requireFloatingPoint("uniform")
    let limit = dtype.greatestFinite
    guard abs(from) <= limit, abs(to) <= limit else {
      throw MartletError(.value, "uniform's range \(from) ..< \(to) does not fit \(dtype)")
    }
    guard from <= to else {
      throw MartletError(
        .value, "uniform expects from to be at most to, got from \(from) and to \(to)")
    }
    guard to - from <= limit else {
      throw MartletError(
        .value, "uniform expects to - from to fit \(dtype), got from \(from) and to \(to)")
    }
    return try drawn(.uniform(from: from, to: to), shape.fixedSizes("uniform"), generator, dtype)
  }

  /// Normal numbers (`torch.Tensor.normal_`).
  ///
  /// - Parameter dtype: a floating-point type.
  /// - Throws: `MartletError` of kind `.value` when `std` is negative.
  public static func normal(
    _ shape: some ShapeConvertible, mean: Double, std: Double, generator: Generator = .current,
    dtype: DType = .float32
  ) throws -> Tensor {
    try dtype.requireFloatingPoint("normal")
    guard std >= 0 else {
      throw MartletError(.value, "normal expects std to be at least 0, got \(std)")
    }
    return try drawn(.normal(mean: mean, std: std), shape.fixedSizes("normal"), generator, dtype)
  }

  /// Numbers of the exponential distribution, whose mean is 1 / rate
  /// (`torch.Tensor.exponential_`).
  ///
  /// - Parameter dtype: a floating-point type.
  /// - Throws: `MartletError` of kind `.value` unless `rate` is positive.
  public static func exponential(
    _ shape: some ShapeConvertible, rate: Double = 1, generator: Generator = .current,
    dtype: DType = .float32
  ) throws -> Tensor {
    try dtype.requireFloatingPoint("exponential")
    guard rate > 0 else {
      throw MartletError(.value, "exponential expects rate to be above 0, got \(rate)")
    }
    return try drawn(.exponential(rate: rate), shape.fixedSizes("exponential"), generator, dtype)
  }

  /// Ones with the given probability, and zeros (`torch.Tensor.bernoulli_`).
  ///
  /// - Throws: `MartletError` of kind `.value` when the probability is not in [0, 1].
  public static func bernoulli(
    _ shape: some ShapeConvertible, probability: Double = 0.5, generator: Generator = .current,
    dtype: DType = .float32
  ) throws -> Tensor {
    guard (0...1).contains(probability) else {
      throw MartletError(
        .value, "bernoulli expects a probability from 0 to 1, got \(probability)")
    }
    return try drawn(
      .bernoulli(probability: probability), shape.fixedSizes("bernoulli"), generator, dtype)
  }

  /// Whole numbers of `low ..< high` (`torch.randint`).
  ///
  /// - Parameter dtype: any type that can hold the range's ends. A floating-point type gives
  ///   numbers that are rounded to it where the range is wider than its significand.
  /// - Throws: `MartletError` of kind `.value` when the range is empty or does not fit.
  public static func randint(
    low: Int = 0, high: Int, _ shape: some ShapeConvertible, generator: Generator = .current,
    dtype: DType = .int64
  ) throws -> Tensor {
    guard low < high else {
      throw MartletError(
        .value, "randint expects low to be below high, got low \(low) and high \(high)")
    }
    let range = dtype.integerRange
    guard range.contains(Int64(low)), range.contains(Int64(high - 1)) else {
      throw MartletError(.value, "randint's range \(low) ..< \(high) does not fit \(dtype)")
    }
    let (first, end) = dtype.representableRange(Int64(low), Int64(high))
    guard first < end else {
      throw MartletError(
        .value, "randint's range \(low) ..< \(high) holds no number of \(dtype)")
    }
    let width = UInt64(bitPattern: end) &- UInt64(bitPattern: first)
    return try drawn(
      .integers(low: first, width: width), shape.fixedSizes("randint"), generator, dtype)
  }

  /// The numbers `0 ..< count` in random order (`torch.randperm`).
  ///
  /// - Throws: `MartletError` of kind `.value` when the type cannot hold all of them.
  public static func randperm(
    _ count: Int, generator: Generator = .current, dtype: DType = .int64
  ) throws -> Tensor {
    guard dtype != .bool else {
      throw MartletError(.dtype, "randperm does not make tensors of bool")
    }
    guard count >= 0 else {
      throw MartletError(.value, "randperm expects a count of at least 0, got \(count)")
    }
    let last = Int64(count) - 1
    let limit = dtype.exactIntegerLimit
    guard last <= limit else {
      throw MartletError(.value, "randperm of \(count) numbers does not fit \(dtype)")
    }
    return try drawn(.permutation, [count], generator, dtype)
  }

  static func drawn(
    _ fill: RandomFill, _ sizes: [Int], _ generator: Generator, _ dtype: DType
  ) throws -> Tensor {
    let result = try allocate(sizes, dtype)
    switch dtype {
    case .float32: try result.draw(Float.self, fill, generator)
    case .float64: try result.draw(Double.self, fill, generator)
    case .float16: try result.draw(Float16.self, fill, generator)
    case .bfloat16: try result.draw(BFloat16.self, fill, generator)
    case .int8: try result.draw(Int8.self, fill, generator)
    case .int16: try result.draw(Int16.self, fill, generator)
    case .int32: try result.draw(Int32.self, fill, generator)
    case .int64: try result.draw(Int64.self, fill, generator)
    case .uint8: try result.draw(UInt8.self, fill, generator)
    case .bool: try result.draw(Bool.self, fill, generator)
    case .complex64, .complex128, .qint8, .quint8, .qint32:
      throw MartletError(.dtype, "random numbers of this kind are real or whole, got \(dtype)")
    }
    return result
  }

  private func draw<T: TensorElement>(
    _: T.Type, _ fill: RandomFill, _ generator: Generator
  ) throws {
    try writeUnshared(as: T.self) { span in
      generator.draw { state in state.fill(&span, with: fill) }
    }
  }
}

extension ShapeConvertible {
  /// The sizes as plain numbers; a trace is told.
  func fixedSizes(_ use: String) -> [Int] {
    shape.dims.map { dim in
      dim.noteBaked(use)
      return dim.number
    }
  }
}
