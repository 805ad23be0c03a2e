import MartletTensor

/// Sums, differences, products and quotients: two operands that broadcast and promote.
package enum Arithmetic {
  package static let operators: [Operator] =
    [
      add, sub, rsub, divMode, [addcmul, addcdiv], mul.operators, multiply.operators,
      div.operators, divide.operators, trueDivide.operators, floorDivide.operators,
      remainder.operators, fmod.operators,
    ].flatMap { $0 }

  // `self + alpha * other`
  static let add = [
    scaled(
      "aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor", refusesBool: false
    ) { (a, b, alpha: Float) in
      a + alpha * b
    } _: { (a, b, alpha: Double) in
      a + alpha * b
    } _: { (a, b, alpha: Int64) in
      a &+ alpha &* b
    } _: { (a, b, alpha: Complex<Double>) in
      a + alpha * b
    },
    scaled(
      "aten::add.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor", refusesBool: false
    ) { (a, b, alpha: Float) in
      a + alpha * b
    } _: { (a, b, alpha: Double) in
      a + alpha * b
    } _: { (a, b, alpha: Int64) in
      a &+ alpha &* b
    } _: { (a, b, alpha: Complex<Double>) in
      a + alpha * b
    },
  ]

  // `self - alpha * other`
  static let sub = [
    "aten::sub.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor",
    "aten::sub.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor",
    "aten::subtract.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor",
    "aten::subtract.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor",
  ].map {
    scaled($0, refusesBool: true) { (a, b, alpha: Float) in
      a - alpha * b
    } _: { (a, b, alpha: Double) in
      a - alpha * b
    } _: { (a, b, alpha: Int64) in
      a &- alpha &* b
    } _: { (a, b, alpha: Complex<Double>) in
      a - alpha * b
    }
  }

  // `other - alpha * self`
  static let rsub = [
    "aten::rsub.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor",
    "aten::rsub.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor",
  ].map {
    scaled($0, refusesBool: true) { (a, b, alpha: Float) in
      b - alpha * a
    } _: { (a, b, alpha: Double) in
      b - alpha * a
    } _: { (a, b, alpha: Int64) in
      b &- alpha &* a
    } _: { (a, b, alpha: Complex<Double>) in
      b - alpha * a
    }
  }

  static let product = BinaryFunction(
    float: { $0 * $1 }, double: { $0 * $1 }, integer: { $0 &* $1 }, complex: { $0 * $1 })
  static let mul = BinaryFamily("aten::mul", function: product)
  static let multiply = BinaryFamily("aten::multiply", function: product)

  static let quotient = BinaryFunction(
    float: { $0 / $1 }, double: { $0 / $1 }, complex: { $0 / $1 })
  static let div = BinaryFamily("aten::div", gives: .floating, function: quotient)
  static let divide = BinaryFamily("aten::divide", gives: .floating, function: quotient)
  static let trueDivide = BinaryFamily("aten::true_divide", gives: .floating, function: quotient)

  static let flooredQuotient = BinaryFunction(
    float: Division.floor, double: Division.floor, integer: Division.floor)
  static let truncatedQuotient = BinaryFunction(
    float: Division.truncate, double: Division.truncate, integer: Division.truncate)

  /// `floor(self / other)`
  static let floorDivide = BinaryFamily(
    "aten::floor_divide", [.tensors(""), .tensorNumber("Scalar")], takes: .numbers,
    refusesZero: true, function: flooredQuotient)

  /// `self - floor(self / other) * other`: the sign is the divisor's.
  static let remainder = BinaryFamily(
    "aten::remainder",
    [.tensors("Tensor"), .tensorNumber("Scalar"), .numberTensor("Scalar_Tensor")],
    takes: .numbers, refusesZero: true,
    function: BinaryFunction(
      float: Division.remainder, double: Division.remainder, integer: Division.remainder))

  /// `self - trunc(self / other) * other`: the sign is the dividend's.
  static let fmod = BinaryFamily(
    "aten::fmod", takes: .numbers, refusesZero: true,
    function: BinaryFunction(
      float: Division.truncatingRemainder, double: Division.truncatingRemainder,
      integer: Division.truncatingRemainder))

  // The quotient, rounded as `rounding_mode` says: "floor", "trunc" or not at all.
  static let divMode = [
    "aten::div.Tensor_mode(Tensor self, Tensor other, *, str? rounding_mode) -> Tensor",
    "aten::div.Scalar_mode(Tensor self, Scalar other, *, str? rounding_mode) -> Tensor",
    "aten::divide.Tensor_mode(Tensor self, Tensor other, *, str? rounding_mode) -> Tensor",
    "aten::divide.Scalar_mode(Tensor self, Scalar other, *, str? rounding_mode) -> Tensor",
  ].map { schema in
    Operator(
      schema, takesComplex: true,
      .kernel(
        infer: { arguments in
          let (_, rule) = try rounding(arguments)
          let operands = try BinaryFamily.operands(arguments)
          let common = resultType(operands)
          if rule == .same {
            try DTypeGroup.numbers.check(common, for: "aten::div")
            guard !common.isComplex else {
              throw MartletError(.dtype, "rounded division is not implemented for \(common)")
            }
          }
          return [TensorSpec(try broadcast(operands.map(\.sizes)), rule.result(from: common))]
        },
        compute: { arguments, results in
          guard results[0].count > 0 else { return }
          let (function, _) = try rounding(arguments)
          let operands = try BinaryFamily.operands(arguments)
          let (a, b) = (try operands[0].tensor(), try operands[1].tensor())
          let dtype = results[0].dtype
          if dtype.isInteger { try b.converted(to: dtype).refuseZeros() }
          try function.apply(a, b, computingIn: dtype, into: results[0])
        }))
  }

  private static func rounding(_ arguments: Arguments) throws -> (BinaryFunction, ResultRule) {
    switch try arguments.optionalString("rounding_mode") {
    case nil: return (quotient, .floating)
    case "floor": return (flooredQuotient, .same)
    case "trunc": return (truncatedQuotient, .same)
    case let other?:
      throw MartletError(
        .argument,
        "div expected rounding_mode to be one of None, 'trunc', or 'floor', got '\(other)'")
    }
  }

  /// `self + value * tensor1 * tensor2`
  static let addcmul = Operator(
    "aten::addcmul(Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor",
    takesComplex: true,
    .kernel(
      infer: { try inferTernary($0, takes: .numbers) },
      compute: { arguments, results in
        let value = try arguments.scalar("value")
        let (wide, whole) = (value.double, value.int64)
        let narrow = Float(wide)
        let number = value.complex
        try computeTernary(
          arguments, results,
          TernaryFunction(
            float: { $0 + narrow * $1 * $2 }, double: { $0 + wide * $1 * $2 },
            integer: { $0 &+ whole &* $1 &* $2 }, complex: { $0 + number * $1 * $2 }))
      }))

  /// `self + value * tensor1 / tensor2`
  static let addcdiv = Operator(
    "aten::addcdiv(Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor",
    takesComplex: true,
    .kernel(
      infer: { try inferTernary($0, takes: .floating) },
      compute: { arguments, results in
        let value = try arguments.scalar("value")
        let wide = value.double
        let narrow = Float(wide)
        let number = value.complex
        try computeTernary(
          arguments, results,
          TernaryFunction(
            float: { $0 + narrow * $1 / $2 }, double: { $0 + wide * $1 / $2 },
            complex: { $0 + number * $1 / $2 }))
      }))

  private static func inferTernary(_ arguments: Arguments, takes group: DTypeGroup) throws
    -> [TensorSpec]
  {
    let operands = try arguments.values.prefix(3).map(Tensor.init)
    let common = resultType(operands.map { .tensor($0) })
    try group.check(common, for: arguments.schema.name)
    return [TensorSpec(try broadcast(operands.map(\.sizes)), common)]
  }

  private static func computeTernary(
    _ arguments: Arguments, _ results: [Tensor], _ function: TernaryFunction
  ) throws {
    let operands = try arguments.values.prefix(3).map(Tensor.init)
    try function.apply(
      operands[0], operands[1], operands[2], computingIn: results[0].dtype, into: results[0])
  }

  /// A sum or difference whose one operand is multiplied by `alpha`.
  private static func scaled(
    _ schema: String, refusesBool: Bool,
    _ float: @escaping @Sendable (Float, Float, Float) -> Float,
    _ double: @escaping @Sendable (Double, Double, Double) -> Double,
    _ integer: @escaping @Sendable (Int64, Int64, Int64) -> Int64,
    _ complex:
      @escaping @Sendable (Complex<Double>, Complex<Double>, Complex<Double>) -> Complex<Double>
  ) -> Operator {
    Operator(
      schema, takesComplex: true,
      .kernel(
        infer: { arguments in
          let operands = try BinaryFamily.operands(arguments)
          let common = resultType(operands)
          let alpha = try arguments.scalar("alpha")
          if refusesBool, operands.contains(where: { $0.dtype == .bool }) {
            throw MartletError(
              .dtype,
              "subtraction with a bool tensor is not supported; use logical_not, logical_xor or ^")
          }
          if alpha.isFloatingPoint, !common.isFloatingPoint, !common.isComplex {
            throw MartletError(
              .argument, "for integral tensors, 'alpha' must not be a floating-point number")
          }
          if alpha.isComplex, !common.isComplex {
            throw MartletError(
              .argument, "for non-complex tensors, 'alpha' must not be a complex number")
          }
          if case .bool = alpha, common != .bool {
            throw MartletError(.argument, "a boolean 'alpha' is only supported for bool results")
          }
          return [TensorSpec(try broadcast(operands.map(\.sizes)), common)]
        },
        compute: { arguments, results in
          let alpha = try arguments.scalar("alpha")
          let (wide, whole) = (alpha.double, alpha.int64)
          let narrow = Float(wide)
          let number = alpha.complex
          let operands = try BinaryFamily.operands(arguments)
          try BinaryFunction(
            float: { float($0, $1, narrow) }, double: { double($0, $1, wide) },
            integer: { integer($0, $1, whole) }, complex: { complex($0, $1, number) }
          ).apply(
            try operands[0].tensor(), try operands[1].tensor(), computingIn: results[0].dtype,
            into: results[0])
        }))
  }
}
