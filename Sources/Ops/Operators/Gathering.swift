import MartletTensor

/// Elements picked by indices.
package enum Gathering {
  package static let operators: [Operator] = [
    index, indexHackedTwin, indexSelect, gather, take, takeAlongDim,
  ]

  /// Index tensors, masks, and None for whole axes, by NumPy's rules.
  static let index = Operator(
    "aten::index.Tensor(Tensor self, Tensor?[] indices) -> Tensor", takesComplex: true,
    .kernel(infer: inferIndex, compute: computeIndex))
  /// The overload that takes no None.
  static let indexHackedTwin = Operator(
    "aten::index.Tensor_hacked_twin(Tensor self, Tensor[] indices) -> Tensor", takesComplex: true,
    .kernel(infer: inferIndex, compute: computeIndex))

  static let indexSelect = Operator(
    "aten::index_select(Tensor self, int dim, Tensor index) -> Tensor", takesComplex: true,
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        let dim = try arguments.dim("dim", rank: x.dim)
        let index = try indexArgument(arguments, "index_select")
        guard index.dim <= 1 else {
          throw MartletError(.index, "index_select(): Index is supposed to be a vector")
        }
        guard x.dim > 0 || index.count == 1 else {
          throw MartletError(
            .index,
            "index_select(): Index to scalar can have only 1 value, got \(index.count) value(s)")
        }
        var sizes = x.sizes
        if x.dim > 0 { sizes[dim] = index.count }
        return [TensorSpec(sizes, x.dtype)]
      },
      compute: { arguments, results in
        let x = Expanding.atLeast(1, try arguments.tensor("self"))
        let dim = try arguments.dim("dim", rank: x.dim)
        let positions = try arguments.tensor("index").integers()
        try check(positions, in: x.sizes[dim], "index_select()")
        let result = results[0].viewed(
          Layout(
            contiguous: results[0].dim == 0 ? [1] : results[0].sizes,
            offset: results[0].layout.offset))
        try pick(x, dim, positions, into: result)
      }))

  /// Along one axis by an index for each element of the result.
  static let gather = Operator(
    "aten::gather(Tensor self, int dim, Tensor index, *, bool sparse_grad=False) -> Tensor",
    takesComplex: true,
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        let dim = try arguments.dim("dim", rank: x.dim)
        let index = try indexArgument(arguments, "gather")
        if index.count > 0 || index.dim == x.dim {
          try Scattering.checkSizes(index, within: x, besides: dim, "gather")
        }
        return [TensorSpec(index.sizes, x.dtype)]
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        let dim = try arguments.dim("dim", rank: x.dim)
        let index = try arguments.tensor("index")
        if index.count == 0 { return }
        try results[0].overwrite(
          at: Array(0..<index.count), with: x,
          at: try Scattering.places(x.layout, dim, index, "gather()"))
      }))

  /// By indices into the flattened tensor; negative ones count from the end.
  static let take = Operator(
    "aten::take(Tensor self, Tensor index) -> Tensor", takesComplex: true,
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        let index = try arguments.tensor("index")
        guard index.dtype == .int64 else {
          throw MartletError(
            .dtype, "take(): Expected a long tensor for index, but got \(index.dtype)")
        }
        guard x.count > 0 || index.count == 0 else {
          throw MartletError(.index, "take(): tried to take from an empty tensor")
        }
        return [TensorSpec(index.sizes, x.dtype)]
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        let positions = try wrapped(try arguments.tensor("index").integers(), in: x.count)
        let places = x.layout.places()
        try results[0].overwrite(
          at: Array(0..<positions.count), with: x, at: positions.map { places[$0] })
      }))

  static let takeAlongDim = Operator(
    "aten::take_along_dim(Tensor self, Tensor indices, int? dim=None) -> Tensor",
    .composite { arguments in
      var x = try arguments.tensor("self")
      var index = try arguments.tensor("indices")
      guard index.dtype == .int64 || index.dtype == .int32 else {
        throw MartletError(
          .dtype,
          "torch.take_along_dim(): dtype of indices should be Long but got \(index.dtype)")
      }
      var dim = 0
      if let given = try arguments.optionalInt("dim") {
        guard x.dim == index.dim else {
          throw MartletError(
            .shape,
            "torch.take_along_dim(): input and indices should have the same number of dimensions, "
              + "but got \(x.dim) dimensions for input, and \(index.dim) dimensions for indices")
        }
        dim = try wrapDim(given, rank: x.dim)
        if x.dim > 0 {
          var (a, b) = (x.sizes, index.sizes)
          a[dim] = index.sizes[dim]
          b[dim] = x.sizes[dim]
          index = try Expanding.expanded(index, try broadcast([a, index.sizes]))
          x = try Expanding.expanded(x, try broadcast([x.sizes, b]))
        }
      } else {
        x = try Reshaping.reshape(x, [-1])
        index = try Reshaping.reshape(index, [-1])
      }
      return try gather.evaluate(
        try Arguments(gather.schema, [.tensor(x), dim.value, .tensor(index)]))
    })

  /// The elements at these indices of an axis, as a new tensor.
  static func picked(_ x: Tensor, _ dim: Int, _ positions: [Int]) throws -> Tensor {
    var sizes = x.sizes
    sizes[dim] = positions.count
    if x.isMeta { return try .meta(sizes, x.dtype) }
    let result = try Tensor.allocate(sizes, x.dtype)
    try pick(x, dim, positions, into: result)
    return result
  }

  private static func pick(_ x: Tensor, _ dim: Int, _ positions: [Int], into result: Tensor)
    throws
  {
    if result.count == 0 { return }
    let outer = result.layout.keeping(0..<dim).places()
    let source = x.layout.keeping(0..<dim).places()
    var (inner, sourceInner) = (result.layout, x.layout)
    (inner.offset, sourceInner.offset) = (0, 0)
    inner = inner.keeping((dim + 1)..<x.dim)
    sourceInner = sourceInner.keeping((dim + 1)..<x.dim)
    let (step, sourceStep) = (result.strides[dim], x.strides[dim])
    var (to, from): ([Int], [Int]) = ([], [])
    to.reserveCapacity(outer.count * positions.count)
    from.reserveCapacity(outer.count * positions.count)
    for n in outer.indices {
      for (position, picked) in positions.enumerated() {
        to.append(outer[n] + position * step)
        from.append(source[n] + picked * sourceStep)
      }
    }
    try result.overwrite(
      at: to, plus: inner.places(), with: x, at: from, plus: sourceInner.places())
  }

  @Sendable private static func inferIndex(_ arguments: Arguments) throws -> [TensorSpec] {
    let x = try arguments.tensor("self")
    return [
      TensorSpec(try AdvancedIndex(x, try [Tensor?](arguments["indices"])).sizes, x.dtype)
    ]
  }

  @Sendable private static func computeIndex(_ arguments: Arguments, _ results: [Tensor]) throws {
    let x = try arguments.tensor("self")
    // PyTorch does not look at indices where nothing is picked.
    if results[0].count == 0 { return }
    let index = try AdvancedIndex(x, try [Tensor?](arguments["indices"]))
    let source = try index.sourcePlaces()
    let target = index.resultPlaces(results[0].layout)
    try results[0].overwrite(
      at: target.outer, plus: target.inner, with: x, at: source.outer, plus: source.inner)
  }

  /// Argument `index`, which must hold whole numbers of 32 or 64 bits.
  static func indexArgument(_ arguments: Arguments, _ name: String) throws -> Tensor {
    let index = try arguments.tensor("index")
    guard index.dtype == .int64 || index.dtype == .int32 else {
      throw MartletError(
        .dtype, "\(name)(): Expected dtype int32/int64 for index, got \(index.dtype)")
    }
    return index
  }

  static func check(_ positions: [Int], in size: Int, _ name: String) throws {
    for position in positions where position < 0 || position >= size {
      throw MartletError(
        .index, "\(name): index \(position) is out of bounds for dimension of size \(size)")
    }
  }

  /// Negative positions counted from the end.
  static func wrapped(_ positions: [Int], in size: Int) throws -> [Int] {
    try positions.map { position in
      guard position >= -size, position < size else {
        throw MartletError(
          .index, "out of range: index \(position) for a tensor of \(size) elements")
      }
      return position < 0 ? position + size : position
    }
  }
}

