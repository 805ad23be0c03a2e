import MartletTensor

extension LinearAlgebra {
  /// The matrix times itself; of a negative power its inverse.
  static let powers: [Operator] = [
    power("aten::linalg_matrix_power(Tensor self, int n) -> Tensor"),
    power("aten::matrix_power(Tensor self, int n) -> Tensor"),
  ]

  private static func power(_ schema: String) -> Operator {
    Operator(
      schema,
      .composite { arguments in
        var base = try arguments.tensor("self")
        var n = try arguments.int("n")
        guard base.dim >= 2, base.sizes[base.dim - 1] == base.sizes[base.dim - 2] else {
          throw MartletError(
            .shape,
            "linalg.matrix_power: A must be batches of square matrices, got sizes \(base.sizes)")
        }
        if n < 0 {
          base = try aten("linalg_inv", base)
          n = -n
        }
        if n == 0 {
          let unit = try Tensor(
            aten("eye", base.sizes[base.dim - 1]).converted(to: base.dtype).value)
          return [.tensor(try aten("clone", try aten("expand", unit, base.sizes)))]
        }
        var result: Tensor?
        while n > 0 {
          if n & 1 == 1 { result = try result.map { try aten("matmul", $0, base) } ?? base }
          n >>= 1
          if n > 0 { base = try aten("matmul", base, base) }
        }
        return [.tensor(try aten("clone", result ?? base))]
      })
  }

  static let norms: [Operator] = [norm, normNamed, matrixNorm, matrixNormNamed, vecdot] + nuclear

  private static let normTail =
    ", int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor"

  /// Of vectors along an axis, of matrices along two; of all elements without an order.
  static let norm = Operator(
    "aten::linalg_norm(Tensor self, Scalar? ord=None" + normTail,
    .composite { arguments in
      let x = try arguments.tensor("self")
      let dims = try arguments.optionalInts("dim")
      let (keep, dtype) = (arguments["keepdim"], arguments["dtype"])
      if let dims, dims.count > 2 || dims.isEmpty {
        throw MartletError(
          .argument, "linalg.norm: If dim is specified, it must be of length 1 or 2. Got \(dims)")
      }
      guard case .none = arguments["ord"] else {
        let isMatrix = dims.map { $0.count == 2 } ?? (x.dim == 2)
        guard isMatrix || dims != nil || x.dim == 1 else {
          throw MartletError(
            .shape,
            "linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got "
              + "\(x.dim)D.")
        }
        return [
          .tensor(
            try isMatrix
              ? aten(
                "linalg_matrix_norm", x, arguments["ord"], dims ?? [-2, -1], keep, dtype)
              : aten("linalg_vector_norm", x, arguments["ord"], dims, keep, dtype))
        ]
      }
      return [.tensor(try aten("linalg_vector_norm", x, 2, dims, keep, dtype))]
    })

  static let normNamed = Operator(
    "aten::linalg_norm.ord_str(Tensor self, str ord" + normTail,
    .composite { arguments in
      let dims = try arguments.optionalInts("dim") ?? [-2, -1]
      return [
        .tensor(
          try aten(
            "linalg_matrix_norm.str_ord", arguments["self"], arguments["ord"], dims,
            arguments["keepdim"], arguments["dtype"]))
      ]
    })

  private static let matrixTail =
    ", int[] dim=[-2, -1], bool keepdim=False, *, ScalarType? dtype=None) -> Tensor"

  /// 1 and -1 the largest and least sum of a column's magnitudes, ±∞ of a row's, 2 and -2 the
  /// largest and least singular value.
  static let matrixNorm = Operator(
    "aten::linalg_matrix_norm(Tensor self, Scalar ord" + matrixTail,
    .composite { arguments in
      let (x, rows, columns) = try matrixArguments(arguments)
      let order = try arguments.scalar("ord").double
      let keep = try arguments.bool("keepdim")
      let pick = order > 0 ? "amax" : "amin"
      switch abs(order) {
      case 1, .infinity:
        let (summed, picked) = abs(order) == 1 ? (rows, columns) : (columns, rows)
        let sums = try aten("sum.dim_IntList", try x.abs(), [summed], true)
        let extreme = try aten(pick, sums, [picked], true)
        return [.tensor(try withoutAxes(extreme, rows, columns, keep: keep))]
      case 2:
        let values = try aten("linalg_svdvals", try last(x, rows, columns))
        let extreme = try aten(pick, values, [-1], false)
        if !keep { return [.tensor(extreme)] }
        var sizes = x.sizes
        (sizes[rows], sizes[columns]) = (1, 1)
        return [.tensor(try aten("reshape", extreme, sizes))]
      default:
        throw MartletError(.argument, "linalg.matrix_norm: Order \(order) not supported.")
      }
    })

