import MartletTensor

/// Elements chosen by a mask, and constants in place of elements.
package enum Selection {
  package static let operators: [Operator] =
    choose + [whereIndices, maskedFillScalar, maskedFillTensor, fillScalar, fillTensor]

  // `self` where the condition holds, `other` elsewhere.
  static let choose = [
    "aten::where.self(Tensor condition, Tensor self, Tensor other) -> Tensor",
    "aten::where.ScalarOther(Tensor condition, Tensor self, Scalar other) -> Tensor",
    "aten::where.ScalarSelf(Tensor condition, Scalar self, Tensor other) -> Tensor",
    "aten::where.Scalar(Tensor condition, Scalar self, Scalar other) -> Tensor",
  ].map { Operator($0, takesComplex: true, .kernel(infer: inferChoice, compute: computeChoice)) }

  @Sendable private static func inferChoice(_ arguments: Arguments) throws -> [TensorSpec] {
    let condition = try arguments.tensor("condition")
    guard condition.dtype == .bool || condition.dtype == .uint8 else {
      throw MartletError(
        .dtype, "where expected condition to be a boolean tensor, but got \(condition.dtype)")
    }
    let operands = try ["self", "other"].map { try PromotionOperand(arguments[$0]) }
    let dtype = resultType(operands)
    for case .scalar(let number) in operands { try number.checkFits(dtype) }
    return [TensorSpec(try broadcast([condition.sizes] + operands.map(\.sizes)), dtype)]
  }

  @Sendable private static func computeChoice(_ arguments: Arguments, _ results: [Tensor]) throws {
    try TernaryFunction(
      float: { $0 != 0 ? $1 : $2 }, double: { $0 != 0 ? $1 : $2 }, integer: { $0 != 0 ? $1 : $2 },
      complex: { $0.real != 0 ? $1 : $2 }
    ).apply(
      try arguments.tensor("condition"), try PromotionOperand(arguments["self"]).tensor(),
      try PromotionOperand(arguments["other"]).tensor(), computingIn: results[0].dtype,
      into: results[0])
  }

  /// The indices of what is not zero, one tensor for each axis.
  static let whereIndices = Operator(
    "aten::where(Tensor condition) -> Tensor[]", takesComplex: true,
    .dataDependent { arguments in
      let condition = try arguments.tensor("condition")
      let sizes = condition.dim == 0 ? [1] : condition.sizes
      var indices = [[Int64]](repeating: [], count: sizes.count)
      let steps = Layout.contiguousStrides(sizes)
      try condition.converted(to: .bool).compacted().read(as: Bool.self) { span in
        for position in span.indices where span[position] {
          for d in sizes.indices {
            indices[d].append(Int64(position / steps[d] % sizes[d]))
          }
        }
      }
      return [.list(try indices.map { .tensor(try Tensor($0)) })]
    })

  /// `self` with a value where the mask holds.
  static let maskedFillScalar = Operator(
    "aten::masked_fill.Scalar(Tensor self, Tensor mask, Scalar value) -> Tensor",
    takesComplex: true,
    .kernel(
      infer: { arguments in
        try arguments.scalar("value").checkFits(try arguments.tensor("self").dtype)
        return try inferMask(arguments)
      },
      compute: { try computeMask($0, $1, try PromotionOperand($0["value"]).tensor()) }))
  static let maskedFillTensor = Operator(
    "aten::masked_fill.Tensor(Tensor self, Tensor mask, Tensor value) -> Tensor",
    takesComplex: true,
    .kernel(
      infer: { arguments in
        try noAxes(try arguments.tensor("value"), "masked_fill")
        return try inferMask(arguments)
      },
      compute: { try computeMask($0, $1, try $0.tensor("value")) }))

  private static func inferMask(_ arguments: Arguments) throws -> [TensorSpec] {
    let (x, mask) = (try arguments.tensor("self"), try arguments.tensor("mask"))
    guard mask.dtype == .bool else {
      throw MartletError(
        .dtype, "masked_fill only supports boolean masks, but got mask with dtype \(mask.dtype)")
    }
    return [TensorSpec(try broadcast([x.sizes, mask.sizes]), x.dtype)]
  }

  private static func computeMask(_ arguments: Arguments, _ results: [Tensor], _ value: Tensor)
    throws
  {
    try TernaryFunction(
      float: { $0 != 0 ? $1 : $2 }, double: { $0 != 0 ? $1 : $2 }, integer: { $0 != 0 ? $1 : $2 },
      complex: { $0.real != 0 ? $1 : $2 }
    ).apply(
      try arguments.tensor("mask"), try value.converted(to: results[0].dtype),
      try arguments.tensor("self"), computingIn: results[0].dtype, into: results[0])
  }

  /// The value in `self`'s sizes and dtype.
  static let fillScalar = Operator(
    "aten::fill.Scalar(Tensor self, Scalar value) -> Tensor", takesComplex: true,
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        try arguments.scalar("value").checkFits(x.dtype)
        return [TensorSpec(x.sizes, x.dtype)]
      },
      compute: { try $1[0].write(try $0.scalar("value")) }))
  static let fillTensor = Operator(
    "aten::fill.Tensor(Tensor self, Tensor value) -> Tensor", takesComplex: true,
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        try noAxes(try arguments.tensor("value"), "fill")
        return [TensorSpec(x.sizes, x.dtype)]
      },
      compute: { try $1[0].write(repeating: try $0.tensor("value")) }))

  private static func noAxes(_ value: Tensor, _ name: String) throws {
    guard value.dim == 0 else {
      throw MartletError(
        .shape,
        "\(name) only supports a 0-dimensional value tensor, but got one of sizes \(value.sizes)")
    }
  }
}

extension Tensor {
  /// Sets every element of a new tensor to a tensor's one value, converted.
  func write(repeating value: Tensor) throws {
    let repeated = try value.converted(to: dtype)
    try repeated.viewed(repeated.layout.broadcast(to: sizes)).convert(into: self)
  }

  /// Sets every element of a new tensor to the number, cut or rounded to its dtype.
  func write(_ number: Scalar) throws {
    try write(repeating: try PromotionOperand.scalar(number).tensor())
  }
}

extension Tensor {
  /// `x` where the condition holds, `other` elsewhere (`torch.where`).
  public static func `where`(
    _ condition: Tensor, _ x: some TensorOperand, _ other: some TensorOperand,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    let values = (x.value, other.value)
    let index =
      switch values {
      case (.tensor, .tensor): 0
      case (.tensor, _): 1
      case (_, .tensor): 2
      default: 3
      }
    return try Selection.choose[index](
      .tensor(condition), values.0, values.1, at: SourceLocation(file, line))
  }

  /// This tensor with a value where the mask holds (`torch.masked_fill`).
  public func maskedFill(
    _ mask: Tensor, _ value: some TensorOperand, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    let location = SourceLocation(file, line)
    if case .tensor = value.value {
      return try Selection.maskedFillTensor(
        .tensor(self), .tensor(mask), value.value, at: location)
    }
    return try Selection.maskedFillScalar(.tensor(self), .tensor(mask), value.value, at: location)
  }
}
