import Foundation
import MartletNN
import MartletTensor
import TestSupport
import Testing

@Suite("State dictionaries")
struct StateDictTests {
  private func ones(_ sizes: [Int]) throws -> Tensor { try Init.ones(sizes) }

  @Test("own parameters, then buffers, then children; shared ones under every name")
  func order() {
    let keys = Blocks().stateDict().keys
    #expect(keys.prefix(3) == ["scale", "offset", "blocks.0.weight"])
    #expect(keys.suffix(2) == ["tied.weight", "tied.bias"])
    #expect(!keys.contains("hidden"))
  }

  @Test("one error lists every missing, unexpected and mis-shaped name, and nothing changes")
  func errors() throws {
    let model = Sequential(Linear(3, 2), BatchNorm1d(2), Sequential(Linear(2, 2, bias: false)))
    let before = model.stateDict()
    var state = StateDict()
    state["0.weight"] = try ones([3, 2])
    state["2.0.bias"] = try ones([2])
    state["extra"] = try ones([1])
    state["1.weight"] = try ones([2])
    let error = #expect(throws: MartletError.self) { try model.load(state) }
    #expect(
      error?.message == """
        Error(s) in loading state_dict for Sequential:
        \tMissing key(s) in state_dict: "0.bias", "1.bias", "1.running_mean", "1.running_var", \
        "2.0.weight".\u{20}
        \tUnexpected key(s) in state_dict: "extra", "2.0.bias".\u{20}
        \tsize mismatch for 0.weight: copying a param with shape torch.Size([3, 2]) from \
        checkpoint, the shape in current model is torch.Size([2, 3]).
        """)
    for (name, tensor) in model.stateDict() {
      let old = try #require(before[name])
      #expect(try difference(tensor, old, tolerance: 0) == nil)
    }
  }

  @Test("names on one side only are no error when not strict; sizes are")
  func lenient() throws {
    let model = Linear(2, 2)
    let report = try model.load(
      ["weight": try ones([2, 2]), "other": try ones([1])], strict: false)
    #expect(report.missingKeys == ["bias"])
    #expect(report.unexpectedKeys == ["other"])
    #expect(try model.weight.value.array(of: Float.self) == [1, 1, 1, 1])
    #expect(throws: MartletError.self) {
      try model.load(["weight": try ones([2, 3])], strict: false)
    }
  }

  @Test("values take the model's dtype; 1-element vectors fit numbers")
  func conversion() throws {
    let norm = BatchNorm1d(1)
    var state = norm.stateDict()
    state["running_mean"] = try Tensor([2.5])
    state["num_batches_tracked"] = try Tensor([Int64(7)])
    try norm.load(state)
    #expect(norm.runningMean?.value.dtype == .float32)
    #expect(norm.numBatchesTracked?.value.dim == 0)
    #expect(try norm.numBatchesTracked?.value.item(Int64.self) == 7)
  }

  @Test("a safetensors file keeps a model")
  func file() throws {
    let path = FileManager.default.temporaryDirectory.appending(
      path: "martlet-\(UUID().uuidString).safetensors"
    ).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let first = withGenerator(seed: 1) { Sequential(Conv2d(2, 3, kernelSize: 2), BatchNorm2d(3)) }
    try first.stateDict().write(safetensors: path)
    let second = withGenerator(seed: 2) { Sequential(Conv2d(2, 3, kernelSize: 2), BatchNorm2d(3)) }
    try second.load(path)
    for (name, tensor) in second.stateDict() {
      let old = try #require(first.stateDict()[name])
      #expect(try difference(tensor, old, tolerance: 0) == nil)
    }
  }

  @Test("a state dictionary keeps its order")
  func collection() throws {
    var state: StateDict = ["b": try ones([1]), "a": try ones([2])]
    state["c"] = try ones([3])
    state["b"] = nil
    #expect(state.keys == ["a", "c"])
    #expect(state.map(\.name) == ["a", "c"])
    #expect(state["b"] == nil)
  }
}
