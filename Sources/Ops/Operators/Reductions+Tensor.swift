import MartletTensor

/// Sums, means and products. `dim` names the axes to fold, all where it is nil.
extension Tensor {
  /// The sum of elements (`torch.sum`); whole numbers and truth values add up in int64.
  public func sum(
    dim: [Int]? = nil, keepdim: Bool = false, dtype: DType? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    let location = SourceLocation(file, line)
    guard let dim else { return try Sums.sum(.tensor(self), dtype.value, at: location) }
    return try Sums.sumDims(
      .tensor(self), dim.value, keepdim.value, dtype.value, at: location)
  }

  /// The sum along one axis (`torch.sum`).
  public func sum(
    dim: Int, keepdim: Bool = false, dtype: DType? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try sum(dim: [dim], keepdim: keepdim, dtype: dtype, file: file, line: line)
  }

  /// The mean of elements (`torch.mean`).
  ///
  /// - Throws: `MartletError` of kind `.dtype` for whole numbers without a floating-point `dtype`.
  public func mean(
    dim: [Int]? = nil, keepdim: Bool = false, dtype: DType? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    let location = SourceLocation(file, line)
    guard let dim else { return try Sums.mean(.tensor(self), dtype.value, at: location) }
    return try Sums.meanDims(
      .tensor(self), dim.value, keepdim.value, dtype.value, at: location)
  }

  /// The mean along one axis (`torch.mean`).
  public func mean(
    dim: Int, keepdim: Bool = false, dtype: DType? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try mean(dim: [dim], keepdim: keepdim, dtype: dtype, file: file, line: line)
  }

  /// The product of all elements, or along one axis (`torch.prod`).
  public func prod(
    dim: Int? = nil, keepdim: Bool = false, dtype: DType? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    let location = SourceLocation(file, line)
    guard let dim else { return try Sums.prod(.tensor(self), dtype.value, at: location) }
    return try Sums.prodDim(.tensor(self), dim.value, keepdim.value, dtype.value, at: location)
  }

  /// `log(Σ exp x)` without overflow (`torch.logsumexp`).
  public func logsumexp(
    dim: [Int], keepdim: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Sums.logsumexp(.tensor(self), dim.value, keepdim.value, at: SourceLocation(file, line))
  }

  /// How many elements are not zero (`torch.count_nonzero`).
  public func countNonzero(dim: Int? = nil, file: StaticString = #fileID, line: UInt = #line)
    throws -> Tensor
  {
    try Sums.countNonzero(.tensor(self), dim.value, at: SourceLocation(file, line))
  }

  /// The variance (`torch.var`), the sum of squares divided by the count less `correction`.
  public func `var`(
    dim: [Int]? = nil, correction: Double = 1, keepdim: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Variances.varianceCorrected(
      .tensor(self), dim.value, .number(correction), keepdim.value,
      at: SourceLocation(file, line))
  }

  /// The standard deviation (`torch.std`); see `var(dim:correction:keepdim:)`.
  public func std(
    dim: [Int]? = nil, correction: Double = 1, keepdim: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Variances.deviationCorrected(
      .tensor(self), dim.value, .number(correction), keepdim.value,
      at: SourceLocation(file, line))
  }

  /// The vector norm of order `p` (`torch.linalg.vector_norm`).
  public func norm(
    p: Double = 2, dim: [Int]? = nil, keepdim: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Norms.vectorNorm(
      .tensor(self), .number(p), dim.value, keepdim.value, at: SourceLocation(file, line))
  }

  /// The distance, of order `p`, of each row from each row of another tensor (`torch.cdist`).
  public func cdist(
    _ other: Tensor, p: Double = 2, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Norms.cdist(.tensor(self), .tensor(other), .double(p), at: SourceLocation(file, line))
  }
}

/// Extremes and truth values. NaN counts as an extreme, and as true.
extension Tensor {
  /// The largest element (`torch.max`).
  public func max(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Extremes.max(.tensor(self), at: SourceLocation(file, line))
  }

  /// The smallest element (`torch.min`).
  public func min(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Extremes.min(.tensor(self), at: SourceLocation(file, line))
  }

  /// The largest elements along an axis and the indices of the first such (`torch.max`).
  public func max(
    dim: Int, keepdim: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) throws -> (values: Tensor, indices: Tensor) {
    try pair(
      Extremes.maxDim, [.tensor(self), dim.value, keepdim.value], SourceLocation(file, line))
  }

