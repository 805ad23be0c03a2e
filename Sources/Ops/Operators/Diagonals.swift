import MartletTensor

/// Matrices made of their diagonals, and diagonals as copies.
package enum Diagonals {
  package static let operators: [Operator] = [diag, diagEmbed, diagFlat, cross, linalgCross]

  /// A vector on a diagonal of a matrix of zeros, or a matrix's diagonal.
  static let diag = Operator(
    "aten::diag(Tensor self, int diagonal=0) -> Tensor",
    .composite { arguments in
      let x = try arguments.tensor("self")
      let offset = try arguments.int("diagonal")
      guard x.dim == 1 || x.dim == 2 else {
        throw MartletError(.shape, "diag(): Supports 1D or 2D tensors. Got \(x.dim)D")
      }
      if x.dim == 1 { return [.tensor(try embedded(x, offset, 0, 1))] }
      return [try Tensor(view(x, offset)).copied().value]
    })

  static let diagEmbed = Operator(
    "aten::diag_embed(Tensor self, int offset=0, int dim1=-2, int dim2=-1) -> Tensor",
    .composite { arguments in
      let x = try arguments.tensor("self")
      let dim1 = try arguments.dim("dim1", rank: x.dim + 1)
      let dim2 = try arguments.dim("dim2", rank: x.dim + 1)
      guard x.dim > 0, dim1 != dim2 else {
        throw MartletError(
          .argument,
          "diag_embed: expected a tensor with axes and two different dimensions, got "
            + "\(x.sizes), \(dim1) and \(dim2)")
      }
      return [.tensor(try embedded(x, try arguments.int("offset"), dim1, dim2))]
    })

  static let diagFlat = Operator(
    "aten::diagflat(Tensor self, int offset=0) -> Tensor",
    .composite { arguments in
      let x = try Reshaping.reshape(try arguments.tensor("self"), [-1])
      return [.tensor(try embedded(x, try arguments.int("offset"), 0, 1))]
    })

  /// The vector product along an axis of three elements, the first such where none is named.
  static let cross = Operator(
    "aten::cross(Tensor self, Tensor other, int? dim=None) -> Tensor",
    takesComplex: true, .kernel(infer: inferCross, compute: computeCross))
  static let linalgCross = Operator(
    "aten::linalg_cross(Tensor self, Tensor other, *, int dim=-1) -> Tensor",
    takesComplex: true, .kernel(infer: inferCross, compute: computeCross))

  private static func view(_ x: Tensor, _ offset: Int) throws -> Value {
    try Slicing.diagonal.evaluate(
      try Arguments(Slicing.diagonal.schema, [.tensor(x), offset.value, 0, 1]))[0]
  }

  /// Zeros with the last axis of `x` on the diagonals of the matrices that two axes span.
  private static func embedded(_ x: Tensor, _ offset: Int, _ dim1: Int, _ dim2: Int) throws
    -> Tensor
  {
    let extent = x.sizes[x.dim - 1] + abs(offset)
    var sizes = Array(x.sizes.dropLast())
    sizes.insert(extent, at: min(dim1, dim2))
    sizes.insert(extent, at: max(dim1, dim2))
    if x.isMeta { return try .meta(sizes, x.dtype) }
    let result = try Tensor.allocate(sizes, x.dtype, zeroed: true)
    let arguments = try Arguments(
      Slicing.diagonal.schema, [.tensor(result), offset.value, dim1.value, dim2.value])
    try result.overwrite(try Slicing.diagonal(of: result, arguments).layout, with: x)
    return result
  }

  @Sendable private static func inferCross(_ arguments: Arguments) throws -> [TensorSpec] {
    let (a, b) = (try arguments.tensor("self"), try arguments.tensor("other"))
    guard a.dim == b.dim else {
      throw MartletError(
        .shape,
        "linalg.cross: inputs must have the same number of dimensions, got \(a.sizes) and "
          + "\(b.sizes)")
    }
    let dim = try crossDim(arguments, a)
    guard a.dim > 0, a.sizes[dim] == 3, b.sizes[dim] == 3 else {
      throw MartletError(
        .shape,
        "linalg.cross: inputs dimension \(dim) must have length 3. Got \(a.sizes) and \(b.sizes)")
    }
    guard a.dtype == b.dtype else {
      throw MartletError(
        .dtype, "linalg.cross: expected one dtype, got \(a.dtype) and \(b.dtype)")
    }
    try DTypeGroup.numbers.check(a.dtype, for: "aten::cross")
    return [TensorSpec(try broadcast([a.sizes, b.sizes]), a.dtype)]
  }

  private static func crossDim(_ arguments: Arguments, _ a: Tensor) throws -> Int {
    if try arguments.optionalInt("dim") != nil { return try arguments.dim("dim", rank: a.dim) }
    let b = try arguments.tensor("other")
    let sizes = try broadcast([a.sizes, b.sizes])
    guard let dim = sizes.firstIndex(of: 3) else {
      throw MartletError(.shape, "no dimension of size 3 in input, got \(a.sizes)")
    }
    return dim
  }

  @Sendable private static func computeCross(_ arguments: Arguments, _ results: [Tensor]) throws {
    let result = results[0]
    let (a, b) = (try arguments.tensor("self"), try arguments.tensor("other"))
    let dim = try crossDim(arguments, a)
    func multiply(_ i: Int, _ j: Int) throws -> Tensor {
      try Slicing.selected(a, dim, i).mul(Slicing.selected(b, dim, j))
    }
    for (place, (i, j)) in [(1, 2), (2, 0), (0, 1)].enumerated() {
      try result.overwrite(
        Slicing.selected(result, dim, place).layout, with: try multiply(i, j).sub(multiply(j, i)))
    }
  }
}

extension Tensor {
  /// A vector on a diagonal of a matrix of zeros, or a matrix's diagonal (`torch.diag`).
  public func diag(_ diagonal: Int = 0, file: StaticString = #fileID, line: UInt = #line) throws
    -> Tensor
  {
    try Diagonals.diag(.tensor(self), diagonal.value, at: SourceLocation(file, line))
  }

  /// The vector product along an axis of three elements (`torch.linalg.cross`).
  public func cross(
    _ other: Tensor, dim: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Diagonals.linalgCross(
      .tensor(self), .tensor(other), dim.value, at: SourceLocation(file, line))
  }
}
