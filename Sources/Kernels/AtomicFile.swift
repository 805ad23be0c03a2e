#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that appears whole or not at all: it is written beside its place under another name,
/// and takes the place at `commit()`. Without that, what was written is removed again. What is no
/// plain file (a device, a pipe) is written as it stands; of a link, the file behind it.
public struct AtomicFile: ~Copyable {
  public let path: String
  /// Where `path` leads.
  private let place: String
  private let temporaryPath: String?
  private var descriptor: Int32
  private let unfinished: UnfinishedFiles

  /// - Throws: `FileError` when no file can be created there.
  public init(path: String) throws(FileError) { try self.init(path: path, among: .ofProcess) }

  package init(path: String, among unfinished: UnfinishedFiles) throws(FileError) {
    self.path = path
    self.unfinished = unfinished
    let opened = try Self.opened(path, unfinished)
    place = opened.place
    temporaryPath = opened.temporaryPath
    descriptor = opened.descriptor
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    guard let temporaryPath else { return }
    unfinished.remove(temporaryPath)
  }

  private static func opened(
    _ path: String, _ unfinished: UnfinishedFiles
  ) throws(FileError) -> (place: String, temporaryPath: String?, descriptor: Int32) {
    var status = stat()
    let exists = unsafe stat(path, &status) == 0
    if exists, status.st_mode & S_IFMT != S_IFREG {
      let opened = unsafe open(path, O_WRONLY | O_CLOEXEC)
      guard opened >= 0 else { throw FileError(path, "write") }
      return (path, nil, opened)
    }
    let place = exists ? resolved(path) : path
    while true {
      let name = place + ".\(getpid())-\(UInt32.random(in: .min ... .max)).partial"
      // Noted before it is there, so that an interruption in between finds it.
      unfinished.add(name)
      let opened = unsafe open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      guard opened < 0 else { return (place, name, opened) }
      let isTaken = errno == EEXIST
      let error = FileError(path, "write")
      unfinished.forget(name)
      guard isTaken else { throw error }
    }
  }

  private static func resolved(_ path: String) -> String {
    guard let found = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(found) }
    return unsafe String(cString: found)
  }

  /// Writes a whole file.
  public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    var file = try AtomicFile(path: path)
    try file.write(bytes)
    try file.commit()
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
    guard let temporaryPath else {
      descriptor = -1
      guard close(open) == 0 else { throw FileError(path, "write") }
      return
    }
    guard fsync(open) == 0 else { throw FileError(path, "write") }
    guard unfinished.move(temporaryPath, to: place) else { throw FileError(path, "write") }
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
