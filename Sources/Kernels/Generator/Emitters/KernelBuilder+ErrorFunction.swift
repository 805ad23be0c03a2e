extension KernelBuilder {
  /// The error function, at most 6 ULP; the argument and three registers.
  ///
  /// Source: Eigen's `generic_fast_erf_float`: on −4...4 an odd polynomial of degree 13 over an
  /// even one of degree 8.
  mutating func errorFunction(_ x: VectorRegister) -> VectorRegister {
    let bounded = clamp(x, low: -4, high: 4)
    let square = multiply(bounded, bounded)
    let p = constant(-2.72614225801306e-10)
    for coefficient: Float in [
      2.77068142495902e-08, -2.10102402082508e-06, -5.69250639462346e-05,
      -7.34990630326855e-04, -2.95459980854025e-03, -1.60960333262415e-02,
    ] {
      multiply(p, by: square, thenAdd: coefficient)
    }
    let numerator = multiply(p, bounded)
    let q = constant(-1.45660718464996e-05)
    for coefficient: Float in [
      -2.13374055278905e-04, -1.68282697438203e-03, -7.37332916720468e-03,
      -1.42647390514189e-02,
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
    let sum = binary(.add, coarseExponential(multiply(u, x), .negated), 1)
    return divide(x, sum)
  }
}