  /// "fro" the root of the sum of squares, "nuc" the sum of the singular values.
  static let matrixNormNamed = Operator(
    "aten::linalg_matrix_norm.str_ord(Tensor self, str ord=\"fro\"" + matrixTail,
    .composite { arguments in
      let (x, rows, columns) = try matrixArguments(arguments)
      let keep = try arguments.bool("keepdim")
      switch try arguments.string("ord") {
      case "fro": return [.tensor(try aten("linalg_vector_norm", x, 2, [rows, columns], keep))]
      case "nuc": return [.tensor(try nuclearNorm(x, rows, columns, keep: keep))]
      case let other:
        throw MartletError(.argument, "linalg.matrix_norm: Order \(other) not supported.")
      }
    })

  static let nuclear: [Operator] = [
    Operator(
      "aten::nuclear_norm(Tensor self, bool keepdim=False) -> Tensor",
      .composite { arguments in
        let x = try matrix(arguments.tensor("self"), "nuclear_norm")
        return [.tensor(try nuclearNorm(x, 0, 1, keep: try arguments.bool("keepdim")))]
      }),
    Operator(
      "aten::nuclear_norm.dim(Tensor self, int[2] dim, bool keepdim=False) -> Tensor",
      .composite { arguments in
        let (x, rows, columns) = try matrixArguments(arguments)
        let keep = try arguments.bool("keepdim")
        return [.tensor(try nuclearNorm(x, rows, columns, keep: keep))]
      }),
  ]

  private static func nuclearNorm(_ x: Tensor, _ rows: Int, _ columns: Int, keep: Bool) throws
    -> Tensor
  {
    let values = try aten("linalg_svdvals", try last(x, rows, columns))
    let sum = try aten("sum.dim_IntList", values, [-1], false)
    if !keep { return sum }
    var sizes = x.sizes
    (sizes[rows], sizes[columns]) = (1, 1)
    return try aten("reshape", sum, sizes)
  }

  private static func matrixArguments(_ arguments: Arguments) throws -> (Tensor, Int, Int) {
    var x = try matrix(arguments.tensor("self"), "linalg.matrix_norm")
    if arguments.has("dtype"), let dtype = try arguments.dtype("dtype") {
      x = try aten("to.dtype", x, dtype)
    }
    let dims = try arguments.ints("dim")
    guard dims.count == 2 else {
      throw MartletError(
        .argument, "linalg.matrix_norm: dim must be a 2-tuple. Got \(dims)")
    }
    let (rows, columns) = (try wrapDim(dims[0], rank: x.dim), try wrapDim(dims[1], rank: x.dim))
    guard rows != columns else {
      throw MartletError(
        .argument, "linalg.matrix_norm: dims must be different. Got (\(dims[0]), \(dims[1]))")
    }
    return (x, rows, columns)
  }

  /// The matrices' axes moved to the end.
  private static func last(_ x: Tensor, _ rows: Int, _ columns: Int) throws -> Tensor {
    let others = (0..<x.dim).filter { $0 != rows && $0 != columns }
    return try aten("permute", x, others + [rows, columns])
  }

  private static func withoutAxes(_ x: Tensor, _ rows: Int, _ columns: Int, keep: Bool) throws
    -> Tensor
  {
    keep ? x : try aten("squeeze.dims", x, [rows, columns])
  }

  /// The sum of products along an axis.
  static let vecdot = Operator(
    "aten::linalg_vecdot(Tensor x, Tensor y, *, int dim=-1) -> Tensor",
    .composite { arguments in
      let product = try arguments.tensor("x") * arguments.tensor("y")
      return [.tensor(try aten("sum.dim_IntList", product, [try arguments.int("dim")]))]
    })
}
