#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that appears whole or not at all: it is written beside its place under another name,
/// and takes the place at `commit()`. Without that, what was written is removed again.
public struct AtomicFile: ~Copyable {
  public let path: String
  private let temporaryPath: String
  private var descriptor: Int32

  /// - Throws: `FileError` when no file can be created there.
  public init(path: String) throws(FileError) {
    self.path = path
    while true {
      let name = path + ".\(getpid())-\(UInt32.random(in: .min ... .max)).partial"
      let opened = unsafe open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if opened < 0, errno == EEXIST { continue }
      guard opened >= 0 else { throw FileError(path, "write") }
      temporaryPath = name
      descriptor = opened
      return
    }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unsafe unlink(temporaryPath)
  }

  public mutating func write(_ bytes: [UInt8]) throws(FileError) {
    try write(unsafe bytes.span.bytes)
  }

  public mutating func write(_ memory: AlignedMemory, range: Range<Int>) throws(FileError) {
    try memory.withSpan(
      of: UInt8.self, offset: range.lowerBound, count: range.count
    ) { (span) throws(FileError) in
      try write(unsafe span.bytes)
    }
  }

  /// Puts the file in its place.
  public consuming func commit() throws(FileError) {
    let open = descriptor
    guard fsync(open) == 0, unsafe rename(temporaryPath, path) == 0 else {
      throw FileError(path, "write")
    }
    close(open)
    descriptor = -1
  }

  private func write(_ bytes: RawSpan) throws(FileError) {
    var written = 0
    while written < bytes.byteCount {
      let rest = bytes.extracting(written..<bytes.byteCount)
      // The system takes at most 2 GiB at once.
      let count = unsafe rest.withUnsafeBytes { buffer in
        #if canImport(Darwin)
          unsafe Darwin.write(descriptor, buffer.baseAddress, min(buffer.count, 1 << 30))
        #elseif canImport(Musl)
          unsafe Musl.write(descriptor, buffer.baseAddress, min(buffer.count, 1 << 30))
        #else
          unsafe Glibc.write(descriptor, buffer.baseAddress, min(buffer.count, 1 << 30))
        #endif
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw FileError(path, "write") }
      written += count
    }
  }
}
