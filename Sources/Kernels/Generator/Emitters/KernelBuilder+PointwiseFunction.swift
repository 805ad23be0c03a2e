extension KernelBuilder {
  /// The function of a vector, in a new register; at most four registers beside the argument's
  /// are in use at once.
  mutating func apply(
    _ function: PointwiseFunction, to x: VectorRegister
  ) -> VectorRegister {
    switch function {
    case .identity: return x
    case .negate: return binary(.xor, x, .constant(Float(-0.0).bitPattern))
    case .absolute: return binary(.and, x, .constant(0x7FFF_FFFF))
    case .square: return multiply(x, x)
    case .cube: return multiply(multiply(x, x), x)
    case .reciprocal: return divide(constant(1), x)
    case .squareRoot: return unary(.squareRoot, x)
    case .reciprocalSquareRoot: return divide(constant(1), unary(.squareRoot, x))
    case .floor: return unary(.floor, x)
    case .ceiling: return unary(.ceiling, x)
    case .roundToEven: return unary(.roundToNearest, x)
    case .truncate: return unary(.truncate, x)
    case .exp: return exponential(x)
    case .log: return logarithm(x)
    case .tanh: return tanh(x)
    case .sigmoid: return sigmoid(x)
    case .erf: return errorFunction(x)
    case .silu: return silu(x)
    case .gelu: return gelu(x)
    case .geluTanh: return geluTanh(x)
    case .mish: return mish(x)
    case .softplus(let beta, let threshold):
      return softplus(x, beta: beta, threshold: threshold)
    case .logSigmoid: return logarithmOfSigmoid(x)
    case .tanhShrink: return subtract(x, tanh(x))
    case .softSign:
      let size = binary(.and, x, .constant(0x7FFF_FFFF))
      return divide(x, binary(.add, size, 1))
    case .affine(let scale, let shift):
      let result = constant(shift)
      emit(.multiplyAdd(result, x, .constant(scale.bitPattern)))
      return result
    default: return applyPiecewise(function, to: x)
    }
  }

  /// x · tanh (ln (1 + eˣ)) = x n / (n + 2), where n = eˣ (eˣ + 2).
  private mutating func mish(_ x: VectorRegister) -> VectorRegister {
    // From 20 on the quotient is 1.
    let bounded = binary(.minimum, constant(20), .register(x))
    let power = coarseExponential(bounded)
    let n = multiply(power, binary(.add, power, 2))
    return multiply(x, divide(n, binary(.add, n, 2)))
  }

  private mutating func applyPiecewise(
    _ function: PointwiseFunction, to x: VectorRegister
  ) -> VectorRegister {
    switch function {
    // The processor's maximum and minimum give their second operand where one is NaN.
    case .relu: return binary(.maximum, zero(), x)
    case .clamp(let low, let high): return clamp(x, low: low, high: high)
    case .leakyReLU(let slope):
      let product = binary(.multiply, x, slope)
      if slope > 0, slope <= 1 { return binary(.maximum, product, x) }
      let isPositive = compare(x, .greater, zero())
      return select(isPositive, x, else: product)
    case .elu(let alpha): return elu(x, alpha: alpha)
    case .celu(let alpha): return elu(x, alpha: alpha, inner: 1 / alpha)
    case .selu:
      let alpha: Float = 1.6732632423543772848
      return elu(x, alpha: alpha, scale: 1.0507009873554804934)
    case .hardSwish:
      let gate = clamp(binary(.add, x, 3), low: 0, high: 6)
      return binary(.multiply, multiply(x, gate), 1 / 6)
    case .hardSigmoid:
      return binary(.multiply, clamp(binary(.add, x, 3), low: 0, high: 6), 1 / 6)
    case .threshold(let threshold, let value):
      let isBelow = compare(x, .lessOrEqual, constant(threshold))
      return select(isBelow, constant(value), else: x)
    case .hardShrink(let bound):
      let size = binary(.and, x, .constant(0x7FFF_FFFF))
      let isSmall = compare(size, .lessOrEqual, constant(bound))
      return select(isSmall, zero(), else: x)
    case .softShrink(let bound): return subtract(x, clamp(x, low: -bound, high: bound))
    default: preconditionFailure("\(function) is written elsewhere")
    }
  }

  /// scale · (max(x, 0) + α (e^(x · inner) − 1) where x is negative)
  private mutating func elu(
    _ x: VectorRegister, alpha: Float, inner: Float = 1, scale: Float = 1
  ) -> VectorRegister {
    var negative = binary(.minimum, zero(), x)
    if inner != 1 { negative = binary(.multiply, negative, inner) }
    let power = exponentialMinusOneOfNonPositive(negative)
    var result = binary(.maximum, zero(), x)
    if scale != 1 { result = binary(.multiply, result, scale) }
    emit(.multiplyAdd(result, power, .constant((alpha * scale).bitPattern)))
    return result
  }
}
