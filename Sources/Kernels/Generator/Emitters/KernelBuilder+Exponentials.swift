/// The exponential and its relatives, each in at most three registers beside its argument's.
///
/// Error bounds are in units in the last place against the exact result where that is a normal
/// number; `EmitterTests` measures them over dense samples. The argument's register keeps its
/// value. A polynomial of degree 6 in r, where x = n ln 2 + r, gives e^r − 1 to 2⁻²⁶ of itself
/// (minimax, fitted for this range); n comes from adding 1.5 · 2²³, which leaves it in the low
/// bits.
extension KernelBuilder {
  /// e to the power x, at most 1.5 ULP, numbers below the least normal one and infinity included.
  mutating func exponential(_ x: VectorRegister) -> VectorRegister {
    let bounded = clamp(x, low: -105, high: 89)
    let (rest, shifted) = reduce(bounded, .plain)
    let power = powerOfE(rest, .plain)
    // Two factors, as one alone is no normal number at either end.
    let whole = binary(.subtractInteger, shifted, .constant(Self.magic.bitPattern))
    let half = shift(.rightArithmetic, whole, by: 1)
    let other = binary(.subtractInteger, whole, .register(half))
    return multiply(multiply(power, exponent(half)), exponent(other))
  }

  /// e to the power x for x ≤ 0, at most 1.5 ULP; 0 where the result is not a normal number.
  mutating func exponentialOfNonPositive(_ x: VectorRegister) -> VectorRegister {
    let low = constant(-88)
    let (rest, shifted) = reduce(binary(.maximum, low, x), .plain)
    return multiply(powerOfE(rest, .plain), exponent(shifted))
  }

  /// e to the power x or −x, at most 1.5 ULP; 0 where the result is not a normal number, and
  /// infinity from 2^127.5 on.
  mutating func coarseExponential(
    _ x: VectorRegister, _ sign: ExponentSign = .plain
  ) -> VectorRegister {
    let bounded =
      sign == .plain ? clamp(x, low: -88, high: 89) : clamp(x, low: -89, high: 88)
    let (rest, shifted) = reduce(bounded, sign)
    return multiply(powerOfE(rest, sign), exponent(shifted))
  }

  /// e^x − 1 for x ≤ 0, at most 2 ULP.
  mutating func exponentialMinusOneOfNonPositive(_ x: VectorRegister) -> VectorRegister {
    let low = constant(-88)
    let (rest, shifted) = reduce(binary(.maximum, low, x), .plain)
    let power = powerOfE(rest, .plain, minusOne: true)
    let scale = exponent(shifted)
    // 2ⁿ (e^r − 1) + (2ⁿ − 1)
    multiply(power, by: scale, thenAdd: .register(binary(.subtract, scale, 1)))
    return power
  }

  /// 1 / (1 + e^−x), at most 3 ULP; 0 below −88.4.
  mutating func sigmoid(_ x: VectorRegister) -> VectorRegister {
    let sum = binary(.add, coarseExponential(x, .negated), 1)
    return divide(constant(1), sum)
  }

  /// x / (1 + e^−x), at most 3 ULP; 0 below −88.4, and NaN at −∞ as in PyTorch.
  mutating func silu(_ x: VectorRegister) -> VectorRegister {
    divide(x, binary(.add, coarseExponential(x, .negated), 1))
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

  /// The rest r of x (or its negative) beyond whole multiples of ln 2, and 1.5 · 2²³ plus how
  /// many those are; takes over x's register.
  private mutating func reduce(
    _ x: VectorRegister, _ sign: ExponentSign
  ) -> (rest: VectorRegister, shifted: VectorRegister) {
    let shifted = constant(Self.magic)
    let perLog2 = VectorOperand.constant(Float(1.44269504088896341).bitPattern)
    let log2 = VectorOperand.constant(Float(0.693147182464599609375).bitPattern)
    let log2Rest = VectorOperand.constant(Float(-1.904654323148236e-9).bitPattern)
    switch sign {
    case .plain:
      emit(.multiplyAdd(shifted, x, perLog2))
      let count = binary(.subtract, shifted, Self.magic)
      emit(.multiplySubtract(x, count, log2))
      emit(.multiplySubtract(x, count, log2Rest))
    case .negated:
      emit(.multiplySubtract(shifted, x, perLog2))
      let count = binary(.subtract, shifted, Self.magic)
      emit(.multiplyAdd(x, count, log2))
      emit(.multiplyAdd(x, count, log2Rest))
    }
    return (x, shifted)
  }

  /// e^r or e^−r, or that less one, for |r| ≤ ln 2 / 2.
  private mutating func powerOfE(
    _ r: VectorRegister, _ sign: ExponentSign, minusOne: Bool = false
  ) -> VectorRegister {
    let odd: Float = sign == .plain ? 1 : -1
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

  /// 2 to the power of the integer in the low nine bits; 0 for −127 and infinity for 128.
  private mutating func exponent(_ count: VectorRegister) -> VectorRegister {
    let high = shift(.left, count, by: 23)
    return binary(.addInteger, high, .constant(Float(1).bitPattern))
  }
}
