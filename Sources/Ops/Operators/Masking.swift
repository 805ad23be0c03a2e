import MartletTensor

/// Elements chosen by truth values.
package enum Masking {
  package static let operators: [Operator] = [
    maskedSelect, maskedScatter, nonzero, nonzeroNumpy, argWhere,
  ]

  static let maskedSelect = Operator(
    "aten::masked_select(Tensor self, Tensor mask) -> Tensor", takesComplex: true,
    .dataDependent { arguments in
      let (x, mask) = try broadcastMask(arguments)
      let places = x.layout.places()
      let chosen = try mask.elements(as: Bool.self)
      let kept = places.indices.filter { chosen[$0] }.map { places[$0] }
      let result = try Tensor.allocate([kept.count], x.dtype)
      try result.overwrite(at: Array(kept.indices), with: x, at: kept)
      return [.tensor(result)]
    })

  /// The mask's true places filled from `source`, in order.
  static let maskedScatter = Operator(
    "aten::masked_scatter(Tensor self, Tensor mask, Tensor source) -> Tensor", takesComplex: true,
    .kernel(
      infer: { arguments in
        let (x, _) = try broadcastMask(arguments)
        let source = try arguments.tensor("source")
        guard source.dtype == x.dtype else {
          throw MartletError(
            .dtype,
            "masked_scatter: expected self and source to have same dtypes but got \(x.dtype) and "
              + "\(source.dtype)")
        }
        return [TensorSpec(x.sizes, x.dtype)]
      },
      compute: { arguments, results in
        let (x, mask) = try broadcastMask(arguments)
        let source = try arguments.tensor("source")
        let chosen = try mask.elements(as: Bool.self)
        let targets = chosen.indices.filter { chosen[$0] }
        guard targets.count <= source.count else {
          throw MartletError(
            .shape,
            "masked_scatter: expected number of elements in source >= number of ones in mask, got "
              + "\(source.count) and \(targets.count)")
        }
        try results[0].overwrite(results[0].layout, with: x)
        try results[0].overwrite(
          at: targets, with: source, at: Array(source.layout.places().prefix(targets.count)))
      }))

  /// One row of indices for each element that is not zero.
  static let nonzero = Operator(
    "aten::nonzero(Tensor self) -> Tensor", takesComplex: true,
    .dataDependent { [.tensor(try positions(of: try $0.tensor("self")))] })
  static let argWhere = Operator(
    "aten::argwhere(Tensor self) -> Tensor", takesComplex: true,
    .dataDependent { [.tensor(try positions(of: try $0.tensor("self")))] })

  /// One vector of indices for each axis.
  static let nonzeroNumpy = Operator(
    "aten::nonzero_numpy(Tensor self) -> Tensor[]", takesComplex: true,
    .dataDependent { arguments in
      let x = Expanding.atLeast(1, try arguments.tensor("self"))
      return [.list(try columns(of: x).map { .tensor($0) })]
    })

  /// The indices along each axis of the elements that are not zero.
  static func columns(of x: Tensor) throws -> [Tensor] {
    let rows = try positions(of: x)
    return (0..<x.dim).map { Slicing.selected(rows, 1, $0) }
  }

  static func positions(of x: Tensor) throws -> Tensor {
    let chosen = try x.converted(to: .bool).elements(as: Bool.self)
    let found = chosen.indices.filter { chosen[$0] }
    let result = try Tensor.allocate([found.count, x.dim], .int64)
    let steps = Layout.contiguousStrides(x.sizes)
    try result.writeUnshared(as: Int64.self) { to in
      for (row, flat) in found.enumerated() {
        for d in steps.indices {
          to[row * steps.count + d] = Int64(flat / steps[d] % max(x.sizes[d], 1))
        }
      }
    }
    return result
  }

  private static func broadcastMask(_ arguments: Arguments) throws -> (Tensor, Tensor) {
    let x = try arguments.tensor("self")
    let mask = try arguments.tensor("mask")
    guard mask.dtype == .bool else {
      throw MartletError(
        .dtype,
        "\(arguments.schema.name): expected BoolTensor for mask, got \(mask.dtype)")
    }
    let sizes = try broadcast([x.sizes, mask.sizes])
    return (
      x.viewed(x.layout.broadcast(to: sizes)), mask.viewed(mask.layout.broadcast(to: sizes))
    )
  }
}

extension Tensor {
  /// The elements where the mask is true, along one axis (`torch.masked_select`).
  public func maskedSelect(_ mask: Tensor, file: StaticString = #fileID, line: UInt = #line)
    throws -> Tensor
  {
    try Masking.maskedSelect(.tensor(self), .tensor(mask), at: SourceLocation(file, line))
  }

  /// A copy with the mask's true places filled from `source`, in order
  /// (`torch.Tensor.masked_scatter`).
  public func maskedScatter(
    _ mask: Tensor, _ source: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Masking.maskedScatter(
      .tensor(self), .tensor(mask), .tensor(source), at: SourceLocation(file, line))
  }

  /// The indices of the elements that are not zero: int64 [number, axes] (`torch.nonzero`).
  public func nonzero(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Masking.nonzero(.tensor(self), at: SourceLocation(file, line))
  }
}
