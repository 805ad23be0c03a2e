import MartletOps
import MartletTensor

/// max(0, x) + min(0, α (exp(x) - 1))
public final class ELU: InplaceActivation {
  public let alpha: Double

  public init(alpha: Double = 1, inplace: Bool = false) {
    self.alpha = alpha
    super.init(inplace: inplace)
  }

  public override var extraDescription: String { settings("alpha=\(alpha)") }
  public override func forward(_ input: Tensor) throws -> Tensor {
    try F.elu(input, alpha: alpha)
  }
}

/// max(0, x) + min(0, α (exp(x / α) - 1))
public final class CELU: InplaceActivation {
  public let alpha: Double

  public init(alpha: Double = 1, inplace: Bool = false) {
    self.alpha = alpha
    super.init(inplace: inplace)
  }

  public override var extraDescription: String { settings("alpha=\(alpha)") }
  public override func forward(_ input: Tensor) throws -> Tensor {
    try F.celu(input, alpha: alpha)
  }
}

/// x above 0, `negativeSlope` · x below.
public final class LeakyReLU: InplaceActivation {
  public let negativeSlope: Double

  public init(negativeSlope: Double = 0.01, inplace: Bool = false) {
    self.negativeSlope = negativeSlope
    super.init(inplace: inplace)
  }

  public override var extraDescription: String { settings("negative_slope=\(negativeSlope)") }
  public override func forward(_ input: Tensor) throws -> Tensor {
    try F.leakyRelu(input, negativeSlope: negativeSlope)
  }
}

/// x above 0; below it a slope times x, drawn from [lower, upper) in training, their middle else.
public final class RReLU: InplaceActivation {
  public let lower, upper: Double

  public init(lower: Double = 1.0 / 8, upper: Double = 1.0 / 3, inplace: Bool = false) {
    self.lower = lower
    self.upper = upper
    super.init(inplace: inplace)
  }

  public override var extraDescription: String { settings("lower=\(lower), upper=\(upper)") }
  public override func forward(_ input: Tensor) throws -> Tensor {
    try F.rrelu(input, lower: lower, upper: upper, training: training)
  }
}

/// x within [minVal, maxVal], the nearer bound outside.
public final class Hardtanh: InplaceActivation {
  public let minVal, maxVal: Double

  public init(minVal: Double = -1, maxVal: Double = 1, inplace: Bool = false) {
    self.minVal = minVal
    self.maxVal = maxVal
    super.init(inplace: inplace)
    require(maxVal > minVal, "max_val must be larger than min_val, got \(maxVal) and \(minVal)")
  }

  public override var extraDescription: String { settings("min_val=\(minVal), max_val=\(maxVal)") }
  public override func forward(_ input: Tensor) throws -> Tensor {
    try F.hardtanh(input, minVal: minVal, maxVal: maxVal)
  }
}

/// x above the threshold, the value elsewhere.
public final class Threshold: InplaceActivation {
  public let threshold, value: Double

  public init(threshold: Double, value: Double, inplace: Bool = false) {
    self.threshold = threshold
    self.value = value
    super.init(inplace: inplace)
  }

  public override var extraDescription: String {
    settings("threshold=\(threshold), value=\(value)")
  }
  public override func forward(_ input: Tensor) throws -> Tensor {
    try F.threshold(input, threshold: threshold, value: value)
  }
}

/// x · Φ(x), with Φ the normal distribution's cumulative function.
public final class GELU: Activation {
  public let approximate: GELUApproximation

  public init(approximate: GELUApproximation = .none) { self.approximate = approximate }

  public override var extraDescription: String {
    "approximate=\(Python.text(approximate.rawValue))"
  }
  public override func forward(_ input: Tensor) throws -> Tensor {
    try F.gelu(input, approximate: approximate)
  }
}

/// log(1 + exp(βx)) / β, and x where βx is above the threshold.
public final class Softplus: Activation {
  public let beta, threshold: Double

  public init(beta: Double = 1, threshold: Double = 20) {
    self.beta = beta
    self.threshold = threshold
  }

  public override var extraDescription: String { "beta=\(beta), threshold=\(threshold)" }
  public override func forward(_ input: Tensor) throws -> Tensor {
    try F.softplus(input, beta: beta, threshold: threshold)
  }
}

/// x outside [-lambd, lambd], 0 within.
public final class Hardshrink: Activation {
  public let lambd: Double

  public init(lambd: Double = 0.5) { self.lambd = lambd }

  public override var extraDescription: String { "\(lambd)" }
  public override func forward(_ input: Tensor) throws -> Tensor {
    try F.hardshrink(input, lambd: lambd)
  }
}

/// x moved towards 0 by lambd, 0 within [-lambd, lambd].
public final class Softshrink: Activation {
  public let lambd: Double

  public init(lambd: Double = 0.5) { self.lambd = lambd }

  public override var extraDescription: String { "\(lambd)" }
  public override func forward(_ input: Tensor) throws -> Tensor {
    try F.softshrink(input, lambd: lambd)
  }
}

/// x above 0, a learned slope times x below; one slope for all, or one for each channel (axis 1).
public final class PReLU: Activation {
  /// `[numParameters]`.
  public let weight: Parameter
  public let numParameters: Int

  public init(numParameters: Int = 1, initial: Double = 0.25) {
    weight = Parameter()
    self.numParameters = numParameters
    super.init()
    initialize(weight) { try Init.constant([numParameters], initial) }
  }

  public override var extraDescription: String { "num_parameters=\(numParameters)" }
  public override func forward(_ input: Tensor) throws -> Tensor {
    try F.prelu(input, weight: weight.value)
  }
}
