#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The file in which `perf` looks for the names of generated code.
package final class PerformanceMap: Sendable {
  /// There with `MARTLET_PERF_MAP=1`.
  static let shared: PerformanceMap? = {
    guard let value = unsafe getenv("MARTLET_PERF_MAP"), unsafe value[0] == 0x31 else {
      return nil
    }
    return PerformanceMap(path: "/tmp/perf-\(getpid()).map")
  }()

  private let path: Locked<String>

  package init(path: String) { self.path = Locked(path) }

  /// Adds a line. A file that cannot be written stays as it is.
  package func add(address: UInt, byteCount: Int, name: String) {
    let line = "\(String(address, radix: 16)) \(String(byteCount, radix: 16)) \(name)\n"
    path.withLock { path in
      guard let file = unsafe fopen(path, "a") else { return }
      unsafe fputs(line, file)
      unsafe fclose(file)
    }
  }
}
