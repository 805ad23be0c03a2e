import MartletKernels
import MartletTensor

/// Elementary functions of a complex number, in float64; cuts and signs of zero as in C99.
///
/// Inverse functions follow W. Kahan, "Branch cuts for complex elementary functions" (1987).
extension Complex<Double> {
  /// The distance from zero.
  package var length: Double { Libm.hypot(real, imaginary) }
  /// The angle to the positive real axis, in (-π, π].
  package var phase: Double { Libm.atan2(imaginary, real) }

  package static func exp(_ z: Complex) -> Complex {
    if z.imaginary == 0 { return Complex(Libm.exp(z.real), z.imaginary) }
    if !z.imaginary.isFinite, z.real.isInfinite {
      return z.real < 0 ? .zero : Complex(.infinity, .nan)
    }
    let size = Libm.exp(z.real)
    return Complex(size * Libm.cos(z.imaginary), size * Libm.sin(z.imaginary))
  }

  package static func exp2(_ z: Complex) -> Complex { exp(z * Libm.log(2)) }

  /// `exp(z) - 1`, exact near zero.
  package static func expm1(_ z: Complex) -> Complex {
    if z.imaginary == 0 { return Complex(Libm.expm1(z.real), z.imaginary) }
    let half = Libm.sin(z.imaginary / 2)
    let growth = Libm.expm1(z.real)
    return Complex(
      growth * Libm.cos(z.imaginary) - 2 * half * half,
      (growth + 1) * Libm.sin(z.imaginary))
  }

  package static func log(_ z: Complex) -> Complex { Complex(logLength(z), z.phase) }
  package static func log2(_ z: Complex) -> Complex { log(z) * (1 / Libm.log(2)) }
  package static func log10(_ z: Complex) -> Complex { log(z) * (1 / Libm.log(10)) }

  /// `log(1 + z)`, exact near zero.
  package static func log1p(_ z: Complex) -> Complex {
    let angle = Libm.atan2(z.imaginary, 1 + z.real)
    if z.length < 0.5 {
      let square = z.real * (2 + z.real) + z.imaginary * z.imaginary
      return Complex(Libm.log1p(square) / 2, angle)
    }
    return Complex(logLength(Complex(1 + z.real, z.imaginary)), angle)
  }

  /// Near a length of one, where its logarithm would cancel, by the distance from it.
  private static func logLength(_ z: Complex) -> Double {
    let length = z.length
    guard length > 0.5, length < 2 else { return Libm.log(length) }
    let (large, small) = (
      max(z.real.magnitude, z.imaginary.magnitude), min(z.real.magnitude, z.imaginary.magnitude)
    )
    return Libm.log1p((large - 1) * (large + 1) + small * small) / 2
  }

  package static func sqrt(_ z: Complex) -> Complex {
    if z.imaginary.isInfinite { return Complex(.infinity, z.imaginary) }
    if z.real.isInfinite {
      let rest = z.imaginary.isNaN ? Double.nan : 0
      return z.real > 0
        ? Complex(.infinity, z.imaginary.isNaN ? .nan : Double(signOf: z.imaginary, magnitudeOf: 0))
        : Complex(rest, Double(signOf: z.imaginary, magnitudeOf: .infinity))
    }
    if z == .zero { return Complex(0, z.imaginary) }
    // Halved twice over, so that the length does not overflow.
    let quarter = z * 0.25
    let root = ((quarter.real.magnitude + quarter.length) / 2).squareRoot() * 2
    let other = z.imaginary.magnitude / (2 * root)
    return z.real >= 0
      ? Complex(root, Double(signOf: z.imaginary, magnitudeOf: other))
      : Complex(other, Double(signOf: z.imaginary, magnitudeOf: root))
  }

  package static func rsqrt(_ z: Complex) -> Complex { one / sqrt(z) }
  package static func reciprocal(_ z: Complex) -> Complex { one / z }

  package static func sinh(_ z: Complex) -> Complex {
    if z.imaginary == 0 { return Complex(Libm.sinh(z.real), z.imaginary) }
    return Complex(
      z.real == 0 ? z.real : Libm.sinh(z.real) * Libm.cos(z.imaginary),
      Libm.cosh(z.real) * Libm.sin(z.imaginary))
  }

