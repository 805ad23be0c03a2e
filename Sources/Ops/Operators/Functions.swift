import MartletKernels
import MartletTensor

/// Exponentials, logarithms, roots, circles, error functions: one row each.
///
/// Whole numbers and truth values become float32.
package enum Functions {
  package static let operators: [Operator] =
    [
      exp, exp2, expm1, log, log2, log10, log1p, sin, cos, tan, asin, acos, atan, sinh, cosh,
      tanh, asinh, acosh, atanh, erf, erfc, sqrt, rsqrt, reciprocal, erfinv, lgamma, digamma,
      sigmoid, sinc, i0, deg2rad, rad2deg,
      logit, specialLogit,
    ] + others

  static let exp = floating("aten::exp", complex: Complex.exp) { Libm.exp($0) }
  static let exp2 = floating("aten::exp2", complex: Complex.exp2) { Libm.exp2($0) }
  static let expm1 = floating("aten::expm1", complex: Complex.expm1) { Libm.expm1($0) }
  static let log = floating("aten::log", complex: Complex.log) { Libm.log($0) }
  static let log2 = floating("aten::log2", complex: Complex.log2) { Libm.log2($0) }
  static let log10 = floating("aten::log10", complex: Complex.log10) { Libm.log10($0) }
  static let log1p = floating("aten::log1p", complex: Complex.log1p) { Libm.log1p($0) }
  static let sin = floating("aten::sin", complex: Complex.sin) { Libm.sin($0) }
  static let cos = floating("aten::cos", complex: Complex.cos) { Libm.cos($0) }
  static let tan = floating("aten::tan", complex: Complex.tan) { Libm.tan($0) }
  static let asin = floating("aten::asin", complex: Complex.asin) { Libm.asin($0) }
  static let acos = floating("aten::acos", complex: Complex.acos) { Libm.acos($0) }
  static let atan = floating("aten::atan", complex: Complex.atan) { Libm.atan($0) }
  static let sinh = floating("aten::sinh", complex: Complex.sinh) { Libm.sinh($0) }
  static let cosh = floating("aten::cosh", complex: Complex.cosh) { Libm.cosh($0) }
  static let tanh = floating("aten::tanh", complex: Complex.tanh) { Libm.tanh($0) }
  static let asinh = floating("aten::asinh", complex: Complex.asinh) { Libm.asinh($0) }
  static let acosh = floating("aten::acosh", complex: Complex.acosh) { Libm.acosh($0) }
  static let atanh = floating("aten::atanh", complex: Complex.atanh) { Libm.atanh($0) }
  static let erf = floating("aten::erf") { Libm.erf($0) }
  static let erfc = floating("aten::erfc") { Libm.erfc($0) }
  static let sqrt = floating("aten::sqrt", complex: Complex.sqrt) { $0.squareRoot() }
  static let rsqrt = floating("aten::rsqrt", complex: Complex.rsqrt) { 1 / $0.squareRoot() }
  static let reciprocal = floating("aten::reciprocal", complex: Complex.reciprocal) { 1 / $0 }
  static let erfinv = floating("aten::erfinv") { SpecialFunctions.erfinv($0) }
  static let lgamma = floating("aten::lgamma") { SpecialFunctions.lgamma($0) }
  static let digamma = floating("aten::digamma") { SpecialFunctions.digamma($0) }
  static let sigmoid = floating("aten::sigmoid", complex: Complex.sigmoid) {
    SpecialFunctions.sigmoid($0)
  }
  static let sinc = floating("aten::sinc", complex: Complex.sinc) { SpecialFunctions.sinc($0) }
  static let i0 = floating("aten::i0") { SpecialFunctions.i0($0) }
  static let deg2rad = floating("aten::deg2rad") { $0 * (.pi / 180) }
  static let rad2deg = floating("aten::rad2deg") { $0 * (180 / .pi) }

  // Other names, and functions without a method of their own.
  static let others = [
    floating("aten::arcsin", complex: Complex.asin) { Libm.asin($0) },
    floating("aten::arccos", complex: Complex.acos) { Libm.acos($0) },
    floating("aten::arctan", complex: Complex.atan) { Libm.atan($0) },
    floating("aten::arcsinh", complex: Complex.asinh) { Libm.asinh($0) },
    floating("aten::arccosh", complex: Complex.acosh) { Libm.acosh($0) },
    floating("aten::arctanh", complex: Complex.atanh) { Libm.atanh($0) },
    floating("aten::special_expm1", complex: Complex.expm1) { Libm.expm1($0) },
    floating("aten::special_exp2", complex: Complex.exp2) { Libm.exp2($0) },
    floating("aten::special_log1p", complex: Complex.log1p) { Libm.log1p($0) },
    floating("aten::special_erf") { Libm.erf($0) },
    floating("aten::special_erfc") { Libm.erfc($0) },
    floating("aten::special_erfinv") { SpecialFunctions.erfinv($0) },
    floating("aten::special_gammaln") { SpecialFunctions.lgamma($0) },
    floating("aten::special_digamma") { SpecialFunctions.digamma($0) },
    floating("aten::special_psi") { SpecialFunctions.digamma($0) },
    floating("aten::special_expit", complex: Complex.sigmoid) { SpecialFunctions.sigmoid($0) },
    floating("aten::special_sinc", complex: Complex.sinc) { SpecialFunctions.sinc($0) },
    floating("aten::special_i0") { SpecialFunctions.i0($0) },
    floating("aten::special_ndtr") { SpecialFunctions.ndtr($0) },
    floating("aten::special_entr") { SpecialFunctions.entropy($0) },
  ]

  /// `log(x / (1 - x))`, with `x` first moved into [eps, 1 - eps].
  static let logit = logOdds("aten::logit")
  static let specialLogit = logOdds("aten::special_logit")

  private static func logOdds(_ name: String) -> Operator {
    unaryOperator(name, parameters: ", float? eps=None", gives: .floating) { arguments, dtype in
      guard let eps = try arguments.optionalDouble("eps") else {
        return UnaryFunction { Libm.log($0 / (1 - $0)) }
      }
      let low = Scalar.double(eps).rounded(to: dtype)
      return UnaryFunction {
        let x = $0 < low ? low : $0 > 1 - low ? 1 - low : $0
        return Libm.log(x / (1 - x))
      }
    }
  }

  private static func floating(
    _ name: String, complex: (@Sendable (Complex<Double>) -> Complex<Double>)? = nil,
    _ function: @escaping @Sendable (Double) -> Double
  ) -> Operator {
    unaryOperator(name, gives: .floating, UnaryFunction(complex: complex, function))
  }
}
