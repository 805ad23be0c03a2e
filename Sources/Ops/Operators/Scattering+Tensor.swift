import MartletTensor

extension Tensor {
  /// A copy with the elements of `source` written at the indices of an axis (`torch.scatter`).
  ///
  /// - Parameter reduce: `"add"` or `"multiply"` to combine with what is there.
  /// - Throws: `MartletError` of kind `.index` beyond the axis.
  public func scatter(
    dim: Int, _ index: Tensor, _ source: Tensor, reduce: String? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    let location = SourceLocation(file, line)
    guard let reduce else {
      return try Scattering.scatterSource(
        .tensor(self), dim.value, .tensor(index), .tensor(source), at: location)
    }
    return try Scattering.scatterReduceSource(
      .tensor(self), dim.value, .tensor(index), .tensor(source), reduce.value, at: location)
  }

  /// A copy with one value written at the indices of an axis (`torch.scatter`).
  public func scatter(
    dim: Int, _ index: Tensor, value: some NumberOperand, reduce: String? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    let location = SourceLocation(file, line)
    guard let reduce else {
      return try Scattering.scatterValue(
        .tensor(self), dim.value, .tensor(index), value.value, at: location)
    }
    return try Scattering.scatterReduceValue(
      .tensor(self), dim.value, .tensor(index), value.value, reduce.value, at: location)
  }

  /// A copy with the elements of `source` added at the indices of an axis (`torch.scatter_add`).
  public func scatterAdd(
    dim: Int, _ index: Tensor, _ source: Tensor, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Scattering.scatterAdd(
      .tensor(self), dim.value, .tensor(index), .tensor(source), at: SourceLocation(file, line))
  }

  /// A copy with the elements of `source` combined at the indices of an axis
  /// (`torch.scatter_reduce`).
  ///
  /// - Parameter reduce: `"sum"`, `"prod"`, `"mean"`, `"amax"` or `"amin"`.
  public func scatterReduce(
    dim: Int, _ index: Tensor, _ source: Tensor, reduce: String, includeSelf: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Scattering.scatterReduce(
      .tensor(self), dim.value, .tensor(index), .tensor(source), reduce.value,
      includeSelf.value, at: SourceLocation(file, line))
  }

  /// A copy with slices of `source`, times `alpha`, added to slices of an axis
  /// (`torch.index_add`).
  public func indexAdd(
    dim: Int, _ index: Tensor, _ source: Tensor, alpha: Double = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Scattering.indexAdd(
      .tensor(self), dim.value, .tensor(index), .tensor(source), .number(alpha),
      at: SourceLocation(file, line))
  }

  /// A copy with slices of an axis replaced by those of `source` (`torch.index_copy`).
  public func indexCopy(
    dim: Int, _ index: Tensor, _ source: Tensor, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Scattering.indexCopy(
      .tensor(self), dim.value, .tensor(index), .tensor(source), at: SourceLocation(file, line))
  }

  /// A copy with slices of an axis filled with a value (`torch.index_fill`).
  public func indexFill(
    dim: Int, _ index: Tensor, value: some NumberOperand, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Scattering.indexFill(
      .tensor(self), dim.value, .tensor(index), value.value, at: SourceLocation(file, line))
  }
}
