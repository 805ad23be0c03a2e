#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A whole file as memory, unmapped with the last reference.
///
/// Nothing reaches the file: its bytes are read-only, or the system gives whoever writes one a
/// private copy of its page.
///
/// The bytes are the file's own: whoever shortens the file in place while it is mapped ends the
/// process. Files that are replaced by renaming another over them are safe.
@safe
public final class MappedFile: @unchecked Sendable {
  public let path: String
  public let byteCount: Int
  public let access: Access
  /// Nil for an empty file, which cannot be mapped.
  let base: UnsafeMutableRawPointer?
  /// Whether pages may be the process's own by now, whose bytes are not the file's.
  private let isWritten = Locked(false)

  /// What may be done with the bytes in memory.
  public enum Access: Sendable {
    case readOnly
    /// A written page becomes the process's own; the file keeps its bytes.
    case copyOnWrite
  }

  /// - Throws: `FileError` when there is no such regular file or it cannot be read.
  public init(path: String, access: Access = .readOnly) throws(FileError) {
    // Opening a pipe would wait for a writer.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError(path, "open") }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw FileError(path, "read") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw FileError(path: path, action: "read", reason: "it is not a regular file")
    }
    self.path = path
    self.access = access
    byteCount = Int(status.st_size)
    guard byteCount > 0 else {
      unsafe base = nil
      return
    }
    let protection = access == .readOnly ? PROT_READ : PROT_READ | PROT_WRITE
    // Few pages are ever written: no memory is set aside for all of them.
    let pointer = unsafe mmap(
      nil, byteCount, protection, MAP_PRIVATE | MAP_NORESERVE, descriptor, 0)
    guard let pointer = unsafe pointer, unsafe pointer != MAP_FAILED else {
      throw FileError(path, "map")
    }
    unsafe base = pointer
  }

  deinit {
    if let base = unsafe base { unsafe munmap(base, byteCount) }
  }

  /// A copy of the bytes of a range of the file.
  package func copy(_ range: Range<Int>) -> [UInt8] {
    withBytes(range) { span in span.indices.map { span[$0] } }
  }

  /// A copy of a whole file.
  ///
  /// - Throws: `FileError` when there is no such regular file or it cannot be read.
  package static func bytes(of path: String) throws(FileError) -> [UInt8] {
    let file = try MappedFile(path: path)
    return file.copy(0..<file.byteCount)
  }

  /// The bytes of a range of the file.
  public func withBytes<R, E: Error>(
    _ range: Range<Int>, _ body: (Span<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount, "outside the file")
    defer { withExtendedLifetime(self) {} }
    let start = unsafe base.map { unsafe $0 + range.lowerBound }
    let buffer = unsafe UnsafeRawBufferPointer(start: start, count: range.count)
    return try body(unsafe buffer.bindMemory(to: UInt8.self).span)
  }
}

extension MappedFile {
  /// Comes before the first byte of the mapping is written.
  func willWrite() { isWritten.withLock { $0 = true } }

  /// Lets go of the pages of parts of the mapping, by their addresses, on so many threads. They
  /// come back from the file when they are read. None once a byte may have been written.
  func release(_ parts: [Range<UInt>], threads: Int) {
    guard let base = unsafe base else { return }
    let mapped = UInt(bitPattern: base)..<UInt(bitPattern: base) + UInt(byteCount)
    precondition(parts.allSatisfy { $0.clamped(to: mapped) == $0 }, "outside the file")
    // Held until the pages are gone: nobody begins to write meanwhile.
    isWritten.withLock { isWritten in
      if isWritten { return }
      ThreadPool.shared.run(tiles: parts.count, threads: threads) { index in
        guard let start = unsafe UnsafeMutableRawPointer(bitPattern: parts[index].lowerBound)
        else { return }
        unsafe MemoryPages.release(start, parts[index].count)
      }
    }
  }

  func fetch(_ start: UnsafeMutableRawPointer, _ byteCount: Int) {
    unsafe MemoryPages.fetch(start, byteCount)
  }
}

/// A file could not be opened, read or written.
public struct FileError: Error, Sendable, CustomStringConvertible {
  public let path: String
  /// What was tried, in the infinitive.
  public let action: String
  public let reason: String

  public init(path: String, action: String, reason: String) {
    self.path = path
    self.action = action
    self.reason = reason
  }

  /// The failure that the system reports at this moment.
  init(_ path: String, _ action: String) {
    self.init(path: path, action: action, reason: unsafe String(cString: strerror(errno)))
  }

  public var description: String { "could not \(action) '\(path)': \(reason)" }
}
