import MartletTensor

/// Norms of vectors, and distances made of them.
package enum Norms {
  package static let operators: [Operator] = [
    normScalar, normDims, normDType, normDimsDType, vectorNorm, frobenius, dist, cdist,
    cdistForward,
  ]

  static let normScalar = Operator(
    "aten::norm.Scalar(Tensor self, Scalar p=2) -> Tensor", takesComplex: true,
    .reduction(floating, ofMagnitudes: true) { try NormRow($0.scalar("p").double) })
  static let normDims = Operator(
    "aten::norm.ScalarOpt_dim(Tensor self, Scalar? p, int[1] dim, bool keepdim=False) -> Tensor",
    takesComplex: true,
    .reduction(floating, ofMagnitudes: true) { try NormRow($0.optionalScalar("p")?.double ?? 2) })
  static let normDType = Operator(
    "aten::norm.ScalarOpt_dtype(Tensor self, Scalar? p, *, ScalarType dtype) -> Tensor",
    takesComplex: true,
    .reduction(floating, ofMagnitudes: true) { try NormRow($0.optionalScalar("p")?.double ?? 2) })
  static let normDimsDType = Operator(
    "aten::norm.ScalarOpt_dim_dtype(Tensor self, Scalar? p, int[1] dim, bool keepdim, *, "
      + "ScalarType dtype) -> Tensor", takesComplex: true,
    .reduction(floating, ofMagnitudes: true) { try NormRow($0.optionalScalar("p")?.double ?? 2) })

  /// `(Σ |x|^ord)^(1/ord)`; the largest and smallest magnitude for ±∞, the number of elements that
  /// are not zero for 0.
  static let vectorNorm = Operator(
    "aten::linalg_vector_norm(Tensor self, Scalar ord=2, int[1]? dim=None, bool keepdim=False, "
      + "*, ScalarType? dtype=None) -> Tensor", takesComplex: true,
    .reduction(
      { arguments in
        let (x, dtype) = try floating(arguments)
        let order = try arguments.scalar("ord").double
        let reduction = try FoldedAxes(arguments, rank: x.dim)
        // Of no elements there is no largest, nor does a negative power have a sum.
        if order < 0 || order == .infinity, reduction.count(of: x.sizes) == 0,
          !reduction.sizes(of: x.sizes).contains(0)
        {
          throw MartletError(
            .shape,
            "linalg.vector_norm cannot compute the \(order) norm on an empty tensor because the "
              + "operation does not have an identity, got sizes \(x.sizes)")
        }
        return (x, dtype)
      }, ofMagnitudes: true, { try NormRow($0.scalar("ord").double) }))

  static let frobenius = Operator(
    "aten::frobenius_norm.dim(Tensor self, int[1] dim, bool keepdim=False) -> Tensor",
    takesComplex: true,
    .reduction(
      { arguments in
        guard try arguments.ints("dim").count <= 2 else {
          throw MartletError(.argument, "Expected at most 2 dimensions")
        }
        return try floating(arguments)
      }, ofMagnitudes: true, { _ in NormRow(2) }))

  /// The norm of the difference.
  static let dist = Operator(
    "aten::dist(Tensor self, Tensor other, Scalar p=2) -> Tensor",
    .kernel(
      infer: { arguments in
        let (x, other) = (try arguments.tensor("self"), try arguments.tensor("other"))
        _ = try broadcast([x.sizes, other.sizes])
        let dtype = resultType([.tensor(x), .tensor(other)])
        guard dtype.isFloatingPoint else {
          throw MartletError(
            .dtype, "norm(): the desired output dtype should be floating point, got \(dtype)")
        }
        return [TensorSpec([], dtype)]
      },
      compute: { arguments, results in
        let (x, other) = (try arguments.tensor("self"), try arguments.tensor("other"))
        let sizes = try broadcast([x.sizes, other.sizes])
        let dtype = results[0].dtype
        let difference = try Tensor.allocate(sizes, dtype)
        try BinaryFunction(float: { $0 - $1 }, double: { $0 - $1 }).apply(
          x, other, computingIn: dtype, into: difference)
        try NormRow(try arguments.scalar("p").double).apply(
          difference, try FoldedAxes(nil, rank: sizes.count), computingIn: dtype,
          into: results[0])
      }))

  /// The distance of each row of `x1` from each row of `x2`.
  static let cdist = Operator(
    "aten::cdist(Tensor x1, Tensor x2, float p=2., int? compute_mode=None) -> Tensor",
    .kernel(infer: inferPairs, compute: computePairs))
  static let cdistForward = Operator(
    "aten::_cdist_forward(Tensor x1, Tensor x2, float p, int? compute_mode) -> Tensor",
    .kernel(infer: inferPairs, compute: computePairs))

  @Sendable private static func floating(_ arguments: Arguments) throws -> (Tensor, DType) {
    let x = try arguments.tensor("self")
    var dtype = x.dtype
    if arguments.schema.arguments.contains(where: { $0.name == "dtype" }) {
      dtype = try arguments.dtype("dtype") ?? x.dtype
      guard DType.promote(dtype, x.dtype) == dtype else {
        throw MartletError(
          .dtype,
          "norm: the dtype of the input (\(x.dtype)) should be convertible without "
            + "narrowing to the specified dtype (\(dtype))")
      }
    }
    guard x.dtype.isFloatingPoint || x.dtype.isComplex, dtype.isFloatingPoint || dtype.isComplex
    else {
      throw MartletError(
        .dtype,
        "linalg.vector_norm: Expected a floating point or complex tensor as input. Got \(x.dtype)")
    }
    return (x, dtype)
  }

  @Sendable private static func inferPairs(_ arguments: Arguments) throws -> [TensorSpec] {
    let (a, b) = (try arguments.tensor("x1"), try arguments.tensor("x2"))
    guard a.dtype.isFloatingPoint, b.dtype == a.dtype else {
      throw MartletError(
        .dtype,
        "cdist only supports two tensors of one floating-point dtype, got \(a.dtype) and \(b.dtype)"
      )
    }
    guard a.dim >= 2, b.dim >= 2, a.sizes.last == b.sizes.last else {
      throw MartletError(
        .shape,
        "cdist: X1 and X2 must have at least two dimensions and the same number of columns, got "
          + "\(a.sizes) and \(b.sizes)")
    }
    guard try arguments.double("p") >= 0 else {
      throw MartletError(.argument, "cdist only supports non-negative p values")
    }
    let batch = try broadcast([Array(a.sizes.dropLast(2)), Array(b.sizes.dropLast(2))])
    return [
      TensorSpec(
        batch + [a.sizes[a.dim - 2], b.sizes[b.dim - 2]], a.dtype)
    ]
  }

  @Sendable private static func computePairs(_ arguments: Arguments, _ results: [Tensor]) throws {
    let result = results[0]
    let (a, b) = (try arguments.tensor("x1"), try arguments.tensor("x2"))
    let columns = a.sizes[a.dim - 1]
    let sizes = result.sizes + [columns]
    let difference = try Tensor.allocate(sizes, result.dtype)
    try BinaryFunction(float: { $0 - $1 }, double: { $0 - $1 }).apply(
      Axes.unsqueezed(a, a.dim - 1), Axes.unsqueezed(b, b.dim - 2), computingIn: result.dtype,
      into: difference)
    try NormRow(try arguments.double("p")).apply(
      difference, try FoldedAxes([-1], rank: sizes.count), computingIn: result.dtype,
      into: result)
  }
}

/// The norm of one row, in double precision.
package struct NormRow: RowFunction {
  private let order: Double

  package init(_ order: Double) { self.order = order }

  package func real<T: ComputeElement & BinaryFloatingPoint>(_ row: Span<T>) -> T {
    T(rounding: norm(row))
  }

  private func norm<T: ComputeElement & BinaryFloatingPoint>(_ row: Span<T>) -> Double {
    var sum = order == -.infinity && !row.isEmpty ? Double.infinity : 0
    switch order {
    case 0:
      for i in row.indices where row[i] != 0 { sum += 1 }
    case 1:
      for i in row.indices { sum += abs(row[i].double) }
    case 2:
      for i in row.indices { sum += row[i].double * row[i].double }
      return sum.squareRoot()
    case .infinity:
      for i in row.indices { sum = larger(abs(row[i].double), sum) }
    case -.infinity:
      for i in row.indices { sum = smaller(abs(row[i].double), sum) }
    default:
      for i in row.indices { sum += Double.power(abs(row[i].double), order) }
      return Double.power(sum, 1 / order)
    }
    return sum
  }

  package func integer(_ row: Span<Int64>) -> Int64 { preconditionFailure("a norm is a fraction") }
}
