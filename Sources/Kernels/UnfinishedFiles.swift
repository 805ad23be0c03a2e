#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The files that are being written under other names, to be removed when the process is
/// interrupted.
package final class UnfinishedFiles: Sendable {
  /// Those of this process; a signal knows no other place to look.
  package static let ofProcess = UnfinishedFiles()

  private let paths = Locked<Set<String>>([])

  package init() {}

  func add(_ path: String) { paths.withLock { _ = $0.insert(path) } }

  func forget(_ path: String) { paths.withLock { _ = $0.remove(path) } }

  /// Removes a file, unless it was abandoned.
  func remove(_ path: String) {
    paths.withLock {
      if $0.remove(path) != nil { unsafe unlink(path) }
    }
  }

  /// Puts a file in its place. One that was abandoned is left as it is: its process is ending.
  ///
  /// - Returns: false when the system refuses; `errno` says why.
  func move(_ path: String, to place: String) -> Bool {
    paths.withLock {
      guard $0.contains(path) else { return true }
      guard unsafe rename(path, place) == 0 else { return false }
      $0.remove(path)
      return true
    }
  }

  /// Removes all; none comes into its place until `body` has ended, in which the process may exit.
  package func abandonAll(then body: () -> Void) {
    paths.withLock {
      for path in $0 { unsafe unlink(path) }
      $0 = []
      body()
    }
  }
}