  /// The smallest elements along an axis and the indices of the first such (`torch.min`).
  public func min(
    dim: Int, keepdim: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) throws -> (values: Tensor, indices: Tensor) {
    try pair(
      Extremes.minDim, [.tensor(self), dim.value, keepdim.value], SourceLocation(file, line))
  }

  /// The largest elements over axes, all where none are named (`torch.amax`).
  public func amax(
    dim: [Int] = [], keepdim: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Extremes.amax(.tensor(self), dim.value, keepdim.value, at: SourceLocation(file, line))
  }

  /// The smallest elements over axes, all where none are named (`torch.amin`).
  public func amin(
    dim: [Int] = [], keepdim: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Extremes.amin(.tensor(self), dim.value, keepdim.value, at: SourceLocation(file, line))
  }

  /// The index of the first largest element: int64, of the flattened tensor without an axis
  /// (`torch.argmax`).
  public func argmax(
    dim: Int? = nil, keepdim: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Extremes.argmax(.tensor(self), dim.value, keepdim.value, at: SourceLocation(file, line))
  }

  /// The index of the first smallest element (`torch.argmin`).
  public func argmin(
    dim: Int? = nil, keepdim: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Extremes.argmin(.tensor(self), dim.value, keepdim.value, at: SourceLocation(file, line))
  }

  /// Whether any element is not zero (`torch.any`).
  public func any(
    dim: [Int]? = nil, keepdim: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    let location = SourceLocation(file, line)
    guard let dim else { return try Truths.any(.tensor(self), at: location) }
    return try Truths.anyDims(.tensor(self), dim.value, keepdim.value, at: location)
  }

  /// Whether no element is zero (`torch.all`).
  public func all(
    dim: [Int]? = nil, keepdim: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    let location = SourceLocation(file, line)
    guard let dim else { return try Truths.all(.tensor(self), at: location) }
    return try Truths.allDims(.tensor(self), dim.value, keepdim.value, at: location)
  }
}

/// Order and running values along an axis.
extension Tensor {
  /// The elements in order and where they were (`torch.sort`); equal ones keep their order, NaN
  /// is the largest.
  public func sort(
    dim: Int = -1, descending: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) throws -> (values: Tensor, indices: Tensor) {
    try pair(
      Sorting.sort, [.tensor(self), dim.value, descending.value], SourceLocation(file, line))
  }

  /// The indices that put elements in order (`torch.argsort`).
  public func argsort(
    dim: Int = -1, descending: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Sorting.argsort(
      .tensor(self), dim.value, descending.value, at: SourceLocation(file, line))
  }

  /// The `k` largest or smallest elements, in order, and where they were (`torch.topk`).
  public func topk(
    _ k: some DimConvertible, dim: Int = -1, largest: Bool = true, sorted: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> (values: Tensor, indices: Tensor) {
    try pair(
      Sorting.topk,
      [.tensor(self), k.dim.value, dim.value, largest.value, sorted.value],
      SourceLocation(file, line))
  }

  /// The middle element, the lower of two (`torch.median`).
  public func median(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Sorting.median(.tensor(self), at: SourceLocation(file, line))
  }

  /// The middle elements along an axis and where they are (`torch.median`).
  public func median(
    dim: Int, keepdim: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) throws -> (values: Tensor, indices: Tensor) {
    try pair(
      Sorting.medianDim, [.tensor(self), dim.value, keepdim.value], SourceLocation(file, line))
  }

  /// Running sums (`torch.cumsum`).
  public func cumsum(
    dim: Int, dtype: DType? = nil, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Cumulative.cumsum(
      .tensor(self), dim.value, dtype.value, at: SourceLocation(file, line))
  }

  /// Running products (`torch.cumprod`).
  public func cumprod(
    dim: Int, dtype: DType? = nil, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Cumulative.cumprod(
      .tensor(self), dim.value, dtype.value, at: SourceLocation(file, line))
  }

  /// Differences of neighbours, `n` times over (`torch.diff`).
  public func diff(
    n: Int = 1, dim: Int = -1, prepend: Tensor? = nil, append: Tensor? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Cumulative.diff(
      .tensor(self), n.value, dim.value, prepend.value, append.value,
      at: SourceLocation(file, line))
  }

  private func pair(_ operation: Operator, _ arguments: [Value], _ location: SourceLocation)
    throws -> (values: Tensor, indices: Tensor)
  {
    let results = try operation.call(arguments, at: location)
    return (try Tensor(results[0]), try Tensor(results[1]))
  }
}
