import MartletTensor

/// Signs, magnitudes, rounding and kinds of numbers; dtypes stay as they are.
package enum Rounding {
  package static let operators: [Operator] = [
    neg, negative, abs, absolute, sign, sgn, floor, ceil, round, roundDecimals, specialRound,
    trunc, fix, frac, square, positive, isnan, isinf, isfinite, isposinf, isneginf, isreal,
    signbit, nanToNum, resolveNeg,
  ]

  private static let negation = UnaryFunction(
    float: { -$0 }, double: { -$0 }, integer: { 0 &- $0 }, complex: { -$0 })
  static let neg = unaryOperator("aten::neg", takes: .numbers, gives: .same, negation)
  static let negative = unaryOperator("aten::negative", takes: .numbers, gives: .same, negation)

  private static let magnitude = UnaryFunction(
    float: { $0.magnitude }, double: { $0.magnitude }, integer: { $0 < 0 ? 0 &- $0 : $0 },
    complex: { Complex($0.length) })
  static let abs = unaryOperator("aten::abs", takes: .numbers, gives: .part, magnitude)
  static let absolute = unaryOperator("aten::absolute", takes: .numbers, gives: .part, magnitude)

  // NaN has the sign 0.
  private static let signum = UnaryFunction(integer: { $0.signum() }) {
    $0 > 0 ? 1 : $0 < 0 ? -1 : 0
  }
  static let sign = unaryOperator("aten::sign", gives: .same, signum)
  static let sgn = unaryOperator(
    "aten::sgn", gives: .same,
    UnaryFunction(
      float: signum.float, double: signum.double, integer: signum.integer, complex: Complex.sgn))

  static let floor = rounding("aten::floor", .down)
  static let ceil = rounding("aten::ceil", .up)
  /// To the nearest whole number, halves to the even one.
  static let round = rounding("aten::round", .toNearestOrEven)
  static let trunc = rounding("aten::trunc", .towardZero)
  static let fix = rounding("aten::fix", .towardZero)

  private static func rounding(_ name: String, _ rule: FloatingPointRoundingRule) -> Operator {
    unaryOperator(
      name, takes: .numbers, gives: .same, UnaryFunction(integer: { $0 }) { $0.rounded(rule) })
  }

  /// To so many places after the point; negative ones before it.
  static let roundDecimals = unaryOperator(
    "aten::round.decimals", parameters: ", *, int decimals", takes: .floating, gives: .same
  ) { arguments, _ in try placesRounder(arguments) }
  static let specialRound = unaryOperator(
    "aten::special_round", parameters: ", *, int decimals=0", takes: .floating, gives: .same
  ) { arguments, _ in try placesRounder(arguments) }

  /// In each type's own arithmetic: the products decide which way a half goes.
  private static func placesRounder(_ arguments: Arguments) throws -> UnaryFunction {
    let places = try arguments.int("decimals")
    if places == 0 { return UnaryFunction { $0.rounded(.toNearestOrEven) } }
    let power = Double(Powers.power.double(10, Double(places.magnitude)))
    let narrow = Float(power)
    if places > 0 {
      return UnaryFunction(
        float: { ($0 * narrow).rounded(.toNearestOrEven) / narrow },
        double: { ($0 * power).rounded(.toNearestOrEven) / power })
    }
    return UnaryFunction(
      float: { ($0 / narrow).rounded(.toNearestOrEven) * narrow },
      double: { ($0 / power).rounded(.toNearestOrEven) * power })
  }

  /// `self - trunc(self)`
  static let frac = unaryOperator(
    "aten::frac", takes: .floating, gives: .same,
    UnaryFunction { $0 - $0.rounded(.towardZero) })

  static let square = Operator(
    "aten::square(Tensor self) -> Tensor",
    .composite { [.tensor(try Powers.pow[1]($0["self"], 2))] })

  /// The tensor itself.
  static let positive = Operator(
    "aten::positive(Tensor(a) self) -> Tensor(a)",
    .view { arguments in
      try DTypeGroup.numbers.check(try arguments.tensor("self").dtype, for: "aten::positive")
      return [arguments["self"]]
    })

  static let isnan = kind("aten::isnan", complex: { $0.isNaN }) { $0.isNaN }
  static let isinf = kind("aten::isinf", complex: { $0.isInfinite }) { $0.isInfinite }
  static let isposinf = kind("aten::isposinf") { $0 == .infinity }
  static let isneginf = kind("aten::isneginf") { $0 == -.infinity }
  static let isfinite = unaryOperator(
    "aten::isfinite", gives: .truth,
    UnaryFunction(integer: { _ in 1 }, complex: { $0.isFinite ? .one : .zero }) {
      $0.isFinite ? 1 : 0
    })
  static let isreal = unaryOperator(
    "aten::isreal", gives: .truth,
    UnaryFunction(integer: { _ in 1 }, complex: { $0.imaginary == 0 ? .one : .zero }) { _ in 1 })
  static let signbit = unaryOperator(
    "aten::signbit", gives: .truth,
    UnaryFunction(integer: { $0 < 0 ? 1 : 0 }) { $0.sign == .minus ? 1 : 0 })

  /// A property that no whole number has.
  private static func kind(
    _ name: String, complex: (@Sendable (Complex<Double>) -> Bool)? = nil,
    _ holds: @escaping @Sendable (Double) -> Bool
  ) -> Operator {
    var parts: (@Sendable (Complex<Double>) -> Complex<Double>)?
    if let complex { parts = { complex($0) ? .one : .zero } }
    return unaryOperator(
      name, gives: .truth,
      UnaryFunction(integer: { _ in 0 }, complex: parts) { holds($0) ? 1 : 0 })
  }

  /// Numbers in place of NaN (0) and the infinities (the dtype's largest).
  static let nanToNum = Operator(
    "aten::nan_to_num(Tensor self, float? nan=None, float? posinf=None, float? neginf=None) "
      + "-> Tensor",
    takesComplex: true,
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        return [TensorSpec(x.sizes, x.dtype)]
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        let largest = x.dtype.largestFinite
        let nan = try arguments.optionalDouble("nan") ?? 0
        let high = try arguments.optionalDouble("posinf") ?? largest
        let low = try arguments.optionalDouble("neginf") ?? -largest
        let tamed: @Sendable (Double) -> Double = { value in
          value.isNaN ? nan : value == .infinity ? high : value == -.infinity ? low : value
        }
        try UnaryFunction(
          integer: { $0 }, complex: { Complex(tamed($0.real), tamed($0.imaginary)) }, tamed
        ).apply(x, into: results[0])
      }))

  /// The tensor itself: no tensor is lazily negated.
  static let resolveNeg = Operator(
    "aten::resolve_neg(Tensor(a) self) -> Tensor(a)", .view { [$0["self"]] })
}

extension DType {
  /// The largest number of the dtype.
  var largestFinite: Double {
    switch self {
    case .float32, .complex64: Double(Float.greatestFiniteMagnitude)
    case .float64, .complex128: .greatestFiniteMagnitude
    case .float16: 65504
    case .bfloat16: 0x1.FEp127
    case .int8, .qint8: 127
    case .int16: 32767
    case .int32, .qint32: 2_147_483_647
    case .int64: 0x1p63
    case .uint8, .quint8: 255
    case .bool: 1
    }
  }
}
