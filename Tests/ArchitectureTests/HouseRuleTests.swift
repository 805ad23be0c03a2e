import Testing

/// What STYLE asks of every file and a program can check.
@Suite struct HouseRuleTests {
  static let longestFile = 400
  static let longestLine = 100

  @Test func `files and lines stay short`() {
    let longFiles = SourceTree.all.filter { $0.lines.count > Self.longestFile }.map(\.path)
    #expect(longFiles.isEmpty, "longer than \(Self.longestFile) lines; split by subject")
    let longLines = places(in: SourceTree.all.map { ($0, $0.lines) }) {
      $0.utf8.count > Self.longestLine && $0.count > Self.longestLine
    }
    #expect(longLines.isEmpty, "longer than \(Self.longestLine) columns")
  }

  @Test func `file names hold no spaces`() {
    let paths = ["Sources", "Tests", "Examples", "Docs"].flatMap(SourceTree.files(in:))
    #expect(!paths.isEmpty)
    #expect(paths.filter { $0.contains(" ") }.isEmpty)
  }

  /// Pointers and C calls stay where one reader can check them.
  @Test func `unsafe code has its places`() {
    let words = ["unsafe", "Unsafe", "OpaquePointer"]
    let files = (SourceTree.sources + SourceTree.examples).filter { file in
      !file.path.hasPrefix("Sources/Kernels/") && file.path != "Sources/Tensor/Storage.swift"
        && file.path != "Sources/Pictures/GDImage.swift"
        && file.path != "Sources/TorchScript/Archive/Zlib.swift"
    }
    let found = places(in: files.map { ($0, $0.code) }) { line in
      words.contains { line.contains($0) }
    }
    #expect(found.isEmpty, "unsafe code belongs in Kernels and Tensor/Storage.swift")
  }

  @Test func `nothing traps on a user's path`() {
    let traps = ["fatalError(", "try!", " as! "]
    let files = SourceTree.sources + SourceTree.examples
    let found = places(in: files.map { ($0, $0.code) }) { line in
      traps.contains { line.contains($0) }
    }
    #expect(found.isEmpty, "throw an error in place of a trap")
  }

  /// A package with unsafe flags cannot be a dependency, and the kernels are Swift.
  @Test func `the package stays usable as a dependency`() throws {
    let manifest = try SourceTree.text("Package.swift")
    #expect(!manifest.contains("unsafeFlags"))
    #expect(!manifest.contains("Ounchecked"))
    let foreign = SourceTree.files(in: "Sources").filter { path in
      [".c", ".cc", ".cpp", ".s", ".S", ".m", ".mm"].contains { path.hasSuffix($0) }
    }
    #expect(foreign.isEmpty)
  }

  /// The lines that match, as `path:line`.
  private func places(
    in files: [(SourceFile, [String])], where matches: (String) -> Bool
  ) -> [String] {
    files.flatMap { file, lines in
      lines.indices.filter { matches(lines[$0]) }.map { "\(file.path):\($0 + 1)" }
    }
  }
}
