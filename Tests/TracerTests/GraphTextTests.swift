import MartletOps
import MartletTensor
import MartletTracer
import Testing

@Suite struct GraphTextTests {
  static let controlFlow = """
    graph(%self : __torch__.Net,
          %x : Float(2, *),
          %n : int,
          %d : Dict(str, Tensor)):
      %w : Tensor = prim::GetAttr[name="weight"](%self) # layer1.0, Net.swift:3
      %1 : Tensor = aten::__getitem__.Dict_str(%d, "k\\"\\\\\\n\\x01é")
      %2 : bool = aten::gt.int(%n, -1) # Net.swift:4
      %3 : Tensor, %4 : int = prim::If(%2) # layer1
        block0():
          %5 : Float(2, *) = aten::add.Tensor(%x, %w, 1)
          -> (%5, %n)
        block1():
          -> (%x, 0)
      %6 : Tensor = prim::Loop(9223372036854775807, True, %3) # layer1.0.relu, a, b.py:7
        block0(%i : int, %y : Tensor):
          %7 : Tensor[] = aten::split.Tensor(%y, 1, 0)
          %8 : Tensor, %9 : Tensor = prim::ListUnpack(%7)
          %10 : bool = aten::lt.int(%i, %4)
          -> (%10, %8)
      prim::SetAttr[name="weight"](%self, %6)
      %z.1 : (Tensor, int[], Tensor?, (float,)) = my::own(%6, [], 1.5, -inf, nan, 1e-05, None, \
    device("cpu"), [[%6, %6], (1, 2), (3,)], {"a": %6})
      return (%z.1, (%6, [1.0, 2.0]))

    """.replacing("(float,)", with: "(float)")

  @Test func printsParsesAndPrintsTheSame() throws {
    let graph = try Graph(parsing: Self.controlFlow)
    #expect(graph.description == Self.controlFlow)
    #expect(graph.nodeCount == 11)
    try graph.lint()
  }

  @Test(arguments: ["0.0+1.0j", "1.5-2e-07j", "inf-infj", "nan+0.5j", "-1.0-0.0j"])
  func complexNumbersPrintAndParse(_ number: String) throws {
    let text = """
      graph(%z : ComplexFloat(2)):
        %1 : ComplexFloat(2) = aten::add.Scalar(%z, \(number), 1)
        %2 : complex = my::own([\(number), \(number)])
        return (%1, %2)

      """
    let graph = try Graph(parsing: text)
    #expect(graph.description == text)
    #expect(graph.nodes[0].arguments.count == 3)
  }

  @Test func keepsScopesAndLocations() throws {
    let graph = try Graph(parsing: Self.controlFlow)
    #expect(graph.nodes[0].scope?.path == "layer1.0")
    #expect(graph.nodes[0].location == MartletTensor.SourceLocation(file: "Net.swift", line: 3))
    #expect(graph.nodes[1].scope == nil)
    #expect(graph.nodes[2].scope == nil)
    #expect(graph.nodes[3].location == nil)
    #expect(graph.nodes[4].location == MartletTensor.SourceLocation(file: "a, b.py", line: 7))
  }

  @Test(arguments: [
    ("", "line 1, column 1: expected 'graph(', got the end of the text"),
    ("graph(%x : Tensor)", "line 1, column 19: expected ':', got the end of the text"),
    ("graph(%x):\n  return (%x)", "line 1, column 9: expected ':', got ')'"),
    ("graph(%x : Foo):\n  return (%x)", "line 1, column 12: expected a type, got 'Foo'"),
    ("graph(%x : Float(a)):\n  return (%x)", "line 1, column 18: expected a size or '*', got 'a'"),
    (
      "graph():\n  %y : Tensor = aten::relu(%x)\n  return (%y)",
      "line 2, column 28: expected a value defined above, got %x"
    ),
    (
      "graph(%x : int, %x : int):\n  return (%x)",
      "line 1, column 17: expected a new name, got %x, which is already defined"
    ),
    (
      "graph():\n  %y : int = relu()\n",
      "line 2, column 14: expected an operator with its namespace, got 'relu'"
    ),
    ("graph():\n  return (1) 2", "line 2, column 14: expected the end of the text, got '2'"),
    ("graph():\n  return (1, \"a", "line 2, column 14: expected a closing quote"),
    ("graph():\n  a::b(1", "line 2, column 9: expected ',', got the end of the text"),
    ("graph():\n  a::b(@)\n", "line 2, column 8: expected a value or a literal, got '@'"),
    ("graph():\n  a::b(word)\n", "line 2, column 8: expected a value or a literal, got 'word'"),
    ("graph():\n  a::b(1.2.3)\n", "line 2, column 8: expected a number, got '1.2.3'"),
    (
      "graph():\n  a::b()\n    block0():\n",
      "line 4, column 1: expected a node or '->', got the end of the text"
    ),
  ])
  func saysWhereTextIsMalformed(_ text: String, _ message: String) throws {
    let error = failure { try Graph(parsing: text) }
    #expect(error?.kind == .graph)
    #expect(error?.message == "graph text, \(message)")
  }

  @Test func refusesEndlessNesting() throws {
    let text = "graph():\n  return (" + String(repeating: "[", count: 100_000)
    #expect(
      failure { try Graph(parsing: text) }?.message.contains("at most 200 nested lists") == true)
  }

  @Test func survivesAnyCut() throws {
    let text = Self.controlFlow
    for length in stride(from: 0, to: text.count - 2, by: 7) {
      _ = try? Graph(parsing: String(text.prefix(length)))
    }
  }
}
