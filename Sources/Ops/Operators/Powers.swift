import MartletKernels
import MartletTensor

/// Powers, extremes of two, and other functions of two numbers.
package enum Powers {
  package static let operators: [Operator] =
    [pow, floatPower, [heaviside, ldexp, lerpScalar, lerpTensor]].flatMap { $0 }
    + [
      maximum, minimum, maxOther, minOther, fmax, fmin, atan2, arctan2, hypot, logaddexp,
      logaddexp2, copysign, xlogy, specialXlogy, xlog1py, nextafter, gcd, lcm,
    ].flatMap(\.operators)

  static let power = BinaryFunction(
    float: { Libm.pow($0, $1) }, double: { Libm.pow($0, $1) }, integer: integerPower,
    complex: Complex.pow)

  static let pow = [
    Operator(
      "aten::pow.Tensor_Tensor(Tensor self, Tensor exponent) -> Tensor", takesComplex: true,
      .kernel(
        infer: { arguments in
          let operands = try BinaryFamily.operands(arguments)
          try DTypeGroup.numbers.check(resultType(operands), for: "aten::pow")
          return try inferSame(operands)
        }, compute: computePower)),
    Operator(
      "aten::pow.Tensor_Scalar(Tensor self, Scalar exponent) -> Tensor", takesComplex: true,
      .kernel(
        infer: { arguments in
          let exponent = try arguments.scalar("exponent")
          let dtype = try arguments.tensor("self").dtype
          if !exponent.isFloatingPoint, !exponent.isComplex, exponent.int64 < 0,
            dtype.isInteger || dtype == .bool
          {
            throw MartletError(.value, "integers to negative integer powers are not allowed")
          }
          return try inferSame(try BinaryFamily.operands(arguments))
        },
        compute: { arguments, results in
          // Roots are not powers at -0 and -∞.
          switch try arguments.scalar("exponent").double {
          case 0.5 where results[0].dtype.isFloatingPoint:
            try UnaryFunction { $0.squareRoot() }.apply(
              try arguments.tensor("self"), into: results[0])
          case -0.5 where results[0].dtype.isFloatingPoint:
            try UnaryFunction { 1 / $0.squareRoot() }.apply(
              try arguments.tensor("self"), into: results[0])
          default: try computePower(arguments, results)
          }
        })),
    Operator(
      "aten::pow.Scalar(Scalar self, Tensor exponent) -> Tensor", takesComplex: true,
      .kernel(
        infer: { try inferSame(try BinaryFamily.operands($0)) }, compute: computePower)),
  ]

  /// `self` to the power of `exponent` in float64, or complex128.
  static let floatPower = [
    "aten::float_power.Tensor_Tensor(Tensor self, Tensor exponent) -> Tensor",
    "aten::float_power.Tensor_Scalar(Tensor self, Scalar exponent) -> Tensor",
    "aten::float_power.Scalar(Scalar self, Tensor exponent) -> Tensor",
  ].map {
    Operator(
      $0, takesComplex: true,
      .kernel(
        infer: { arguments in
          let operands = try BinaryFamily.operands(arguments)
          let isComplex = operands.contains { $0.dtype.isComplex }
          return [
            TensorSpec(
              try broadcast(operands.map(\.sizes)), isComplex ? .complex128 : .float64)
          ]
        }, compute: computePower))
  }

  @Sendable private static func computePower(_ arguments: Arguments, _ results: [Tensor]) throws {
    let operands = try BinaryFamily.operands(arguments)
    try power.apply(
      try operands[0].tensor(), try operands[1].tensor(), computingIn: results[0].dtype,
      into: results[0])
  }

  private static func inferSame(_ operands: [PromotionOperand]) throws -> [TensorSpec] {
    [TensorSpec(try broadcast(operands.map(\.sizes)), resultType(operands))]
  }

  /// By squaring, with wraparound; a negative exponent leaves 1 and -1 alone.
  @Sendable static func integerPower(_ base: Int64, _ exponent: Int64) -> Int64 {
    if exponent < 0 {
      return base == 1 ? 1 : base == -1 ? (exponent & 1 == 0 ? 1 : -1) : 0
    }
    var (result, factor, rest): (Int64, Int64, Int64) = (1, base, exponent)
    while rest != 0 {
      if rest & 1 == 1 { result = result &* factor }
      factor = factor &* factor
      rest >>= 1
    }
    return result
  }

  // NaN wins.
  static let larger = BinaryFunction(integer: { max($0, $1) }) { a, b in
    a.isNaN || a > b ? a : b
  }
  static let smaller = BinaryFunction(integer: { min($0, $1) }) { a, b in
    a.isNaN || a < b ? a : b
  }
  static let maximum = BinaryFamily("aten::maximum", [.tensors("")], function: larger)
  static let minimum = BinaryFamily("aten::minimum", [.tensors("")], function: smaller)
  static let maxOther = BinaryFamily("aten::max", [.tensors("other")], function: larger)
  static let minOther = BinaryFamily("aten::min", [.tensors("other")], function: smaller)

  // NaN loses.
  static let fmax = BinaryFamily(
    "aten::fmax", [.tensors("")],
    function: BinaryFunction(integer: { max($0, $1) }) { Libm.fmax($0, $1) })
  static let fmin = BinaryFamily(
    "aten::fmin", [.tensors("")],
    function: BinaryFunction(integer: { min($0, $1) }) { Libm.fmin($0, $1) })

  static let arcTangent = BinaryFunction { Libm.atan2($0, $1) }
  static let atan2 = BinaryFamily(
    "aten::atan2", [.tensors("")], gives: .floating, function: arcTangent)
  static let arctan2 = BinaryFamily(
    "aten::arctan2", [.tensors("")], gives: .floating, function: arcTangent)

  /// `sqrt(self² + other²)`
  static let hypot = BinaryFamily(
    "aten::hypot", [.tensors("")], takes: .floating,
    function: BinaryFunction { Libm.hypot($0, $1) })

  /// `log(exp(self) + exp(other))`
  static let logaddexp = BinaryFamily(
    "aten::logaddexp", [.tensors("")], takes: .floating,
    function: BinaryFunction(complex: { a, b in
      let (low, high) = a.real < b.real ? (a, b) : (b, a)
      return high + Complex.log1p(Complex.exp(low - high))
    }) { a, b in
      if a.isInfinite, a == b { return a }
      return (a.isNaN || a > b ? a : b) + Libm.log1p(Libm.exp(-abs(a - b)))
    })

  /// `log2(2^self + 2^other)`
  static let logaddexp2 = BinaryFamily(
    "aten::logaddexp2", [.tensors("")], takes: .floating,
    function: BinaryFunction { a, b in
      if a.isInfinite, a == b { return a }
      let rest = Libm.log1p(Libm.exp2(-abs(a - b))) / Libm.log(2.0)
      return (a.isNaN || a > b ? a : b) + rest
    })

  static let copysign = BinaryFamily(
    "aten::copysign", gives: .floating,
    function: BinaryFunction { Double(signOf: $1, magnitudeOf: $0) })

  // `self * log(other)`, 0 where `self` is 0 and `other` is a number.
  static let timesLogarithm = BinaryFunction { x, y in
    y.isNaN ? y : x == 0 ? 0 : x * Libm.log(y)
  }
  static let xlogy = BinaryFamily(
    "aten::xlogy",
    [.tensors("Tensor"), .tensorNumber("Scalar_Other"), .numberTensor("Scalar_Self")],
    gives: .floating, function: timesLogarithm)
  static let specialXlogy = BinaryFamily(
    "aten::special_xlogy",
    [.tensors(""), .tensorNumber("other_scalar"), .numberTensor("self_scalar")],
    gives: .floating, function: timesLogarithm)

  /// `self * log1p(other)`
  static let xlog1py = BinaryFamily(
    "aten::special_xlog1py",
    [.tensors(""), .tensorNumber("other_scalar"), .numberTensor("self_scalar")],
    gives: .floating,
    function: BinaryFunction { x, y in y.isNaN ? y : x == 0 ? 0 : x * Libm.log1p(y) })

  /// 0 below zero, 1 above, `values` at zero, of the same dtype.
  static let heaviside = Operator(
    "aten::heaviside(Tensor self, Tensor values) -> Tensor",
    .kernel(
      infer: { arguments in
        let (x, values) = (try arguments.tensor("self"), try arguments.tensor("values"))
        guard x.dtype == values.dtype else {
          throw MartletError(
            .dtype, "heaviside expects one dtype for both, got \(x.dtype) and \(values.dtype)")
        }
        return [TensorSpec(try broadcast([x.sizes, values.sizes]), x.dtype)]
      },
      compute: { arguments, results in
        try BinaryFunction(integer: { $0 == 0 ? $1 : $0 > 0 ? 1 : 0 }) {
          $0 == 0 ? $1 : $0 > 0 ? 1 : 0
        }.apply(
          try arguments.tensor("self"), try arguments.tensor("values"),
          computingIn: results[0].dtype, into: results[0])
      }))

  /// The next number from `self` towards `other`.
  static let nextafter = BinaryFamily(
    "aten::nextafter", [.tensors("")], takes: .floating,
    function: BinaryFunction(
      float: { Libm.nextafter($0, $1) }, double: { Libm.nextafter($0, $1) }))

  static let gcd = BinaryFamily(
    "aten::gcd", [.tensors("")], takes: .integers,
    function: BinaryFunction(integer: greatestCommonDivisor) { a, _ in a })
  static let lcm = BinaryFamily(
    "aten::lcm", [.tensors("")], takes: .integers,
    function: BinaryFunction(integer: { a, b in
      let divisor = greatestCommonDivisor(a, b)
      return divisor == 0 ? 0 : abs(Division.truncate(a, divisor) &* b)
    }) { a, _ in a })

  @Sendable static func greatestCommonDivisor(_ a: Int64, _ b: Int64) -> Int64 {
    var (x, y) = (a, b)
    while y != 0 { (x, y) = (y, Division.truncatingRemainder(x, y)) }
    return x < 0 ? 0 &- x : x
  }

  /// `self * 2^other`
  static let ldexp = Operator(
    "aten::ldexp.Tensor(Tensor self, Tensor other) -> Tensor",
    .composite { arguments in
      let scale: Tensor = try pow[2](.double(2), arguments["other"])
      return [Value.tensor(try Arithmetic.mul(arguments["self"], .tensor(scale)))]
    })

  /// `self + weight * (end - self)`
  static let lerpScalar = Operator(
    "aten::lerp.Scalar(Tensor self, Tensor end, Scalar weight) -> Tensor", takesComplex: true,
    .kernel(infer: inferLerp, compute: computeLerp))
  static let lerpTensor = Operator(
    "aten::lerp.Tensor(Tensor self, Tensor end, Tensor weight) -> Tensor", takesComplex: true,
    .kernel(infer: inferLerp, compute: computeLerp))

  @Sendable private static func inferLerp(_ arguments: Arguments) throws -> [TensorSpec] {
    let operands = try arguments.values.map(PromotionOperand.init)
    let dtype = operands[0].dtype
    for operand in operands {
      guard case .tensor = operand, operand.dtype != dtype else { continue }
      throw MartletError(
        .dtype, "lerp expects one dtype for all its tensors, got \(dtype) and \(operand.dtype)")
    }
    try DTypeGroup.floating.check(dtype, for: "aten::lerp")
    return [TensorSpec(try broadcast(operands.map(\.sizes)), dtype)]
  }

  @Sendable private static func computeLerp(_ arguments: Arguments, _ results: [Tensor]) throws {
    let operands = try arguments.values.map { try PromotionOperand($0).tensor() }
    // Each end comes out exactly at its weight.
    try TernaryFunction(
      float: { a, b, w in abs(w) < 0.5 ? a + w * (b - a) : b - (b - a) * (1 - w) },
      double: { a, b, w in abs(w) < 0.5 ? a + w * (b - a) : b - (b - a) * (1 - w) },
      complex: { a, b, w in w.length < 0.5 ? a + w * (b - a) : b - (b - a) * (.one - w) }
    ).apply(
      operands[0], operands[1], operands[2], computingIn: results[0].dtype, into: results[0])
  }
}
