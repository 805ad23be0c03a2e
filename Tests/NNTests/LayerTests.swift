import MartletNN
import MartletTensor
import TestSupport
import Testing

@Suite("Layers against PyTorch's")
struct LayerTests {
  @Test("every golden case has its layer here, and the other way round")
  func names() throws {
    let goldens = try LayerGolden.all.get()
    #expect(goldens.keys.sorted() == LayerCase.all.map(\.name).sorted())
  }

  @Test("a seeded layer holds PyTorch's numbers", arguments: LayerCase.all)
  func state(_ layer: LayerCase) throws {
    let golden = try #require(try LayerGolden.all.get()[layer.name])
    let state = withGenerator(seed: golden.seed) { layer.make() }.stateDict()
    #expect(state.keys == golden.keys)
    for (name, expected) in golden.named("state") {
      let tensor = try #require(state[name])
      #expect(try difference(tensor, expected, tolerance: 0) == nil, "\(name)")
    }
  }

  @Test("a layer prints as PyTorch's", arguments: LayerCase.all)
  func printing(_ layer: LayerCase) throws {
    let golden = try #require(try LayerGolden.all.get()[layer.name])
    #expect(layer.make().description == golden.description)
  }

  @Test("a seeded layer computes what PyTorch's does", arguments: LayerCase.all)
  func running(_ layer: LayerCase) throws {
    let golden = try #require(try LayerGolden.all.get()[layer.name])
    let module = withGenerator(seed: golden.seed) { layer.make() }
    let inputs = golden.list("in")
    if golden.isTrained {
      module.train()
      let results = try withGenerator(seed: golden.seed) { try layer.run(module, inputs) }
      try expect(results, golden.list("train"), "in training")
      for (name, buffer) in module.namedBuffers() {
        let expected = try #require(golden.named("after")[name])
        #expect(try difference(buffer.value, expected, tolerance: 1e-6) == nil, "\(name)")
      }
    }
    module.eval()
    try expect(try layer.run(module, inputs), golden.list("eval"), "in inference")
  }

  private func expect(_ results: [Tensor], _ expected: [Tensor], _ mode: Comment) throws {
    #expect(results.count == expected.count, mode)
    for (result, tensor) in zip(results, expected) {
      if let problem = try difference(result, tensor, tolerance: 1e-5) {
        Issue.record("\(mode): \(problem)")
      }
    }
  }
}
