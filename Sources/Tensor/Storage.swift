import MartletKernels

/// The bytes that tensors view: one flat, 64-byte-aligned block, shared by reference.
///
/// A storage is written only while a single tensor refers to it (`Tensor` copies otherwise), or
/// before it is handed out. A *meta* storage has a size and no bytes: tensors over it carry
/// shapes through operators without computing.
package final class Storage: Sendable {
  private enum Source: Sendable {
    case memory(AlignedMemory)
    case meta
    case derived(Derived)
  }

  private let source: Source
  package let byteCount: Int

  package init(memory: AlignedMemory) {
    source = .memory(memory)
    self.byteCount = memory.byteCount
  }

  private init(_ source: Source, byteCount: Int) {
    self.source = source
    self.byteCount = byteCount
  }

  package static func allocate(byteCount: Int, zeroed: Bool = false) throws -> Storage {
    try allocate(byteCount) { count throws(AllocationError) in
      try AlignedMemory(byteCount: count, zeroed: zeroed)
    }
  }

  /// Bytes whose place others of their kind take over, where they are many.
  package static func allocatePassing(byteCount: Int) throws -> Storage {
    try allocate(byteCount) { count throws(AllocationError) in
      try AlignedMemory(passingByteCount: count)
    }
  }

  private static func allocate(
    _ byteCount: Int, _ make: (Int) throws(AllocationError) -> AlignedMemory
  ) throws -> Storage {
    do {
      return Storage(memory: try make(byteCount))
    } catch {
      throw MartletError(.memory, "could not allocate \(error.byteCount) bytes")
    }
  }

  package static func meta(byteCount: Int) -> Storage { Storage(.meta, byteCount: byteCount) }

  /// Bytes that are computed when they are read, and again when they are read after `letGo`.
  ///
  /// - Parameter compute: gives the same bytes whenever it is called.
  package static func derived(
    byteCount: Int, _ compute: @escaping @Sendable () throws -> AlignedMemory
  ) -> Storage {
    Storage(.derived(Derived(compute)), byteCount: byteCount)
  }

  package var isMeta: Bool { if case .meta = source { true } else { false } }

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
  package var isReadOnly: Bool {
    if case .memory(let memory) = source { memory.isReadOnly } else { false }
  }

  package func bytes() throws -> AlignedMemory {
    switch source {
    case .memory(let memory): return memory
    case .derived(let derived): return try derived.bytes(forWriting: false)
    case .meta:
      throw MartletError(.value, "a meta tensor has a shape and a dtype but no values to read")
    }
  }

  /// The bytes for whoever may write them.
  ///
  /// - Throws: `MartletError` of kind `.value` for a meta storage and for a mapped file.
  package func writableBytes() throws -> AlignedMemory {
    if case .derived(let derived) = source { return try derived.bytes(forWriting: true) }
    let memory = try bytes()
    guard !memory.isReadOnly else {
      throw MartletError(
        .value, "the values lie in a file that is mapped read-only; write to a copy instead")
    }
    memory.willWrite()
    return memory
  }

  /// Frees what memory can be had back when the bytes, which stay what they are, are read again:
  /// pages of a file at the next `FilePages.releaseAll`.
  package func letGo() {
    switch source {
    case .memory(let memory): FilePages.releaseSoon(memory)
    case .derived(let derived): derived.letGo()
    case .meta: break
    }
  }
}

/// Bytes that are there while they are needed.
private final class Derived: Sendable {
  private struct State {
    var memory: AlignedMemory?
    var isWritten = false
  }

  private let state = Locked(State())
  private let compute: @Sendable () throws -> AlignedMemory

  init(_ compute: @escaping @Sendable () throws -> AlignedMemory) { self.compute = compute }

  func bytes(forWriting: Bool) throws -> AlignedMemory {
    try state.withLock { state in
      let memory = try state.memory ?? compute()
      state.memory = memory
      if forWriting { state.isWritten = true }
      return memory
    }
  }

  func letGo() {
    state.withLock { state in if !state.isWritten { state.memory = nil } }
  }
}
