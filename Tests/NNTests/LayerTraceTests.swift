import MartletNN
import MartletOps
import MartletTensor
import MartletTracer
import TestSupport
import Testing

/// Holds a layer of a case, so that it can be traced with its inputs as a list.
final class CaseHolder: Module {
  let layer: ModuleBase
  private let layerCase: LayerCase

  init(_ layerCase: LayerCase) {
    layer = layerCase.make()
    self.layerCase = layerCase
  }

  func forward(_ inputs: [Tensor]) throws -> [Tensor] { try layerCase.run(layer, inputs) }
}

@Suite("Layers in a trace")
struct LayerTraceTests {
  @Test("a traced layer holds for other values, and nothing is fixed", arguments: LayerCase.all)
  func tracing(_ layer: LayerCase) throws {
    let golden = try #require(try LayerGolden.all.get()[layer.name])
    let model = withGenerator(seed: golden.seed) { CaseHolder(layer) }.eval()
    let inputs = golden.list("in")
    let traced = try trace(model, inputs, strict: false, onWarning: { _ in })
    #expect(traced.warnings.map(\.description) == [])
    #expect(traced.constants.map(\.name) == [])
    let others = try inputs.map { $0.dtype == .float32 ? try $0 * 0.5 : $0 }
    let results = try traced.run([others.value]).tensors
    let expected = try model(others)
    #expect(results.count == expected.count)
    for (result, tensor) in zip(results, expected) {
      if let problem = try difference(result, tensor, tolerance: 1e-6) {
        Issue.record("\(problem)")
      }
    }
  }
}
