import MartletTensor

/// Normalisation within one example: over groups of channels, over single channels.
package enum GroupNormalization {
  package static let operators: [Operator] = [groupNorm, instanceNorm]

  /// `(x - mean) / √(var + eps) · weight + bias`, mean and variance over each of `num_groups` runs
  /// of channels of each example of `[N, C, …]`.
  static let groupNorm = Operator(
    "aten::group_norm(Tensor input, int num_groups, Tensor? weight=None, Tensor? bias=None, "
      + "float eps=1.0000000000000001e-05, bool cudnn_enabled=True) -> Tensor",
    .kernel(infer: inferGroups, compute: computeGroups))

  @Sendable private static func inferGroups(_ arguments: Arguments) throws -> [TensorSpec] {
    let x = try arguments.tensor("input")
    let groups = try arguments.int("num_groups")
    guard x.dim >= 2 else {
      throw MartletError(
        .shape, "expected at least 2 dimensions for input tensor but received \(x.dim)")
    }
    guard groups > 0, x.sizes[1] % groups == 0 else {
      throw MartletError(
        .shape,
        "expected number of channels in input to be divisible by num_groups, but got input of "
          + "shape \(x.sizes) and num_groups=\(groups)")
    }
    try x.dtype.requireFloating("group_norm")
    for name in ["weight", "bias"] {
      guard let parameter = try arguments.optionalTensor(name) else { continue }
      guard parameter.dim == 1 else {
        throw MartletError(
          .shape,
          "expected \(name) to be a vector of size \(x.sizes[1]), but got \(parameter.sizes)")
      }
      try BatchNormalization.check(parameter, name, x.sizes[1], x.dtype)
    }
    return [TensorSpec(x.sizes, x.dtype)]
  }

  @Sendable private static func computeGroups(_ arguments: Arguments, _ results: [Tensor]) throws {
    let x = try arguments.tensor("input")
    if x.count == 0 { return }
    let groups = try arguments.int("num_groups")
    try normalize(
      x, units: x.sizes[0] * groups, eps: try arguments.double("eps"),
      weight: try arguments.optionalTensor("weight"), bias: try arguments.optionalTensor("bias"),
      statistics: nil, into: results[0])
  }

  /// As `group_norm` with a group for each channel; with `use_input_stats` false the running
  /// statistics of the channels count, which are not changed otherwise: tensors are values.
  static let instanceNorm = Operator(
    "aten::instance_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, "
      + "Tensor? running_var, bool use_input_stats, float momentum, float eps, "
      + "bool cudnn_enabled) -> Tensor",
    .kernel(infer: inferInstances, compute: computeInstances))

  @Sendable private static func inferInstances(_ arguments: Arguments) throws -> [TensorSpec] {
    let x = try arguments.tensor("input")
    guard x.dim >= 2 else {
      throw MartletError(.shape, "instance_norm expects [N, C, …] inputs, got \(x.sizes)")
    }
    try x.dtype.requireFloating("instance_norm")
    for name in ["weight", "bias", "running_mean", "running_var"] {
      guard let parameter = try arguments.optionalTensor(name) else { continue }
      try BatchNormalization.check(parameter, name, x.sizes[1], x.dtype)
    }
    if try !arguments.bool("use_input_stats") {
      guard try arguments.optionalTensor("running_mean") != nil,
        try arguments.optionalTensor("running_var") != nil
      else {
        throw MartletError(
          .argument,
          "expected running_mean and running_var to be defined when "
            + "use_input_stats is false")
      }
    }
    return [TensorSpec(x.sizes, x.dtype)]
  }

  @Sendable private static func computeInstances(_ arguments: Arguments, _ results: [Tensor]) throws
  {
    let x = try arguments.tensor("input")
    if x.count == 0 { return }
    var statistics: ([Double], [Double])?
    if try !arguments.bool("use_input_stats") {
      func repeated(_ name: String) throws -> [Double] {
        let values: [Double] = try arguments.tensor(name).converted(to: .float64).elements()
        return (0..<x.sizes[0]).flatMap { _ in values }
      }
      statistics = (try repeated("running_mean"), try repeated("running_var"))
    }
    try normalize(
      x, units: x.sizes[0] * x.sizes[1], eps: try arguments.double("eps"),
      weight: try arguments.optionalTensor("weight"), bias: try arguments.optionalTensor("bias"),
      statistics: statistics, into: results[0])
  }

  /// Normalises `units` runs of equal length, then scales by channel.
  private static func normalize(
    _ x: Tensor, units: Int, eps: Double, weight: Tensor?, bias: Tensor?,
    statistics given: ([Double], [Double])?, into result: Tensor
  ) throws {
    let channels = x.sizes[1]
    let inner = x.sizes.dropFirst(2).reduce(1, *)
    let (means, variances) =
      try given ?? BatchNormalization.statistics(x, units, x.count / units)
    let weights: [Double]? = try weight?.converted(to: .float64).elements()
    let biases: [Double]? = try bias?.converted(to: .float64).elements()
    let channelsPerUnit = x.sizes[0] * channels / units
    var scale: [Double] = []
    var shift: [Double] = []
    for index in 0..<(x.sizes[0] * channels) {
      let (unit, channel) = (index / channelsPerUnit, index % channels)
      let factor = (weights?[channel] ?? 1) / (variances[unit] + eps).squareRoot()
      scale.append(factor)
      shift.append((biases?[channel] ?? 0) - means[unit] * factor)
    }
    try BatchNormalization.scaleAndShift(x, scale, shift, inner, into: result)
  }
}

extension F {
  /// Normalisation over groups of channels of `[N, C, …]`.
  ///
  /// - Throws: `MartletError` when sizes or dtypes do not fit.
  public static func groupNorm(
    _ input: Tensor, numGroups: Int, weight: Tensor? = nil, bias: Tensor? = nil,
    eps: Double = 1e-5, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try GroupNormalization.groupNorm(
      .tensor(input), .int(Dim(numGroups)), weight.value, bias.value, .double(eps), true,
      at: SourceLocation(file, line))
  }

  /// Normalisation of each channel of each example of `[N, C, …]`.
  ///
  /// - Parameter useInputStats: the example's own statistics instead of the running ones.
  /// - Throws: `MartletError` when sizes or dtypes do not fit, or when a channel has a single
  ///   element to take statistics of.
  public static func instanceNorm(
    _ input: Tensor, runningMean: Tensor? = nil, runningVar: Tensor? = nil, weight: Tensor? = nil,
    bias: Tensor? = nil, useInputStats: Bool = true, momentum: Double = 0.1, eps: Double = 1e-5,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    if useInputStats, input.dim >= 2, input.sizes.dropFirst(2).reduce(1, *) == 1 {
      throw MartletError(
        .value,
        "expected more than 1 spatial element when training, got input size \(input.sizes)")
    }
    return try GroupNormalization.instanceNorm(
      .tensor(input), weight.value, bias.value, runningMean.value, runningVar.value,
      .bool(useInputStats), .double(momentum), .double(eps), true,
      at: SourceLocation(file, line))
  }
}
