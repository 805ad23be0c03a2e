/// Elementary functions of vectors: polynomials and exact range reductions, without FMA.
///
/// Error bounds are in units in the last place (ULP) against the correctly rounded result, for
/// results that are normal numbers; `VectorMathTests` measures them over dense samples.
enum VectorMath {
  /// e to the power x, at most 2 ULP; 0 below about −103.97 and infinity above about 88.72.
  ///
  /// Source: Cephes `expf`: x = n ln 2 + r with |r| ≤ ln 2 / 2, and a polynomial for e^r.
  @inline(__always)
  static func exp(_ argument: Vector) -> Vector {
    var x = argument
    x.replace(with: 89, where: x .> 89)
    x.replace(with: -105, where: x .< -105)
    // Adding 1.5 · 2²³ rounds to the nearest integer and leaves it in the low bits.
    let magic = Vector(repeating: 12_582_912)
    let shifted = x * 1.44269504088896341 + magic
    let n = shifted - magic
    let r = (x - n * 0.693359375) - n * -2.12194440e-4
    var p = r * 1.9875691500e-4 + 1.3981999507e-3
    p = p * r + 8.3334519073e-3
    p = p * r + 4.1665795894e-2
    p = p * r + 1.6666665459e-1
    p = p * r + 5.0000001201e-1
    p = p * (r * r) + r + 1
    // Two factors, so that results below the least normal number and overflow come out right.
    let whole = shifted.bits &- magic.bits
    let half = whole &>> 1
    let low = Vector(bits: (half &+ 127) &<< 23)
    let high = Vector(bits: (whole &- half &+ 127) &<< 23)
    return p * low * high
  }

  /// 1 / (1 + e^−x), at most 3 ULP.
  @inline(__always)
  static func sigmoid(_ x: Vector) -> Vector { 1 / (1 + exp(-x)) }

  /// The hyperbolic tangent, at most 3 ULP.
  ///
  /// Source: Cephes `tanhf`: a polynomial where |x| < 0.625, else 1 − 2 / (e^2x + 1).
  @inline(__always)
  static func tanh(_ x: Vector) -> Vector {
    let size = x.magnitude
    let z = x * x
    var p = z * -5.70498872745e-3 + 2.06390887954e-2
    p = p * z - 5.37397155531e-2
    p = p * z + 1.33314422036e-1
    p = p * z - 3.33332819422e-1
    let small = p * z * x + x
    let large = 1 - 2 / (exp(size + size) + 1)
    let signed = Vector(bits: large.bits | (x.bits & SIMD8<Int32>(repeating: .min)))
    return signed.replacing(with: small, where: size .< 0.625)
  }

  /// The error function, at most 3 ULP.
  ///
  /// Source: N. Juffa's `erff`: an odd polynomial where |x| ≤ 0.9277, else 1 − e^p(|x|).
  @inline(__always)
  static func erf(_ x: Vector) -> Vector {
    let t = x.magnitude
    let s = x * x
    var r = t * -1.72853470e-5 + 3.83197126e-4
    let u = t * -3.88396438e-3 + 2.42546219e-2
    r = r * s + u
    r = r * t - 1.06777877e-1
    r = r * t - 6.34846687e-1
    r = r * t - 1.28717512e-1
    // Beyond 4 the result is 1; the bound keeps the polynomial from turning.
    let bounded = (r * t - t).replacing(with: -100, where: t .> 4)
    let large = 1 - exp(bounded)
    let signed = Vector(bits: large.bits | (x.bits & SIMD8<Int32>(repeating: .min)))
    var q = s * -5.96761703e-4 + 4.99119423e-3
    q = q * s - 2.67681349e-2
    q = q * s + 1.12819925e-1
    q = q * s - 3.76125336e-1
    q = q * s + 1.28379166e-1
    let small = q * x + x
    let result = signed.replacing(with: small, where: t .<= 0.927734375)
    return result.replacing(with: x, where: x .!= x)
  }
}

extension VectorMath {
  /// The natural logarithm, at most 2 ULP: −∞ at 0, NaN below it.
  ///
  /// With x = 2ᵏ m, m between √½ and √2, it is k ln 2 + ln m, and ln m a minimax polynomial.
  @inline(__always)
  static func log(_ x: Vector) -> Vector {
    let isTiny = x .< Float.leastNormalMagnitude
    let normal = x.replacing(with: x * 0x1p23, where: isTiny)
    let exponent = (normal.bits &- 0x3F35_04F3) &>> 23
    let f = Vector(bits: normal.bits &- exponent &<< 23) - 1
    var count = Vector(exponent)
    count = count.replacing(with: count - 23, where: isTiny)
    var p = f * -0.07634492963552475 + 0.12761574983596802
    p = p * f - 0.13160182535648346
    p = p * f + 0.14201758801937103
    p = p * f - 0.16623356938362122
    p = p * f + 0.20001226663589478
    p = p * f - 0.2500081956386566
    p = p * f + 0.3333333134651184
    p = p * f - 0.5
    // ln 2 in two parts, so that the first product is exact.
    let low = p * f * f + count * -2.12194440e-4
    let inside = (f + low) + count * 0.693359375
    let finite = x.replacing(with: inside, where: x .< Float.infinity)
    let aboveZero = finite.replacing(with: -.infinity, where: x .== 0)
    return aboveZero.replacing(with: .nan, where: x .< 0)
  }

  /// ln (1 + z) for 0 ≤ z ≤ 1, at most 3 ULP: 2 artanh (z / (2 + z)).
  @inline(__always)
  static func logOfOnePlus(_ z: Vector) -> Vector {
    let s = z / (z + 2)
    let u = s * s
    var q = u * 0.12154160439968109 + 0.10712926089763641
    q = q * u + 0.14308518171310425
    q = q * u + 0.19999437034130096
    q = q * u + 0.3333333730697632
    return (s + s) * (q * u) + (s + s)
  }
}
