/// The exponential and its relatives, each in at most three registers beside its argument's.
///
/// Error bounds are in units in the last place against the exact result where that is a normal
/// number; `EmitterTests` measures them over dense samples. The argument's register keeps its
/// value. A polynomial in r, where x = n ln 2 + r, gives e^r; n comes from adding 1.5 · 2²³, which
/// leaves it in the low bits.
extension KernelBuilder {
  /// e to the power x, at most 1.5 ULP, numbers below the least normal one and infinity included.
  mutating func exponential(_ x: VectorRegister) -> VectorRegister {
    let bounded = clamp(x, low: -105, high: 89)
    let (rest, count) = reduce(bounded, .plain, isExact: true)
    let power = powerOfE(rest, .plain)
    if instructionSet == .avx512 { return scale(power, count) }
    // Two factors, as one alone is no normal number at either end.
    let whole = binary(.subtractInteger, count, .constant(Self.magic.bitPattern))
    let half = shift(.rightArithmetic, whole, by: 1)
    let other = binary(.subtractInteger, whole, .register(half))
    return multiply(multiply(power, exponent(half)), exponent(other))
  }

  /// e to the power x for x ≤ 0, at most 2 ULP from −20 on and 5 below; 0 where the result is
  /// not a normal number, or not even a smaller one (AVX-512).
  mutating func exponentialOfNonPositive(_ x: VectorRegister) -> VectorRegister {
    let low = constant(instructionSet == .avx512 ? -105 : -88)
    let (rest, count) = reduce(binary(.maximum, low, x), .plain, isExact: false)
    return scale(powerOfE(rest, .plain), count)
  }

  /// e to the power x or −x, at most 2 ULP from −20 to 20 and 5 elsewhere; 0 where the result is
  /// not a normal number, or not even a smaller one (AVX-512), and infinity from 2^128 on.
  ///
  /// - Parameter isExactAtZero: whether e⁰ is 1; otherwise a term less may give 1 + 2⁻²³.
  mutating func coarseExponential(
    _ x: VectorRegister, _ sign: ExponentSign = .plain, isExactAtZero: Bool = true
  ) -> VectorRegister {
    let (low, high): (Float, Float) =
      switch (instructionSet, sign) {
      case (.avx512, _): (-105, 105)
      case (.avx2, .plain): (-88, 89)
      case (.avx2, .negated): (-89, 88)
      }
    let (rest, count) = reduce(clamp(x, low: low, high: high), sign, isExact: false)
    return scale(powerOfE(rest, sign, hasSixTerms: isExactAtZero), count)
  }

  /// e^x − 1 for x ≤ 0, at most 2 ULP.
  mutating func exponentialMinusOneOfNonPositive(_ x: VectorRegister) -> VectorRegister {
    let low = constant(-88)
    let (rest, count) = reduce(binary(.maximum, low, x), .plain, isExact: true)
    let power = powerOfE(rest, .plain, minusOne: true)
    let factor = instructionSet == .avx512 ? scale(constant(1), count) : exponent(count)
    // 2ⁿ (e^r − 1) + (2ⁿ − 1)
    multiply(power, by: factor, thenAdd: .register(binary(.subtract, factor, 1)))
    return power
  }

  /// 1 / (1 + e^−x), at most 5 ULP; 0 below −88.8.
  mutating func sigmoid(_ x: VectorRegister) -> VectorRegister {
    let sum = binary(.add, coarseExponential(x, .negated), 1)
    return divide(constant(1), sum)
  }

  /// x / (1 + e^−x), at most 5 ULP; 0 below −88.8, and NaN at −∞ as in PyTorch.
  mutating func silu(_ x: VectorRegister) -> VectorRegister {
    divide(x, binary(.add, coarseExponential(x, .negated, isExactAtZero: false), 1))
  }

  /// The hyperbolic tangent, at most 3 ULP: with m = e^−2|x| − 1 it is ∓m / (m + 2).
  mutating func tanh(_ x: VectorRegister) -> VectorRegister {
    let negated = binary(.or, x, .constant(Float(-0.0).bitPattern))
    let power = exponentialMinusOneOfNonPositive(add(negated, negated))
    let size = divide(power, binary(.add, power, 2))
    return copySign(of: x, to: size)
  }

