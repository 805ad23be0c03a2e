extension KernelBuilder {
  /// The error function, at most 5 ULP; the argument and three registers.
  ///
  /// On −3.92...3.92, beyond which it rounds to ±1, x P(x²) / Q(x²) with minimax polynomials of
  /// degree 5, fitted for this range.
  mutating func errorFunction(_ x: VectorRegister) -> VectorRegister {
    let bounded = clamp(x, low: -3.92, high: 3.92)
    let square = multiply(bounded, bounded)
    let p = constant(2.0500703541927846e-6)
    for coefficient: Float in [
      2.8488289690972723e-4, 3.7656573343048407e-3, 5.2748851458054746e-2,
      0.1904075001949405, 1.1283791461462542,
    ] {
      multiply(p, by: square, thenAdd: coefficient)
    }
    let numerator = multiply(p, bounded)
    let q = constant(3.8091547556519384e-5)
    for coefficient: Float in [
      1.1625438041538757e-3, 1.4969300376759996e-2, 0.11410953052404768, 0.5020769945248653, 1,
    ] {
      multiply(q, by: square, thenAdd: coefficient)
    }
    // Rounding may carry the quotient past 1.
    return clamp(divide(numerator, q), low: -1, high: 1)
  }

  /// x Φ(x) = x/2 + x/2 · erf (x / √2)
  mutating func gelu(_ x: VectorRegister) -> VectorRegister {
    let result = errorFunction(binary(.multiply, x, 0.707106781186547524))
    let half = binary(.multiply, x, 0.5)
    multiply(result, by: half, thenAdd: .register(half))
    return result
  }

  /// x/2 · (1 + tanh u) = x / (1 + e^−2u), where u = √(2/π) (x + 0.044715 x³).
  mutating func geluTanh(_ x: VectorRegister) -> VectorRegister {
    let factor: Float = 2 * 0.797884560802865356
    let slope = multiply(x, x)
    let u = constant(factor)
    emit(.multiplyAdd(u, slope, .constant((factor * 0.044715).bitPattern)))
    let power = coarseExponential(multiply(u, x), .negated, isExactAtZero: false)
    return divide(x, binary(.add, power, 1))
  }
}
