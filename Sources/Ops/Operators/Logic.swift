import MartletTensor

/// Truth values and bits.
package enum Logic {
  package static let operators: [Operator] =
    [
      logicalAnd, logicalOr, logicalXor, bitwiseAnd, bitwiseOr, bitwiseXor, bitwiseLeftShift,
      bitwiseRightShift, and, or, xor, leftShift, rightShift,
    ].flatMap(\.operators) + [logicalNot, bitwiseNot]

  // Everything but zero is true, NaN too.
  static let logicalAnd = BinaryFamily(
    "aten::logical_and", [.tensors("")], gives: .truth,
    function: BinaryFunction(
      integer: { $0 != 0 && $1 != 0 ? 1 : 0 },
      complex: { $0 != .zero && $1 != .zero ? .one : .zero }
    ) { $0 != 0 && $1 != 0 ? 1 : 0 })
  static let logicalOr = BinaryFamily(
    "aten::logical_or", [.tensors("")], gives: .truth,
    function: BinaryFunction(
      integer: { $0 != 0 || $1 != 0 ? 1 : 0 },
      complex: { $0 != .zero || $1 != .zero ? .one : .zero }
    ) { $0 != 0 || $1 != 0 ? 1 : 0 })
  static let logicalXor = BinaryFamily(
    "aten::logical_xor", [.tensors("")], gives: .truth,
    function: BinaryFunction(
      integer: { ($0 != 0) != ($1 != 0) ? 1 : 0 },
      complex: { ($0 != .zero) != ($1 != .zero) ? .one : .zero }
    ) {
      ($0 != 0) != ($1 != 0) ? 1 : 0
    })

  static let logicalNot = unaryOperator(
    "aten::logical_not", gives: .truth,
    UnaryFunction(
      integer: { $0 == 0 ? 1 : 0 }, complex: { $0 == .zero ? .one : .zero }
    ) { $0 == 0 ? 1 : 0 })

  /// The complement; of a truth value its opposite.
  static let bitwiseNot = Operator(
    "aten::bitwise_not(Tensor self) -> Tensor",
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        try DTypeGroup.integersAndBool.check(x.dtype, for: "aten::bitwise_not")
        return [TensorSpec(x.sizes, x.dtype)]
      },
      compute: { arguments, results in
        let isTruth = results[0].dtype == .bool
        try UnaryFunction.map(try arguments.tensor("self"), into: results[0]) { (value: Int64) in
          isTruth ? 1 - value : ~value
        }
      }))

  // Whole numbers alone reach these functions.
  private static func bits(_ function: @escaping @Sendable (Int64, Int64) -> Int64)
    -> BinaryFunction
  {
    BinaryFunction(integer: function) { a, _ in a }
  }

  private static let threeWays: [BinaryFamily.Overload] = [
    .tensors("Tensor"), .tensorNumber("Scalar"), .numberTensor("Scalar_Tensor"),
  ]
  private static let shiftWays: [BinaryFamily.Overload] = [
    .tensors("Tensor"), .tensorNumber("Tensor_Scalar"), .numberTensor("Scalar_Tensor"),
  ]

  static let bitwiseAnd = BinaryFamily(
    "aten::bitwise_and", threeWays, takes: .integersAndBool, function: bits { $0 & $1 })
  static let bitwiseOr = BinaryFamily(
    "aten::bitwise_or", threeWays, takes: .integersAndBool, function: bits { $0 | $1 })
  static let bitwiseXor = BinaryFamily(
    "aten::bitwise_xor", threeWays, takes: .integersAndBool, function: bits { $0 ^ $1 })
  static let and = BinaryFamily(
    "aten::__and__", takes: .integersAndBool, function: bits { $0 & $1 })
  static let or = BinaryFamily("aten::__or__", takes: .integersAndBool, function: bits { $0 | $1 })
  static let xor = BinaryFamily(
    "aten::__xor__", takes: .integersAndBool, function: bits { $0 ^ $1 })

  static let bitwiseLeftShift = BinaryFamily(
    "aten::bitwise_left_shift", shiftWays, takes: .integers, function: bits(shiftedLeft))
  static let bitwiseRightShift = BinaryFamily(
    "aten::bitwise_right_shift", shiftWays, takes: .integers, function: bits(shiftedRight))
  static let leftShift = BinaryFamily(
    "aten::__lshift__", takes: .integers, function: bits(shiftedLeft))
  static let rightShift = BinaryFamily(
    "aten::__rshift__", takes: .integers, function: bits(shiftedRight))

  /// Shifts by a negative count or beyond the width leave no bit.
  @Sendable static func shiftedLeft(_ a: Int64, _ b: Int64) -> Int64 {
    b < 0 || b > 63 ? 0 : a << b
  }

  /// Shifts by a negative count or beyond the width leave the sign.
  @Sendable static func shiftedRight(_ a: Int64, _ b: Int64) -> Int64 {
    a >> (b < 0 || b > 63 ? 63 : b)
  }
}
