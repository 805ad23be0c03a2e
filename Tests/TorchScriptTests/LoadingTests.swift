import Foundation
import MartletOps
import MartletTensor
import MartletTorchScript
import MartletTracer
import TestSupport
import Testing

/// Archives of torch.jit.save, made by Tests/Fixtures/make_modules.py with PyTorch's results.
@Suite struct LoadingTests {
  private struct Case: Decodable {
    struct Input: Decodable {
      let shape: [Int]?
      let values: [Double]
    }
    struct Call: Decodable {
      let inputs: [Input]
      let expects: [[Double]]
    }
    let calls: [Call]
  }

  private func load(_ name: String) throws -> TracedModule {
    try TorchScript.load(fixtureURL("modules/\(name).pt").path)
  }

  private func expected(_ module: TracedModule) throws -> Case {
    let bytes = try #require(module.extraFiles["case.json"])
    return try JSONDecoder().decode(Case.self, from: Data(bytes))
  }

  private func inputs(_ call: Case.Call, of module: TracedModule) throws -> [Value] {
    try module.inputs(
      filledWith: call.inputs.map { input in
        guard let shape = input.shape else { return try Tensor(scalar: input.values[0]) }
        return try Tensor(input.values.map { Float($0) }, shape: shape)
      })
  }

  private func check(_ result: Value, _ expected: [[Double]]) throws {
    let leaves = try result.leaves()
    #expect(leaves.count == expected.count)
    for (leaf, values) in zip(leaves, expected) {
      let got: [Double] = try leaf.converted(to: .float64).elements()
      #expect(got.count == values.count)
      for (a, b) in zip(got, values) { #expect(abs(a - b) <= 1e-5 * max(1, abs(b))) }
    }
  }

  @Test(arguments: ["convolutions", "counting", "function"])
  func `gives PyTorch's results, call after call`(name: String) throws {
    let module = try load(name)
    for call in try expected(module).calls {
      try check(try module.run(inputs(call, of: module)), call.expects)
    }
  }

  @Test func `parameters, buffers and what is shared`() throws {
    let module = try load("convolutions")
    #expect(
      module.namedParameters.map(\.path) == [
        "tied", "first.weight", "first.bias", "norm.weight", "norm.bias", "block.weight",
        "block.bias",
      ])
    #expect(module.namedBuffers.map(\.path).contains("norm.running_mean"))
    #expect(module["block"] === module["again"])
    #expect(module["first"]?.typeName == "torch.nn.modules.conv.Conv2d")
    #expect(module.exampleInputs["forward"]?.first?.tensors.first?.sizes == [1, 2, 5, 5])
  }

  @Test func `methods beyond forward, and state that calls leave`() throws {
    let module = try load("counting")
    let calls = try expected(module).calls
    for call in calls { _ = try module.run(inputs(call, of: module)) }
    #expect(module.stateDict.first { $0.path == "total" }.map { "\($0.tensor.sizes)" } == "[2]")
    _ = try module.run([], method: "reset")
    for call in calls { try check(try module.run(inputs(call, of: module)), call.expects) }
    #expect(Set(module.methodNames) == ["forward", "reset"])
  }

  @Test func `results of earlier calls stay`() throws {
    let module = try load("counting")
    let x = try Tensor([1, 1] as [Float])
    let first = try module.run([.tensor(x), .none]).tensors
    _ = try module.run([.tensor(x), .none])
    #expect(try first[0].array(of: Float.self) == [1, 1])
    #expect(try x.array(of: Float.self) == [1, 1])
  }

  @Test func `what is no archive of torch.jit.save says so`() throws {
    for name in ["archives/linear.pt", "archives/legacy.pth", "modules/absent.pt"] {
      let path = fixtureURL(name).path
      let error = try #require(throws: MartletError.self) { try TorchScript.load(path) }
      #expect(error.kind == .file, "\(error)")
      #expect(error.message.contains(path))
    }
  }
}
