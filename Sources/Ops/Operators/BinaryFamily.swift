import MartletTensor

/// An elementwise function of two operands and its ATen overloads: tensors broadcast, dtypes
/// promote.
package struct BinaryFamily: Sendable {
  package let operators: [Operator]

  /// Which operands are tensors, with the overload's name.
  package enum Overload: Sendable {
    case tensors(String)
    case tensorNumber(String)
    case numberTensor(String)

    fileprivate var name: String {
      switch self {
      case .tensors(let name), .tensorNumber(let name), .numberTensor(let name): name
      }
    }

    fileprivate func parameters(_ second: String) -> String {
      switch self {
      case .tensors: "Tensor self, Tensor \(second)"
      case .tensorNumber: "Tensor self, Scalar \(second)"
      case .numberTensor: "Scalar self, Tensor \(second)"
      }
    }
  }

  /// `Tensor` and `Scalar`, which most families have.
  package static let usual: [Overload] = [.tensors("Tensor"), .tensorNumber("Scalar")]

  /// - Parameters:
  ///   - second: the second operand's name in the schema.
  ///   - refusesZero: whether whole numbers refuse a zero as the second operand.
  package init(
    _ name: String, _ overloads: [Overload] = usual, second: String = "other",
    takes group: DTypeGroup = .any, gives rule: ResultRule = .same, refusesZero: Bool = false,
    function: BinaryFunction
  ) {
    operators = overloads.map { overload in
      let suffix = overload.name.isEmpty ? "" : "." + overload.name
      return Operator(
        name + suffix + "(" + overload.parameters(second) + ") -> Tensor",
        takesComplex: function.complex != nil,
        .kernel(
          infer: { arguments in
            let operands = try Self.operands(arguments)
            let common = resultType(operands)
            try group.check(common, for: name)
            return [TensorSpec(try broadcast(operands.map(\.sizes)), rule.result(from: common))]
          },
          compute: { arguments, results in
            guard results[0].count > 0 else { return }
            let operands = try Self.operands(arguments)
            let computed = rule.computed(from: resultType(operands))
            let (a, b) = (try operands[0].tensor(), try operands[1].tensor())
            if refusesZero, !computed.isFloatingPoint {
              try b.converted(to: computed).refuseZeros()
            }
            try function.apply(a, b, computingIn: computed, into: results[0])
          }))
    }
  }

  /// The first two arguments.
  static func operands(_ arguments: Arguments) throws -> [PromotionOperand] {
    try arguments.values.prefix(2).map(PromotionOperand.init)
  }

  /// Calls the overload that fits the operands.
  package func callAsFunction(_ a: Value, _ b: Value, at location: SourceLocation? = nil) throws
    -> Tensor
  {
    for operation in operators {
      let parameters = operation.schema.arguments
      if parameters[0].type.accepts(a), parameters[1].type.accepts(b) {
        return try operation(a, b, at: location)
      }
    }
    // A number where only tensors go is a tensor of no axes.
    return try operators[0](
      .tensor(PromotionOperand(a).tensor()), .tensor(PromotionOperand(b).tensor()), at: location)
  }
}

extension PromotionOperand {
  package init(_ value: Value) throws {
    if case .tensor(let tensor) = value {
      self = .tensor(tensor)
    } else {
      self = .scalar(try Scalar(value))
    }
  }

  package var sizes: [Int] {
    if case .tensor(let tensor) = self { tensor.sizes } else { [] }
  }

  package var dtype: DType { resultType([self]) }

  /// A number as a tensor of no axes.
  package func tensor() throws -> Tensor {
    switch self {
    case .tensor(let tensor): tensor
    case .scalar(.int(let value)): try Tensor(scalar: Int64(value))
    case .scalar(.double(let value)): try Tensor(scalar: value)
    case .scalar(.bool(let value)): try Tensor(scalar: value)
    case .scalar(.complex(let real, let imaginary)):
      try Tensor(scalar: Complex(real, imaginary))
    }
  }
}

extension Tensor {
  /// - Throws: `MartletError` of kind `.value`, as integer division by zero does in PyTorch.
  func refuseZeros() throws {
    try withElements(as: Int64.self) { span in
      for i in span.indices where span[i] == 0 {
        throw MartletError(.value, "ZeroDivisionError: an integer divisor is zero")
      }
    }
  }
}
