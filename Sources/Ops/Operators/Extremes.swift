import MartletTensor

/// The largest and smallest elements, and where they are. NaN is beyond both ends.
package enum Extremes {
  package static let operators: [Operator] = [
    max, maxDim, min, minDim, amax, amin, aminmax, argmax, argmin,
  ]

  static let max = Operator("aten::max(Tensor self) -> Tensor", whole(.largest))
  static let min = Operator("aten::min(Tensor self) -> Tensor", whole(.smallest))

  /// With the index of the first such element.
  static let maxDim = Operator(
    "aten::max.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)",
    alongAxis(.largest))
  static let minDim = Operator(
    "aten::min.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)",
    alongAxis(.smallest))

  static let amax = Operator(
    "aten::amax(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor",
    .reduction(nonEmpty) { _ in ExtremeRow.largest })
  static let amin = Operator(
    "aten::amin(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor",
    .reduction(nonEmpty) { _ in ExtremeRow.smallest })

  static let aminmax = Operator(
    "aten::aminmax(Tensor self, *, int? dim=None, bool keepdim=False)"
      + " -> (Tensor min, Tensor max)",
    .kernel(
      infer: { arguments in
        let (x, _) = try nonEmpty(arguments)
        let sizes = try FoldedAxes(arguments, rank: x.dim).sizes(of: x.sizes)
        return [TensorSpec(sizes, x.dtype), TensorSpec(sizes, x.dtype)]
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        let reduction = try FoldedAxes(arguments, rank: x.dim)
        try ExtremeRow.smallest.apply(x, reduction, computingIn: x.dtype, into: results[0])
        try ExtremeRow.largest.apply(x, reduction, computingIn: x.dtype, into: results[1])
      }))

  static let argmax = Operator(
    "aten::argmax(Tensor self, int? dim=None, bool keepdim=False) -> Tensor",
    position(.largest))
  static let argmin = Operator(
    "aten::argmin(Tensor self, int? dim=None, bool keepdim=False) -> Tensor",
    position(.smallest))

  private static func whole(_ row: ExtremeRow) -> Operator.Body {
    .reduction(
      { arguments in
        let x = try arguments.tensor("self")
        guard x.count > 0 else {
          throw MartletError(
            .shape,
            "\(arguments.schema.name)(): Expected reduction dim to be specified for "
              + "input.numel() == 0. Specify the reduction dim with the 'dim' argument.")
        }
        return (x, x.dtype)
      }, { _ in row })
  }

  private static func alongAxis(_ row: ExtremeRow) -> Operator.Body {
    .kernel(
      infer: { arguments in
        let (x, _) = try nonEmpty(arguments)
        let sizes = try FoldedAxes(arguments, rank: x.dim).sizes(of: x.sizes)
        return [TensorSpec(sizes, x.dtype), TensorSpec(sizes, .int64)]
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        let reduction = try FoldedAxes(arguments, rank: x.dim)
        try row.apply(x, reduction, computingIn: x.dtype, into: results[0])
        try row.positions(x, reduction, into: results[1])
      })
  }

  private static func position(_ row: ExtremeRow) -> Operator.Body {
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        guard x.dtype != .bool else {
          throw MartletError(
            .dtype, "\"\(arguments.schema.name)\" not implemented for 'bool'")
        }
        guard try x.count > 0 || arguments.optionalInt("dim") != nil else {
          throw MartletError(
            .shape,
            "\(arguments.schema.name)(): Expected reduction dim to be specified for "
              + "input.numel() == 0.")
        }
        _ = try nonEmpty(arguments)
        return [
          TensorSpec(try FoldedAxes(arguments, rank: x.dim).sizes(of: x.sizes), .int64)
        ]
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        try row.positions(x, try FoldedAxes(arguments, rank: x.dim), into: results[0])
      })
  }

  /// The tensor, which must have elements along the axes that are folded.
  @Sendable private static func nonEmpty(_ arguments: Arguments) throws -> (Tensor, DType) {
    let x = try arguments.tensor("self")
    let reduction = try FoldedAxes(arguments, rank: x.dim)
    for axis in reduction.axes where x.sizes[axis] == 0 {
      throw MartletError(
        .index,
        "\(arguments.schema.name)(): Expected reduction dim \(axis) to have non-zero size, got "
          + "\(x.sizes)")
    }
    return (x, x.dtype)
  }
}

/// The largest or the smallest element of a row: the first NaN where there is one, otherwise the
/// first of equal ones.
package enum ExtremeRow: RowFunction {
  case largest, smallest

  package func position<T: ComputeElement>(_ row: Span<T>) -> Int {
    var best = 0
    if row[0] != row[0] { return 0 }
    for i in row.indices {
      let value = row[i]
      if value != value { return i }
      if self == .largest ? value > row[best] : value < row[best] { best = i }
    }
    return best
  }

  package func real<T: ComputeElement & BinaryFloatingPoint>(_ row: Span<T>) -> T {
    row[position(row)]
  }

  package func integer(_ row: Span<Int64>) -> Int64 { row[position(row)] }

  /// Fills `result`, of int64, with the indices within the rows.
  func positions(_ x: Tensor, _ reduction: FoldedAxes, into result: Tensor) throws {
    try x.dtype.compute(
      PositionVisitor(row: self, x: x, reduction: reduction, result: result))
  }

  private struct PositionVisitor: ComputeVisitor {
    let row: ExtremeRow
    let x: Tensor
    let reduction: FoldedAxes
    let result: Tensor

    func visit<T: ComputeElement>(_ type: T.Type) throws {
      let count = reduction.count(of: x.sizes)
      try reduction.withRows(of: x, as: T.self) { from in
        try result.writeUnshared(as: Int64.self) { to in
          for i in to.indices {
            to[i] = Int64(row.position(from.extracting((i * count)..<((i + 1) * count))))
          }
        }
      }
    }
  }
}
