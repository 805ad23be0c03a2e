import MartletTensor

/// Comparisons: truth values, elementwise, in the dtype that both sides promote to.
package enum Comparison {
  package static let operators: [Operator] =
    [
      eq, ne, lt, le, gt, ge, notEqual, less, lessEqual, greater, greaterEqual,
    ].flatMap(\.operators) + [isclose, allclose, equal]

  static let equality = BinaryFunction(
    integer: { $0 == $1 ? 1 : 0 }, complex: { $0 == $1 ? .one : .zero }
  ) { $0 == $1 ? 1 : 0 }
  static let inequality = BinaryFunction(
    integer: { $0 != $1 ? 1 : 0 }, complex: { $0 != $1 ? .one : .zero }
  ) { $0 != $1 ? 1 : 0 }
  static let below = BinaryFunction(integer: { $0 < $1 ? 1 : 0 }) { $0 < $1 ? 1 : 0 }
  static let atMost = BinaryFunction(integer: { $0 <= $1 ? 1 : 0 }) { $0 <= $1 ? 1 : 0 }
  static let above = BinaryFunction(integer: { $0 > $1 ? 1 : 0 }) { $0 > $1 ? 1 : 0 }
  static let atLeast = BinaryFunction(integer: { $0 >= $1 ? 1 : 0 }) { $0 >= $1 ? 1 : 0 }

  static let eq = BinaryFamily("aten::eq", gives: .truth, function: equality)
  static let ne = BinaryFamily("aten::ne", gives: .truth, function: inequality)
  static let lt = BinaryFamily("aten::lt", gives: .truth, function: below)
  static let le = BinaryFamily("aten::le", gives: .truth, function: atMost)
  static let gt = BinaryFamily("aten::gt", gives: .truth, function: above)
  static let ge = BinaryFamily("aten::ge", gives: .truth, function: atLeast)
  static let notEqual = BinaryFamily("aten::not_equal", gives: .truth, function: inequality)
  static let less = BinaryFamily("aten::less", gives: .truth, function: below)
  static let lessEqual = BinaryFamily("aten::less_equal", gives: .truth, function: atMost)
  static let greater = BinaryFamily("aten::greater", gives: .truth, function: above)
  static let greaterEqual = BinaryFamily("aten::greater_equal", gives: .truth, function: atLeast)

  /// `|self - other| <= atol + rtol * |other|`, or both are equal.
  static let isclose = Operator(
    "aten::isclose(Tensor self, Tensor other, float rtol=1.0000000000000001e-05, "
      + "float atol=1e-08, bool equal_nan=False) -> Tensor",
    takesComplex: true,
    .kernel(infer: inferClose) { arguments, results in
      let (a, b) = (try arguments.tensor("self"), try arguments.tensor("other"))
      let (rtol, atol) = (try arguments.double("rtol"), try arguments.double("atol"))
      let equalNaN = try arguments.bool("equal_nan")
      let complex: @Sendable (Complex<Double>, Complex<Double>) -> Complex<Double> = { x, y in
        if x == y || (equalNaN && x.isNaN && y.isNaN) { return .one }
        let distance = (x - y).length
        return distance.isFinite && distance <= atol + rtol * y.length ? .one : .zero
      }
      try BinaryFunction(complex: complex) { x, y in
        if x == y || (equalNaN && x.isNaN && y.isNaN) { return 1 }
        let distance = abs(x - y)
        return distance.isFinite && distance <= atol + abs(rtol * y) ? 1 : 0
      }.apply(
        a, b, computingIn: a.dtype == .float32 || a.dtype.isComplex ? a.dtype : .float64,
        into: results[0])
    })

  /// Whether `isclose` holds everywhere.
  static let allclose = Operator(
    "aten::allclose(Tensor self, Tensor other, float rtol=1.0000000000000001e-05, "
      + "float atol=1e-08, bool equal_nan=False) -> bool",
    takesComplex: true,
    .dataDependent { arguments in
      let close = try Tensor(isclose.call(arguments.values, at: nil)[0])
      return [.bool(try close.elements(as: Bool.self).allSatisfy { $0 })]
    })

  /// Whether sizes and all elements are equal.
  static let equal = Operator(
    "aten::equal(Tensor self, Tensor other) -> bool", takesComplex: true,
    .dataDependent { arguments in
      let (a, b) = (try arguments.tensor("self"), try arguments.tensor("other"))
      guard a.sizes == b.sizes else { return [.bool(false)] }
      let same = try eq(.tensor(a), .tensor(b))
      return [.bool(try same.elements(as: Bool.self).allSatisfy { $0 })]
    })

  @Sendable private static func inferClose(_ arguments: Arguments) throws -> [TensorSpec] {
    let (a, b) = (try arguments.tensor("self"), try arguments.tensor("other"))
    guard a.dtype == b.dtype else {
      throw MartletError(.dtype, "\(a.dtype) did not match \(b.dtype)")
    }
    for name in ["rtol", "atol"] where try arguments.double(name) < 0 {
      throw MartletError(
        .value, "\(name) must be greater than or equal to zero, got \(try arguments.double(name))")
    }
    return [TensorSpec(try broadcast([a.sizes, b.sizes]), .bool)]
  }
}
