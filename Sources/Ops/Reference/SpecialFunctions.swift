import MartletKernels

/// Functions that the C library lacks, in float64.
enum SpecialFunctions {
  /// The logarithm of the absolute value of the gamma function.
  static func lgamma(_ x: Double) -> Double {
    if x.isInfinite { return .infinity }
    return Libm.lgamma(x)
  }

  /// The derivative of `lgamma`: reflection below zero, the recurrence up to 10, then the
  /// asymptotic series (Abramowitz and Stegun 6.3.18); about 1e-14 relative away from its zeros.
  static func digamma(_ x: Double) -> Double {
    if x == 0 { return Double(signOf: -x, magnitudeOf: .infinity) }
    if x < 0 {
      let fraction = x - x.rounded(.towardZero)
      if fraction == 0 || x.isInfinite { return .nan }
      return digamma(1 - x) - .pi / Libm.tan(.pi * fraction)
    }
    var (shift, y) = (0.0, x)
    while y < 10 {
      shift -= 1 / y
      y += 1
    }
    let z = 1 / (y * y)
    let terms: [Double] = [
      1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32760, 1.0 / 12,
    ]
    let series = terms.reversed().reduce(0) { ($0 + $1) * z }
    return shift + Libm.log(y) - 0.5 / y - series
  }

  /// The inverse of `erf`: Giles' start (Approximating the erfinv function, 2012), then Newton's
  /// steps in float64.
  static func erfinv(_ y: Double) -> Double {
    if abs(y) == 1 { return y * .infinity }
    if !(abs(y) < 1) { return .nan }
    if y == 0 { return y }
    var w = -Libm.log1p(-y * y)
    let coefficients: [Double]
    if w < 5 {
      w -= 2.5
      coefficients = [
        2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087,
        -0.00125372503, -0.00417768164, 0.246640727, 1.50140941,
      ]
    } else {
      w = w.squareRoot() - 3
      coefficients = [
        -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773,
        -0.0076224613, 0.00943887047, 1.00167406, 2.83297682,
      ]
    }
    var x = y * coefficients.reduce(0) { $0 * w + $1 }
    for _ in 0..<3 {
      // Near 1 the difference is taken between the complements, which keep their digits.
      let error =
        abs(y) < 0.5
        ? Libm.erf(x) - y
        : Double(signOf: y, magnitudeOf: 1) * ((1 - abs(y)) - Libm.erfc(abs(x)))
      let step = error / (2 / Double.pi.squareRoot() * Libm.exp(-x * x))
      if !step.isFinite { break }
      x -= step
    }
    return x
  }

  /// The modified Bessel function of order zero, by its power series, whose terms are positive.
  static func i0(_ x: Double) -> Double {
    // Where PyTorch's product of an infinity and a zero is not a number.
    if !x.isFinite { return .nan }
    let quarter = x * x / 4
    var (term, sum, k) = (1.0, 1.0, 1.0)
    while term > sum * 1e-17, sum.isFinite {
      term *= quarter / (k * k)
      sum += term
      k += 1
    }
    return sum
  }

  /// The normal distribution's cumulative function.
  static func ndtr(_ x: Double) -> Double {
    let t = x * 0.5.squareRoot()
    if x < -1 { return 0.5 * Libm.erfc(-t) }
    return 0.5 * (1 + Libm.erf(t))
  }

  static func sigmoid(_ x: Double) -> Double { 1 / (1 + Libm.exp(-x)) }

  /// `sin(πx) / (πx)`
  static func sinc(_ x: Double) -> Double {
    x == 0 ? 1 : Libm.sin(.pi * x) / (.pi * x)
  }

  /// `-x ln x`
  static func entropy(_ x: Double) -> Double {
    if x.isNaN { return x }
    return x > 0 ? -x * Libm.log(x) : x == 0 ? 0 : -.infinity
  }
}
