import MartletTensor

/// Copies with a part replaced: what writing to a view is without changing a value.
package enum Writing {
  package static let operators: [Operator] = [
    sliceScatter, selectScatter, diagonalScatter, asStridedScatter, indexPut, indexPutHackedTwin,
  ]

  static let sliceScatter = Operator(
    "aten::slice_scatter(Tensor self, Tensor src, int dim=0, SymInt? start=None, "
      + "SymInt? end=None, SymInt step=1) -> Tensor", takesComplex: true,
    replacing { arguments, x in
      let (dim, range, step) = try Slicing.range(of: arguments, in: x)
      return Slicing.sliced(x, dim, range, step: step).layout
    })

  static let selectScatter = Operator(
    "aten::select_scatter(Tensor self, Tensor src, int dim, SymInt index) -> Tensor",
    takesComplex: true,
    replacing { arguments, x in
      guard x.dim > 0 else {
        throw MartletError(.index, "select() cannot be applied to a 0-dim tensor.")
      }
      let dim = try arguments.dim("dim", rank: x.dim)
      return Slicing.selected(x, dim, try Slicing.position(arguments, x, dim)).layout
    })

  static let diagonalScatter = Operator(
    "aten::diagonal_scatter(Tensor self, Tensor src, int offset=0, int dim1=0, int dim2=1)"
      + " -> Tensor", takesComplex: true,
    replacing { try Slicing.diagonal(of: $1, $0).layout })

  static let asStridedScatter = Operator(
    "aten::as_strided_scatter(Tensor self, Tensor src, SymInt[] size, SymInt[] stride, "
      + "SymInt? storage_offset=None) -> Tensor", takesComplex: true,
    replacing { try Slicing.stridedLayout($0, $1) })

  /// `values` broadcast to what `indices` select, as `aten::index` does.
  static let indexPut = Operator(
    "aten::index_put(Tensor self, Tensor?[] indices, Tensor values, bool accumulate=False)"
      + " -> Tensor", takesComplex: true,
    .kernel(infer: inferPut, compute: computePut))
  static let indexPutHackedTwin = Operator(
    "aten::index_put.hacked_twin(Tensor self, Tensor[] indices, Tensor values, "
      + "bool accumulate=False) -> Tensor", takesComplex: true,
    .kernel(infer: inferPut, compute: computePut))

  /// `region` gives the part of a contiguous tensor like `self` that `src` replaces.
  private static func replacing(
    _ region: @escaping @Sendable (Arguments, Tensor) throws -> Layout
  ) -> Operator.Body {
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        let part = try region(arguments, try .meta(x.sizes, x.dtype))
        let source = try arguments.tensor("src")
        guard part.sizes == source.sizes else {
          throw MartletError(
            .shape,
            "expected src to have a size equal to the slice of self. src size = \(source.sizes), "
              + "slice size = \(part.sizes)")
        }
        return [TensorSpec(x.sizes, x.dtype)]
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        let result = results[0]
        try result.overwrite(result.layout, with: x)
        try result.overwrite(
          try region(arguments, result),
          with: try arguments.tensor("src").converted(to: x.dtype))
      })
  }

  @Sendable private static func inferPut(_ arguments: Arguments) throws -> [TensorSpec] {
    let x = try arguments.tensor("self")
    let values = try arguments.tensor("values")
    guard values.dtype == x.dtype else {
      throw MartletError(
        .dtype,
        "Index put requires the source and destination dtypes match, got \(x.dtype) for the "
          + "destination and \(values.dtype) for the source.")
    }
    // Without a mask's values its part of the sizes is unknown, and the result's is known.
    let indices = try [Tensor?](arguments["indices"])
    if !indices.contains(where: { $0?.isMeta ?? false }) {
      let selected = try AdvancedIndex(x, indices).sizes
      _ = try Expanding.expanded(values, selected)
    }
    return [TensorSpec(x.sizes, x.dtype)]
  }

  @Sendable private static func computePut(_ arguments: Arguments, _ results: [Tensor]) throws {
    let x = try arguments.tensor("self")
    let result = results[0]
    let index = try AdvancedIndex(result, try [Tensor?](arguments["indices"]))
    let (outer, inner) = try index.sourcePlaces()
    let values = try Expanding.expanded(try arguments.tensor("values"), index.sizes)
    let from = index.resultPlaces(values.layout)
    func sums(_ outer: [Int], _ inner: [Int]) -> [Int] {
      outer.flatMap { start in inner.map { start + $0 } }
    }
    let combination: Combination = try arguments.bool("accumulate") ? .sum : .replace
    try combination.apply(
      x, at: sums(outer, inner), values, at: sums(from.outer, from.inner), into: result)
  }
}

extension Tensor {
  /// A copy with a slice of an axis replaced (`torch.slice_scatter`).
  public func sliceScatter(
    _ source: Tensor, dim: Int = 0, start: (any DimConvertible)? = nil,
    end: (any DimConvertible)? = nil, step: Int = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Writing.sliceScatter(
      .tensor(self), .tensor(source), dim.value, (start?.dim).value, (end?.dim).value,
      step.value, at: SourceLocation(file, line))
  }

  /// A copy with the elements at one index of an axis replaced (`torch.select_scatter`).
  public func selectScatter(
    _ source: Tensor, dim: Int, index: some DimConvertible, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Writing.selectScatter(
      .tensor(self), .tensor(source), dim.value, index.dim.value,
      at: SourceLocation(file, line))
  }

  /// A copy with the elements that `indices` select replaced by `values`, or with `values` added
  /// to them (`torch.index_put`).
  public func indexPut(
    _ indices: [Tensor?], _ values: Tensor, accumulate: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Writing.indexPut(
      .tensor(self), indices.value, .tensor(values), accumulate.value,
      at: SourceLocation(file, line))
  }
}
