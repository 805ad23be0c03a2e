/// An elementwise float32 function, with its constants.
package enum PointwiseFunction: Sendable, Hashable {
  case identity
  case negate, absolute, square, cube, reciprocal, squareRoot, reciprocalSquareRoot
  case floor, ceiling, truncate
  /// To a whole number; ties to even.
  case roundToEven
  case exp, log, tanh, sigmoid, erf
  case relu
  /// The nearest value in `low...high`; NaN stays NaN.
  case clamp(low: Float, high: Float)
  case leakyReLU(slope: Float)
  case elu(alpha: Float)
  /// As `elu` with x / α in the exponent; α is positive.
  case celu(alpha: Float)
  case selu
  case silu, mish
  /// ln (1 + e^βx) / β; x where βx is above the threshold.
  case softplus(beta: Float, threshold: Float)
  case logSigmoid
  /// x / (1 + |x|)
  case softSign
  /// x − tanh x
  case tanhShrink
  /// x where it is above the threshold or NaN, else the value.
  case threshold(Float, value: Float)
  /// 0 where |x| ≤ bound.
  case hardShrink(bound: Float)
  /// x less what lies within ±bound.
  case softShrink(bound: Float)
  /// x Φ(x) by the error function.
  case gelu
  /// GELU's approximation by the hyperbolic tangent.
  case geluTanh
  case hardSwish, hardSigmoid
  /// scale · x + shift.
  case affine(scale: Float, shift: Float)
}

/// A function on vectors; one small struct each, so that loops over them are specialised.
protocol VectorFunction: Sendable {
  func callAsFunction(_ x: Vector) -> Vector
}

extension PointwiseFunction {
  /// Calls the visitor with the struct that computes this function.
  @inline(__always)
  func visit<Visitor: VectorFunctionVisitor>(_ visitor: Visitor) {
    switch self {
    case .identity: visitor.visit(Identity())
    case .negate: visitor.visit(Negate())
    case .absolute: visitor.visit(Absolute())
    case .square: visitor.visit(Square())
    case .cube: visitor.visit(Cube())
    case .reciprocal: visitor.visit(Reciprocal())
    case .squareRoot: visitor.visit(SquareRoot())
    case .reciprocalSquareRoot: visitor.visit(ReciprocalSquareRoot())
    case .floor: visitor.visit(Rounded(rule: .down))
    case .ceiling: visitor.visit(Rounded(rule: .up))
    case .truncate: visitor.visit(Rounded(rule: .towardZero))
    case .roundToEven: visitor.visit(Rounded(rule: .toNearestOrEven))
    case .exp: visitor.visit(Exp())
    case .log: visitor.visit(Logarithm())
    case .tanh: visitor.visit(Tanh())
    case .sigmoid: visitor.visit(Sigmoid())
    case .erf: visitor.visit(Erf())
    case .relu: visitor.visit(ReLU())
    case .clamp(let low, let high): visitor.visit(Clamp(low: low, high: high))
    case .leakyReLU(let slope): visitor.visit(LeakyReLU(slope: slope))
    case .elu(let alpha): visitor.visit(ELU(alpha: alpha))
    case .celu(let alpha): visitor.visit(CELU(alpha: alpha))
    case .selu: visitor.visit(SELU())
    case .silu: visitor.visit(SiLU())
    case .mish: visitor.visit(Mish())
    case .softplus(let beta, let threshold):
      visitor.visit(Softplus(beta: beta, threshold: threshold))
    case .logSigmoid: visitor.visit(LogSigmoid())
    case .softSign: visitor.visit(SoftSign())
    case .tanhShrink: visitor.visit(TanhShrink())
    case .threshold(let threshold, let value):
      visitor.visit(Threshold(threshold: threshold, value: value))
    case .hardShrink(let bound): visitor.visit(HardShrink(bound: bound))
    case .softShrink(let bound): visitor.visit(SoftShrink(bound: bound))
    case .gelu: visitor.visit(GELU())
    case .geluTanh: visitor.visit(GELUTanh())
    case .hardSwish: visitor.visit(HardSwish())
    case .hardSigmoid: visitor.visit(HardSigmoid())
    case .affine(let scale, let shift): visitor.visit(Affine(scale: scale, shift: shift))
    }
  }
}

protocol VectorFunctionVisitor {
  func visit<F: VectorFunction>(_ function: F)
}

private struct Identity: VectorFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector { x }
}
private struct Negate: VectorFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector {
    Vector(bits: x.bits ^ SIMD8<Int32>(repeating: .min))
  }
}
private struct Absolute: VectorFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector { x.magnitude }
}
private struct Square: VectorFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector { x * x }
}
private struct Cube: VectorFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector { x * x * x }
}
private struct Reciprocal: VectorFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector { 1 / x }
}
private struct SquareRoot: VectorFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector { x.squareRoot() }
}
private struct ReciprocalSquareRoot: VectorFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector { 1 / x.squareRoot() }
}
private struct Exp: VectorFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector { VectorMath.exp(x) }
}
private struct Tanh: VectorFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector { VectorMath.tanh(x) }
}
private struct Sigmoid: VectorFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector { VectorMath.sigmoid(x) }
}
private struct Erf: VectorFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector { VectorMath.erf(x) }
}
private struct ReLU: VectorFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector {
    x.replacing(with: 0, where: x .< 0)
  }
}
struct Clamp: VectorFunction {
  let low, high: Float
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector {
    let raised = x.replacing(with: low, where: x .< low)
    return raised.replacing(with: high, where: raised .> high)
  }
}
private struct LeakyReLU: VectorFunction {
  let slope: Float
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector {
    (x * slope).replacing(with: x, where: x .> 0)
  }
}
struct ELU: VectorFunction {
  let alpha: Float
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector {
    // e^x − 1 near zero as tanh(x/2) · (e^x + 1), which does not cancel.
    let grown = VectorMath.tanh(x * 0.5) * (VectorMath.exp(x) + 1)
    return (grown * alpha).replacing(with: x, where: x .> 0)
  }
}
private struct SiLU: VectorFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector { x / (1 + VectorMath.exp(-x)) }
}
private struct GELU: VectorFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector {
    x * 0.5 * (1 + VectorMath.erf(x * 0.707106781186547524))
  }
}
private struct GELUTanh: VectorFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector {
    let inner = (x + x * x * x * 0.044715) * 0.797884560802865356
    return x * 0.5 * (1 + VectorMath.tanh(inner))
  }
}
private struct HardSwish: VectorFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector {
    x * Clamp(low: 0, high: 6)(x + 3) * (1 / 6)
  }
}
private struct HardSigmoid: VectorFunction {
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector {
    Clamp(low: 0, high: 6)(x + 3) * (1 / 6)
  }
}
private struct Affine: VectorFunction {
  let scale, shift: Float
  @inline(__always) func callAsFunction(_ x: Vector) -> Vector { x * scale + shift }
}
