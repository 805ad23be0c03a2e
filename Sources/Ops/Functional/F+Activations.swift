import MartletTensor

/// The activations of `torch.nn.functional`.
extension F {
  /// `max(x, 0)` (`torch.nn.functional.relu`).
  public static func relu(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Activations.relu(.tensor(x), at: SourceLocation(file, line))
  }

  /// `min(max(x, 0), 6)` (`torch.nn.functional.relu6`).
  public static func relu6(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Activations.relu6(.tensor(x), at: SourceLocation(file, line))
  }

  /// `1 / (1 + exp(-x))` (`torch.nn.functional.sigmoid`).
  public static func sigmoid(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Functions.sigmoid(.tensor(x), at: SourceLocation(file, line))
  }

  /// The hyperbolic tangent (`torch.nn.functional.tanh`).
  public static func tanh(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Functions.tanh(.tensor(x), at: SourceLocation(file, line))
  }

  /// `min(max(x, minVal), maxVal)` (`torch.nn.functional.hardtanh`).
  public static func hardtanh(
    _ x: Tensor, minVal: Double = -1, maxVal: Double = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Activations.hardtanh(
      .tensor(x), .number(minVal), .number(maxVal), at: SourceLocation(file, line))
  }

  /// `x` above the threshold, `value` otherwise (`torch.nn.functional.threshold`).
  public static func threshold(
    _ x: Tensor, threshold: Double, value: Double, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Activations.threshold(
      .tensor(x), .number(threshold), .number(value), at: SourceLocation(file, line))
  }

  /// `x σ(x)` (`torch.nn.functional.silu`).
  public static func silu(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Activations.silu(.tensor(x), at: SourceLocation(file, line))
  }

  /// `x tanh(softplus(x))` (`torch.nn.functional.mish`).
  public static func mish(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Activations.mish(.tensor(x), at: SourceLocation(file, line))
  }

  /// `x relu6(x + 3) / 6` (`torch.nn.functional.hardswish`).
  public static func hardswish(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Activations.hardswish(.tensor(x), at: SourceLocation(file, line))
  }

  /// `relu6(x + 3) / 6` (`torch.nn.functional.hardsigmoid`).
  public static func hardsigmoid(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Activations.hardsigmoid(.tensor(x), at: SourceLocation(file, line))
  }

  /// `x` above zero, `negativeSlope x` below (`torch.nn.functional.leaky_relu`).
  public static func leakyRelu(
    _ x: Tensor, negativeSlope: Double = 0.01, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Activations.leakyRelu(.tensor(x), .number(negativeSlope), at: SourceLocation(file, line))
  }

  /// `x` above zero, `alpha (exp(x) - 1)` below (`torch.nn.functional.elu`).
  public static func elu(
    _ x: Tensor, alpha: Double = 1, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Activations.elu(.tensor(x), .number(alpha), at: SourceLocation(file, line))
  }

  /// `elu` with the slopes that keep mean and variance (`torch.nn.functional.selu`).
  public static func selu(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Activations.selu(.tensor(x), at: SourceLocation(file, line))
  }

  /// `x` above zero, `alpha (exp(x / alpha) - 1)` below (`torch.nn.functional.celu`).
  public static func celu(
    _ x: Tensor, alpha: Double = 1, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Activations.celu(.tensor(x), .number(alpha), at: SourceLocation(file, line))
  }

  /// `log(1 + exp(beta x)) / beta`, `x` where `beta x` is above the threshold
  /// (`torch.nn.functional.softplus`).
  public static func softplus(
    _ x: Tensor, beta: Double = 1, threshold: Double = 20, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Activations.softplus(
      .tensor(x), .number(beta), .number(threshold), at: SourceLocation(file, line))
  }

  /// `x` moved towards zero by `lambd`, which stops there (`torch.nn.functional.softshrink`).
  public static func softshrink(
    _ x: Tensor, lambd: Double = 0.5, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Activations.softshrink(.tensor(x), .number(lambd), at: SourceLocation(file, line))
  }

  /// `x` outside of [-lambd, lambd], otherwise zero (`torch.nn.functional.hardshrink`).
  public static func hardshrink(
    _ x: Tensor, lambd: Double = 0.5, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Activations.hardshrink(.tensor(x), .number(lambd), at: SourceLocation(file, line))
  }

  /// `log σ(x)` (`torch.nn.functional.logsigmoid`).
  public static func logsigmoid(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Activations.logSigmoid(.tensor(x), at: SourceLocation(file, line))
  }

  /// The first half along an axis times the second's sigmoid (`torch.nn.functional.glu`).
  public static func glu(
    _ x: Tensor, dim: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Activations.glu(.tensor(x), dim.value, at: SourceLocation(file, line))
  }

  /// The Gaussian error linear unit, exactly or by `tanh` (`torch.nn.functional.gelu`).
  public static func gelu(
    _ x: Tensor, approximate: GELUApproximation = .none, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Activations.gelu(
      .tensor(x), .string(approximate.rawValue), at: SourceLocation(file, line))
  }

  /// `x` above zero, `weight x` below; one weight for all or one for each channel
  /// (`torch.nn.functional.prelu`).
  public static func prelu(
    _ x: Tensor, weight: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Activations.prelu(.tensor(x), .tensor(weight), at: SourceLocation(file, line))
  }

  /// `leakyRelu` with the mean of two slopes; in training each element draws its own between
  /// them (`torch.nn.functional.rrelu`).
  public static func rrelu(
    _ x: Tensor, lower: Double = 1.0 / 8, upper: Double = 1.0 / 3, training: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Activations.rrelu(
      .tensor(x), .number(lower), .number(upper), .bool(training), nil,
      at: SourceLocation(file, line))
  }

  /// `x / (1 + |x|)` (`torch.nn.functional.softsign`).
  public static func softsign(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    let magnitude = try x.abs(file: file, line: line)
    return try x.div(try magnitude.add(1, file: file, line: line), file: file, line: line)
  }

  /// `x - tanh(x)` (`torch.nn.functional.tanhshrink`).
  public static func tanhshrink(
    _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try x.sub(try x.tanh(file: file, line: line), file: file, line: line)
  }
}

/// How `gelu` comes to its values.
public enum GELUApproximation: String, Sendable {
  case none, tanh
}

extension Tensor {
  /// `max(x, 0)` (`torch.relu`).
  public func relu(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Activations.relu(.tensor(self), at: SourceLocation(file, line))
  }

  /// `x` outside of [-lambd, lambd], otherwise zero (`torch.hardshrink`).
  public func hardshrink(
    lambd: Double = 0.5, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Activations.hardshrink(.tensor(self), .number(lambd), at: SourceLocation(file, line))
  }

  /// `x` above zero, `weight x` below (`torch.prelu`).
  public func prelu(
    weight: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Activations.prelu(.tensor(self), .tensor(weight), at: SourceLocation(file, line))
  }
}
