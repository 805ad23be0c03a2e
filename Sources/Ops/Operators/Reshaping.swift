import MartletTensor

/// Views under other sizes.
package enum Reshaping {
  package static let operators: [Operator] = [
    reshape, reshapeAs, reshapeAlias, view, viewAs, flatten, unflatten, ravel,
  ]

  static let view = Operator(
    "aten::view(Tensor(a) self, SymInt[] size) -> Tensor(a)",
    .view { [.tensor(try view(try $0.tensor("self"), try $0.ints("size")))] })

  static let viewAs = Operator(
    "aten::view_as(Tensor(a) self, Tensor other) -> Tensor(a)",
    .view { [.tensor(try view(try $0.tensor("self"), try $0.tensor("other").sizes))] })

  /// A view where strides allow, otherwise a copy.
  static let reshape = Operator(
    "aten::reshape(Tensor(a) self, SymInt[] shape) -> Tensor(a)",
    .view { [.tensor(try reshape(try $0.tensor("self"), try $0.ints("shape")))] })

  static let reshapeAs = Operator(
    "aten::reshape_as(Tensor(a) self, Tensor other) -> Tensor(a)",
    .view { [.tensor(try reshape(try $0.tensor("self"), try $0.tensor("other").sizes))] })

  /// What PyTorch's decompositions make of a reshape that needs no copy.
  static let reshapeAlias = Operator(
    "aten::_reshape_alias(Tensor(a) self, SymInt[] size, SymInt[] stride) -> Tensor(a)",
    .view { [.tensor(try reshape(try $0.tensor("self"), try $0.ints("size")))] })

  static let ravel = Operator(
    "aten::ravel(Tensor(a) self) -> Tensor(a)",
    .view { [.tensor(try reshape(try $0.tensor("self"), [-1]))] })

  static let flatten = Operator(
    "aten::flatten.using_ints(Tensor(a) self, int start_dim=0, int end_dim=-1) -> Tensor(a)",
    .view { arguments in
      let x = try arguments.tensor("self")
      let start = try arguments.dim("start_dim", rank: x.dim)
      let end = try arguments.dim("end_dim", rank: x.dim)
      guard start <= end else {
        throw MartletError(
          .argument, "flatten() has invalid args: start_dim cannot come after end_dim")
      }
      if x.dim == 0 { return [.tensor(try reshape(x, [1]))] }
      if start == end { return [.tensor(x)] }
      let joined = x.sizes[start...end].reduce(1, *)
      return [.tensor(try reshape(x, x.sizes[..<start] + [joined] + x.sizes[(end + 1)...]))]
    })

  static let unflatten = Operator(
    "aten::unflatten.int(Tensor(a) self, int dim, SymInt[] sizes) -> Tensor(a)",
    .view { arguments in
      let x = try arguments.tensor("self")
      let dim = try arguments.dim("dim", rank: x.dim)
      let sizes = try arguments.ints("sizes")
      guard !sizes.isEmpty else {
        throw MartletError(.argument, "unflatten: sizes must be non-empty")
      }
      guard x.dim > 0 else {
        throw MartletError(.shape, "unflatten: a 0-dimensional tensor has no dimension to split")
      }
      let split = try resolve(sizes, count: x.sizes[dim])
      return [.tensor(try reshape(x, x.sizes[..<dim] + split + x.sizes[(dim + 1)...]))]
    })

  static func view(_ x: Tensor, _ sizes: [Int]) throws -> Tensor {
    guard let layout = x.layout.viewing(try resolve(sizes, count: x.count)) else {
      throw MartletError(
        .shape,
        "view size is not compatible with input tensor's size and stride (at least one dimension "
          + "spans across two contiguous subspaces). Use .reshape(...) instead.")
    }
    return x.viewed(layout)
  }

  static func reshape(_ x: Tensor, _ shape: some Collection<Int>) throws -> Tensor {
    let sizes = try resolve(Array(shape), count: x.count)
    if let layout = x.layout.viewing(sizes) { return x.viewed(layout) }
    return try x.copied().viewed(Layout(contiguous: sizes))
  }

  /// The sizes with a single -1 replaced by what is left for it.
  static func resolve(_ sizes: [Int], count: Int) throws -> [Int] {
    var resolved = sizes
    let unknown = sizes.indices.filter { sizes[$0] == -1 }
    guard unknown.count <= 1, !sizes.contains(where: { $0 < -1 }) else {
      throw MartletError(.shape, "only one dimension can be inferred, got shape \(sizes)")
    }
    var rest = 1
    for size in sizes where size != -1 {
      let (product, overflow) = rest.multipliedReportingOverflow(by: size)
      guard !overflow else {
        throw MartletError(.shape, "shape \(sizes) is invalid for input of size \(count)")
      }
      rest = product
    }
    if let position = unknown.first {
      guard rest != 0, count % rest == 0 else {
        throw MartletError(.shape, "shape \(sizes) is invalid for input of size \(count)")
      }
      resolved[position] = count / rest
      return resolved
    }
    guard rest == count else {
      throw MartletError(.shape, "shape \(sizes) is invalid for input of size \(count)")
    }
    return resolved
  }
}

extension Tensor {
  /// The same elements under other sizes, one of which may be -1 (`torch.reshape`).
  ///
  /// - Throws: `MartletError` of kind `.shape` when the number of elements differs.
  public func reshape(
    _ shape: some ShapeConvertible, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Reshaping.reshape(.tensor(self), shape.shape.value, at: SourceLocation(file, line))
  }

  /// As `reshape(_:)`, to the sizes of another tensor (`torch.Tensor.reshape_as`).
  public func reshape(as other: Tensor, file: StaticString = #fileID, line: UInt = #line) throws
    -> Tensor
  {
    try Reshaping.reshapeAs(.tensor(self), .tensor(other), at: SourceLocation(file, line))
  }

  /// As `reshape(_:)`, but never a copy (`torch.Tensor.view`).
  ///
  /// - Throws: `MartletError` of kind `.shape` when the strides would need one.
  public func view(
    _ shape: some ShapeConvertible, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Reshaping.view(.tensor(self), shape.shape.value, at: SourceLocation(file, line))
  }

  /// As `view(_:)`, to the sizes of another tensor (`torch.Tensor.view_as`).
  public func view(as other: Tensor, file: StaticString = #fileID, line: UInt = #line) throws
    -> Tensor
  {
    try Reshaping.viewAs(.tensor(self), .tensor(other), at: SourceLocation(file, line))
  }

  /// The axes from `startDim` through `endDim` joined into one (`torch.flatten`).
  public func flatten(
    startDim: Int = 0, endDim: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Reshaping.flatten(
      .tensor(self), startDim.value, endDim.value, at: SourceLocation(file, line))
  }

  /// One axis split into several, one of whose sizes may be -1 (`torch.unflatten`).
  public func unflatten(
    dim: Int, _ sizes: some ShapeConvertible, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Reshaping.unflatten(
      .tensor(self), dim.value, sizes.shape.value, at: SourceLocation(file, line))
  }

  /// All elements along one axis (`torch.ravel`).
  public func ravel(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Reshaping.ravel(.tensor(self), at: SourceLocation(file, line))
  }
}