  package static func cosh(_ z: Complex) -> Complex {
    if z.imaginary == 0 { return Complex(Libm.cosh(z.real), z.real * z.imaginary) }
    return Complex(
      Libm.cosh(z.real) * Libm.cos(z.imaginary),
      Libm.sinh(z.real) * Libm.sin(z.imaginary))
  }

  package static func tanh(_ z: Complex) -> Complex {
    if z.real.magnitude > 20 {
      let decay = 4 * Libm.exp(-2 * z.real.magnitude)
      let turn = Libm.sin(z.imaginary) * Libm.cos(z.imaginary)
      return Complex(Double(signOf: z.real, magnitudeOf: 1), turn.isNaN ? 0 : decay * turn)
    }
    let t = Libm.tan(z.imaginary)
    let s = Libm.sinh(z.real)
    let (beta, rho) = (1 + t * t, (1 + s * s).squareRoot())
    let scale = 1 + beta * s * s
    return Complex(beta * rho * s / scale, t / scale)
  }

  package static func sin(_ z: Complex) -> Complex { -sinh(z.rotated).rotated }
  package static func cos(_ z: Complex) -> Complex { cosh(z.rotated) }
  package static func tan(_ z: Complex) -> Complex { -tanh(z.rotated).rotated }

  /// The roots of `1 - z` and of `1 + z`; zeros keep the sign that says which side of a cut.
  private static func roots(_ z: Complex) -> (Complex, Complex) {
    (sqrt(Complex(1 - z.real, -z.imaginary)), sqrt(Complex(1 + z.real, z.imaginary)))
  }

  package static func asin(_ z: Complex) -> Complex {
    let (low, high) = roots(z)
    return Complex(
      Libm.atan2(z.real, (low * high).real),
      Libm.asinh((low.conjugate * high).imaginary))
  }

  package static func acos(_ z: Complex) -> Complex {
    let (low, high) = roots(z)
    return Complex(
      2 * Libm.atan2(low.real, high.real),
      Libm.asinh((high.conjugate * low).imaginary))
  }

  package static func acosh(_ z: Complex) -> Complex {
    let (low, high) = (sqrt(z - one), sqrt(z + one))
    return Complex(
      Libm.asinh((low.conjugate * high).real),
      2 * Libm.atan2(low.imaginary, high.real))
  }

  package static func atanh(_ z: Complex) -> Complex {
    let (x, y) = (z.real, z.imaginary)
    let rest = (1 - x) * (1 - x) + y * y
    if rest.isInfinite { return Complex(0, Double(signOf: y, magnitudeOf: .pi / 2)) }
    return Complex(
      Libm.log1p(4 * x / rest) / 4,
      Libm.atan2(2 * y, (1 - x) * (1 + x) - y * y) / 2)
  }

  package static func asinh(_ z: Complex) -> Complex { -asin(z.rotated).rotated }
  package static func atan(_ z: Complex) -> Complex { -atanh(z.rotated).rotated }

  package static func sigmoid(_ z: Complex) -> Complex { one / (one + exp(-z)) }

  /// `sin(πz) / (πz)`
  package static func sinc(_ z: Complex) -> Complex {
    if z == .zero { return .one }
    let angle = z * .pi
    return sin(angle) / angle
  }

  package static func pow(_ base: Complex, _ exponent: Complex) -> Complex {
    if exponent == .zero { return .one }
    if base == .zero, exponent.real > 0, exponent.imaginary == 0 { return .zero }
    if exponent.imaginary == 0 {
      switch exponent.real {
      case 1: return base
      case 2: return base * base
      case 3: return base * base * base
      case -1: return one / base
      case -2: return one / (base * base)
      case 0.5: return sqrt(base)
      case -0.5: return rsqrt(base)
      default: break
      }
    }
    return exp(exponent * log(base))
  }

  /// The number at distance one in the same direction; zero of zero.
  package static func sgn(_ z: Complex) -> Complex {
    let length = z.length
    return length == 0 ? .zero : Complex(z.real / length, z.imaginary / length)
  }
}
