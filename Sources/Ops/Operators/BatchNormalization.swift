import MartletTensor

/// Batch normalisation: one mean and variance for each channel.
package enum BatchNormalization {
  package static let operators: [Operator] = [batchNorm]

  /// `(x - mean) / √(var + eps) · weight + bias` for each channel of `[N, C, …]`.
  ///
  /// In training the batch's own mean and biased variance count. Tensors are values, so the
  /// running ones stay as they are; the layer keeps them up to date.
  static let batchNorm = Operator(
    "aten::batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, "
      + "Tensor? running_var, bool training, float momentum, float eps, bool cudnn_enabled) "
      + "-> Tensor",
    .kernel(infer: infer, compute: compute))

  @Sendable private static func infer(_ arguments: Arguments) throws -> [TensorSpec] {
    let x = try arguments.tensor("input")
    guard x.dim >= 2 else {
      throw MartletError(.shape, "batch_norm expects [N, C, …] inputs, got \(x.sizes)")
    }
    try x.dtype.requireFloating("batch_norm")
    for name in ["weight", "bias", "running_mean", "running_var"] {
      guard let parameter = try arguments.optionalTensor(name) else { continue }
      try check(parameter, name, x.sizes[1], x.dtype)
    }
    let hasStatistics =
      try arguments.optionalTensor("running_mean") != nil
      && arguments.optionalTensor("running_var") != nil
    guard try arguments.bool("training") || hasStatistics else {
      throw MartletError(
        .argument, "expected running_mean and running_var to be defined when training=False")
    }
    return [TensorSpec(x.sizes, x.dtype)]
  }

  /// One element a channel; of the input's dtype, or float32 beside narrower ones.
  static func check(_ parameter: Tensor, _ name: String, _ channels: Int, _ dtype: DType) throws {
    guard parameter.count == channels else {
      throw MartletError(
        .shape, "\(name) should contain \(channels) elements not \(parameter.count)")
    }
    guard parameter.dtype == dtype || (parameter.dtype == .float32 && dtype.byteCount == 2) else {
      throw MartletError(
        .dtype, "expected \(name) to have type \(dtype) as the input, got \(parameter.dtype)")
    }
  }

  @Sendable private static func compute(_ arguments: Arguments, _ results: [Tensor]) throws {
    let x = try arguments.tensor("input")
    if x.count == 0 { return }
    let training = try arguments.bool("training")
    let eps = try arguments.double("eps")
    func values(_ name: String) throws -> [Double]? {
      try arguments.optionalTensor(name)?.converted(to: .float64).elements()
    }
    let channels = x.sizes[1]
    let inner = x.sizes.dropFirst(2).reduce(1, *)
    var mean = training ? nil : try values("running_mean")
    var variance = training ? nil : try values("running_var")
    if training { (mean, variance) = try statistics(x, channels, inner) }
    let weight = try values("weight")
    let bias = try values("bias")
    var scale: [Double] = []
    var shift: [Double] = []
    for c in 0..<channels {
      let factor = (weight?[c] ?? 1) / ((variance?[c] ?? 1) + eps).squareRoot()
      scale.append(factor)
      shift.append((bias?[c] ?? 0) - (mean?[c] ?? 0) * factor)
    }
    try scaleAndShift(x, scale, shift, inner, into: results[0])
  }

  /// `x · scale + shift`, each factor for `inner` elements, over and over.
  static func scaleAndShift(
    _ x: Tensor, _ scale: [Double], _ shift: [Double], _ inner: Int, into result: Tensor
  ) throws {
    if x.dtype.computeType == .float64 {
      try apply(Double.self, x, scale, shift, inner, into: result)
    } else {
      try apply(Float.self, x, scale, shift, inner, into: result)
    }
  }

  private static func apply<T: RealElement>(
    _ type: T.Type, _ x: Tensor, _ scale: [Double], _ shift: [Double], _ inner: Int,
    into result: Tensor
  ) throws {
    try x.withElements(as: T.self) { from in
      try result.fill(as: T.self) { to in
        var next = 0
        for _ in 0..<(from.count / (inner * scale.count)) {
          for c in scale.indices {
            let (factor, summand) = (T(rounding: scale[c]), T(rounding: shift[c]))
            for i in next..<(next + inner) { to[i] = from[i] * factor + summand }
            next += inner
          }
        }
      }
    }
  }

  /// The mean and the biased variance of each channel of `[N, C, inner]`.
  package static func statistics(_ x: Tensor, _ channels: Int, _ inner: Int) throws -> (
    [Double], [Double]
  ) {
    if x.dtype.computeType == .float64 { return try statistics(Double.self, x, channels, inner) }
    return try statistics(Float.self, x, channels, inner)
  }

  private static func statistics<T: RealElement>(
    _ type: T.Type, _ x: Tensor, _ channels: Int, _ inner: Int
  ) throws -> ([Double], [Double]) {
    try x.withElements(as: T.self) { from in
      var means: [Double] = []
      var variances: [Double] = []
      let batch = from.count / (channels * inner)
      let count = Double(batch * inner)
      for c in 0..<channels {
        var sum = 0.0
        for n in 0..<batch {
          let start = (n * channels + c) * inner
          for i in start..<(start + inner) { sum += from[i].double }
        }
        let mean = sum / count
        var squares = 0.0
        for n in 0..<batch {
          let start = (n * channels + c) * inner
          for i in start..<(start + inner) {
            let distance = from[i].double - mean
            squares += distance * distance
          }
        }
        means.append(mean)
        variances.append(squares / count)
      }
      return (means, variances)
    }
  }
}

extension F {
  /// Batch normalisation of `[N, C, …]`.
  ///
  /// - Parameter training: use the batch's statistics; the running ones are not changed.
  /// - Throws: `MartletError` when sizes or dtypes do not fit, or, in training, when there is
  ///   only one value per channel.
  public static func batchNorm(
    _ input: Tensor, runningMean: Tensor?, runningVar: Tensor?, weight: Tensor? = nil,
    bias: Tensor? = nil, training: Bool = false, momentum: Double = 0.1, eps: Double = 1e-5,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    if training, input.dim >= 2, input.layout.count == input.sizes[1] {
      throw MartletError(
        .value,
        "expected more than 1 value per channel when training, got input size \(input.sizes)")
    }
    return try BatchNormalization.batchNorm(
      .tensor(input), weight.value, bias.value, runningMean.value, runningVar.value,
      .bool(training), .double(momentum), .double(eps), true, at: SourceLocation(file, line))
  }
}
