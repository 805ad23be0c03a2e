#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The Box-Muller transform of two uniform numbers in [0, 1) to two normal ones, the way
/// PyTorch's `normal_fill` does it from 16 elements up.
///
/// In `Float` every rounding is that of PyTorch's AVX2 code on x86-64 (the Cephes polynomials of
/// `avx_mathfun.h`, with the multiply-adds its compiler fuses), so the numbers agree to the bit.
/// In `Double` it calls the C library, as PyTorch does: the same bits with the same library.
enum NormalFill {
  /// - Parameters:
  ///   - u1: gives the radius.
  ///   - u2: gives the angle.
  static func transform(_ u1: Float, _ u2: Float, mean: Float, std: Float) -> (Float, Float) {
    let radius = (-2 * logarithm(1 - u1)).squareRoot()
    // `Float.pi` is rounded down, so that angles stay below π; PyTorch's 2π is the nearest.
    let (sine, cosine) = sineAndCosine(6.283185307179586 * u2)
    return (mean.addingProduct(radius * cosine, std), mean.addingProduct(radius * sine, std))
  }

  static func transform(
    _ u1: Double, _ u2: Double, mean: Double, std: Double
  ) -> (Double, Double) {
    let radius = (-2 * log(1 - u1)).squareRoot()
    let angle = 2 * Double.pi * u2
    return (
      mean.addingProduct(radius * cos(angle), std), mean.addingProduct(radius * sin(angle), std)
    )
  }

  /// The natural logarithm for (0, 1]; error at most 1 ULP. Cephes `logf`.
  private static func logarithm(_ value: Float) -> Float {
    let bits = value.bitPattern
    var mantissa = Float(bitPattern: (bits & 0x807F_FFFF) | 0x3F00_0000)
    var exponent = Float(Int32(truncatingIfNeeded: bits >> 23) &- 0x7E)
    if mantissa < 0.707106781186547524 {
      exponent -= 1
      mantissa += mantissa - 1
    } else {
      mantissa -= 1
    }
    let square = mantissa * mantissa
    var y: Float = 7.0376836292E-2
    y = Float(-1.1514610310E-1).addingProduct(y, mantissa)
    y = Float(1.1676998740E-1).addingProduct(y, mantissa)
    y = Float(-1.2420140846E-1).addingProduct(y, mantissa)
    y = Float(1.4249322787E-1).addingProduct(y, mantissa)
    y = Float(-1.6668057665E-1).addingProduct(y, mantissa)
    y = Float(2.0000714765E-1).addingProduct(y, mantissa)
    y = Float(-2.4999993993E-1).addingProduct(y, mantissa)
    y = Float(3.3333331174E-1).addingProduct(y, mantissa)
    y *= mantissa
    y = (exponent * -2.12194440e-4).addingProduct(y, square)
    y = y.addingProduct(square, -0.5)
    return (mantissa + y).addingProduct(exponent, 0.693359375)
  }

  /// Sine and cosine for [0, 2π]. Cephes `sinf`, `cosf`.
  private static func sineAndCosine(_ angle: Float) -> (sine: Float, cosine: Float) {
    // The octant, made even: 0, 2, 4, 6 or 8.
    let octant = (Int32(angle * 1.27323954473516) + 1) & ~1
    let multiple = Float(octant)
    var x = angle.addingProduct(multiple, -0.78515625)
    x = x.addingProduct(multiple, -2.4187564849853515625e-4)
    x = x.addingProduct(multiple, -3.77489497744594108e-8)
    let square = x * x

    var even: Float = 2.443315711809948E-005
    even = Float(-1.388731625493765E-003).addingProduct(even, square)
    even = Float(4.166664568298827E-002).addingProduct(even, square)
    even *= square
    even = (square * -0.5).addingProduct(even, square) + 1

    var odd: Float = -1.9515295891E-4
    odd = Float(8.3321608736E-3).addingProduct(odd, square)
    odd = Float(-1.6666654611E-1).addingProduct(odd, square)
    odd *= square
    odd = x.addingProduct(odd, x)

    let isSwapped = octant & 2 != 0
    let sine = isSwapped ? even : odd
    let cosine = isSwapped ? odd : even
    return (
      octant & 4 == 0 ? sine : -sine, (octant - 2) & 4 == 0 ? -cosine : cosine
    )
  }
}
