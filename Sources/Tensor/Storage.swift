import MartletKernels

/// The bytes that tensors view: one flat, 64-byte-aligned block, shared by reference.
///
/// A storage is written only while a single tensor refers to it (`Tensor` copies otherwise), or
/// before it is handed out. A *meta* storage has a size and no bytes: tensors over it carry
/// shapes through operators without computing.
package final class Storage: Sendable {
  package let memory: AlignedMemory?
  package let byteCount: Int

  package init(memory: AlignedMemory) {
    self.memory = memory
    self.byteCount = memory.byteCount
  }

  private init(metaByteCount: Int) {
    self.memory = nil
    self.byteCount = metaByteCount
  }

  package static func allocate(byteCount: Int, zeroed: Bool = false) throws -> Storage {
    do {
      return Storage(memory: try AlignedMemory(byteCount: byteCount, zeroed: zeroed))
    } catch {
      throw MartletError(.memory, "could not allocate \(error.byteCount) bytes")
    }
  }

  package static func meta(byteCount: Int) -> Storage { Storage(metaByteCount: byteCount) }

  package var isMeta: Bool { memory == nil }

  /// The same bytes in memory of its own.
  package func copied() throws -> Storage {
    guard !isMeta else { return .meta(byteCount: byteCount) }
    let copy = try Storage.allocate(byteCount: byteCount)
    let target = try copy.bytes()
    try bytes().withSpan(of: UInt8.self, offset: 0, count: byteCount) { span in
      target.overwrite(with: span)
    }
    return copy
  }

  /// Whether the bytes belong to a file that is mapped read-only.
  package var isReadOnly: Bool { memory?.isReadOnly ?? false }

  package func bytes() throws -> AlignedMemory {
    guard let memory else {
      throw MartletError(.value, "a meta tensor has a shape and a dtype but no values to read")
    }
    return memory
  }

  /// The bytes for whoever may write them.
  ///
  /// - Throws: `MartletError` of kind `.value` for a meta storage and for a mapped file.
  package func writableBytes() throws -> AlignedMemory {
    let memory = try bytes()
    guard !memory.isReadOnly else {
      throw MartletError(
        .value, "the values lie in a file that is mapped read-only; write to a copy instead")
    }
    return memory
  }
}
