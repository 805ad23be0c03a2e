import MartletKernels
import MartletTensor

/// Determinants, inverses, solutions and decompositions of stacks of matrices, computed in float64.
package enum LinearAlgebra {
  package static let operators: [Operator] =
    [
      solve, solveTriangular, cholesky, linalgCholesky, qr, linalgQR, eigh, eigvalsh, svd,
      linalgSVD,
      svdvals, inverseExact, logdet, pinv, pinvTolerances,
    ] + determinants + inverses + powers + norms

  static let determinants: [Operator] = [
    determinant("aten::linalg_det(Tensor A) -> Tensor"),
    determinant("aten::det(Tensor self) -> Tensor"),
    signedDeterminant("aten::linalg_slogdet(Tensor A) -> (Tensor sign, Tensor logabsdet)"),
    signedDeterminant("aten::slogdet(Tensor self) -> (Tensor sign, Tensor logabsdet)"),
  ]

  private static func determinant(_ schema: String) -> Operator {
    stacked(schema, gives: { _ in [[]] }) { matrix in
      let factors = LUFactors(matrix)
      return [DenseMatrix(1, 1, [factors.diagonal.reduce(factors.sign, *)])]
    }
  }

  private static func signedDeterminant(_ schema: String) -> Operator {
    stacked(schema, gives: { _ in [[], []] }) { matrix in
      let (sign, logarithm) = signAndLogarithm(LUFactors(matrix))
      return [DenseMatrix(1, 1, [sign]), DenseMatrix(1, 1, [logarithm])]
    }
  }

  private static func signAndLogarithm(_ factors: LUFactors) -> (Double, Double) {
    var (sign, logarithm) = (factors.sign, 0.0)
    for value in factors.diagonal {
      sign *= value == 0 ? 0 : value < 0 ? -1 : 1
      logarithm += Libm.log(abs(value))
    }
    return (sign, logarithm)
  }

  static let logdet = stacked("aten::logdet(Tensor self) -> Tensor", gives: { _ in [[]] }) {
    let (sign, logarithm) = signAndLogarithm(LUFactors($0))
    return [DenseMatrix(1, 1, [sign < 0 ? .nan : logarithm])]
  }

  static let inverses: [Operator] = [
    inverse("aten::linalg_inv(Tensor A) -> Tensor"),
    inverse("aten::inverse(Tensor self) -> Tensor"),
  ]

  private static func inverse(_ schema: String) -> Operator {
    stacked(schema, gives: { [[$0, $0]] }) { matrix in
      let factors = LUFactors(matrix)
      if let place = factors.singular { throw singular("linalg.inv", "inversion", place) }
      return [factors.solve(.identity(matrix.rows))]
    }
  }

  /// The inverse, and where the diagonal is zero for a matrix that has none.
  static let inverseExact = Operator(
    "aten::linalg_inv_ex(Tensor A, *, bool check_errors=False) -> (Tensor inverse, Tensor info)",
    .kernel(
      infer: { arguments in
        let a = try square(arguments.tensor("A"), "linalg.inv")
        return [TensorSpec(a.sizes, a.dtype), TensorSpec(Array(a.sizes.dropLast(2)), .int32)]
      },
      compute: { arguments, results in
        let a = try arguments.tensor("A")
        var (inverses, places) = ([DenseMatrix](), [Int32]())
        for matrix in try matrices(a) {
          let factors = LUFactors(matrix)
          if let place = factors.singular, try arguments.bool("check_errors") {
            throw singular("linalg.inv", "inversion", place)
          }
          inverses.append(factors.solve(.identity(matrix.rows)))
          places.append(Int32(factors.singular ?? 0))
        }
        try write(inverses, into: results[0])
        try results[1].writeUnshared(as: Int32.self) { to in
          for i in places.indices { to[i] = places[i] }
        }
      }))

  private static func singular(_ name: String, _ what: String, _ place: Int) -> MartletError {
    MartletError(
      .value,
      "\(name): The diagonal element \(place) is zero, the \(what) could not be completed because "
        + "the input matrix is singular.")
  }

  /// `X` of `A X = B`, or of `X A = B`; `B` is a stack of vectors where its sizes say so.
  static let solve = Operator(
    "aten::linalg_solve(Tensor A, Tensor B, *, bool left=True) -> Tensor",
    .kernel(
      infer: { arguments in
        let a = try square(arguments.tensor("A"), "linalg.solve")
        let b = try arguments.tensor("B")
        guard a.dtype == b.dtype else {
          throw MartletError(
            .dtype,
            "linalg.solve: Expected A and B to have the same dtype, but found A of type "
              + "\(a.dtype) and B of type \(b.dtype) instead")
        }
        let isVector = isVectorSolve(a, b)
        let right = isVector ? b.sizes + [1] : b.sizes
        let isLeft = try arguments.bool("left")
        guard right.count >= 2,
          right[right.count - (isLeft || isVector ? 2 : 1)] == a.sizes[a.dim - 1]
        else {
          throw MartletError(
            .shape, "linalg.solve: Incompatible shapes of A and B: \(a.sizes) and \(b.sizes)")
        }
        let batch = try broadcast([Array(a.sizes.dropLast(2)), Array(right.dropLast(2))])
        return [TensorSpec(batch + right.suffix(2).dropLast(isVector ? 1 : 0), a.dtype)]
      },
      compute: { arguments, results in
        let (a, b) = (try arguments.tensor("A"), try arguments.tensor("B"))
        let isVector = isVectorSolve(a, b)
        let isLeft = try arguments.bool("left")
        let right = isVector ? b.unsqueezedView(b.dim) : b
        let (stackA, stackB) = try aligned(a, right)
        var solutions: [DenseMatrix] = []
        for (matrix, values) in zip(try matrices(stackA), try matrices(stackB)) {
          let factors = LUFactors(isLeft || isVector ? matrix : matrix.transposed)
          if let place = factors.singular { throw singular("linalg.solve", "solve", place) }
          let solution = factors.solve(isLeft || isVector ? values : values.transposed)
          solutions.append(isLeft || isVector ? solution : solution.transposed)
        }
        try write(solutions, into: results[0])
      }))

  private static func isVectorSolve(_ a: Tensor, _ b: Tensor) -> Bool {
    b.dim == 1 || (a.dim - 1 == b.dim && b.sizes == Array(a.sizes.dropLast()))
  }

  /// `X` of `A X = B`, or `X A = B`, for a triangular `A`, whose other triangle is not read.
  static let solveTriangular = Operator(
    "aten::linalg_solve_triangular(Tensor self, Tensor B, *, bool upper, bool left=True, "
      + "bool unitriangular=False) -> Tensor",
    .kernel(
      infer: { arguments in
        let a = try square(arguments.tensor("self"), "linalg.solve_triangular")
        let b = try arguments.tensor("B")
        let side = try arguments.bool("left") ? 2 : 1
        guard a.dtype == b.dtype, b.dim >= 2, b.sizes[b.dim - side] == a.sizes[a.dim - 1] else {
          throw MartletError(
            .shape,
            "linalg.solve_triangular: Incompatible shapes of A and B: \(a.sizes) and \(b.sizes)")
        }
        let batch = try broadcast([Array(a.sizes.dropLast(2)), Array(b.sizes.dropLast(2))])
        return [TensorSpec(batch + b.sizes.suffix(2), a.dtype)]
      },
      compute: { arguments, results in
        let (a, b) = try aligned(try arguments.tensor("self"), try arguments.tensor("B"))
        let isLeft = try arguments.bool("left")
        let isUnit = try arguments.bool("unitriangular")
        let isUpper = try arguments.bool("upper") == isLeft
        let solutions = zip(try matrices(a), try matrices(b)).map { matrix, values in
          let solution = triangularSolution(
            isLeft ? matrix : matrix.transposed, isLeft ? values : values.transposed,
            isUpper: isUpper, isUnit: isUnit)
          return isLeft ? solution : solution.transposed
        }
        try write(solutions, into: results[0])
      }))

  private static func triangularSolution(
    _ a: DenseMatrix, _ b: DenseMatrix, isUpper: Bool, isUnit: Bool
  ) -> DenseMatrix {
    var x = b
    let rows = isUpper ? Array((0..<a.rows).reversed()) : Array(0..<a.rows)
    for c in 0..<b.columns {
      for i in rows {
        var sum = b[i, c]
        for j in isUpper ? (i + 1)..<max(a.rows, i + 1) : 0..<i { sum -= a[i, j] * x[j, c] }
        x[i, c] = isUnit ? sum : sum / a[i, i]
      }
    }
    return x
  }
}
