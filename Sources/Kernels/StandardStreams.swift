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
}

/// The process's standard output past the buffer of `print`, which whoever reads a pipe would
/// wait for.
package enum StandardOutput {
  package static func write(_ text: String) { writeAll(text, to: STDOUT_FILENO) }
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
