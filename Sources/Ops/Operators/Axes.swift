import MartletTensor

/// Axes in another order, added, or dropped.
package enum Axes {
  package static let operators: [Operator] = [
    permute, transpose, swapAxes, swapDims, t, numpyT, numpyTSpelledA, matrixH, matrixHSpelledA,
    mT, mTSpelledA, mH, mHSpelledA, adjoint, unsqueeze, squeeze, squeezeDim, squeezeDims,
    moveDim, moveDims, moveAxis, moveAxes,
  ]

  static let permute = Operator(
    "aten::permute(Tensor(a) self, int[] dims) -> Tensor(a)",
    .view { arguments in
      let x = try arguments.tensor("self")
      let dims = try arguments.ints("dims")
      guard dims.count == x.dim else {
        throw MartletError(
          .shape,
          "permute(dims): number of dimensions in the tensor input does not match the length of "
            + "the desired ordering of dimensions i.e. input.dim() = \(x.dim) is not equal to "
            + "len(dims) = \(dims.count)")
      }
      return [.tensor(permuted(x, try distinct(dims, rank: x.dim)))]
    })

  static let transpose = Operator(
    "aten::transpose.int(Tensor(a) self, int dim0, int dim1) -> Tensor(a)",
    .view { try swapped($0, "dim0", "dim1") })

  static let swapDims = Operator(
    "aten::swapdims(Tensor(a) self, int dim0, int dim1) -> Tensor(a)",
    .view { try swapped($0, "dim0", "dim1") })

  static let swapAxes = Operator(
    "aten::swapaxes(Tensor(a) self, int axis0, int axis1) -> Tensor(a)",
    .view { try swapped($0, "axis0", "axis1") })

  static let t = Operator(
    "aten::t(Tensor(a) self) -> Tensor(a)",
    .view { arguments in
      let x = try arguments.tensor("self")
      guard x.dim <= 2 else {
        throw MartletError(
          .shape, "t() expects a tensor with <= 2 dimensions, but self is \(x.dim)D")
      }
      return [.tensor(reversed(x))]
    })

  static let numpyT = Operator(
    "aten::numpy_T(Tensor(a) self) -> Tensor(a)",
    .view { [.tensor(reversed(try $0.tensor("self")))] })

  /// The attribute `x.T` as the interpreter calls it.
  static let numpyTSpelledA = Operator(
    "aten::numpy_T.a(Tensor(a) self) -> Tensor(a)",
    .view { [.tensor(reversed(try $0.tensor("self")))] })

  static let matrixH = Operator(
    "aten::matrix_H(Tensor(a) self) -> Tensor(a)",
    .composite { try conjugated(matrix($0, ranks: 2...2)) })
  static let matrixHSpelledA = Operator(
    "aten::matrix_H.a(Tensor(a) self) -> Tensor(a)",
    .composite { try conjugated(matrix($0, ranks: 2...2)) })
  static let mT = Operator(
    "aten::mT(Tensor(a) self) -> Tensor(a)", .view { try matrix($0, ranks: 2...Int.max) })
  static let mTSpelledA = Operator(
    "aten::mT.a(Tensor(a) self) -> Tensor(a)", .view { try matrix($0, ranks: 2...Int.max) })
  static let mH = Operator(
    "aten::mH(Tensor(a) self) -> Tensor(a)",
    .composite { try conjugated(matrix($0, ranks: 2...Int.max)) })
  static let mHSpelledA = Operator(
    "aten::mH.a(Tensor(a) self) -> Tensor(a)",
    .composite { try conjugated(matrix($0, ranks: 2...Int.max)) })
  static let adjoint = Operator(
    "aten::adjoint(Tensor(a) self) -> Tensor(a)",
    .composite { try conjugated(matrix($0, ranks: 2...Int.max)) })

  private static func conjugated(_ values: [Value]) throws -> [Value] {
    try values.map { .tensor(try ComplexNumbers.conj($0)) }
  }

  static let unsqueeze = Operator(
    "aten::unsqueeze(Tensor(a) self, int dim) -> Tensor(a)",
    .view { arguments in
      let x = try arguments.tensor("self")
      let dim = try wrapDim(try arguments.int("dim"), rank: x.dim + 1)
      return [.tensor(unsqueezed(x, dim))]
    })

  /// Drops every axis of size one.
  static let squeeze = Operator(
    "aten::squeeze(Tensor(a) self) -> Tensor(a)",
    .view { arguments in
      let x = try arguments.tensor("self")
      return [.tensor(squeezed(x, Array(0..<x.dim)))]
    })

  static let squeezeDim = Operator(
    "aten::squeeze.dim(Tensor(a) self, int dim) -> Tensor(a)",
    .view { arguments in
      let x = try arguments.tensor("self")
      return [.tensor(squeezed(x, [try arguments.dim("dim", rank: x.dim)]))]
    })

  static let squeezeDims = Operator(
    "aten::squeeze.dims(Tensor(a) self, int[] dim) -> Tensor(a)",
    .view { arguments in
      let x = try arguments.tensor("self")
      return [.tensor(squeezed(x, try distinct(try arguments.ints("dim"), rank: x.dim)))]
    })

  static let moveDim = Operator(
    "aten::movedim.int(Tensor(a) self, int source, int destination) -> Tensor(a)",
    .view { try moved($0) })
  static let moveDims = Operator(
    "aten::movedim.intlist(Tensor(a) self, int[] source, int[] destination) -> Tensor(a)",
    .view { try moved($0) })
  static let moveAxis = Operator(
    "aten::moveaxis.int(Tensor(a) self, int source, int destination) -> Tensor(a)",
    .view { try moved($0) })
  static let moveAxes = Operator(
    "aten::moveaxis.intlist(Tensor(a) self, int[] source, int[] destination) -> Tensor(a)",
    .view { try moved($0) })

  /// Each dimension's index counted from the start; none may be named twice.
  static func distinct(_ dims: [Int], rank: Int) throws -> [Int] {
    let wrapped = try dims.map { try wrapDim($0, rank: rank) }
    guard Set(wrapped).count == wrapped.count else {
      throw MartletError(.argument, "a dimension appears more than once in the list \(dims)")
    }
    return wrapped
  }

  static func permuted(_ x: Tensor, _ dims: [Int]) -> Tensor {
    var result = x.viewed(
      Layout(
        sizes: dims.map { x.sizes[$0] }, strides: dims.map { x.strides[$0] },
        offset: x.layout.offset))
    result.quantizer = x.quantizer?.keeping(axes: dims)
    return result
  }

  static func reversed(_ x: Tensor) -> Tensor { permuted(x, (0..<x.dim).reversed()) }

  static func transposed(_ x: Tensor, _ a: Int, _ b: Int) -> Tensor {
    var order = Array(0..<x.dim)
    if !order.isEmpty { order.swapAt(a, b) }
    return permuted(x, order)
  }

  static func unsqueezed(_ x: Tensor, _ dim: Int) -> Tensor {
    var layout = x.layout
    layout.strides.insert(dim < x.dim ? x.sizes[dim] * x.strides[dim] : 1, at: dim)
    layout.sizes.insert(1, at: dim)
    var result = x.viewed(layout)
    if let quantizer = x.quantizer, let axis = quantizer.axis, axis >= dim {
      result.quantizer = quantizer.moved(toAxis: axis + 1)
    }
    return result
  }

  static func squeezed(_ x: Tensor, _ dims: [Int]) -> Tensor {
    permuted(x, (0..<x.dim).filter { x.sizes[$0] != 1 || !dims.contains($0) })
  }

  private static func swapped(_ arguments: Arguments, _ a: String, _ b: String) throws -> [Value] {
    let x = try arguments.tensor("self")
    return [
      .tensor(
        transposed(x, try arguments.dim(a, rank: x.dim), try arguments.dim(b, rank: x.dim)))
    ]
  }

  /// The last two axes swapped.
  private static func matrix(_ arguments: Arguments, ranks: ClosedRange<Int>) throws -> [Value] {
    let x = try arguments.tensor("self")
    guard x.dim == 0 || ranks.contains(x.dim) else {
      throw MartletError(
        .shape,
        "\(arguments.schema.name) is only supported on matrices or batches of matrices. "
          + "Got \(x.dim)-D tensor.")
    }
    return [.tensor(x.dim == 0 ? x : transposed(x, x.dim - 2, x.dim - 1))]
  }

  private static func moved(_ arguments: Arguments) throws -> [Value] {
    let x = try arguments.tensor("self")
    let source = try distinct(try arguments.ints("source"), rank: x.dim)
    let destination = try distinct(try arguments.ints("destination"), rank: x.dim)
    guard source.count == destination.count else {
      throw MartletError(
        .argument,
        "movedim: Invalid source or destination dims: source (\(source)) should contain the same "
          + "number of dims as destination (\(destination))")
    }
    if x.dim == 0 { return [.tensor(x)] }
    var order = [Int?](repeating: nil, count: x.dim)
    for (from, to) in zip(source, destination) { order[to] = from }
    var rest = (0..<x.dim).filter { !source.contains($0) }[...]
    return [.tensor(permuted(x, order.map { $0 ?? rest.removeFirst() }))]
  }
}
