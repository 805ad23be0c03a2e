import MartletKernels

extension FileError {
  /// What the body does, with its file errors as Martlet's, of kind `.file`.
  package static func translated<R: ~Copyable>(_ body: () throws -> R) throws -> R {
    do {
      return try body()
    } catch let error as FileError {
      throw MartletError(.file, error.description)
    }
  }
}
