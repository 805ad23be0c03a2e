import MartletOps
import MartletTensor
import MartletTracer
import Testing

@Suite struct GraphEditingTests {
  private func sample() throws -> Graph {
    try Graph(
      parsing: """
        graph(%x : Tensor, %c : bool):
          %1 : Tensor = aten::relu(%x)
          %2 : Tensor = aten::relu(%1)
          %3 : Tensor = aten::tanh(%x)
          %4 : Tensor = aten::exp(%3)
          %5 : Tensor = prim::If(%c)
            block0():
              %6 : Tensor = aten::relu(%2)
              %7 : Tensor = aten::exp(%6)
              -> (%6)
            block1():
              -> (%1)
          return (%5)
        """)
  }

  @Test func rewritesInOneWalk() throws {
    var graph = try sample()
    // relu(relu(x)) is relu(x), in blocks too.
    var rectified: Set<GraphValue> = []
    graph.rewrite { node, rewriter in
      if node.name == "aten::relu", let input = node.arguments[0].graphValue {
        if rectified.contains(input) {
          rewriter.replace(node.outputs[0], with: .value(input))
          return
        }
        rectified.insert(node.outputs[0])
      }
      rewriter.emit(node)
    }
    graph.eraseDeadNodes()
    try graph.lint()
    #expect(
      graph.description == """
        graph(%x : Tensor,
              %c : bool):
          %1 : Tensor = aten::relu(%x)
          %5 : Tensor = prim::If(%c)
            block0():
              -> (%1)
            block1():
              -> (%1)
          return (%5)

        """)
  }

  @Test func insertsBeforeAndAfter() throws {
    var graph = try sample()
    let negation = NodeKind("aten::neg")
    graph.rewrite { node, rewriter in
      rewriter.emit(node)
      guard node.name == "aten::tanh", let output = node.outputs.first else { return }
      let negative = rewriter.newValue(.tensor)
      rewriter.emit(Node(negation, [.value(output)], outputs: [negative]))
      rewriter.replace(output, with: .value(negative))
    }
    try graph.lint()
    #expect(
      graph.nodes.map(\.name) == [
        "aten::relu", "aten::relu", "aten::tanh", "aten::neg", "aten::exp", "prim::If",
      ])
    #expect(graph.nodes[4].arguments[0].graphValue == graph.nodes[3].outputs[0])
  }

  @Test func countsUsesAndFindsDefinitions() throws {
    var graph = try sample()
    let one = try #require(graph.value(named: "1"))
    #expect(graph.useCounts()[one.index] == 2)
    #expect(graph.definitions()[one.index]?.name == "aten::relu")
    let x = try #require(graph.value(named: "x"))
    #expect(graph.definitions()[x.index] == nil)
    graph.replaceUses(of: one, with: .value(x))
    #expect(!graph.isUsed(one))
    graph.erase { $0.outputs == [one] }
    try graph.lint()
    #expect(graph.nodeCount == 6)
  }

  @Test func copiesAnotherGraph() throws {
    var graph = try Graph(parsing: "graph(%x : Tensor):\n  return (%x)\n")
    let other = try sample()
    let x = graph.inputs[0]
    graph.body.results = graph.append(contentsOf: other, arguments: [.value(x), .bool(true)])
    try graph.lint()
    #expect(graph.nodeCount == other.nodeCount)
    #expect(graph.text(of: graph.nodes[4].arguments[0]) == "True")
  }
}
