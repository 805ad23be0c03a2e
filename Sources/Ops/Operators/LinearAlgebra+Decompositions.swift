import MartletTensor

extension LinearAlgebra {
  static let linalgCholesky = choleskyOperator(
    "aten::linalg_cholesky(Tensor self, *, bool upper=False) -> Tensor")
  static let cholesky = choleskyOperator(
    "aten::cholesky(Tensor self, bool upper=False) -> Tensor")

  /// `L Lᵀ`, or `Uᵀ U`, of a symmetric matrix with positive eigenvalues.
  private static func choleskyOperator(_ schema: String) -> Operator {
    Operator(
      schema,
      .kernel(
        infer: { arguments in
          let a = try square(arguments.tensor("self"), "linalg.cholesky")
          return [TensorSpec(a.sizes, a.dtype)]
        },
        compute: { arguments, results in
          let isUpper = try arguments.bool("upper")
          let factors = try matrices(try arguments.tensor("self")).map { matrix in
            // The lower triangle is read, of an upper one asked for the upper.
            let (lower, failed) = (isUpper ? matrix.transposed : matrix).cholesky()
            if let failed {
              throw MartletError(
                .value,
                "linalg.cholesky: The factorization could not be completed because the input is "
                  + "not positive-definite (the leading minor of order \(failed) is not "
                  + "positive-definite).")
            }
            return isUpper ? lower.transposed : lower
          }
          try write(factors, into: results[0])
        }))
  }

  /// `Q R`; "reduced" keeps the columns that count, "complete" all, "r" gives no Q.
  static let linalgQR = qrOperator(
    "aten::linalg_qr(Tensor A, str mode=\"reduced\") -> (Tensor Q, Tensor R)"
  ) { try $0.string("mode") }
  static let qr = qrOperator(
    "aten::qr(Tensor self, bool some=True) -> (Tensor Q, Tensor R)"
  ) { try $0.bool("some") ? "reduced" : "complete" }

  private static func qrOperator(
    _ schema: String, _ mode: @escaping @Sendable (Arguments) throws -> String
  ) -> Operator {
    Operator(
      schema,
      .kernel(
        infer: { arguments in
          let a = try matrix(try Tensor(arguments.values[0]), "linalg.qr")
          let (rows, columns) = (a.sizes[a.dim - 2], a.sizes[a.dim - 1])
          let batch = Array(a.sizes.dropLast(2))
          let least = min(rows, columns)
          switch try mode(arguments) {
          case "reduced":
            return [
              TensorSpec(batch + [rows, least], a.dtype),
              TensorSpec(batch + [least, columns], a.dtype),
            ]
          case "complete":
            return [
              TensorSpec(batch + [rows, rows], a.dtype),
              TensorSpec(batch + [rows, columns], a.dtype),
            ]
          case "r":
            return [TensorSpec([0], a.dtype), TensorSpec(batch + [least, columns], a.dtype)]
          case let other:
            throw MartletError(
              .argument,
              "qr received unrecognized mode '\(other)' but expected one of 'reduced' (default), "
                + "'r', or 'complete'")
          }
        },
        compute: { arguments, results in
          let kept = results[1].sizes[results[1].dim - 2]
          let found = try matrices(try Tensor(arguments.values[0])).map { $0.qr() }
          if try mode(arguments) != "r" {
            try write(found.map { $0.q.prefix(columns: kept) }, into: results[0])
          }
          try write(
            found.flatMap { $0.r.elements.prefix(kept * $0.r.columns) }, into: results[1])
        }))
  }

  /// Eigenvalues, least first, and eigenvectors of symmetric matrices. One triangle is read. An
  /// eigenvector's sign is free.
  static let eigh = Operator(
    "aten::linalg_eigh(Tensor self, str UPLO=\"L\") -> (Tensor eigenvalues, Tensor eigenvectors)",
    .kernel(
      infer: { arguments in
        let a = try square(arguments.tensor("self"), "linalg.eigh")
        return [TensorSpec(Array(a.sizes.dropLast()), a.dtype), TensorSpec(a.sizes, a.dtype)]
      },
      compute: { arguments, results in
        let found = try symmetric(arguments).map { $0.symmetricEigen() }
        try write(found.flatMap(\.values), into: results[0])
        try write(found.map(\.vectors), into: results[1])
      }))
  static let eigvalsh = Operator(
    "aten::linalg_eigvalsh(Tensor self, str UPLO=\"L\") -> Tensor",
    .kernel(
      infer: { arguments in
        let a = try square(arguments.tensor("self"), "linalg.eigvalsh")
        return [TensorSpec(Array(a.sizes.dropLast()), a.dtype)]
      },
      compute: { arguments, results in
        try write(
          try symmetric(arguments).flatMap { $0.symmetricEigen().values }, into: results[0])
      }))

