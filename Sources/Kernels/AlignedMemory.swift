#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
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
  let file: MappedFile?
  /// The memory that the bytes are a part of; nil where they are all of it.
  private let whole: AlignedMemory?
  /// Who has the bytes' pages back with the last reference.
  private let pages: Pages

  private enum Pages {
    /// Nobody: they are a heap's, a file's or another memory's.
    case none
    /// The system.
    case kept
    /// `SparePages`, so many bytes.
    case passing(Int)
    /// The system, those that are none of its neighbours'.
    case cut
  }

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
    pages = .none
    isReadOnly = false
    AllocationCounter.current?.add()
  }

  /// Memory that is kept for long: beyond some pages' size in pages of its own, so that the system
  /// has them back when it is freed.
  ///
  /// - Throws: `AllocationError` when the bytes cannot be had.
  package convenience init(keptByteCount byteCount: Int) throws(AllocationError) {
    try self.init(byteCount) { count in
      unsafe MemoryPages.map(count).map { unsafe ($0, .kept) }
    }
  }

  /// Memory that others of its kind follow soon: beyond some pages' size in pages that they take
  /// over, until `ProcessHeap.trim`. A thread's heap would keep the most that it ever held.
  ///
  /// - Throws: `AllocationError` when the bytes cannot be had.
  package convenience init(passingByteCount byteCount: Int) throws(AllocationError) {
    try self.init(byteCount) { count in
      unsafe SparePages.take(count).map { unsafe ($0.start, .passing($0.byteCount)) }
    }
  }

  /// Pages, or heap bytes where there are few.
  private convenience init(
    _ byteCount: Int, pages take: (Int) -> (UnsafeMutableRawPointer, Pages)?
  ) throws(AllocationError) {
    guard byteCount >= 1 << 16, byteCount < 1 << 56 else {
      try self.init(byteCount: byteCount)
      return
    }
    guard let (start, pages) = unsafe take(byteCount) else {
      throw AllocationError(byteCount: byteCount)
    }
    unsafe self.init(start, byteCount: byteCount, pages)
    AllocationCounter.current?.add()
  }

  private init(_ start: UnsafeMutableRawPointer, byteCount: Int, _ pages: Pages) {
    unsafe base = start
    self.byteCount = byteCount
    file = nil
    whole = nil
    self.pages = pages
    isReadOnly = false
  }

  /// The bytes of a file, without a copy; nil when an empty range of an empty file is asked for.
  public init?(file: MappedFile, range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= file.byteCount, "outside the file")
    guard let start = unsafe file.base else { return nil }
    unsafe base = start + range.lowerBound
    byteCount = range.count
    self.file = file
    whole = nil
    pages = .none
    isReadOnly = file.access == .readOnly
  }

  /// A part of other memory, which it keeps.
  public init(part range: Range<Int>, of whole: AlignedMemory) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= whole.byteCount, "outside the memory")
    unsafe base = whole.base + range.lowerBound
    byteCount = range.count
    file = nil
    self.whole = whole
    pages = .none
    isReadOnly = whole.isReadOnly
  }

  /// A part of kept memory, which it keeps, and whose pages it gives back.
  package init(cut range: Range<Int>, from whole: AlignedMemory) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= whole.byteCount && whole.isKept,
      "not of kept memory")
    unsafe base = whole.base + range.lowerBound
    byteCount = range.count
    file = nil
    self.whole = whole
    pages = .cut
    isReadOnly = false
  }

  deinit {
    switch pages {
    case .kept: unsafe MemoryPages.unmap(base, byteCount)
    case .passing(let count):
      unsafe SparePages.giveBack(SparePages.Block(start: base, byteCount: count))
    case .cut: unsafe MemoryPages.drop(base, byteCount)
    case .none: if file == nil, whole == nil { unsafe free(base) }
    }
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
    willWrite()
    let start = unsafe (base + offset * MemoryLayout<T>.stride).assumingMemoryBound(to: T.self)
    let buffer = unsafe UnsafeMutableBufferPointer(start: start, count: count)
    defer { withExtendedLifetime(self) {} }
    var span = unsafe buffer.mutableSpan
    return try body(&span)
  }

  /// Told by whoever is about to write: pages of a file that were written are never let go of.
  ///
  /// - Precondition: the memory may be written.
  package func willWrite() {
    precondition(!isReadOnly, "the memory belongs to a file")
    if let file { file.willWrite() } else { whole?.willWrite() }
  }

  /// Of the first byte.
  var address: UInt { unsafe UInt(bitPattern: base) }

  /// Whether large pages could hold some of it.
  var mayHaveLargePages: Bool { isKept && MemoryPages.mayBeLarge(byteCount) }

  private var isKept: Bool {
    if case .kept = pages { true } else { false }
  }

  /// - Parameters:
  ///   - byteCount: of the beginning, which has been filled.
  ///   - rest: called after each page with the nanoseconds that it took.
  func moveToLargePages(first byteCount: Int, restingBy rest: (_ took: UInt64) -> Void) {
    precondition(byteCount <= self.byteCount, "outside the memory")
    unsafe MemoryPages.preferLarge(base, byteCount)
    unsafe MemoryPages.collapse(base, byteCount, restingBy: rest)
  }

  /// What one thread has filled at a time: nothing can be mapped meanwhile.
  package static let fillBlockByteCount = MemoryPages.largeByteCount

  /// Has the system give memory that is kept, or a part of it, its pages, before all of them are
  /// written. Only speeds it up.
  package func fillPages(_ part: Range<Int>? = nil, threads: Int) {
    guard isKept else { return }
    let (range, block) = (part ?? 0..<byteCount, Self.fillBlockByteCount)
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount, "outside the memory")
    ThreadPool.shared.run(tiles: (range.count + block - 1) / block, threads: threads) { tile in
      let offset = range.lowerBound + tile * block
      unsafe MemoryPages.fill(base + offset, min(block, range.upperBound - offset))
    }
  }

  /// Has the file's bytes read in one go, before all of them are read. Only speeds it up.
  package func fetchPages() {
    if let file { unsafe file.fetch(base, byteCount) }
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
