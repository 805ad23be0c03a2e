import MartletTensor

/// Whether any or all elements are not zero; NaN is not zero.
package enum Truths {
  package static let operators: [Operator] = [any, anyDim, anyDims, all, allDim, allDims]

  static let any = Operator(
    "aten::any(Tensor self) -> Tensor", takesComplex: true, body(.largest, empty: false))
  static let anyDim = Operator(
    "aten::any.dim(Tensor self, int dim, bool keepdim=False) -> Tensor", takesComplex: true,
    body(.largest, empty: false))
  static let anyDims = Operator(
    "aten::any.dims(Tensor self, int[]? dim=None, bool keepdim=False) -> Tensor",
    takesComplex: true,
    body(.largest, empty: false))
  static let all = Operator(
    "aten::all(Tensor self) -> Tensor", takesComplex: true, body(.smallest, empty: true))
  static let allDim = Operator(
    "aten::all.dim(Tensor self, int dim, bool keepdim=False) -> Tensor", takesComplex: true,
    body(.smallest, empty: true))
  static let allDims = Operator(
    "aten::all.dims(Tensor self, int[]? dim=None, bool keepdim=False) -> Tensor",
    takesComplex: true,
    body(.smallest, empty: true))

  /// - Parameter empty: what is true of no elements.
  private static func body(_ row: ExtremeRow, empty: Bool) -> Operator.Body {
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        let sizes = try reduction(arguments, x)?.sizes(of: x.sizes) ?? x.sizes
        // uint8 came before bool did.
        return [TensorSpec(sizes, x.dtype == .uint8 ? .uint8 : .bool)]
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        let flags = try x.converted(to: .bool)
        guard let reduction = try reduction(arguments, x) else {
          return try results[0].overwrite(
            results[0].layout, with: try flags.converted(to: results[0].dtype))
        }
        if reduction.count(of: x.sizes) == 0 {
          let constant = try Padding.constant(.bool(empty), results[0].dtype, results[0].sizes)
          return try results[0].overwrite(results[0].layout, with: constant)
        }
        try row.apply(flags, reduction, computingIn: .bool, into: results[0])
      })
  }

  /// Nil where an empty list of axes folds none.
  private static func reduction(_ arguments: Arguments, _ x: Tensor) throws -> FoldedAxes? {
    if case .list(let dims) = arguments.schema.arguments.count > 1 ? arguments["dim"] : .none,
      dims.isEmpty
    {
      return nil
    }
    return try FoldedAxes(arguments, rank: x.dim)
  }
}
