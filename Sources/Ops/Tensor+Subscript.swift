import MartletTensor

extension Tensor {
  /// The elements at the given places of the leading axes, as Python's `x[…]`; `TensorIndex` lists
  /// the forms. Numbers and ranges give views; tensors of indices and masks give copies, whose
  /// axes stand as NumPy places them.
  ///
  /// ```swift
  /// let first = try x[0]
  /// let inner = try x[.ellipsis, 1..<(-1), 1..<(-1)]
  /// let kept = try boxes[scores.gt(0.5)]
  /// ```
  ///
  /// - Throws: `MartletError` of kind `.index` for a place that is not there, or too many places.
  public subscript<each Index: TensorIndexConvertible>(
    _ indices: repeat each Index, file file: StaticString = #fileID, line line: UInt = #line
  ) -> Tensor {
    get throws {
      let location = SourceLocation(file, line)
      return try IndexStep.steps(Self.places(repeat each indices), rank: dim)
        .reduce(self) { try $1.read($0, at: location) }
    }
  }

  /// Replaces the elements at the given places by `value`, which broadcasts to them: Python's
  /// `x[…] = value`. (Swift has no setters that throw.)
  ///
  /// The tensor becomes a changed copy, and a trace records the functional operators
  /// (`slice_scatter`, `select_scatter`, `index_put`) that make it.
  ///
  /// ```swift
  /// try x.assign(y, at: 0, .all)
  /// try x.assign(0, at: mask)
  /// ```
  ///
  /// - Throws: `MartletError` of kind `.index` for a place that is not there, `.shape` when
  ///   `value` does not broadcast to the places.
  public mutating func assign<each Index: TensorIndexConvertible>(
    _ value: some TensorOperand, at indices: repeat each Index, file: StaticString = #fileID,
    line: UInt = #line
  ) throws {
    let steps = try IndexStep.steps(Self.places(repeat each indices), rank: dim)
    self = try Self.written(
      try PromotionOperand(value.value).tensor(), into: self, steps[...],
      at: SourceLocation(file, line))
  }

  private static func places<each Index: TensorIndexConvertible>(_ indices: repeat each Index)
    -> [TensorIndex]
  {
    var places: [TensorIndex] = []
    for index in repeat each indices { places.append(index.tensorIndex) }
    return places
  }

  /// `x` with `value` at the end of the steps.
  private static func written(
    _ value: Tensor, into x: Tensor, _ steps: ArraySlice<IndexStep>, at location: SourceLocation
  ) throws -> Tensor {
    guard let step = steps.first else { return try replaced(x, by: value, at: location) }
    if case .pick(let indices) = step {
      return try Writing.indexPut(
        .tensor(x), indices.value, .tensor(try fitted(value, x, at: location)), false,
        at: location)
    }
    let part = try written(
      value, into: try step.read(x, at: location), steps.dropFirst(), at: location)
    return try step.write(part, into: x, at: location)
  }

  /// All of `x` replaced.
  private static func replaced(_ x: Tensor, by value: Tensor, at location: SourceLocation) throws
    -> Tensor
  {
    let whole = try Expanding.expand(
      .tensor(try fitted(value, x, at: location)), x.shape.value, false, at: location)
    return x.isContiguous && whole.isContiguous
      ? whole : try Conversion.clone(.tensor(whole), at: location)
  }

  /// `value` in `x`'s dtype and without leading axes of one element that `x` lacks.
  private static func fitted(_ value: Tensor, _ x: Tensor, at location: SourceLocation) throws
    -> Tensor
  {
    var value = value
    if value.dtype != x.dtype { value = try value.to(x.dtype) }
    while value.dim > x.dim, value.sizes[0] == 1 {
      value = try Axes.squeezeDim(.tensor(value), 0, at: location)
    }
    return value
  }
}

/// The operator calls of a subscript, in the order in which PyTorch makes them.
private enum IndexStep {
  case select(Int, Dim)
  case slice(Int, start: Dim?, end: Dim?, step: Int)
  case newAxis(Int)
  case pick([Tensor?])

  static func steps(_ places: [TensorIndex], rank: Int) throws -> [IndexStep] {
    let used = places.reduce(0) { $0 + $1.covered }
    guard places.count(where: \.isEllipsis) <= 1 else {
      throw MartletError(.index, "an index can only have a single ellipsis")
    }
    guard used <= rank else {
      throw MartletError(.index, "too many indices for tensor of dimension \(rank) (got \(used))")
    }
    var steps: [IndexStep] = []
    var picked: [Tensor?] = []
    var axis = 0
    // A mask stands in the list once, however many axes it covers.
    var masked = 0
    for place in places {
      switch place.kind {
      case .select(let index): steps.append(.select(axis, index))
      case .slice(nil, nil, 1): axis += 1
      case .slice(let start, let end, let step):
        steps.append(.slice(axis, start: start, end: end, step: step))
        axis += 1
      case .ellipsis: axis += rank - used
      case .newAxis:
        steps.append(.newAxis(axis))
        axis += 1
      case .tensor(let index):
        picked += [Tensor?](repeating: nil, count: axis - masked - picked.count) + [index]
        axis += place.covered
        masked += place.covered - 1
      }
    }
    return picked.isEmpty ? steps : steps + [.pick(picked)]
  }

  func read(_ x: Tensor, at location: SourceLocation) throws -> Tensor {
    switch self {
    case .select(let axis, let index):
      try Slicing.select(.tensor(x), axis.value, index.value, at: location)
    case .slice(let axis, let start, let end, let step):
      try Slicing.slice(
        .tensor(x), axis.value, start.value, end.value, step.value, at: location)
    case .newAxis(let axis): try Axes.unsqueeze(.tensor(x), axis.value, at: location)
    case .pick(let indices): try Gathering.index(.tensor(x), indices.value, at: location)
    }
  }

  /// `x` with `part` in place of what `read` gives.
  func write(_ part: Tensor, into x: Tensor, at location: SourceLocation) throws -> Tensor {
    switch self {
    case .select(let axis, let index):
      try Writing.selectScatter(
        .tensor(x), .tensor(part), axis.value, index.value, at: location)
    case .slice(let axis, let start, let end, let step):
      try Writing.sliceScatter(
        .tensor(x), .tensor(part), axis.value, start.value, end.value, step.value, at: location)
    case .newAxis(let axis): try Axes.squeezeDim(.tensor(part), axis.value, at: location)
    case .pick(let indices):
      try Writing.indexPut(.tensor(x), indices.value, .tensor(part), false, at: location)
    }
  }
}

extension TensorIndex {
  /// How many of the tensor's axes it takes up.
  fileprivate var covered: Int {
    switch kind {
    case .select, .slice: 1
    case .tensor(let index): index.dtype == .bool ? index.dim : 1
    case .ellipsis, .newAxis: 0
    }
  }

  fileprivate var isEllipsis: Bool { if case .ellipsis = kind { true } else { false } }
}
