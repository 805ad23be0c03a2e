import MartletTensor

/// Shape rules and evaluation that all matrix products share.
extension MatrixProducts {
  static func checkRank(_ x: Tensor, _ rank: Int, _ name: String) throws {
    guard x.dim == rank else {
      throw MartletError(
        .shape, "'\(name)' must have \(rank) axes, got \(x.dim)-D tensor \(x.sizes)")
    }
  }

  static func checkDTypes(_ a: Tensor, _ b: Tensor) throws {
    guard a.dtype == b.dtype else {
      throw MartletError(
        .dtype, "expected both operands to have the same dtype, but got: \(a.dtype) != \(b.dtype)")
    }
    guard a.dtype != .bool else {
      throw MartletError(.dtype, "matrix products are not implemented for 'bool'")
    }
  }

  /// The matrix that the last two axes give.
  static func inferProduct(_ a: Tensor, _ b: Tensor) throws -> TensorSpec {
    let (rows, depth) = (a.sizes[a.dim - 2], a.sizes[a.dim - 1])
    let (height, columns) = (b.sizes[b.dim - 2], b.sizes[b.dim - 1])
    guard depth == height else {
      throw MartletError(
        .shape,
        "mat1 and mat2 shapes cannot be multiplied (\(rows)x\(depth) and \(height)x\(columns))")
    }
    try checkDTypes(a, b)
    return TensorSpec([rows, columns], a.dtype)
  }

  static func inferBatchProduct(_ a: Tensor, _ b: Tensor) throws -> TensorSpec {
    try checkRank(a, 3, "batch1")
    try checkRank(b, 3, "batch2")
    guard a.sizes[0] == b.sizes[0], a.sizes[2] == b.sizes[1] else {
      throw MartletError(
        .shape,
        "expected size for first two dimensions of batch2 tensor to be: "
          + "[\(a.sizes[0]), \(a.sizes[2])] but got: [\(b.sizes[0]), \(b.sizes[1])]")
    }
    try checkDTypes(a, b)
    return TensorSpec([a.sizes[0], a.sizes[1], b.sizes[2]], a.dtype)
  }

  /// `result = a · b (+ addend)` of matrices, or of equal stacks of them. `addend` broadcasts to
  /// the result's sizes.
  static func product(
    _ a: Tensor, _ b: Tensor, into result: Tensor, adding addend: Tensor? = nil
  ) throws {
    let type = result.dtype.computeType
    try filling(result, startingFrom: addend) { target in
      let rank = result.dim
      let (rows, columns) = (result.sizes[rank - 2], result.sizes[rank - 1])
      try matrixProduct(
        try Matrices(a, computingIn: type), try Matrices(b, computingIn: type),
        into: Matrices(target, rows: rows, columns: columns, step: rows * columns),
        count: rank > 2 ? result.sizes[0] : 1, accumulate: addend != nil)
    }
  }

  /// `result = a · b` with the axes before the last two broadcast.
  static func broadcastProduct(_ a: Tensor, _ b: Tensor, into result: Tensor) throws {
    let type = result.dtype.computeType
    let (rows, depth, columns) = (
      a.sizes[a.dim - 2], a.sizes[a.dim - 1], b.sizes[b.dim - 1]
    )
    let batch = try broadcast([Array(a.sizes.dropLast(2)), Array(b.sizes.dropLast(2))])
    let count = batch.reduce(1, *)
    if b.dim == 2 {
      // One right-hand matrix: all rows of all left-hand ones in a single product.
      return try product(
        try a.reshapedView([count * rows, depth]), b,
        into: result.viewed(
          Layout(contiguous: [count * rows, columns], offset: result.layout.offset)))
    }
    let left = try a.converted(to: type).broadcastView(batch + [rows, depth])
    let right = try b.converted(to: type).broadcastView(batch + [depth, columns])
    try product(
      try left.reshapedView([count, rows, depth]), try right.reshapedView([count, depth, columns]),
      into: result.viewed(
        Layout(contiguous: [count, rows, columns], offset: result.layout.offset)))
  }

  /// Gives `body` a tensor of the compute type with the values of an addend that broadcasts to the
  /// result's sizes, and rounds what it leaves into `result`.
  static func filling(
    _ result: Tensor, startingFrom addend: Tensor?, _ body: (Tensor) throws -> Void
  ) throws {
    let type = result.dtype.computeType
    let target = result.dtype == type ? result : try Tensor.allocate(result.sizes, type)
    switch (addend, type) {
    case (nil, _): break
    case (let addend?, .float32): try spread(Float.self, addend, over: target)
    case (let addend?, .float64): try spread(Double.self, addend, over: target)
    case (let addend?, .complex128): try spread(Complex<Double>.self, addend, over: target)
    case (let addend?, _): try spread(Int64.self, addend, over: target)
    }
    try body(target)
    if target.dtype != result.dtype { try target.convert(into: result) }
  }
  /// Writes the elements of a tensor that broadcasts to `target` over a new `target`.

  private static func spread<T: TensorElement>(
    _ type: T.Type, _ source: Tensor, over target: Tensor
  ) throws {
    let wide = try source.converted(to: T.dtype)
    try wide.readStorage(as: T.self) { from in
      try target.writeUnshared(as: T.self) { to in
        var next = 0
        forEachRow([wide.layout.broadcast(to: target.sizes)]) { starts, count, strides in
          var at = starts[0]
          for i in next..<(next + count) {
            to[i] = from[at]
            at += strides[0]
          }
          next += count
        }
      }
    }
  }
}
