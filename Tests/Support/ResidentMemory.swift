#if os(Linux)
  import Foundation

  /// What is resident of a file's first mapping, in kilobytes.
  ///
  /// - Throws: when it is not mapped.
  public func residentKilobytes(ofFile path: String) throws -> Int {
    // Reading by path stops after the first block of such a file.
    let file = try FileHandle(forReadingFrom: URL(filePath: "/proc/self/smaps"))
    let lines = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
      .split(separator: "\n")
    guard let start = lines.firstIndex(where: { $0.hasSuffix(path) }),
      let line = lines[start...].first(where: { $0.hasPrefix("Rss:") }),
      let count = line.split(separator: " ").compactMap({ Int($0) }).first
    else { throw CocoaError(.fileNoSuchFile) }
    return count
  }
#endif
