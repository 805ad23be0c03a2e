/// The rarer activations' vector functions.
struct Rounded: VectorFunction {
  let rule: FloatingPointRoundingRule
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector { x.rounded(rule) }
}
struct Logarithm: VectorFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector { VectorMath.log(x) }
}
struct CELU: VectorFunction {
  let alpha: Float
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector {
    (ELU(alpha: 1)(x / alpha) * alpha).replacing(with: x, where: x .> 0)
  }
}
struct SELU: VectorFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector {
    ELU(alpha: 1.6732632423543772848)(x) * 1.0507009873554804934
  }
}
struct Mish: VectorFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector {
    // tanh (ln (1 + e)) as a quotient; it is 1 from 20 on.
    let power = VectorMath.exp(x.replacing(with: 20, where: x .> 20))
    let n = power * (power + 2)
    return x * (n / (n + 2))
  }
}
struct Softplus: VectorFunction {
  let beta, threshold: Float
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector {
    let y = x * beta
    let rest = VectorMath.logOfOnePlus(VectorMath.exp(-y.magnitude))
    let result = (y.replacing(with: 0, where: y .< 0) + rest) / beta
    return result.replacing(with: x, where: y .> threshold)
  }
}
struct LogSigmoid: VectorFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector {
    x.replacing(with: 0, where: x .> 0) - VectorMath.logOfOnePlus(VectorMath.exp(-x.magnitude))
  }
}
struct SoftSign: VectorFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector { x / (x.magnitude + 1) }
}
struct TanhShrink: VectorFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector { x - VectorMath.tanh(x) }
}
struct Threshold: VectorFunction {
  let threshold, value: Float
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector {
    x.replacing(with: value, where: x .<= threshold)
  }
}
struct HardShrink: VectorFunction {
  let bound: Float
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector {
    x.replacing(with: 0, where: x.magnitude .<= bound)
  }
}
struct SoftShrink: VectorFunction {
  let bound: Float
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector {
    x - Clamp(low: -bound, high: bound)(x)
  }
}
