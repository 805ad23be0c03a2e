import Foundation
import MartletOps
import TestSupport
import Testing

@Suite struct OpsCommandTests {
  @Test func `lists every operator`() throws {
    let command = try Command(["ops"])
    #expect(command.status == 0)
    let lines = command.output.split(separator: "\n").map(String.init)
    #expect(lines.dropLast() == Catalog.operators.map(\.schema.description)[...])
    #expect(lines.last == "\(Catalog.operators.count) operators")
  }

  @Test func `JSON holds names and schemas`() throws {
    let command = try Command(["ops", "aten::add", "--json"])
    let rows = try JSONDecoder().decode([[String: String]].self, from: Data(command.output.utf8))
    let add = rows.first { $0["name"] == "aten::add.Tensor" }
    #expect(
      add?["schema"]
        == "aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor")
    #expect(rows.allSatisfy { $0["name"]?.contains("aten::add") == true })
  }

  @Test func `Markdown is a table`() throws {
    let lines = try Command(["ops", "--markdown"]).output.split(separator: "\n")
    #expect(lines.prefix(2) == ["| operator | schema |", "| --- | --- |"])
    #expect(lines.count == Catalog.operators.count + 2)
  }

  /// `make docs` writes the page anew.
  @Test func `the page in the docs is up to date`() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = try String(
      contentsOf: root.appending(path: "Docs/Operators.md"), encoding: .utf8)
    let table = try Command(["ops", "--markdown"]).output
    #expect(page.hasSuffix(table), "make docs")
  }
}
