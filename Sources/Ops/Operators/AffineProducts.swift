import MartletTensor

/// A product added to a tensor: `beta · self + alpha · (a · b)`. With `beta` 0, `self` is not read.
package enum AffineProducts {
  package static let operators: [Operator] = [addmm, addmv, baddbmm, addr, outer, ger, inner]

  static let addmm = make(
    "aten::addmm(Tensor self, Tensor mat1, Tensor mat2, *, Scalar beta=1, Scalar alpha=1) "
      + "-> Tensor",
    infer: { arguments in
      let (a, b) = (try arguments.tensor("mat1"), try arguments.tensor("mat2"))
      try MatrixProducts.checkRank(a, 2, "mat1")
      try MatrixProducts.checkRank(b, 2, "mat2")
      return try MatrixProducts.inferProduct(a, b)
    },
    operands: { (try $0.tensor("mat1"), try $0.tensor("mat2")) })

  static let addmv = make(
    "aten::addmv(Tensor self, Tensor mat, Tensor vec, *, Scalar beta=1, Scalar alpha=1) -> Tensor",
    infer: { arguments in
      let (a, b) = (try arguments.tensor("mat"), try arguments.tensor("vec"))
      try MatrixProducts.checkRank(a, 2, "mat")
      try MatrixProducts.checkRank(b, 1, "vec")
      let spec = try MatrixProducts.inferProduct(a, b.unsqueezedView(1))
      return TensorSpec([spec.sizes[0]], spec.dtype)
    },
    operands: { (try $0.tensor("mat"), try $0.tensor("vec").unsqueezedView(1)) })

  static let baddbmm = make(
    "aten::baddbmm(Tensor self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) "
      + "-> Tensor",
    infer: { try MatrixProducts.inferBatchProduct($0.tensor("batch1"), $0.tensor("batch2")) },
    operands: { (try $0.tensor("batch1"), try $0.tensor("batch2")) })

  static let addr = make(
    "aten::addr(Tensor self, Tensor vec1, Tensor vec2, *, Scalar beta=1, Scalar alpha=1) -> Tensor",
    checksNumbers: true, infer: { try inferOuter($0.tensor("vec1"), $0.tensor("vec2")) },
    operands: {
      (try $0.tensor("vec1").unsqueezedView(1), try $0.tensor("vec2").unsqueezedView(0))
    })

  /// `[n] · [m] → [n, m]`
  static let outer = makeOuter("aten::outer(Tensor self, Tensor vec2) -> Tensor")
  static let ger = makeOuter("aten::ger(Tensor self, Tensor vec2) -> Tensor")

  /// The sum over the last axes of both: `[…, k] · [~, k] → […, ~]`
  static let inner = Operator(
    "aten::inner(Tensor self, Tensor other) -> Tensor", takesComplex: true,
    .kernel(
      infer: { arguments in
        let (a, b) = (try arguments.tensor("self"), try arguments.tensor("other"))
        if a.dim == 0 || b.dim == 0 {
          return [TensorSpec(a.sizes + b.sizes, resultType([.tensor(a), .tensor(b)]))]
        }
        guard a.sizes.last == b.sizes.last else {
          throw MartletError(
            .shape,
            "inner() the last dimension must match on both input tensors but got shapes "
              + "\(a.sizes) and \(b.sizes)")
        }
        try MatrixProducts.checkDTypes(a, b)
        return [TensorSpec(Array(a.sizes.dropLast()) + b.sizes.dropLast(), a.dtype)]
      },
      compute: { arguments, results in
        var (a, b) = (try arguments.tensor("self"), try arguments.tensor("other"))
        if a.dim == 0 || b.dim == 0 {
          (a, b) = (a.unsqueezedView(a.dim), b.unsqueezedView(b.dim))
        }
        let depth = a.sizes[a.dim - 1]
        let (rows, columns) = (
          a.sizes.dropLast().reduce(1, *), b.sizes.dropLast().reduce(1, *)
        )
        try MatrixProducts.product(
          try a.reshapedView([rows, depth]),
          try b.reshapedView([columns, depth]).transposedView(0, 1),
          into: results[0].viewed(
            Layout(contiguous: [rows, columns], offset: results[0].layout.offset)))
      }))

  private static func inferOuter(_ a: Tensor, _ b: Tensor) throws -> TensorSpec {
    guard a.dim == 1, b.dim == 1 else {
      throw MartletError(
        .shape, "outer products expect 1-D arguments, got \(a.dim)-D and \(b.dim)-D")
    }
    return TensorSpec([a.count, b.count], resultType([.tensor(a), .tensor(b)]))
  }

  private static func makeOuter(_ schema: String) -> Operator {
    Operator(
      schema, takesComplex: true,
      .kernel(
        infer: { [try inferOuter($0.tensor("self"), $0.tensor("vec2"))] },
        compute: { arguments, results in
          try MatrixProducts.product(
            try arguments.tensor("self").unsqueezedView(1),
            try arguments.tensor("vec2").unsqueezedView(0), into: results[0])
        }))
  }

  /// - Parameter checksNumbers: refuse fractions beside whole numbers, which are cut otherwise.
  private static func make(
    _ schema: String, checksNumbers: Bool = false,
    infer: @escaping @Sendable (Arguments) throws -> TensorSpec,
    operands: @escaping @Sendable (Arguments) throws -> (Tensor, Tensor)
  ) -> Operator {
    Operator(
      schema, takesComplex: true,
      .kernel(
        infer: { arguments in
          let spec = try infer(arguments)
          let x = try arguments.tensor("self")
          guard x.dim <= spec.sizes.count, try broadcast([spec.sizes, x.sizes]) == spec.sizes else {
            throw MartletError(
              .shape,
              "the expanded size of the tensor must match the product's \(spec.sizes), got "
                + "\(x.sizes)")
          }
          guard x.dtype == spec.dtype else {
            throw MartletError(
              .dtype,
              "expected self to have the product's dtype \(spec.dtype), got \(x.dtype)")
          }
          for name in ["beta", "alpha"] where spec.dtype.isInteger && checksNumbers {
            guard try !arguments.scalar(name).isFloatingPoint else {
              throw MartletError(
                .argument,
                "for integral input tensors, argument \(name) must not be a floating point number")
            }
          }
          return [spec]
        },
        compute: { arguments, results in
          let (a, b) = try operands(arguments)
          try compute(arguments, a, b, results[0])
        }))
  }

  private static func compute(
    _ arguments: Arguments, _ a: Tensor, _ b: Tensor, _ result: Tensor
  ) throws {
    let (beta, alpha) = (try arguments.scalar("beta"), try arguments.scalar("alpha"))
    let rows = a.sizes[a.dim - 2]
    let sizes = Array(a.sizes.dropLast(2)) + [rows, b.sizes[b.dim - 1]]
    let product = try Tensor.allocate(sizes, result.dtype.computeType)
    try MatrixProducts.product(a, b, into: product)
    let (wideBeta, wideAlpha) = (beta.double, alpha.double)
    let (narrowBeta, narrowAlpha) = (Float(wideBeta), Float(wideAlpha))
    let (wholeBeta, wholeAlpha) = (beta.int64, alpha.int64)
    let (complexBeta, complexAlpha) = (beta.complex, alpha.complex)
    let ignoresSelf = complexBeta == .zero
    try BinaryFunction(
      float: { (ignoresSelf ? 0 : narrowBeta * $0) + narrowAlpha * $1 },
      double: { (ignoresSelf ? 0 : wideBeta * $0) + wideAlpha * $1 },
      integer: { wholeBeta &* $0 &+ wholeAlpha &* $1 },
      complex: { (ignoresSelf ? .zero : complexBeta * $0) + complexAlpha * $1 }
    ).apply(
      try arguments.tensor("self"), try product.reshapedView(result.sizes),
      computingIn: result.dtype, into: result)
  }
}