  /// The size of the one with the sign of the other.
  mutating func copySign(of x: VectorRegister, to size: VectorRegister) -> VectorRegister {
    let sign = binary(.and, x, .constant(Float(-0.0).bitPattern))
    let bare = binary(.and, size, .constant(0x7FFF_FFFF))
    return binary(.or, bare, .register(sign))
  }

  /// The nearest number within the bounds; NaN stays NaN.
  mutating func clamp(_ x: VectorRegister, low: Float, high: Float) -> VectorRegister {
    // The processor's maximum gives its second operand where one is NaN.
    let raised = binary(.maximum, constant(low), .register(x))
    return binary(.minimum, constant(high), .register(raised))
  }

  enum ExponentSign { case plain, negated }

  private static var magic: Float { 12_582_912 }

  /// The rest r of x (or its negative) beyond whole multiples of ln 2, and how many those are, as
  /// `scale` takes it; takes over x's register.
  ///
  /// - Parameter isExact: whether r is so for any x; otherwise it is off by 2⁻²⁹ of the multiples.
  private mutating func reduce(
    _ x: VectorRegister, _ sign: ExponentSign, isExact: Bool
  ) -> (rest: VectorRegister, count: VectorRegister) {
    let shifted = constant(Self.magic)
    let perLog2 = VectorOperand.constant(Float(1.44269504088896341).bitPattern)
    let log2 = VectorOperand.constant(Float(0.693147182464599609375).bitPattern)
    let log2Rest = VectorOperand.constant(Float(-1.904654323148236e-9).bitPattern)
    emit(
      sign == .plain
        ? .multiplyAdd(shifted, x, perLog2) : .multiplySubtract(shifted, x, perLog2))
    let count = binary(.subtract, shifted, Self.magic)
    for part in isExact ? [log2, log2Rest] : [log2] {
      emit(sign == .plain ? .multiplySubtract(x, count, part) : .multiplyAdd(x, count, part))
    }
    return (x, instructionSet == .avx512 ? count : shifted)
  }

  /// e^r or e^−r, or that less one, for |r| ≤ ln 2 / 2: to 2⁻²⁶ of e^r − 1 with six terms beside
  /// the first, to 2⁻²³·⁶ with five (minimax, fitted for this range).
  private mutating func powerOfE(
    _ r: VectorRegister, _ sign: ExponentSign, minusOne: Bool = false, hasSixTerms: Bool = true
  ) -> VectorRegister {
    let odd: Float = sign == .plain ? 1 : -1
    if !hasSixTerms {
      let result = constant(odd * 0.008297647958752806)
      for coefficient in [
        0.041915431433941254, odd * 0.16667575091154974, 0.49998894413472145,
        odd * 0.9999996918073818, 1.000000071696982,
      ] { multiply(result, by: r, thenAdd: coefficient) }
      return result
    }
    let result = constant(0.0013946554390713573)
    multiply(result, by: r, thenAdd: odd * 0.008366644382476807)
    multiply(result, by: r, thenAdd: 0.04166628047823906)
    multiply(result, by: r, thenAdd: odd * 0.16666541993618011)
    multiply(result, by: r, thenAdd: 0.5)
    if minusOne {
      precondition(sign == .plain, "not needed")
      let product = multiply(result, r)
      multiply(product, by: r, thenAdd: .register(r))
      return product
    }
    multiply(result, by: r, thenAdd: odd)
    multiply(result, by: r, thenAdd: 1)
    return result
  }

  /// The value times 2 to the power of a count that `reduce` gave.
  private mutating func scale(
    _ value: VectorRegister, _ count: VectorRegister
  ) -> VectorRegister {
    instructionSet == .avx512
      ? binary(.scale, value, .register(count)) : multiply(value, exponent(count))
  }

  /// 2 to the power of the integer in the low nine bits; 0 for −127 and infinity for 128.
  private mutating func exponent(_ count: VectorRegister) -> VectorRegister {
    let high = shift(.left, count, by: 23)
    return binary(.addInteger, high, .constant(Float(1).bitPattern))
  }
}
