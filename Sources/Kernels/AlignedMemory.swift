#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Heap bytes at a 64-byte boundary, freed with the last reference; or a range of a mapped file,
/// which begins where it begins and is written only where the file was mapped to be copied.
///
/// Access goes through `withBytes`/`withMutableBytes` and the typed spans below, which check
/// their range against `byteCount` once. Whoever writes must be the only one who reaches the
/// bytes at that time; `Tensor`'s storage upholds it by uniqueness, the runtime by its plan.
@safe
public final class AlignedMemory: @unchecked Sendable {
  public static let alignment = 64

  public let byteCount: Int
  let base: UnsafeMutableRawPointer
  /// The file that the bytes belong to; nil for heap bytes.
  private let file: MappedFile?
  /// The memory that the bytes are a part of; nil for those that are a whole.
  private let whole: AlignedMemory?

  /// Whether the bytes belong to a mapped file, and may not be written.
  public let isReadOnly: Bool

  /// Allocates `byteCount` bytes, zeroed on request.
  ///
  /// - Throws: `AllocationError` when the bytes cannot be had.
  public init(byteCount: Int, zeroed: Bool = false) throws(AllocationError) {
    guard byteCount >= 0 else { throw AllocationError(byteCount: byteCount) }
    // Never an empty block, so that `base` is always a real address.
    let rounded = max(byteCount, 1).addingReportingOverflow(Self.alignment - 1)
    guard !rounded.overflow else { throw AllocationError(byteCount: byteCount) }
    let size = rounded.partialValue / Self.alignment * Self.alignment
    var pointer: UnsafeMutableRawPointer?
    guard unsafe posix_memalign(&pointer, Self.alignment, size) == 0, let pointer = unsafe pointer
    else { throw AllocationError(byteCount: byteCount) }
    if zeroed { unsafe memset(pointer, 0, size) }
    unsafe self.base = pointer
    self.byteCount = byteCount
    file = nil
    whole = nil
    isReadOnly = false
    AllocationCounter.current?.add()
  }

  /// The bytes of a file, without a copy; nil when an empty range of an empty file is asked for.
  public init?(file: MappedFile, range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= file.byteCount, "outside the file")
    guard let start = unsafe file.base else { return nil }
    unsafe base = start + range.lowerBound
    byteCount = range.count
    self.file = file
    whole = nil
    isReadOnly = file.access == .readOnly
  }

  /// A part of other memory, which it keeps alive.
  public init(part range: Range<Int>, of whole: AlignedMemory) {
    precondition(range.lowerBound >= 0 && range.upperBound <= whole.byteCount, "outside the memory")
    unsafe base = whole.base + range.lowerBound
    byteCount = range.count
    file = nil
    self.whole = whole
    isReadOnly = whole.isReadOnly
  }

  deinit {
    if file == nil, whole == nil { unsafe free(base) }
  }

  /// Whether the first byte's address is a multiple of the number.
  public func isAligned(to byteCount: Int) -> Bool {
    unsafe Int(bitPattern: base) % byteCount == 0
  }

  /// A typed read-only view of `count` elements that start `offset` elements in.
  public func withSpan<T: BitwiseCopyable, R, E: Error>(
    of type: T.Type, offset: Int, count: Int, _ body: (Span<T>) throws(E) -> R
  ) throws(E) -> R {
    check(type, offset, count)
    let start = unsafe (base + offset * MemoryLayout<T>.stride).assumingMemoryBound(to: T.self)
    let buffer = unsafe UnsafeBufferPointer(start: start, count: count)
    defer { withExtendedLifetime(self) {} }
    return try body(unsafe buffer.span)
  }

  /// A typed writable view of `count` elements that start `offset` elements in.
  public func withMutableSpan<T: BitwiseCopyable, R, E: Error>(
    of type: T.Type, offset: Int, count: Int, _ body: (inout MutableSpan<T>) throws(E) -> R
  ) throws(E) -> R {
    check(type, offset, count)
    precondition(!isReadOnly, "the memory belongs to a file")
    let start = unsafe (base + offset * MemoryLayout<T>.stride).assumingMemoryBound(to: T.self)
    let buffer = unsafe UnsafeMutableBufferPointer(start: start, count: count)
    defer { withExtendedLifetime(self) {} }
    var span = unsafe buffer.mutableSpan
    return try body(&span)
  }

  private func check<T>(_ type: T.Type, _ offset: Int, _ count: Int) {
    precondition(
      offset >= 0 && count >= 0
        && count <= (byteCount / MemoryLayout<T>.stride) - offset,
      "range outside the memory")
  }
}

/// The system could not give `byteCount` bytes.
public struct AllocationError: Error, Sendable {
  public let byteCount: Int
}
