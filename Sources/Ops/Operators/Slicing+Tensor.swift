import MartletTensor

extension Tensor {
  /// The elements at one index of an axis, without that axis (`torch.select`).
  ///
  /// - Throws: `MartletError` of kind `.index` beyond the axis.
  public func select(
    dim: Int, index: some DimConvertible, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Slicing.select(.tensor(self), dim.value, index.dim.value, at: SourceLocation(file, line))
  }

  /// Every `step`-th element from `start` up to `end` of an axis; negative ends count from the
  /// end, ends beyond the axis are cut (Python's `start:end:step`).
  public func slice(
    dim: Int = 0, start: (any DimConvertible)? = nil, end: (any DimConvertible)? = nil,
    step: Int = 1, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Slicing.slice(
      .tensor(self), dim.value, (start?.dim).value, (end?.dim).value, step.value,
      at: SourceLocation(file, line))
  }

  /// `length` elements of an axis from `start` (`torch.narrow`).
  ///
  /// - Throws: `MartletError` of kind `.index` when they reach beyond the axis.
  public func narrow(
    dim: Int, start: some DimConvertible, length: some DimConvertible,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Slicing.narrow(
      .tensor(self), dim.value, start.dim.value, length.dim.value, at: SourceLocation(file, line))
  }

  /// One tensor for each index of an axis (`torch.unbind`).
  public func unbind(dim: Int = 0, file: StaticString = #fileID, line: UInt = #line) throws
    -> [Tensor]
  {
    try [Tensor](
      Slicing.unbind.value(.tensor(self), dim.value, at: SourceLocation(file, line)))
  }

  /// The diagonal of the matrices that two axes span, as the last axis (`torch.diagonal`).
  public func diagonal(
    offset: Int = 0, dim1: Int = 0, dim2: Int = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Slicing.diagonal(
      .tensor(self), offset.value, dim1.value, dim2.value, at: SourceLocation(file, line))
  }

  /// Windows of `size` elements, `step` apart, along an axis (`torch.Tensor.unfold`).
  public func unfold(
    dim: Int, size: Int, step: Int, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Slicing.unfold(
      .tensor(self), dim.value, size.value, step.value, at: SourceLocation(file, line))
  }

  /// The storage's elements under any sizes and strides, counted in elements
  /// (`torch.as_strided`).
  ///
  /// - Throws: `MartletError` of kind `.index` when they reach beyond the storage.
  public func asStrided(
    _ size: some ShapeConvertible, _ stride: some ShapeConvertible, storageOffset: Int? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Slicing.asStrided(
      .tensor(self), size.shape.value, stride.shape.value, storageOffset.value,
      at: SourceLocation(file, line))
  }

  /// Parts of `size` elements along an axis, the last maybe shorter (`torch.split`).
  public func split(
    _ size: some DimConvertible, dim: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) throws -> [Tensor] {
    try [Tensor](
      Splitting.split.value(
        .tensor(self), size.dim.value, dim.value, at: SourceLocation(file, line)))
  }

  /// Parts of these sizes along an axis (`torch.split`).
  public func split(
    _ sizes: some ShapeConvertible, dim: Int = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> [Tensor] {
    try [Tensor](
      Splitting.splitWithSizes.value(
        .tensor(self), sizes.shape.value, dim.value, at: SourceLocation(file, line)))
  }

  /// At most `chunks` parts of equal size along an axis, the last maybe shorter (`torch.chunk`).
  public func chunk(
    _ chunks: Int, dim: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) throws -> [Tensor] {
    try [Tensor](
      Splitting.chunk.value(.tensor(self), chunks.value, dim.value, at: SourceLocation(file, line)))
  }

  /// Exactly `sections` parts along an axis, the first ones longer by one where it does not divide
  /// (`torch.tensor_split`).
  public func tensorSplit(
    _ sections: Int, dim: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) throws -> [Tensor] {
    try [Tensor](
      Splitting.tensorSplit.value(
        .tensor(self), sections.value, dim.value, at: SourceLocation(file, line)))
  }

  /// The parts of an axis between these indices (`torch.tensor_split`).
  public func tensorSplit(
    indices: some ShapeConvertible, dim: Int = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> [Tensor] {
    try [Tensor](
      Splitting.tensorSplitIndices.value(
        .tensor(self), indices.shape.value, dim.value, at: SourceLocation(file, line)))
  }
}
