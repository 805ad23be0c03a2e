import MartletTensor

/// Several tensors as one.
package enum Joining {
  package static let operators: [Operator] = [
    cat, concat, concatenate, stack, hstack, vstack, rowStack, dstack, columnStack, blockDiag,
    meshgrid, meshgridIndexing, cartesianProduct,
  ]

  /// Sizes agree except along `dim`; empty tensors of one axis are passed over, as PyTorch does
  /// for older programs.
  static let cat = Operator(
    "aten::cat(Tensor[] tensors, int dim=0) -> Tensor", takesComplex: true,
    .kernel(infer: inferCat, compute: join))
  static let concat = Operator(
    "aten::concat(Tensor[] tensors, int dim=0) -> Tensor", takesComplex: true,
    .kernel(infer: inferCat, compute: join))
  static let concatenate = Operator(
    "aten::concatenate(Tensor[] tensors, int dim=0) -> Tensor", takesComplex: true,
    .kernel(infer: inferCat, compute: join))

  /// Along a new axis.
  static let stack = Operator(
    "aten::stack(Tensor[] tensors, int dim=0) -> Tensor",
    .composite { arguments in
      let tensors = try arguments.tensors("tensors")
      guard let first = tensors.first else {
        throw MartletError(.argument, "stack expects a non-empty TensorList")
      }
      let dim = try wrapDim(try arguments.int("dim"), rank: first.dim + 1)
      for (position, tensor) in tensors.enumerated() where tensor.sizes != first.sizes {
        throw MartletError(
          .shape,
          "stack expects each tensor to be equal size, but got \(first.sizes) at entry 0 and "
            + "\(tensor.sizes) at entry \(position)")
      }
      return [try joined(tensors.map { Axes.unsqueezed($0, dim) }, dim)]
    })

  static let hstack = Operator(
    "aten::hstack(Tensor[] tensors) -> Tensor",
    .composite { arguments in
      let tensors = try arguments.tensors("tensors").map { Expanding.atLeast(1, $0) }
      return [try joined(tensors, tensors.first?.dim == 1 ? 0 : 1)]
    })
  static let vstack = Operator(
    "aten::vstack(Tensor[] tensors) -> Tensor",
    .composite { [try joined(try $0.tensors("tensors").map { Expanding.atLeast(2, $0) }, 0)] })
  static let rowStack = Operator(
    "aten::row_stack(Tensor[] tensors) -> Tensor",
    .composite { [try joined(try $0.tensors("tensors").map { Expanding.atLeast(2, $0) }, 0)] })
  static let dstack = Operator(
    "aten::dstack(Tensor[] tensors) -> Tensor",
    .composite { [try joined(try $0.tensors("tensors").map { Expanding.atLeast(3, $0) }, 2)] })

  /// Vectors become columns.
  static let columnStack = Operator(
    "aten::column_stack(Tensor[] tensors) -> Tensor",
    .composite { arguments in
      let columns = try arguments.tensors("tensors").map { tensor in
        tensor.dim <= 1 ? try Reshaping.reshape(tensor, [tensor.count, 1]) : tensor
      }
      return [try joined(columns, 1)]
    })

  /// Matrices along the diagonal of one, zeros elsewhere; vectors are rows.
  static let blockDiag = Operator(
    "aten::block_diag(Tensor[] tensors) -> Tensor", takesComplex: true,
    .kernel(
      infer: { arguments in
        let blocks = try blocks(arguments)
        return [
          TensorSpec(
            [blocks.reduce(0) { $0 + $1.sizes[0] }, blocks.reduce(0) { $0 + $1.sizes[1] }],
            blocks.map(\.dtype).reduce(blocks[0].dtype, DType.promote))
        ]
      },
      compute: { arguments, results in
        let result = results[0]
        try result.overwrite(
          result.layout, with: try .filled(result.sizes, result.dtype, with: 0))
        var (row, column) = (0, 0)
        for block in try blocks(arguments) {
          try result.overwrite(
            result.layout.slicing(0, from: row, count: block.sizes[0])
              .slicing(1, from: column, count: block.sizes[1]),
            with: try block.converted(to: result.dtype))
          row += block.sizes[0]
          column += block.sizes[1]
        }
      }))

  static let meshgrid = Operator(
    "aten::meshgrid(Tensor[] tensors) -> Tensor[]",
    .view { [.list(try grid(try $0.tensors("tensors"), "ij"))] })
  static let meshgridIndexing = Operator(
    "aten::meshgrid.indexing(Tensor[] tensors, *, str indexing) -> Tensor[]",
    .view { [.list(try grid(try $0.tensors("tensors"), try $0.string("indexing")))] })

  static let cartesianProduct = Operator(
    "aten::cartesian_prod(Tensor[] tensors) -> Tensor",
    .composite { arguments in
      let tensors = try arguments.tensors("tensors")
      guard !tensors.isEmpty, tensors.allSatisfy({ $0.dim == 1 }) else {
        throw MartletError(.shape, "cartesian_prod expects 1D vectors")
      }
      if tensors.count == 1 { return [.tensor(tensors[0])] }
      let axes = try grid(tensors, "ij").map { try Reshaping.reshape(try Tensor($0), [-1]) }
      return [try joined(axes.map { Axes.unsqueezed($0, 1) }, 1)]
    })

  /// `cat` as a step of another operator.
  static func joined(_ tensors: [Tensor], _ dim: Int) throws -> Value {
    try cat.evaluate(try Arguments(cat.schema, [tensors.value, dim.value]))[0]
  }

  @Sendable private static func inferCat(_ arguments: Arguments) throws -> [TensorSpec] {
    let tensors = try arguments.tensors("tensors")
    guard !tensors.isEmpty else {
      throw MartletError(.argument, "expected a non-empty list of Tensors")
    }
    for (position, tensor) in tensors.enumerated() where tensor.dim == 0 {
      throw MartletError(
        .shape, "zero-dimensional tensor (at position \(position)) cannot be concatenated")
    }
    let dtype = resultType(tensors.map { .tensor($0) })
    guard let first = tensors.first(where: { $0.sizes != [0] }) else {
      return [TensorSpec([0], dtype)]
    }
    let dim = try arguments.dim("dim", rank: first.dim)
    var sizes = first.sizes
    sizes[dim] = 0
    for (position, tensor) in tensors.enumerated() where tensor.sizes != [0] {
      guard tensor.dim == first.dim else {
        throw MartletError(
          .shape,
          "Tensors must have same number of dimensions: got \(first.dim) and \(tensor.dim)")
      }
      for d in sizes.indices where d != dim && tensor.sizes[d] != sizes[d] {
        throw MartletError(
          .shape,
          "Sizes of tensors must match except in dimension \(dim). Expected size \(sizes[d]) but "
            + "got size \(tensor.sizes[d]) for tensor number \(position) in the list.")
      }
      sizes[dim] += tensor.sizes[dim]
    }
    return [TensorSpec(sizes, dtype)]
  }

  @Sendable private static func join(_ arguments: Arguments, _ results: [Tensor]) throws {
    let result = results[0]
    if result.count == 0 { return }
    let dim = try arguments.dim("dim", rank: result.dim)
    var start = 0
    for tensor in try arguments.tensors("tensors") where tensor.count > 0 {
      try result.overwrite(
        result.layout.slicing(dim, from: start, count: tensor.sizes[dim]),
        with: try tensor.converted(to: result.dtype))
      start += tensor.sizes[dim]
    }
  }

  private static func blocks(_ arguments: Arguments) throws -> [Tensor] {
    let tensors = try arguments.tensors("tensors")
    guard tensors.allSatisfy({ $0.dim <= 2 }) else {
      throw MartletError(.shape, "block_diag: Input tensors must have 2 or fewer dimensions")
    }
    if tensors.isEmpty { return [try .allocate([1, 0], .float32)] }
    return tensors.map { Expanding.atLeast(2, $0) }
  }

  private static func grid(_ tensors: [Tensor], _ indexing: String) throws -> [Value] {
    guard !tensors.isEmpty else {
      throw MartletError(.argument, "meshgrid expects a non-empty TensorList")
    }
    guard tensors.allSatisfy({ $0.dim <= 1 }) else {
      throw MartletError(.shape, "torch.meshgrid: Expected 0D or 1D tensor in the tensor list")
    }
    guard tensors.allSatisfy({ $0.dtype == tensors[0].dtype }) else {
      throw MartletError(.dtype, "torch.meshgrid expects all tensors to have the same dtype")
    }
    guard indexing == "ij" || indexing == "xy" else {
      throw MartletError(
        .argument,
        "torch.meshgrid: indexing must be one of \"xy\" or \"ij\", but received: \(indexing)")
    }
    let swaps = indexing == "xy" && tensors.count >= 2
    var order = Array(tensors.indices)
    if swaps { order.swapAt(0, 1) }
    let sizes = order.map { tensors[$0].count }
    return tensors.indices.map { position in
      var layout = Layout(
        sizes: sizes, strides: sizes.map { _ in 0 }, offset: tensors[position].layout.offset)
      let axis = swaps && position < 2 ? 1 - position : position
      layout.strides[axis] = tensors[position].strides.first ?? 1
      return .tensor(tensors[position].viewed(layout))
    }
  }
}

extension Tensor {
  /// Tensors one after the other along an axis (`torch.cat`); dtypes are promoted.
  ///
  /// - Throws: `MartletError` of kind `.shape` when other sizes differ.
  public static func cat(
    _ tensors: [Tensor], dim: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Joining.cat(tensors.value, dim.value, at: SourceLocation(file, line))
  }

  /// Tensors of equal sizes along a new axis (`torch.stack`).
  ///
  /// - Throws: `MartletError` of kind `.shape` when sizes differ.
  public static func stack(
    _ tensors: [Tensor], dim: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Joining.stack(tensors.value, dim.value, at: SourceLocation(file, line))
  }

  /// The coordinates of a grid spanned by vectors (`torch.meshgrid`).
  ///
  /// - Parameter indexing: `"ij"`, or `"xy"` for the first two axes swapped.
  public static func meshgrid(
    _ tensors: [Tensor], indexing: String = "ij", file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> [Tensor] {
    try [Tensor](
      Joining.meshgridIndexing.value(
        tensors.value, indexing.value, at: SourceLocation(file, line)))
  }
}
