import MartletModels
import MartletNN
import MartletOps
import MartletTensor
import MartletTorchScript
import MartletTracer
import Testing

/// What is told of a trace before PNNX converts it.
@Suite struct ExportTests {
  @Test(arguments: ["resnet18", "mobilenet_v2", "squeezenet1_1", "vgg11"])
  func `ncnn takes networks of convolutions`(name: String) throws {
    func check(_ model: some CatalogModel) throws {
      model.eval()
      let traced = try trace(model, Tensor.ones([1, 3, 64, 64]), checkTrace: false)
      #expect(try traced.exportProblems() == [])
      #expect(traced.pnnxCommand(path: "m.pt") == "pnnx m.pt")
    }
    try check(try ModelCatalog.make(name))
  }

  @Test func `a layer that PNNX takes whole may hold anything`() throws {
    final class Net: Module {
      let attention = MultiheadAttention(8, 2, batchFirst: true)
      func forward(_ x: Tensor) throws -> Tensor {
        try attention(x, x, x, needWeights: false).0
      }
    }
    let net = Net()
    net.eval()
    #expect(try trace(net, Tensor.ones([1, 3, 8])).exportProblems() == [])
  }

  @Test func `all problems come at once, counted`() throws {
    let traced = try trace(Tensor.ones([2, 3, 4, 4])) { (x: Tensor) in
      let y = try x.sum(dim: 0) + x.sum(dim: 0)
      return try y.argmax(dim: 0).to(.float32) + y.slice(dim: 2, step: 2).sum()
    }
    let problems = try traced.exportProblems(for: .pnnx)
    #expect(
      problems.map(\.problem) == [
        "aten::sum along the batch axis: ncnn has no batch axis",
        "aten::argmax: ncnn has no layer for it", "aten::slice with step 2",
      ])
    #expect(problems.first?.count == 2)
  }
}
