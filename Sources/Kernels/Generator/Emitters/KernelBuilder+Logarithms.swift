/// Logarithms and what is made of them, each in at most four registers with its argument's.
extension KernelBuilder {
  /// The natural logarithm, at most 1.5 ULP: −∞ at 0, NaN below it.
  ///
  /// With x = 2ᵏ m, m between √½ and √2, it is k ln 2 + ln m, and ln m a minimax polynomial of
  /// degree 10 in f = m − 1, fitted for this range.
  mutating func logarithm(_ x: VectorRegister) -> VectorRegister {
    let least = constant(.leastNormalMagnitude)
    let isTiny = compare(x, .less, least)
    let normal = select(isTiny, binary(.multiply, x, 0x1p23), else: x)
    let offset = binary(.subtractInteger, normal, .constant(0x3F35_04F3))
    let exponent = shift(.rightArithmetic, offset, by: 23)
    let mantissa = binary(
      .subtractInteger, normal, .register(shift(.left, exponent, by: 23)))
    let f = binary(.subtract, mantissa, 1)
    var count = unary(.toFloat, exponent)
    let tinyAgain = compare(x, .less, constant(.leastNormalMagnitude))
    count = select(tinyAgain, binary(.subtract, count, 23), else: count)
    let p = constant(-0.07634492963552475)
    let coefficients: [Float] = [
      0.12761574983596802, -0.13160182535648346, 0.14201758801937103, -0.16623356938362122,
      0.20001226663589478, -0.2500081956386566, 0.3333333134651184, -0.5,
    ]
    for coefficient in coefficients { multiply(p, by: f, thenAdd: coefficient) }
    let product = multiply(p, f)
    multiply(product, by: f, thenAdd: .register(f))
    emit(.multiplyAdd(product, count, .constant(Float(0.693147180559945309).bitPattern)))
    return logarithmAtEnds(x, product)
  }

  /// Infinity and NaN as they are, −∞ for zero and NaN for what is below.
  private mutating func logarithmAtEnds(
    _ x: VectorRegister, _ inside: VectorRegister
  ) -> VectorRegister {
    let isFinite = compare(x, .less, constant(.infinity))
    var result = select(isFinite, inside, else: x)
    let isZero = compare(x, .equal, zero())
    result = select(isZero, constant(-.infinity), else: result)
    let isNegative = compare(x, .less, zero())
    return select(isNegative, constant(.nan), else: result)
  }

  /// ln (1 + z) for 0 ≤ z ≤ 1, at most 3 ULP: 2 artanh s with s = z / (2 + z), and a minimax
  /// polynomial for artanh on 0...⅓; takes over z's register.
  mutating func logarithmOfOnePlus(_ z: VectorRegister) -> VectorRegister {
    let s = divide(z, binary(.add, z, 2))
    let square = multiply(s, s)
    let q = constant(0.12154160439968109)
    for coefficient: Float in [
      0.10712926089763641, 0.14308518171310425, 0.19999437034130096, 0.3333333730697632,
    ] {
      multiply(q, by: square, thenAdd: coefficient)
    }
    let product = multiply(q, square)
    let twice = add(s, s)
    multiply(product, by: twice, thenAdd: .register(twice))
    return product
  }

  /// ln (1 + e^−|x|)
  private mutating func logarithmicRest(_ x: VectorRegister) -> VectorRegister {
    let negated = binary(.or, x, .constant(Float(-0.0).bitPattern))
    return logarithmOfOnePlus(exponentialOfNonPositive(negated))
  }

  /// ln (1 + e^βx) / β, or x where βx is above the threshold.
  mutating func softplus(
    _ x: VectorRegister, beta: Float, threshold: Float
  ) -> VectorRegister {
    let scaled = beta == 1 ? x : binary(.multiply, x, beta)
    let rest = logarithmicRest(scaled)
    let again = beta == 1 ? x : binary(.multiply, x, beta)
    var result = add(rest, binary(.maximum, zero(), again))
    if beta != 1 { result = binary(.divide, result, beta) }
    let third = beta == 1 ? x : binary(.multiply, x, beta)
    let isAbove = compare(third, .greater, constant(threshold))
    return select(isAbove, x, else: result)
  }

  /// −ln (1 + e^−x)
  mutating func logarithmOfSigmoid(_ x: VectorRegister) -> VectorRegister {
    let rest = logarithmicRest(x)
    return subtract(binary(.minimum, zero(), x), rest)
  }
}
