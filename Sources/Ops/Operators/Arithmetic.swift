import MartletTensor

/// Addition and its like: two operands that broadcast and promote.
package enum Arithmetic {
  package static let operators: [Operator] = [addTensor, addScalar]

  /// `self + alpha * other`
  static let addTensor = Operator(
    "aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor",
    .kernel(infer: inferBinary, compute: computeAdd))

  /// `self + alpha * other`
  static let addScalar = Operator(
    "aten::add.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor",
    .kernel(infer: inferBinary, compute: computeAdd))

  /// Broadcast sizes, promoted dtype; `other` may be a number.
  @Sendable static func inferBinary(_ arguments: Arguments) throws -> [TensorSpec] {
    let x = try arguments.tensor("self")
    let other = try operand(arguments["other"])
    return [TensorSpec(try broadcast([x.sizes, other.sizes]), resultType([.tensor(x), other]))]
  }

  @Sendable private static func computeAdd(_ arguments: Arguments, _ results: [Tensor]) throws {
    let alpha = try arguments.scalar("alpha")
    let (wide, whole) = (alpha.double, alpha.int64)
    let narrow = Float(wide)
    try BinaryFunction(
      float: { $0 + narrow * $1 }, double: { $0 + wide * $1 }, integer: { $0 &+ whole &* $1 }
    ).apply(
      try arguments.tensor("self"), try operand(arguments["other"]).tensor(),
      computingIn: results[0].dtype, into: results[0])
  }

  static func operand(_ value: Value) throws -> PromotionOperand {
    if case .tensor(let tensor) = value { return .tensor(tensor) }
    return .scalar(try Scalar(value))
  }
}

extension PromotionOperand {
  package var sizes: [Int] {
    if case .tensor(let tensor) = self { tensor.sizes } else { [] }
  }

  /// A number as a tensor of no axes.
  package func tensor() throws -> Tensor {
    switch self {
    case .tensor(let tensor): tensor
    case .scalar(.int(let value)): try Tensor(scalar: Int64(value))
    case .scalar(.double(let value)): try Tensor(scalar: value)
    case .scalar(.bool(let value)): try Tensor(scalar: value)
    }
  }
}

extension Tensor {
  /// `self + alpha * other`, with broadcasting and type promotion (`torch.add`).
  ///
  /// - Throws: `MartletError` of kind `.shape` when the shapes do not broadcast.
  public func add(
    _ other: Tensor, alpha: Double = 1, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Arithmetic.addTensor(
      .tensor(self), .tensor(other), .number(alpha), at: SourceLocation(file, line))
  }

  public static func + (a: Tensor, b: Tensor) throws -> Tensor {
    try Arithmetic.addTensor(.tensor(a), .tensor(b))
  }
}

extension Value {
  /// A number, whole ones as `int`, as Python's literals would be.
  package static func number(_ value: Double) -> Value {
    if let whole = Int(exactly: value) { .int(Dim(whole)) } else { .double(value) }
  }
}