  /// The matrices with one triangle mirrored.
  private static func symmetric(_ arguments: Arguments) throws -> [DenseMatrix] {
    let isLower = try arguments.string("UPLO").lowercased() == "l"
    return try matrices(try arguments.tensor("self")).map { matrix in
      var result = matrix
      for i in 0..<matrix.rows {
        for j in 0..<i {
          if isLower { result[j, i] = matrix[i, j] } else { result[i, j] = matrix[j, i] }
        }
      }
      return result
    }
  }

  /// `U S Vᴴ`, the singular values from the largest down. The vectors' signs are free.
  static let linalgSVD = svdOperator(
    "aten::linalg_svd(Tensor A, bool full_matrices=True, *, str? driver=None) -> "
      + "(Tensor U, Tensor S, Tensor Vh)", transposed: true
  ) { try $0.bool("full_matrices") }
  static let svd = svdOperator(
    "aten::svd(Tensor self, bool some=True, bool compute_uv=True) -> "
      + "(Tensor U, Tensor S, Tensor V)", transposed: false
  ) { try !$0.bool("some") }

  private static func svdOperator(
    _ schema: String, transposed: Bool, _ isFull: @escaping @Sendable (Arguments) throws -> Bool
  ) -> Operator {
    Operator(
      schema,
      .kernel(
        infer: { arguments in
          let a = try matrix(try Tensor(arguments.values[0]), "linalg.svd")
          let (rows, columns) = (a.sizes[a.dim - 2], a.sizes[a.dim - 1])
          let batch = Array(a.sizes.dropLast(2))
          let least = min(rows, columns)
          let full = try isFull(arguments)
          let right = [columns, full ? columns : least]
          return [
            TensorSpec(batch + [rows, full ? rows : least], a.dtype),
            TensorSpec(batch + [least], a.dtype),
            TensorSpec(batch + (transposed ? right.reversed() : right), a.dtype),
          ]
        },
        compute: { arguments, results in
          let full = try isFull(arguments)
          let found = try matrices(try Tensor(arguments.values[0])).map { $0.singular() }
          try write(found.map { full ? $0.u.square : $0.u }, into: results[0])
          try write(found.flatMap(\.values), into: results[1])
          try write(
            found.map {
              let right = full ? $0.v.square : $0.v
              return transposed ? right.transposed : right
            }, into: results[2])
        }))
  }

  static let svdvals = Operator(
    "aten::linalg_svdvals(Tensor A, *, str? driver=None) -> Tensor",
    .kernel(
      infer: { arguments in
        let a = try matrix(arguments.tensor("A"), "linalg.svd")
        let least = min(a.sizes[a.dim - 2], a.sizes[a.dim - 1])
        return [TensorSpec(a.sizes.dropLast(2) + [least], a.dtype)]
      },
      compute: { arguments, results in
        try write(
          try matrices(try arguments.tensor("A")).flatMap { $0.singular().values },
          into: results[0])
      }))

  /// The pseudo-inverse: singular values below the tolerance count as zero.
  static let pinv = Operator(
    "aten::linalg_pinv(Tensor self, float rcond, bool hermitian=False) -> Tensor",
    pseudoInverse { arguments, _ in (0, try arguments.double("rcond")) })
  static let pinvTolerances = Operator(
    "aten::linalg_pinv.atol_rtol_float(Tensor self, *, float? atol=None, float? rtol=None, "
      + "bool hermitian=False) -> Tensor",
    pseudoInverse { arguments, x in
      let atol = try arguments.optionalDouble("atol")
      let usual = x.dtype == .float64 ? Double.ulpOfOne : Double(Float.ulpOfOne)
      let size = Double(max(x.sizes[x.dim - 1], x.sizes[x.dim - 2]))
      let rtol = try arguments.optionalDouble("rtol") ?? (atol ?? 0 > 0 ? 0 : usual * size)
      return (atol ?? 0, rtol)
    })

  private static func pseudoInverse(
    _ tolerances: @escaping @Sendable (Arguments, Tensor) throws -> (Double, Double)
  ) -> Operator.Body {
    .kernel(
      infer: { arguments in
        let a = try matrix(arguments.tensor("self"), "linalg.pinv")
        return [
          TensorSpec(a.sizes.dropLast(2) + [a.sizes[a.dim - 1], a.sizes[a.dim - 2]], a.dtype)
        ]
      },
      compute: { arguments, results in
        let a = try arguments.tensor("self")
        let (atol, rtol) = try tolerances(arguments, a)
        let found = try matrices(a).map { matrix in
          let (u, values, v) = matrix.singular()
          let limit = max(atol, rtol * (values.first ?? 0))
          var scaled = v
          for (j, value) in values.enumerated() {
            for i in 0..<v.rows { scaled[i, j] = value > limit ? v[i, j] / value : 0 }
          }
          return scaled * u.transposed
        }
        try write(found, into: results[0])
      })
  }
}
