import Foundation
import Martlet
import TestSupport
import Testing

/// Texts that transformers' `generate` wrote with the golden GPT-2.
@Suite struct GenerationTests {
  private let golden: ModelGolden
  private let model: GPT2LMHeadModel

  init() throws {
    let golden = try #require(try ModelGolden.all.get()["gpt2"])
    self.golden = golden
    model = withGenerator(seed: golden.seed) { GPT2LMHeadModel(ModelCase.smallGPT2) }
  }

  private var prompt: Tensor { golden.list("in")[0] }

  private func words(_ tensor: Tensor) throws -> [Int64] { try tensor.array() }

  @Test func `the likeliest words are transformers'`() throws {
    let texts = try model.generate(prompt, maxNewTokens: 80)
    #expect(texts.sizes == [2, 87])
    #expect(try words(texts) == words(golden.list("greedy")[0]))
  }

  @Test func `seeded random words are transformers'`() throws {
    let texts = try model.generate(
      prompt, maxNewTokens: 80, sampling: .random(temperature: 0.7, topK: 6), seed: 4)
    #expect(try words(texts) == words(golden.list("random")[0]))
  }

  @Test func `a text that has ended waits for the others`() throws {
    let greedy = try words(golden.list("greedy")[0])
    var config = model.config
    config.eosTokenID = Int(greedy[12])
    let generator = try GPT2Generator(
      GPT2Generator(model, threads: 1).traced, config: config, threads: 1)
    let texts = try generator.generate(prompt, maxNewTokens: 80)
    #expect(try words(texts) == words(golden.list("ended")[0]))
    // Alone it stops there.
    let alone = try generator.generate(prompt.slice(start: 0, end: 1), maxNewTokens: 80)
    let end = try #require(greedy[7...].firstIndex(of: greedy[12]))
    #expect(try words(alone) == Array(greedy[...end]))
  }

  @Test func `each word is told as it comes, and the teller may stop`() throws {
    var told: [[Int64]] = []
    let texts = try GPT2Generator(model, threads: 1).generate(
      prompt, maxNewTokens: 9
    ) {
      told.append(try $0.array())
      return told.count < 3
    }
    #expect(texts.sizes == [2, 10])
    let columns = try words(texts.slice(dim: 1, start: 7).transpose(0, 1).contiguous())
    #expect(told.flatMap { $0 } == columns)
  }

  @Test func `a saved step writes the same`() throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "gpt2-step-\(UUID().uuidString).pt").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let generator = try GPT2Generator(model, threads: 2)
    try generator.traced.save(path)
    let loaded = try GPT2Generator(
      TorchScript.load(path), config: ModelCase.smallGPT2, threads: 2)
    let texts = try loaded.generate(prompt, maxNewTokens: 20)
    #expect(try words(texts) == words(generator.generate(prompt, maxNewTokens: 20)))
  }

  @Test func `the step gives what the whole text gives`() throws {
    model.eval()
    let whole = try model(prompt)
    let (layers, heads) = (2, 4)
    let empty = try Tensor.zeros([layers, 2, heads, 3, 4])
    let (all, keys, values) = try GPT2Decoder(model)(
      prompt, Tensor(scalar: Int64(0)), empty, empty)
    #expect(keys.sizes == [layers, 2, heads, 7, 4] && values.sizes == keys.sizes)
    let expected = try whole.select(dim: 1, index: 6)
    #expect(try difference(all, expected, tolerance: 1e-5) == nil)
    let (last, _, _) = try GPT2Decoder(model)(
      prompt.slice(dim: 1, start: 5), Tensor(scalar: Int64(5)), keys, values)
    #expect(try difference(last, expected, tolerance: 1e-5) == nil)
  }

  @Test func `a model of two words writes one`() throws {
    var config = ModelCase.smallGPT2
    config.nPositions = 2
    let model = withGenerator(seed: 1) { GPT2LMHeadModel(config) }
    let text = try model.generate(Tensor([Int64(3)], shape: [1, 1]), maxNewTokens: 1)
    let scores = try model(text.slice(dim: 1, start: 0, end: 1)).select(dim: 1, index: 0)
    #expect(try words(text) == [3] + words(scores.argmax(dim: -1)))
  }

  @Test func `what cannot be written is refused`() throws {
    let generator = try GPT2Generator(model, threads: 1)
    func message(_ body: () throws -> Tensor) -> String? {
      #expect(throws: MartletError.self) { _ = try body() }?.message
    }
    #expect(
      message { try generator.generate(prompt, maxNewTokens: 90) }
        == "7 words and 90 more are more than the 96 that the model can read")
    #expect(
      message { try generator.generate(Tensor.zeros([2, 0], dtype: .int64), maxNewTokens: 1) }
        == "expected int64 input ids of sizes [N, S], N and S at least 1, got int64 [2, 0]")
    #expect(
      message { try generator.generate(prompt, maxNewTokens: 0) }
        == "maxNewTokens has to be positive, got 0")
    for (sampling, text) in [
      (TokenSampling.random(temperature: 0), "a temperature is above 0, got 0.0"),
      (.random(topK: 0), "topK has to be a positive number of words, got 0"),
    ] {
      #expect(
        message { try generator.generate(prompt, maxNewTokens: 1, sampling: sampling) } == text)
    }
    #expect(
      message { try generator.generate(prompt + 31, maxNewTokens: 1) }?.contains("index") == true)
  }
}