extension Tensor {
  /// The elements at indices that tensors hold, masks select, or nil leaves whole, by NumPy's
  /// rules (`aten::index`). Subscripts do the same beside numbers and ranges.
  ///
  /// - Throws: `MartletError` of kind `.index` beyond an axis.
  public func index(_ indices: [Tensor?], file: StaticString = #fileID, line: UInt = #line) throws
    -> Tensor
  {
    try Gathering.index(.tensor(self), indices.value, at: SourceLocation(file, line))
  }

  /// The elements at these indices of an axis (`torch.index_select`).
  public func indexSelect(
    dim: Int, _ index: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Gathering.indexSelect(
      .tensor(self), dim.value, .tensor(index), at: SourceLocation(file, line))
  }

  /// For each element of `index`, the one at that index of an axis (`torch.gather`).
  public func gather(
    dim: Int, _ index: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Gathering.gather(
      .tensor(self), dim.value, .tensor(index), at: SourceLocation(file, line))
  }

  /// The elements at indices into the flattened tensor (`torch.take`).
  public func take(_ index: Tensor, file: StaticString = #fileID, line: UInt = #line) throws
    -> Tensor
  {
    try Gathering.take(.tensor(self), .tensor(index), at: SourceLocation(file, line))
  }

  /// As `gather`, with broadcasting; flattened without an axis (`torch.take_along_dim`).
  public func takeAlongDim(
    _ indices: Tensor, dim: Int? = nil, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Gathering.takeAlongDim(
      .tensor(self), .tensor(indices), dim.value, at: SourceLocation(file, line))
  }
}
