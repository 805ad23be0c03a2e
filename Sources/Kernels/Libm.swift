#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The system's mathematical library, by C's names.
///
/// Through here the operators need no Foundation, which with all that it brings would be the
/// larger part of what a small program holds in memory.
package enum Libm {
  package static func acos(_ x: Double) -> Double { systemAcos(x) }
  package static func acosh(_ x: Double) -> Double { systemAcosh(x) }
  package static func asin(_ x: Double) -> Double { systemAsin(x) }
  package static func asinh(_ x: Double) -> Double { systemAsinh(x) }
  package static func atan(_ x: Double) -> Double { systemAtan(x) }
  package static func atanh(_ x: Double) -> Double { systemAtanh(x) }
  package static func cos(_ x: Double) -> Double { systemCos(x) }
  package static func cosh(_ x: Double) -> Double { systemCosh(x) }
  package static func erf(_ x: Double) -> Double { systemErf(x) }
  package static func erfc(_ x: Double) -> Double { systemErfc(x) }
  package static func exp(_ x: Double) -> Double { systemExp(x) }
  package static func exp2(_ x: Double) -> Double { systemExp2(x) }
  package static func expm1(_ x: Double) -> Double { systemExpm1(x) }
  package static func log(_ x: Double) -> Double { systemLog(x) }
  package static func log10(_ x: Double) -> Double { systemLog10(x) }
  package static func log1p(_ x: Double) -> Double { systemLog1p(x) }
  package static func log2(_ x: Double) -> Double { systemLog2(x) }
  package static func sin(_ x: Double) -> Double { systemSin(x) }
  package static func sinh(_ x: Double) -> Double { systemSinh(x) }
  package static func tan(_ x: Double) -> Double { systemTan(x) }
  package static func tanh(_ x: Double) -> Double { systemTanh(x) }
  package static func tgamma(_ x: Double) -> Double { systemTgamma(x) }
  package static func atan2(_ x: Double, _ y: Double) -> Double { systemAtan2(x, y) }
  package static func fmax(_ x: Double, _ y: Double) -> Double { systemFmax(x, y) }
  package static func fmin(_ x: Double, _ y: Double) -> Double { systemFmin(x, y) }
  package static func hypot(_ x: Double, _ y: Double) -> Double { systemHypot(x, y) }
  package static func nextafter(_ x: Double, _ y: Double) -> Double { systemNextafter(x, y) }
  package static func pow(_ x: Double, _ y: Double) -> Double { systemPow(x, y) }
  package static func nextafter(_ x: Float, _ y: Float) -> Float { systemNextafter(x, y) }
  package static func pow(_ x: Float, _ y: Float) -> Float { systemPow(x, y) }
  /// The logarithm of the absolute value of the gamma function.
  package static func lgamma(_ x: Double) -> Double { systemLgamma(x) }
  /// `x` times a power of two.
  package static func scalbn(_ x: Double, _ exponent: Int) -> Double { systemScalbn(x, exponent) }
}

// Outside of the type, where the names mean the system's.
private func systemAcos(_ x: Double) -> Double { acos(x) }
private func systemAcosh(_ x: Double) -> Double { acosh(x) }
private func systemAsin(_ x: Double) -> Double { asin(x) }
private func systemAsinh(_ x: Double) -> Double { asinh(x) }
private func systemAtan(_ x: Double) -> Double { atan(x) }
private func systemAtanh(_ x: Double) -> Double { atanh(x) }
private func systemCos(_ x: Double) -> Double { cos(x) }
private func systemCosh(_ x: Double) -> Double { cosh(x) }
private func systemErf(_ x: Double) -> Double { erf(x) }
private func systemErfc(_ x: Double) -> Double { erfc(x) }
private func systemExp(_ x: Double) -> Double { exp(x) }
private func systemExp2(_ x: Double) -> Double { exp2(x) }
private func systemExpm1(_ x: Double) -> Double { expm1(x) }
private func systemLog(_ x: Double) -> Double { log(x) }
private func systemLog10(_ x: Double) -> Double { log10(x) }
private func systemLog1p(_ x: Double) -> Double { log1p(x) }
private func systemLog2(_ x: Double) -> Double { log2(x) }
private func systemSin(_ x: Double) -> Double { sin(x) }
private func systemSinh(_ x: Double) -> Double { sinh(x) }
private func systemTan(_ x: Double) -> Double { tan(x) }
private func systemTanh(_ x: Double) -> Double { tanh(x) }
private func systemTgamma(_ x: Double) -> Double { tgamma(x) }
private func systemAtan2(_ x: Double, _ y: Double) -> Double { atan2(x, y) }
private func systemFmax(_ x: Double, _ y: Double) -> Double { fmax(x, y) }
private func systemFmin(_ x: Double, _ y: Double) -> Double { fmin(x, y) }
private func systemHypot(_ x: Double, _ y: Double) -> Double { hypot(x, y) }
private func systemNextafter(_ x: Double, _ y: Double) -> Double { nextafter(x, y) }
private func systemPow(_ x: Double, _ y: Double) -> Double { pow(x, y) }
private func systemNextafter(_ x: Float, _ y: Float) -> Float { nextafter(x, y) }
private func systemPow(_ x: Float, _ y: Float) -> Float { pow(x, y) }
private func systemLgamma(_ x: Double) -> Double {
  let (value, _): (Double, Int) = lgamma(x)
  return value
}
private func systemScalbn(_ x: Double, _ exponent: Int) -> Double { scalbn(x, exponent) }
