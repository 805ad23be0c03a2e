import MartletKernels

/// Writing with the meaning of a value: no other tensor sees the change.
extension Tensor {
  /// The elements in row-major order, to be written. They are copied first where another tensor
  /// shares the storage, where it belongs to a mapped file, or where the view has gaps.
  ///
  /// The tensor is no longer the value that a trace may know it as.
  ///
  /// - Throws: `MartletError` of kind `.value` for a meta tensor, `.memory` when there is no
  ///   room for a copy; and what `body` throws.
  package mutating func withMutableElements<T: TensorElement, R>(
    as type: T.Type, _ body: (inout MutableSpan<T>) throws -> R
  ) throws -> R {
    precondition(T.dtype == dtype, "needs a tensor of the type")
    if !isContiguous || storage.isReadOnly || !isKnownUniquelyReferenced(&storage) {
      self = try copied()
    }
    tag = nil
    return try writeUnshared(as: T.self, body)
  }
}
