import MartletKernels

/// Files that the command writes.
package enum OutputFile {
  /// Writes the bytes, all of them or nothing.
  ///
  /// - Throws: `MartletError` of kind `.file` with the system's reason.
  package static func write(_ bytes: [UInt8], to path: String) throws {
    try FileError.translated { try AtomicFile.write(bytes, to: path) }
  }

  /// Removes what this process has half written, of any kind; then calls `body`, in which the
  /// process may exit.
  package static func abandonAll(then body: () -> Void) {
    UnfinishedFiles.ofProcess.abandonAll(then: body)
  }
}
