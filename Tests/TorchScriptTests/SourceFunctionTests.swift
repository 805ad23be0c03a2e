import MartletOps
import MartletTensor
import MartletTorchScript
import MartletTracer
import TestSupport
import Testing

/// What sources/functions.py's functions become, beside what PyTorch makes of them.
struct SourceFunctionTests {
  struct Case: Decodable, Testing.CustomTestStringConvertible {
    let name: String
    let source: String
    let code: String?
    let operators: [String]?
    let result: String

    var testDescription: String { name }
  }

  static let cases: [Case] = (try? jsonFixture("sources/sources.json")) ?? []

  @Test func fixtureHasCases() {
    #expect(Self.cases.count > 25)
  }

  /// PyTorch counts the rounds of loops that are left early with operators of its own, and it
  /// computes what is constant.
  static let differing: Set = [
    "loops", "return_from_loop", "nested_loops", "walk_lists", "strings", "numbers", "tuples",
  ]

  @Test("source text gives PyTorch's operators", arguments: cases)
  func operatorsOfSource(_ test: Case) throws {
    guard let wanted = test.operators, !Self.differing.contains(test.name) else { return }
    #expect(operators(try graph(test.source, test.name)) == wanted)
  }

  @Test("printed text gives PyTorch's operators", arguments: cases)
  func operatorsOfCode(_ test: Case) throws {
    guard let wanted = test.operators, let code = test.code else { return }
    #expect(operators(try graph(code, test.name)) == wanted)
  }

  @Test("the graph is well formed and its text parses back", arguments: cases)
  func graphText(_ test: Case) throws {
    let graph = try graph(test.source, test.name)
    try graph.lint()
    let back = try Graph(parsing: graph.description, constants: graph.constants)
    try back.lint()
    #expect(back.description == graph.description)
  }

  @Test("source text gives PyTorch's result", arguments: cases)
  func result(_ test: Case) throws {
    try expectResult(of: test.source, test)
  }

  @Test("printed text gives PyTorch's result", arguments: cases)
  func resultOfCode(_ test: Case) throws {
    guard let code = test.code else { return }
    try expectResult(of: code, test)
  }

  private func expectResult(of source: String, _ test: Case) throws {
    let function = try script(source: source)[test.name]
    let x = try Tensor([1, 2, 3, -4, 5, 6] as [Float], shape: [2, 3])
    #expect(text(try function.run([.tensor(x), 4])) == test.result)
  }

  private func graph(_ source: String, _ name: String) throws -> Graph {
    try script(source: source)[name].graph
  }

  private func operators(_ graph: Graph) -> [String] {
    let structure: Set = ["prim::dtype", "prim::device", "prim::min", "prim::max"]
    var names: [String] = []
    graph.forEachNode { node in
      let bare = String(node.name.prefix { $0 != "." })
      if !bare.hasPrefix("prim::") || structure.contains(bare) { names.append(node.name) }
    }
    return names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
  }

  /// As make_sources.py spells results.
  private func text(_ value: Value) -> String {
    switch value {
    case .tensor(let tensor):
      let numbers = (try? tensor.to(.float64).array(of: Double.self)) ?? []
      return "\(tensor.sizes)(\(numbers.map(rounded).joined(separator: ", ")))"
    case .none: return "None"
    case .bool(let flag): return flag ? "True" : "False"
    case .int(let number): return "\(number)"
    case .double(let number): return rounded(number)
    case .string(let text): return "<\(text)>"
    case .list(let items): return "[\(items.map(text).joined(separator: ", "))]"
    case .tuple(let items): return "(\(items.map(text).joined(separator: ", ")))"
    case .dictionary(let entries):
      let parts = entries.map { "\(text($0.key)): \(text($0.value))" }
      return "{\(parts.joined(separator: ", "))}"
    default: return value.kindName
    }
  }

  private func rounded(_ number: Double) -> String {
    let scaled = (number.magnitude * 1000).rounded(.toNearestOrEven)
    let (whole, part) = (Int(scaled) / 1000, Int(scaled) % 1000)
    let digits = String(part)
    let sign = number.sign == .minus ? "-" : ""
    return "\(sign)\(whole).\(String(repeating: "0", count: 3 - digits.count))\(digits)"
  }
}
