import MartletTensor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The two floating-point types that values are computed in, with the functions that layers need.
package protocol RealElement: ComputeElement, BinaryFloatingPoint {
  static func exponential(_ x: Self) -> Self
  static func logarithm(_ x: Self) -> Self
  static func hyperbolicTangent(_ x: Self) -> Self
  static func power(_ x: Self, _ y: Self) -> Self
}

extension Float: RealElement {
  package static func exponential(_ x: Float) -> Float { exp(x) }
  package static func logarithm(_ x: Float) -> Float { log(x) }
  package static func hyperbolicTangent(_ x: Float) -> Float { tanh(x) }
  package static func power(_ x: Float, _ y: Float) -> Float { pow(x, y) }
}

extension Double: RealElement {
  package static func exponential(_ x: Double) -> Double { exp(x) }
  package static func logarithm(_ x: Double) -> Double { log(x) }
  package static func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
  package static func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }
}

extension RealElement {
  package static func sigmoid(_ x: Self) -> Self { 1 / (1 + exponential(-x)) }
}

extension DType {
  /// - Throws: `MartletError` of kind `.dtype`, in PyTorch's words, for whole numbers and truth
  ///   values.
  package func requireFloating(_ operation: String) throws {
    guard isFloatingPoint else {
      throw MartletError(.dtype, "\"\(operation)\" not implemented for '\(self)'")
    }
  }
}