extension Tensor {
  /// `beta · self + alpha · (mat1 · mat2)` (`torch.addmm`).
  ///
  /// - Throws: `MartletError` of kind `.shape` or `.dtype` when they do not fit.
  public func addmm(
    _ mat1: Tensor, _ mat2: Tensor, beta: Double = 1, alpha: Double = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try AffineProducts.addmm(
      .tensor(self), .tensor(mat1), .tensor(mat2), .number(beta), .number(alpha),
      at: SourceLocation(file, line))
  }

  /// `beta · self + alpha · (mat · vec)` (`torch.addmv`).
  ///
  /// - Throws: `MartletError` of kind `.shape` or `.dtype` when they do not fit.
  public func addmv(
    _ mat: Tensor, _ vec: Tensor, beta: Double = 1, alpha: Double = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try AffineProducts.addmv(
      .tensor(self), .tensor(mat), .tensor(vec), .number(beta), .number(alpha),
      at: SourceLocation(file, line))
  }

  /// `beta · self + alpha · (batch1 · batch2)` for stacks of matrices (`torch.baddbmm`).
  ///
  /// - Throws: `MartletError` of kind `.shape` or `.dtype` when they do not fit.
  public func baddbmm(
    _ batch1: Tensor, _ batch2: Tensor, beta: Double = 1, alpha: Double = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try AffineProducts.baddbmm(
      .tensor(self), .tensor(batch1), .tensor(batch2), .number(beta), .number(alpha),
      at: SourceLocation(file, line))
  }

  /// `beta · self + alpha · (vec1 ⊗ vec2)` (`torch.addr`).
  ///
  /// - Throws: `MartletError` of kind `.shape` or `.dtype` when they do not fit.
  public func addr(
    _ vec1: Tensor, _ vec2: Tensor, beta: Double = 1, alpha: Double = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try AffineProducts.addr(
      .tensor(self), .tensor(vec1), .tensor(vec2), .number(beta), .number(alpha),
      at: SourceLocation(file, line))
  }

  /// All products of two vectors' elements (`torch.outer`).
  ///
  /// - Throws: `MartletError` of kind `.shape` unless both have one axis.
  public func outer(_ vec2: Tensor, file: StaticString = #fileID, line: UInt = #line) throws
    -> Tensor
  {
    try AffineProducts.outer(.tensor(self), .tensor(vec2), at: SourceLocation(file, line))
  }

  /// The sum of products over the last axes of both (`torch.inner`).
  ///
  /// - Throws: `MartletError` of kind `.shape` when the last axes differ.
  public func inner(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) throws
    -> Tensor
  {
    try AffineProducts.inner(.tensor(self), .tensor(other), at: SourceLocation(file, line))
  }
}
