import MartletKernels
import MartletTensor

/// The activations of neural networks: one row each, floating-point unless said otherwise.
package enum Activations {
  package static let operators: [Operator] = [
    relu, relu6, hardtanh, threshold, gelu, silu, mish, hardswish, hardsigmoid, leakyRelu, elu,
    selu, celu, softplus, softshrink, hardshrink, logSigmoid, rrelu, prelu, preluKernel, glu,
  ]

  /// `max(x, 0)`, of whole numbers too.
  static let relu = unaryOperator(
    "aten::relu", takes: .numbers, gives: .same,
    UnaryFunction(
      float: { $0 < 0 ? 0 : $0 }, double: { $0 < 0 ? 0 : $0 }, integer: { max($0, 0) }))

  /// `min(max(x, 0), 6)`, of whole numbers too.
  static let relu6 = unaryOperator(
    "aten::relu6", takes: .numbers, gives: .same,
    UnaryFunction(
      float: { $0 < 0 ? 0 : $0 > 6 ? 6 : $0 }, double: { $0 < 0 ? 0 : $0 > 6 ? 6 : $0 },
      integer: { min(max($0, 0), 6) }))

  /// `min(max(x, min_val), max_val)`, of whole numbers too.
  static let hardtanh = unaryOperator(
    "aten::hardtanh", parameters: ", Scalar min_val=-1, Scalar max_val=1", takes: .numbers,
    gives: .same
  ) { arguments, dtype in
    let low = try arguments.number("min_val", in: dtype)
    let high = try arguments.number("max_val", in: dtype)
    if dtype == .uint8, low < 0 || high < 0 {
      throw MartletError(.value, "hardtanh on an unsigned type does not take negative limits")
    }
    return Clamping.between(low, high, in: dtype)
  }

  /// `x` above the threshold, `value` otherwise; of whole numbers too.
  static let threshold = unaryOperator(
    "aten::threshold", parameters: ", Scalar threshold, Scalar value", takes: .numbers,
    gives: .same
  ) { arguments, dtype in
    let limit = try arguments.number("threshold", in: dtype)
    let value = try arguments.number("value", in: dtype)
    let (wholeLimit, wholeValue) = (dtype.wrapping(limit), dtype.wrapping(value))
    return UnaryFunction(integer: { $0 <= wholeLimit ? wholeValue : $0 }) {
      $0 <= limit ? value : $0
    }
  }

  /// `x Φ(x)`; with "tanh" `0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³)))`.
  static let gelu = unaryOperator(
    "aten::gelu", parameters: ", *, str approximate=\"none\"", takes: .floating, gives: .same
  ) { arguments, _ in
    switch try arguments.string("approximate") {
    case "none":
      return UnaryFunction { 0.5 * $0 * (1 + Libm.erf($0 * 0.5.squareRoot())) }
    case "tanh":
      let scale = (2 / Double.pi).squareRoot()
      return UnaryFunction { x in
        0.5 * x * (1 + Libm.tanh(scale * (x + 0.044715 * x * x * x)))
      }
    case let other:
      throw MartletError(
        .argument, "approximate argument must be either none or tanh, got '\(other)'")
    }
  }

  /// `x σ(x)`
  static let silu = unaryOperator(
    "aten::silu", takes: .floating, gives: .same,
    UnaryFunction { $0 / (1 + Libm.exp(-$0)) })

  /// `x tanh(log(1 + exp(x)))`
  static let mish = unaryOperator(
    "aten::mish", takes: .floating, gives: .same,
    UnaryFunction { $0 * Libm.tanh(Libm.log1p(Libm.exp($0))) })

  /// `x min(max(x + 3, 0), 6) / 6`
  static let hardswish = unaryOperator(
    "aten::hardswish", takes: .floating, gives: .same,
    UnaryFunction { $0 * ($0 < -3 ? 0 : $0 > 3 ? 6 : $0 + 3) / 6 })

  /// `min(max(x + 3, 0), 6) / 6`
  static let hardsigmoid = unaryOperator(
    "aten::hardsigmoid", takes: .floating, gives: .same,
    UnaryFunction { ($0 < -3 ? 0 : $0 > 3 ? 6 : $0 + 3) / 6 })

  /// `x` above zero, `negative_slope x` below.
  static let leakyRelu = unaryOperator(
    "aten::leaky_relu", parameters: ", Scalar negative_slope=0.01", takes: .floating, gives: .same
  ) { arguments, dtype in
    let slope = try arguments.number("negative_slope", in: dtype)
    return UnaryFunction { $0 > 0 ? $0 : $0 * slope }
  }

  /// `scale x` above zero, `scale alpha (exp(input_scale x) - 1)` below.
  static let elu = unaryOperator(
    "aten::elu", parameters: ", Scalar alpha=1, Scalar scale=1, Scalar input_scale=1",
    takes: .floating, gives: .same
  ) { arguments, _ in
    exponentialUnit(
      alpha: try arguments.scalar("alpha").double, scale: try arguments.scalar("scale").double,
      inputScale: try arguments.scalar("input_scale").double)
  }

  static let selu = unaryOperator(
    "aten::selu", takes: .floating, gives: .same,
    exponentialUnit(alpha: 1.6732632423543772, scale: 1.0507009873554805, inputScale: 1))

  /// `x` above zero, `alpha (exp(x / alpha) - 1)` below.
  static let celu = unaryOperator(
    "aten::celu", parameters: ", Scalar alpha=1.", takes: .floating, gives: .same
  ) { arguments, _ in
    let alpha = try arguments.scalar("alpha").double
    guard alpha != 0 else { throw MartletError(.value, "alpha cannot be 0 for celu") }
    return exponentialUnit(alpha: alpha, scale: 1, inputScale: 1 / alpha)
  }

  private static func exponentialUnit(alpha: Double, scale: Double, inputScale: Double)
    -> UnaryFunction
  {
    UnaryFunction { $0 < 0 ? alpha * scale * Libm.expm1($0 * inputScale) : $0 * scale }
  }

  /// `log(1 + exp(beta x)) / beta`, `x` itself where `beta x` is above the threshold.
  static let softplus = unaryOperator(
    "aten::softplus", parameters: ", Scalar beta=1, Scalar threshold=20", takes: .floating,
    gives: .same
  ) { arguments, _ in
    let beta = try arguments.scalar("beta").double
    let threshold = try arguments.scalar("threshold").double
    return UnaryFunction { x in
      x * beta > threshold ? x : Libm.log1p(Libm.exp(x * beta)) / beta
    }
  }

  /// `x` moved towards zero by `lambd`, which stops there.
  static let softshrink = unaryOperator(
    "aten::softshrink", parameters: ", Scalar lambd=0.5", takes: .floating, gives: .same
  ) { arguments, dtype in
    let margin = try arguments.number("lambd", in: dtype)
    guard margin >= 0 else {
      throw MartletError(.value, "lambd must not be negative, got \(margin)")
    }
    return UnaryFunction { $0 > margin ? $0 - margin : $0 < -margin ? $0 + margin : $0 * 0 }
  }

  /// `x` outside of [-lambd, lambd], otherwise zero.
  static let hardshrink = unaryOperator(
    "aten::hardshrink", parameters: ", Scalar lambd=0.5", takes: .floating, gives: .same
  ) { arguments, dtype in
    let margin = try arguments.number("lambd", in: dtype)
    return UnaryFunction { $0 >= -margin && $0 <= margin ? 0 : $0 }
  }

  /// `log σ(x)`
  static let logSigmoid = unaryOperator(
    "aten::log_sigmoid", takes: .floating, gives: .same,
    UnaryFunction { ($0 < 0 ? $0 : 0) - Libm.log1p(Libm.exp(-$0.magnitude)) })

  /// A `leaky_relu` with the mean slope; in training each element draws its own.
  static let rrelu = Operator(
    "aten::rrelu(Tensor self, Scalar lower=0.125, Scalar upper=0.33333333333333331, "
      + "bool training=False, Generator? generator=None) -> Tensor", isRandom: true,
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        try DTypeGroup.floating.check(x.dtype, for: "aten::rrelu")
        let (lower, upper) = (try arguments.scalar("lower"), try arguments.scalar("upper"))
        guard lower.double <= upper.double else {
          throw MartletError(
            .value,
            "lower bound \(lower.double) should be at most the upper bound \(upper.double)")
        }
        return [TensorSpec(x.sizes, x.dtype)]
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        let lower = try arguments.scalar("lower").double
        let upper = try arguments.scalar("upper").double
        guard try arguments.bool("training") else {
          let slope = Scalar.double((lower + upper) / 2).rounded(to: x.dtype)
          return try UnaryFunction { $0 > 0 ? $0 : $0 * slope }.apply(x, into: results[0])
        }
        let negative = try x.converted(to: .float64).elements(as: Double.self).filter { $0 <= 0 }
        // One draw for each element that is not above zero.
        let slopes: [Double] = try Tensor.uniform(
          [negative.count], from: lower, to: upper, dtype: .float64
        ).elements()
        var next = 0
        try UnaryFunction.map(try x.converted(to: .float64), into: results[0]) { (x: Double) in
          guard x <= 0 else { return x }
          next += 1
          return x * slopes[next - 1]
        }
      }))

  /// `x` above zero, `weight x` below; one weight for all or one for each channel.
  static let prelu = Operator(
    "aten::prelu(Tensor self, Tensor weight) -> Tensor",
    .composite { arguments in
      let (x, weight) = (try arguments.tensor("self"), try arguments.tensor("weight"))
      guard weight.dim <= 1 else {
        throw MartletError(
          .shape, "prelu expects a weight of no or one axis, got sizes \(weight.sizes)")
      }
      guard weight.count != 1 else {
        let one = weight.viewed(Layout(contiguous: [], offset: weight.layout.offset))
        return [.tensor(try preluKernel(.tensor(x), .tensor(one)))]
      }
      let channels = x.dim > 1 ? x.sizes[1] : 1
      guard weight.count == channels, x.dim > 0 else {
        throw MartletError(
          .shape,
          "prelu expects one weight or one for each of \(channels) channels, got \(weight.count)")
      }
      var layout = weight.layout
      layout.sizes = [Int](repeating: 1, count: x.dim)
      layout.strides = layout.sizes
      layout.sizes[x.dim > 1 ? 1 : 0] = weight.count
      layout.strides[x.dim > 1 ? 1 : 0] = weight.strides[0]
      return [.tensor(try preluKernel(.tensor(x), .tensor(weight.viewed(layout))))]
    })

  /// `x` above zero, `weight x` below, with broadcasting.
  static let preluKernel = Operator(
    "aten::_prelu_kernel(Tensor self, Tensor weight) -> Tensor",
    .kernel(
      infer: { arguments in
        let (x, weight) = (try arguments.tensor("self"), try arguments.tensor("weight"))
        guard x.dtype == weight.dtype else {
          throw MartletError(
            .dtype, "prelu expects one dtype for both, got \(x.dtype) and \(weight.dtype)")
        }
        try DTypeGroup.floating.check(x.dtype, for: "aten::prelu")
        return [TensorSpec(try broadcast([x.sizes, weight.sizes]), x.dtype)]
      },
      compute: { arguments, results in
        try BinaryFunction { $0 > 0 ? $0 : $0 * $1 }.apply(
          try arguments.tensor("self"), try arguments.tensor("weight"),
          computingIn: results[0].dtype, into: results[0])
      }))

  /// The first half along an axis times the second's sigmoid.
  static let glu = Operator(
    "aten::glu(Tensor self, int dim=-1) -> Tensor",
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        guard x.dim > 0 else {
          throw MartletError(.shape, "glu does not support 0-dimensional tensors")
        }
        let dim = try arguments.dim("dim", rank: x.dim)
        guard x.sizes[dim] % 2 == 0 else {
          throw MartletError(
            .shape, "halving dimension must be even, but dimension \(dim) is size \(x.sizes[dim])")
        }
        try DTypeGroup.floating.check(x.dtype, for: "aten::glu")
        var sizes = x.sizes
        sizes[dim] /= 2
        return [TensorSpec(sizes, x.dtype)]
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        let dim = try arguments.dim("dim", rank: x.dim)
        var first = x.layout
        first.sizes[dim] /= 2
        var second = first
        second.offset += first.sizes[dim] * first.strides[dim]
        try BinaryFunction { $0 * SpecialFunctions.sigmoid($1) }.apply(
          x.viewed(first), x.viewed(second), computingIn: x.dtype, into: results[0])
      }))
}
