import MartletNN
import MartletOps
import MartletRuntime
import MartletTensor
import MartletTracer
import Testing

/// What modules give and cost, by following a call.
@Suite struct ModuleCostTests {
  private final class Block: Module {
    let conv = Conv2d(4, 4, kernelSize: 3, padding: 1), relu = ReLU()
    func forward(_ x: Tensor) throws -> Tensor { try x + relu(conv(relu(x))) }
  }

  private final class Net: Module {
    let stem = Conv2d(3, 4, kernelSize: 1)
    let blocks = ModuleList([Block(), Block()])
    let fc = Linear(4, 5)

    func forward(_ x: Tensor) throws -> Tensor {
      var y = try stem(x)
      for block in blocks { y = try block(y) }
      return try fc(y.mean(dim: [2, 3]))
    }
  }

  @Test(arguments: [false, true])
  func `modules sum what lies below them`(evaluating: Bool) throws {
    let x = try Tensor.randn([2, 3, 6, 6])
    let costs = try trace(Net().eval(), x).costs(for: [.tensor(x)], evaluating: evaluating)
    #expect(!costs.isPartial)
    let stem = 2 * 2 * 4 * 36 * 3
    let conv = 2 * 2 * 4 * 36 * 36
    #expect(costs[path: "stem"]?.floatingPointOperations == stem)
    #expect(costs[path: "blocks.1.conv"]?.floatingPointOperations == conv)
    #expect(costs[path: "blocks.1"]?.floatingPointOperations == conv)
    // A list is never called, and has the sum all the same.
    #expect(costs[path: "blocks"]?.floatingPointOperations == 2 * conv)
    #expect(costs[path: "blocks"]?.callCount == 0)
    #expect(costs[path: "blocks.0.relu"]?.callCount == 2)
    #expect(costs[path: ""]?.floatingPointOperations == stem + 2 * conv + 2 * 2 * 5 * 4)
    #expect(costs[path: "blocks.0"]?.result?.tensors.map(\.sizes) == [[2, 4, 6, 6]])
    #expect(costs[path: ""]?.result?.tensors.map(\.sizes) == [[2, 5]])
    // Two activations, the convolution and the sum.
    #expect(costs[path: "blocks.0"]?.writtenByteCount == 4 * (2 * 4 * 36) * 4)
  }

  @Test func `sizes that depend on values end the count`() throws {
    let x = try Tensor([0, 1, 2, 0] as [Float])
    let traced = try trace({ (x: Tensor) in try x.nonzero() * 2 }, x)
    #expect(try traced.costs(for: [.tensor(x)]).isPartial)
    let costs = try traced.costs(for: [.tensor(x)], evaluating: true)
    #expect(!costs.isPartial)
    #expect(costs[path: ""]?.result?.tensors.map(\.sizes) == [[2, 1]])
  }

  @Test func `calls tell what nodes are given and give`() throws {
    let x = try Tensor.randn([2, 3, 6, 6])
    let traced = try trace(Net().eval(), x)
    let graph = try traced.inlinedGraph
    let calls = try traced.calls(in: graph, for: [.tensor(x)])
    let convolutions = graph.nodes.filter { $0.name == "aten::_convolution" }
    #expect(convolutions.count == 3)
    for node in convolutions {
      let call = try #require(calls[node.outputs[0].index])
      #expect(call.results.flatMap(\.tensors).map(\.sizes) == [[2, 4, 6, 6]])
      #expect(call.arguments.flatMap(\.tensors).count == 3)
    }
  }

  @Test func `wrong sizes are an error`() throws {
    let traced = try trace(Net().eval(), Tensor.randn([2, 3, 6, 6]))
    #expect(throws: MartletError.self) {
      try traced.costs(for: [.tensor(Tensor.zeros([2, 4, 6, 6]))])
    }
  }
}
