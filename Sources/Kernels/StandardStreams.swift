#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The process's standard error.
package enum StandardError {
  package static func write(_ text: String) { writeAll(text, to: STDERR_FILENO) }

  package static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}

/// The process's standard output past the buffer of `print`, which whoever reads a pipe would
/// wait for.
package enum StandardOutput {
  package static func write(_ text: String) { writeAll(text, to: STDOUT_FILENO) }

  /// Writes what `print` still holds.
  ///
  /// - Throws: `FileError` when it cannot be written, as to a full disk.
  package static func finish() throws(FileError) {
    guard unsafe fflush(nil) == 0 else {
      throw FileError(
        path: "standard output", action: "write to", reason: unsafe String(cString: strerror(errno))
      )
    }
  }

  /// Writes what `print` still holds, as far as it can be written.
  package static func flush() { _ = unsafe fflush(nil) }
}

private func writeAll(_ text: String, to descriptor: Int32) {
  var text = text
  unsafe text.withUTF8 { bytes in
    var rest = unsafe UnsafeRawBufferPointer(bytes)
    while let start = rest.baseAddress, unsafe !rest.isEmpty {
      let count = unsafe write(descriptor, start, rest.count)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return }
      unsafe rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
    }
  }
}
