import Foundation
import MartletOps
import MartletTensor
import TestSupport
import Testing

/// The catalogue's own contract.
@Suite struct CatalogTests {
  /// The declarations in the sources, found by their text.
  private func declaredSchemas() throws -> [String] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources/Ops")
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    var schemas: [String] = []
    for case let file as URL in files! where file.pathExtension == "swift" {
      // A long schema stands on several lines of a concatenation.
      let text = try String(contentsOf: file, encoding: .utf8)
        .replacing(#/"\s*\+ "/#, with: "")
      for match in text.matches(of: #/"((?:aten|torchvision|prim|quantized)::[^"]*\([^"]*) -> /#) {
        // What is put together by a program is not found by its text.
        if !match.1.contains("\\(") { schemas.append(String(match.1)) }
      }
    }
    return schemas
  }

  @Test func holdsEveryDeclaration() throws {
    let listed = Set(
      Catalog.operators.map { operation in
        // An alias set may hold an arrow too: `Tensor(a -> *)`.
        operation.schema.description.components(separatedBy: " -> ").dropLast()
          .joined(separator: " -> ")
      })
    for schema in try declaredSchemas() {
      let found = listed.contains(schema)
      #expect(found, "\(schema) is declared but not in the catalogue")
    }
  }

  /// Rewrites ask operators for arguments that only some have.
  @Test func argumentsThatASchemaLacksAreErrors() throws {
    let product = try #require(Catalog.operators.first { $0.name == "aten::matmul" })
    let x = Value.tensor(try Tensor.zeros([2, 2]))
    let arguments = try Arguments(product.schema, [x, x])
    #expect(throws: MartletError.self) { try arguments.tensor("input") }
    #expect(throws: MartletError.self) { try arguments.optionalInts("dim") }
    #expect(try arguments.tensor("other").sizes == [2, 2])
  }

  @Test func namesAreUnique() {
    let doubled = Dictionary(grouping: Catalog.operators, by: \.name).filter { $0.value.count > 1 }
    #expect(doubled.isEmpty, "\(doubled.keys.sorted())")
  }

  @Test func schemasAreAsPyTorchPrintsThem() throws {
    for (name, schema) in try OperatorCase.schemas() {
      #expect(Catalog.byName[name]?.schema.description == schema)
    }
  }

  @Test func everyOperatorHasGoldenCases() throws {
    let tested = Set(try OperatorCase.all().map(\.operatorName))
    // Members of enumerations have no place in golden files; ScriptTests know them. A warning
    // gives nothing.
    let others: Set = [
      "aten::eq.enum", "aten::ne.enum", "prim::EnumName", "prim::EnumValue.int",
      "prim::EnumValue.float", "prim::EnumValue.str", "aten::warn",
    ]
    for operation in Catalog.operators where !others.contains(operation.name) {
      let found = tested.contains(operation.name)
      #expect(found, "\(operation.name) has no golden case")
    }
  }
}
