import MartletTensor

extension Tensor {
  /// The axes in another order (`torch.permute`).
  ///
  /// - Throws: `MartletError` when `dims` does not name every axis once.
  public func permute(_ dims: [Int], file: StaticString = #fileID, line: UInt = #line) throws
    -> Tensor
  {
    try Axes.permute(.tensor(self), dims.value, at: SourceLocation(file, line))
  }

  /// Two axes swapped (`torch.transpose`).
  public func transpose(
    _ dim0: Int, _ dim1: Int, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Axes.transpose(.tensor(self), dim0.value, dim1.value, at: SourceLocation(file, line))
  }

  /// A matrix with its axes swapped; vectors and scalars as they are (`torch.t`).
  public func t(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Axes.t(.tensor(self), at: SourceLocation(file, line))
  }

  /// A new axis of size one (`torch.unsqueeze`).
  public func unsqueeze(_ dim: Int, file: StaticString = #fileID, line: UInt = #line) throws
    -> Tensor
  {
    try Axes.unsqueeze(.tensor(self), dim.value, at: SourceLocation(file, line))
  }

  /// Without any axis of size one (`torch.squeeze`).
  public func squeeze(file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try Axes.squeeze(.tensor(self), at: SourceLocation(file, line))
  }

  /// Without this axis, where its size is one (`torch.squeeze`).
  public func squeeze(_ dim: Int, file: StaticString = #fileID, line: UInt = #line) throws
    -> Tensor
  {
    try Axes.squeezeDim(.tensor(self), dim.value, at: SourceLocation(file, line))
  }

  /// Without those of these axes whose size is one (`torch.squeeze`).
  public func squeeze(_ dims: [Int], file: StaticString = #fileID, line: UInt = #line) throws
    -> Tensor
  {
    try Axes.squeezeDims(.tensor(self), dims.value, at: SourceLocation(file, line))
  }

  /// One axis moved to another place, the others keeping their order (`torch.movedim`).
  public func movedim(
    _ source: Int, _ destination: Int, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Axes.moveDim(
      .tensor(self), source.value, destination.value, at: SourceLocation(file, line))
  }

  /// Several axes moved to other places, the rest keeping their order (`torch.movedim`).
  public func movedim(
    _ source: [Int], _ destination: [Int], file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Axes.moveDims(
      .tensor(self), source.value, destination.value, at: SourceLocation(file, line))
  }

  /// Repeated along axes of size one, without a copy; -1 keeps a size (`torch.Tensor.expand`).
  public func expand(
    _ sizes: some ShapeConvertible, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Expanding.expand(
      .tensor(self), sizes.shape.value, false, at: SourceLocation(file, line))
  }

  /// As `expand(_:)`, to the sizes of another tensor (`torch.Tensor.expand_as`).
  public func expand(as other: Tensor, file: StaticString = #fileID, line: UInt = #line) throws
    -> Tensor
  {
    try Expanding.expandAs(.tensor(self), .tensor(other), at: SourceLocation(file, line))
  }

  /// As `expand(_:)` (`torch.broadcast_to`).
  public func broadcast(
    to sizes: some ShapeConvertible, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Expanding.broadcastTo(.tensor(self), sizes.shape.value, at: SourceLocation(file, line))
  }
}
