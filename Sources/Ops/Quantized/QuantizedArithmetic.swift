import MartletTensor

/// Sums, products and joins of quantised tensors (`torch.ops.quantized.add`).
///
/// Values are computed in float32 and rounded to the given scheme: one step beside PyTorch's where
/// a value lies halfway between two numbers.
enum QuantizedArithmetic {
  package static let operators: [Operator] =
    [false, true].flatMap { isRectified in
      [
        binary("add", isRectified) { try Arithmetic.add[0](.tensor($0), .tensor($1), .int(1)) },
        binary("mul", isRectified) { try Arithmetic.mul.operators[0](.tensor($0), .tensor($1)) },
        joined(isRectified),
      ] + withNumber("add", isRectified, addNumber) + withNumber("mul", isRectified, multiply)
    } + [legacyAdd]

  private static func binary(
    _ name: String, _ isRectified: Bool,
    _ function: @escaping @Sendable (Tensor, Tensor) throws -> Tensor
  ) -> Operator {
    let name = "quantized::\(name)\(isRectified ? "_relu" : "")"
    return Operator(
      "\(name)(Tensor qa, Tensor qb, float scale, int zero_point) -> Tensor qc",
      takesQuantized: true, .composite { try combine($0, name, isRectified, function) })
  }

  /// As older archives name it.
  private static let legacyAdd = Operator(
    "_quantized::add(Tensor qa, Tensor qb, float scale, int zero_point) -> Tensor qc",
    takesQuantized: true,
    .composite { arguments in
      try combine(arguments, "_quantized::add", false) {
        try Arithmetic.add[0](.tensor($0), .tensor($1), .int(1))
      }
    })

  private static func combine(
    _ arguments: Arguments, _ name: String, _ isRectified: Bool,
    _ function: (Tensor, Tensor) throws -> Tensor
  ) throws -> [Value] {
    let (a, b) = (try arguments.quantized("qa").tensor, try arguments.quantized("qb").tensor)
    guard a.dtype == b.dtype else {
      throw MartletError(
        .dtype, "\(name): both inputs must have the same dtype, got \(a.dtype) and \(b.dtype)")
    }
    let values = try function(try a.dequantized(), try b.dequantized())
    let scheme = Quantizer.perTensor(
      scale: try arguments.double("scale"), zeroPoint: try arguments.int("zero_point"))
    return [
      .tensor(
        try (isRectified ? Activations.relu(.tensor(values)) : values).quantized(
          as: a.dtype, by: scheme, rounding: .distance))
    ]
  }

  /// Along an axis; without a scheme of its own, by the first tensor's.
  private static func joined(_ isRectified: Bool) -> Operator {
    Operator(
      "quantized::cat\(isRectified ? "_relu" : "")(Tensor[] qx, int dim, float? scale, "
        + "int? zero_point) -> Tensor", takesQuantized: true,
      .composite { arguments in
        let tensors = try arguments.tensors("qx")
        guard
          case .perTensor(let scale, let point)? = try tensors.first?.perTensorScheme(
            for: "quantized::cat")
        else { throw MartletError(.argument, "quantized::cat expects a non-empty list") }
        let scheme = Quantizer.perTensor(
          scale: try arguments.optionalDouble("scale") ?? scale,
          zeroPoint: try arguments.optionalInt("zero_point") ?? point)
        return [
          .tensor(
            try QuantizedMoves.joined(
              tensors, try arguments.int("dim"), scheme: scheme, isRectified: isRectified))
        ]
      })
  }

  private typealias NumberFunction = @Sendable (Tensor, Double, Bool) throws -> Tensor

  /// With one number, whose scheme follows from it; the number may be a tensor of one element.
  private static func withNumber(
    _ name: String, _ isRectified: Bool, _ function: @escaping NumberFunction
  ) -> [Operator] {
    let suffix = isRectified ? "_relu" : ""
    func make(_ schema: String, _ isTensor: Bool) -> Operator {
      let evaluate: Operator.Evaluate = { arguments in
        let x = try arguments.quantized("qa").tensor
        let number =
          isTensor
          ? try arguments.tensor("b").scalar(as: Double.self) : try arguments.scalar("b").double
        // PyTorch's sum with a tensor is not rectified, whatever its name says.
        let isRectified = isRectified && !(isTensor && name == "add")
        return [.tensor(try function(x, number, isRectified))]
      }
      return Operator(
        schema, takesQuantized: true, isTensor ? .dataDependent(evaluate) : .composite(evaluate))
    }
    return [
      make("quantized::\(name)_scalar\(suffix)(Tensor qa, Scalar b) -> Tensor qc", false),
      make("quantized::\(name)_scalar\(suffix).Tensor(Tensor qa, Tensor b) -> Tensor qc", true),
      make("quantized::\(name)\(suffix).Scalar(Tensor qa, Scalar b) -> Tensor qc", false),
      make("quantized::\(name)\(suffix).Scalar2(Scalar b, Tensor qa) -> Tensor qc", false),
    ]
  }

  /// The zero point moves; where it would leave the stored type's range, the scale grows.
  @Sendable private static func addNumber(
    _ x: Tensor, _ number: Double, _ isRectified: Bool
  ) throws -> Tensor {
    guard case .perTensor(let scale, let zeroPoint) = try x.perTensorScheme(for: "add_scalar")
    else { return x }
    let range = x.dtype.quantizedRange
    let (low, high) = (Double(range.lowerBound), Double(range.upperBound))
    let steps = (number / scale).rounded(.toNearestOrEven)
    let moved = Double(zeroPoint) - steps
    if moved >= low, moved <= high {
      let result = try x.storedNumbers.quantized(
        by: .perTensor(scale: scale, zeroPoint: Int(moved)))
      return isRectified ? try QuantizedFunctions.atLeastZero(result) : result
    }
    let isBelow = moved < low
    let reach = isBelow ? high - moved : moved - low
    let scheme = Quantizer.perTensor(
      scale: reach / (high - low) * scale, zeroPoint: isBelow ? range.lowerBound : range.upperBound)
    let values = try Arithmetic.add[1](
      .tensor(try x.dequantized()), .double(steps * scale), .int(1))
    return try (isRectified ? Activations.relu(.tensor(values)) : values).quantized(
      as: x.dtype, by: scheme, rounding: .distance)
  }

  /// The scale changes; with a negative number the stored numbers turn around.
  @Sendable private static func multiply(
    _ x: Tensor, _ number: Double, _ isRectified: Bool
  ) throws -> Tensor {
    guard case .perTensor(let scale, let zeroPoint) = try x.perTensorScheme(for: "mul_scalar")
    else { return x }
    let ends = x.dtype.quantizedRange
    let numbers = x.storedNumbers
    let result: Tensor
    if number > 0 {
      result = try numbers.quantized(
        by: .perTensor(scale: scale * number, zeroPoint: zeroPoint))
    } else if number == 0 {
      let zeros = try Arithmetic.mul.operators[1](.tensor(numbers), .int(0))
      result = try zeros.quantized(by: .perTensor(scale: 1, zeroPoint: 0))
    } else {
      let turned = try Arithmetic.add[1](
        .tensor(
          try Arithmetic.mul.operators[1](.tensor(try numbers.converted(to: .int64)), .int(-1))),
        .int(Dim(ends.lowerBound + ends.upperBound)), .int(1)
      ).converted(to: numbers.dtype)
      result = try turned.quantized(
        by: .perTensor(
          scale: -scale * number, zeroPoint: ends.upperBound - (zeroPoint - ends.lowerBound)))
    }
    return isRectified ? try QuantizedFunctions.atLeastZero(result) : result
  }
}
