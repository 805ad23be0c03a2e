import Foundation
import Testing

/// What the pages show is true. `Scripts/examples` builds their Swift blocks.
@Suite struct DocumentationTests {
  private static let catalogue = "Sources/Martlet/Martlet.docc"

  /// The pages whose blocks `Scripts/examples` builds.
  private static var pages: [String] {
    let docs = SourceTree.files(in: "Docs").filter { $0.split(separator: "/").count == 2 }
    let articles = SourceTree.files(in: catalogue).filter { $0.split(separator: "/").count == 4 }
    return (["README.md"] + docs + articles).filter { $0.hasSuffix(".md") }
  }

  /// A Swift block, and the file that it quotes.
  private struct Block {
    let page: String
    let line: Int
    let source: String?
    let lines: [Substring]
  }

  private func blocks(of page: String) throws -> [Block] {
    let lines = try SourceTree.text(page).split(separator: "\n", omittingEmptySubsequences: false)
    var found: [Block] = []
    for index in lines.indices where lines[index].hasPrefix("```swift") {
      let end = lines[(index + 1)...].firstIndex { $0.hasPrefix("```") } ?? lines.endIndex
      let mark = index > 0 ? lines[index - 1].wholeMatch(of: #/<!-- from: (\S+) -->/#) : nil
      found.append(
        Block(
          page: page, line: index + 1, source: mark.map { String($0.1) },
          lines: Array(lines[(index + 1)..<end])))
    }
    return found
  }

  @Test func `quotations stand in the files that they are from`() throws {
    let quotations = try Self.pages.flatMap(blocks).filter { $0.source != nil }
    #expect(quotations.count > 8)
    for block in quotations {
      let source = try SourceTree.text(block.source ?? "")
        .split(separator: "\n", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      let wanted = block.lines.map { $0.trimmingCharacters(in: .whitespaces) }
      let stands = source.indices.contains { source[$0...].starts(with: wanted) }
      #expect(stands, "\(block.page):\(block.line) is not in \(block.source ?? "")")
    }
  }

  @Test func `no Swift block is left out of the build`() throws {
    let known = Set(Self.pages)
    let others = ["Docs", "Sources", "Tests", "Examples", "Benchmarks"].flatMap(SourceTree.files)
      .filter { $0.hasSuffix(".md") && !known.contains($0) }
    for page in others {
      #expect(try blocks(of: page).isEmpty, "Scripts/examples does not build \(page)")
    }
    let built = try Self.pages.flatMap(blocks).filter { $0.source == nil }
    #expect(built.count > 20)
  }

  @Test func `pages and pictures that are referred to exist`() throws {
    let files = SourceTree.files(in: Self.catalogue)
    let names = Set(files.map { URL(filePath: $0).deletingPathExtension().lastPathComponent })
    for page in Self.pages where page.hasPrefix(Self.catalogue) {
      let text = try SourceTree.text(page)
      for match in text.matches(of: #/<doc:(\w+)>/#) {
        #expect(names.contains(String(match.1)), "\(page) refers to \(match.1)")
      }
      for match in text.matches(of: #/!\[[^\]]*\]\(([^)]+)\)/#) {
        #expect(names.contains(String(match.1)), "\(page) shows \(match.1)")
      }
    }
    // A mebibyte of pictures would be more than the text is worth.
    for file in files where !file.hasSuffix(".md") {
      let size = try SourceTree.root.appending(path: file)
        .resourceValues(forKeys: [.fileSizeKey]).fileSize
      #expect((size ?? .max) <= 300_000, "\(file) is too large")
    }
  }
}
