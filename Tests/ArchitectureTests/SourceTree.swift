import Foundation

/// One file of the repository.
struct SourceFile: Sendable {
  /// From the repository's root, as in `Sources/Tensor/Shape.swift`.
  let path: String
  let lines: [String]
  /// The lines without comments and without what stands in quotes.
  let code: [String]

  init(path: String, lines: [String]) {
    self.path = path
    self.lines = lines
    code = lines.map(Self.code(of:))
  }

  /// The folder below `Sources`, `Tests` or `Examples`.
  var folder: String { String(path.split(separator: "/")[1]) }

  private static func code(of line: String) -> String {
    let (quote, slash, backslash) = (UInt8(ascii: "\""), UInt8(ascii: "/"), UInt8(ascii: "\\"))
    var kept: [UInt8] = []
    var isQuoted = false
    var isEscaped = false
    for byte in line.utf8 {
      if isQuoted {
        if !isEscaped, byte == quote {
          isQuoted = false
          kept.append(byte)
        }
        isEscaped = !isEscaped && byte == backslash
        continue
      }
      if byte == slash, kept.last == slash {
        kept.removeLast()
        break
      }
      isQuoted = byte == quote
      kept.append(byte)
    }
    return String(decoding: kept, as: UTF8.self)
  }

  /// The modules that the file imports.
  var imports: Set<String> {
    let kinds = "typealias|struct|class|enum|protocol|let|var|func"
    let pattern = try? Regex<(Substring, Substring)>(
      "^\\s*(?:@[\\w()]+\\s+)*(?:(?:public|package|internal|fileprivate|private)\\s+)?"
        + "import\\s+(?:(?:\(kinds))\\s+)?(\\w+)")
    guard let pattern else { return [] }
    return Set(
      code.compactMap { line in
        line.contains("import") ? line.firstMatch(of: pattern).map { String($0.1) } : nil
      })
  }
}

/// The repository as it lies on disk.
enum SourceTree {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static let sources = swiftFiles(in: "Sources")
  static let examples = swiftFiles(in: "Examples")
  static let tests = swiftFiles(in: "Tests")
  static let benchmarks = swiftFiles(in: "Benchmarks")
  static let all = sources + examples + tests + benchmarks

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// Paths of all files below a folder, without hidden ones, from the repository's root.
  static func files(in folder: String) -> [String] {
    let start = root.appending(path: folder).standardizedFileURL
    let found = FileManager.default.enumerator(
      at: start, includingPropertiesForKeys: nil, options: [.skipsHiddenFiles])
    let paths = (found?.allObjects ?? []).compactMap { ($0 as? URL)?.standardizedFileURL.path }
    return paths.map { folder + $0.dropFirst(start.path.count) }.sorted()
  }

  private static func swiftFiles(in folder: String) -> [SourceFile] {
    files(in: folder).filter { $0.hasSuffix(".swift") }.compactMap { path in
      guard let text = try? text(path) else { return nil }
      var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      if lines.last == "" { lines.removeLast() }
      return SourceFile(path: path, lines: lines)
    }
  }
}
