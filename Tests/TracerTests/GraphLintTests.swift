import MartletOps
import MartletTensor
import MartletTracer
import Testing

@Suite struct GraphLintTests {
  @Test(arguments: [
    (
      "%y : Tensor = aten::relu(1)",
      "%y : Tensor = aten::relu(1): expects Tensor for 'self', got 1 (int)"
    ),
    (
      "%y : Tensor = aten::relu(%x, %x)",
      "%y : Tensor = aten::relu(%x, %x): takes 1 arguments, got 2"
    ),
    (
      "%y : Tensor, %z : int = aten::relu(%x)",
      "%y : Tensor, %z : int = aten::relu(%x): gives 1 results, got 2 outputs"
    ),
    (
      "%y : int = aten::relu(%x)",
      "%y : int = aten::relu(%x): gives Tensor, but %y is declared int"
    ),
    (
      "%y : Tensor = aten::reshape(%x, [1, %x])",
      "%y : Tensor = aten::reshape(%x, [1, %x]): expects int[] for 'shape', "
        + "got [1, %x] (Any[])"
    ),
    ("%y : Tensor = prim::GetAttr(%x)", "needs the name of the attribute"),
    ("%y : Tensor = prim::GetAttr[name=\"w\"](%x)", "expects a module, got %x (Tensor)"),
    ("%y : Tensor = prim::TupleUnpack(%x)", "expects a tuple, got %x (Tensor)"),
    (
      "%y : (int, int) = prim::TupleConstruct(1, %x)",
      "gives (int, Tensor), but %y is declared (int, int)"
    ),
    (
      "%y : int = prim::If(%x)\n    block0():\n      -> (1)\n    block1():\n      -> (1)",
      "expects a bool as its condition, got Tensor"
    ),
    (
      "%y : int = prim::If(True)\n    block0():\n      -> (1)\n    block1():\n      -> (1, 2)",
      "block1 gives 2 results for 1 outputs"
    ),
    (
      "%y : int = prim::Loop(1, True, 0)\n    block0(%i : int):\n      -> (True, 1)",
      "carries 1 values"
    ),
    ("%y : Tensor = aten::relu(%x)\n    block0():\n      -> ()", "takes no blocks"),
  ])
  func findsWhatIsWrong(_ node: String, _ problem: String) throws {
    let text = "graph(%x : Tensor):\n  \(node)\n  return (%x)\n"
    let error = failure { try Graph(parsing: text).lint() }
    #expect(error?.kind == .graph)
    #expect(error?.message.contains(problem) == true, "\(error?.message ?? "no error")")
  }

  @Test func findsValuesOutOfPlace() throws {
    var graph = try Graph(
      parsing: """
        graph(%x : Tensor):
          %1 : Tensor = aten::relu(%x)
          %2 : Tensor = aten::tanh(%1)
          return (%2)
        """)
    graph.body.nodes.swapAt(0, 1)
    #expect(graph.problems().count == 1)
    #expect(
      graph.problems()[0].hasSuffix(
        "%1 is used before it is defined, or outside of the block that defines it"))
    graph.body.nodes.swapAt(0, 1)
    graph.insert(graph.nodes[0], at: 1)
    #expect(graph.problems() == ["%1 : Tensor = aten::relu(%x): %1 is defined twice"])
  }

  @Test func findsValuesThatEscapeTheirBlock() throws {
    var graph = try Graph(
      parsing: """
        graph(%x : Tensor):
          %1 : Tensor = prim::If(True)
            block0():
              %2 : Tensor = aten::relu(%x)
              -> (%2)
            block1():
              -> (%x)
          return (%1)
        """)
    try graph.lint()
    let inner = try #require(graph.value(named: "2"))
    graph.body.results = [.value(inner)]
    #expect(graph.problems().count == 1)
  }
}
