import MartletKernels
import MartletOps
import MartletTensor

/// Elementwise functions of one float32 tensor.
extension KernelRegistry {
  static let pointwiseKernels: [String: KernelBuild] = {
    let names =
      [
        "neg", "negative", "abs", "absolute", "square", "reciprocal", "sqrt", "rsqrt", "exp",
        "tanh", "sigmoid", "erf", "relu", "relu6", "hardtanh", "clamp", "clamp_min",
        "clamp_max", "leaky_relu", "elu", "silu", "gelu", "hardswish", "hardsigmoid",
        "pow.Tensor_Scalar", "add.Scalar", "sub.Scalar", "rsub.Scalar", "mul.Scalar",
        "div.Scalar",
      ]
    return Dictionary(uniqueKeysWithValues: names.map { ("aten::\($0)", buildPointwise) })
  }()

  @Sendable private static func buildPointwise(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    guard instruction.isFloat32, let function = try instruction.pointwiseFunction() else {
      return false
    }
    try builder.addPointwise(instruction, instruction.inputs[0], function)
    return true
  }
}

extension StepBuilder {
  mutating func addPointwise(
    _ instruction: Instruction, _ input: Tensor, _ function: PointwiseFunction
  ) throws {
    let x = try dense(input)
    let y = try result(instruction.result)
    mayReplace(x, by: y)
    let threads = threads
    add("pointwise", instruction.title, instruction.origin, inputs: [x], outputs: [y]) {
      map(function, x.elements($0), into: y.elements($0), threads: threads)
    }
  }
}

/// Nil where a bound is NaN, which the kernel would ignore and PyTorch spreads.
private func clamp(_ low: Float, _ high: Float) -> PointwiseFunction? {
  low.isNaN || high.isNaN ? nil : .clamp(low: low, high: high)
}

extension Instruction {
  /// The vector function that it computes of its one computed tensor, or nil.
  func pointwiseFunction() throws -> PointwiseFunction? {
    guard name.hasPrefix("aten::") else { return nil }
    func number(_ name: String) throws -> Float { Float(try arguments.scalar(name).double) }
    switch name.dropFirst("aten::".count) {
    case "neg", "negative": return .negate
    case "abs", "absolute": return .absolute
    case "square": return .square
    case "reciprocal": return .reciprocal
    case "sqrt": return .squareRoot
    case "rsqrt": return .reciprocalSquareRoot
    case "exp": return .exp
    case "tanh": return .tanh
    case "sigmoid": return .sigmoid
    case "erf": return .erf
    case "relu": return .relu
    case "relu6": return .clamp(low: 0, high: 6)
    case "hardtanh": return clamp(try number("min_val"), try number("max_val"))
    case "clamp":
      return clamp(
        Float(try arguments.optionalScalar("min")?.double ?? -.infinity),
        Float(try arguments.optionalScalar("max")?.double ?? .infinity))
    case "clamp_min": return clamp(try number("min"), .infinity)
    case "clamp_max": return clamp(-.infinity, try number("max"))
    case "leaky_relu": return .leakyReLU(slope: try number("negative_slope"))
    case "elu":
      guard try number("scale") == 1, try number("input_scale") == 1 else { return nil }
      return .elu(alpha: try number("alpha"))
    case "silu": return .silu
    case "gelu": return try arguments.string("approximate") == "tanh" ? .geluTanh : .gelu
    case "hardswish": return .hardSwish
    case "hardsigmoid": return .hardSigmoid
    case "pow.Tensor_Scalar":
      switch try arguments.scalar("exponent").double {
      case 2: return .square
      case 3: return .cube
      case 1: return .identity
      case -1: return .reciprocal
      case 0.5: return .squareRoot
      case -0.5: return .reciprocalSquareRoot
      default: return nil
      }
    case "add.Scalar":
      return .affine(scale: 1, shift: try number("other") * number("alpha"))
    case "sub.Scalar":
      return .affine(scale: 1, shift: -(try number("other") * number("alpha")))
    case "rsub.Scalar":
      return .affine(scale: -(try number("alpha")), shift: try number("other"))
    // Negative zero is what leaves every product as it is, zeros of either sign too.
    case "mul.Scalar": return .affine(scale: try number("other"), shift: -0.0)
    // A quotient is not a product with the rounded reciprocal, unless that is exact.
    case "div.Scalar":
      let divisor = try number("other")
      guard divisor.significandWidth == 0, (1 / divisor).isNormal else { return nil }
      return .affine(scale: 1 / divisor, shift: -0.0)
    default: return nil
    }
  }
}
