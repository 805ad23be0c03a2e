import MartletTensor

/// An elementwise function of one tensor: one row of a table.
func unaryOperator(
  _ name: String, takes group: DTypeGroup = .any, gives rule: ResultRule,
  tolerance: Double = 1e-5, _ function: UnaryFunction
) -> Operator {
  unaryOperator(
    name, parameters: "", takes: group, gives: rule, tolerance: tolerance,
    takesComplex: function.complex != nil
  ) { _, _ in function }
}

/// As above for a function that depends on further arguments.
///
/// - Parameters:
///   - parameters: the schema's text after `Tensor self`, with its comma.
///   - function: makes the function from the arguments and the dtype it is computed in.
func unaryOperator(
  _ name: String, parameters: String, takes group: DTypeGroup = .any, gives rule: ResultRule,
  tolerance: Double = 1e-5, takesComplex: Bool = false,
  _ function: @escaping @Sendable (Arguments, DType) throws -> UnaryFunction
) -> Operator {
  Operator(
    name + "(Tensor self" + parameters + ") -> Tensor", tolerance: tolerance,
    takesComplex: takesComplex,
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        try group.check(x.dtype, for: name)
        _ = try function(arguments, rule.computed(from: x.dtype))
        return [TensorSpec(x.sizes, rule.result(from: x.dtype))]
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        let computed = rule.computed(from: x.dtype)
        try function(arguments, computed).apply(x, computingIn: computed, into: results[0])
      }))
}

extension Scalar {
  /// The number as the dtype's compute type holds it, so that comparisons with elements agree
  /// with PyTorch's.
  func rounded(to dtype: DType) -> Double {
    switch dtype.computeType {
    case .float32: Double(Float(double))
    case .float64: double
    default: Double(int64)
    }
  }
}

extension Arguments {
  /// A number as the dtype's compute type holds it.
  func number(_ name: String, in dtype: DType) throws -> Double {
    try scalar(name).rounded(to: dtype)
  }
}
