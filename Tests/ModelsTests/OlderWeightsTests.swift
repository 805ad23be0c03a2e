import MartletModels
import MartletNN
import MartletTensor
import TestSupport
import Testing

/// Weights as they were published, under names that are no longer the models' own.
@Suite struct OlderWeightsTests {
  @Test func `DenseNet takes parts with a dot before the number`() throws {
    func make() -> DenseNet {
      DenseNet(growthRate: 4, blockConfig: [2, 1], numInitFeatures: 8, numClasses: 3)
    }
    let source = withGenerator(seed: 1) { make() }
    let old = StateDict(
      source.stateDict().map { name, tensor in
        var words = name.split(separator: ".").map(String.init)
        if words.count > 4, let digit = words[3].popLast() { words.insert("\(digit)", at: 4) }
        return (words.joined(separator: "."), tensor)
      })
    #expect(old["features.denseblock1.denselayer2.conv.1.weight"] != nil)
    let target = withGenerator(seed: 2) { make() }
    try target.load(old)
    try expectEqual(target.stateDict(), source.stateDict())
    // Also below another module.
    let nested = Sequential(["net": make()])
    try nested.load(StateDict(old.map { ("net." + $0.name, $0.tensor) }))
    try expectEqual(
      nested.stateDict(), StateDict(source.stateDict().map { ("net." + $0.name, $0.tensor) }))
  }

  @Test func `GPT-2 takes weights without its head, with masks, and without a prefix`() throws {
    let source = withGenerator(seed: 1) { GPT2LMHeadModel(ModelCase.smallGPT2) }
    var published = StateDict()
    for (name, tensor) in source.stateDict() where name != "lm_head.weight" {
      published[String(name.dropFirst("transformer.".count))] = tensor
    }
    published["h.0.attn.bias"] = try Init.ones([1, 1, 96, 96])
    published["h.1.attn.masked_bias"] = try Init.ones([])
    let target = withGenerator(seed: 2) { GPT2LMHeadModel(ModelCase.smallGPT2) }
    try target.load(published)
    try expectEqual(target.stateDict(), source.stateDict())
    #expect(target.lmHead.weight === target.transformer.wte.weight)
  }

  private func expectEqual(_ a: StateDict, _ b: StateDict) throws {
    #expect(a.keys == b.keys)
    for (name, tensor) in a {
      let other = try #require(b[name])
      #expect(try difference(tensor, other, tolerance: 0) == nil, "\(name)")
    }
  }
}
