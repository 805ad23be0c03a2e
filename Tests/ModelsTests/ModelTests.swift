import Foundation
import MartletModels
import MartletNN
import MartletTensor
import TestSupport
import Testing

/// What torchvision or transformers gave for a case.
struct ModelGolden {
  let seed: Int
  let description: String
  let state: [(name: String, sizes: [Int], checksum: UInt64)]
  /// Whether one run in training comes before the one in inference.
  let isWarm: Bool
  private let tensors: [String: Tensor]

  static let all: Result<[String: ModelGolden], any Error> = Result {
    let data = try Data(contentsOf: fixtureURL("models/models.json"))
    let body = try JSONSerialization.jsonObject(with: data) as? [String: [String: Any]] ?? [:]
    let tensors = try SafeTensors(path: fixtureURL("models/models.safetensors").path).tensors()
    return Dictionary(
      uniqueKeysWithValues: body.map { name, entry in
        let state = (entry["state"] as? [[Any]] ?? []).map { item in
          (
            name: item[0] as? String ?? "", sizes: item[1] as? [Int] ?? [],
            checksum: UInt64(item[2] as? String ?? "") ?? 0
          )
        }
        let own = tensors.filter { $0.key.hasPrefix(name + "/") }
        let golden = ModelGolden(
          seed: entry["seed"] as? Int ?? 0, description: entry["repr"] as? String ?? "",
          state: state, isWarm: entry["warm"] as? Bool ?? false,
          tensors: Dictionary(
            uniqueKeysWithValues: own.map { (String($0.key.dropFirst(name.count + 1)), $0.value) }))
        return (name, golden)
      })
  }

  /// The tensors of a kind in order, as the outputs `out`.
  func list(_ kind: String) -> [Tensor] {
    var found: [Tensor] = []
    while let tensor = tensors["\(kind)/\(found.count)"] { found.append(tensor) }
    return found
  }
}

@Suite("Models against torchvision's and transformers'")
struct ModelTests {
  @Test("every golden model has its like here, and the other way round")
  func names() throws {
    let goldens = try ModelGolden.all.get()
    #expect(goldens.keys.sorted() == ModelCase.all.map(\.name).sorted())
  }

  @Test("a seeded model holds and prints what Python's does", arguments: ModelCase.all)
  func state(_ model: ModelCase) throws {
    let golden = try #require(try ModelGolden.all.get()[model.name])
    let made = withGenerator(seed: golden.seed) { model.make() }
    #expect(made.description == golden.description)
    let state = made.stateDict()
    #expect(state.keys == golden.state.map(\.name))
    for (name, sizes, checksum) in golden.state {
      let tensor = try #require(state[name])
      #expect(tensor.shape == sizes, "\(name)")
      #expect(try bits(of: tensor) == checksum, "\(name)")
    }
  }

  /// The sum of the bits of all elements, each times its place from 1.
  private func bits(of tensor: Tensor) throws -> UInt64 {
    let numbers =
      tensor.dtype == .float32
      ? try tensor.array(of: Float.self).map { UInt64($0.bitPattern) }
      : try tensor.array(of: Int64.self).map { UInt64(bitPattern: $0) }
    return numbers.enumerated().reduce(0) { $0 &+ UInt64($1.offset + 1) &* $1.element }
  }

  @Test("a seeded model computes what Python's does", arguments: ModelCase.all)
  func running(_ model: ModelCase) throws {
    let golden = try #require(try ModelGolden.all.get()[model.name])
    guard let input = golden.list("in").first else { return }
    let made = withGenerator(seed: golden.seed) { model.make() }
    if golden.isWarm {
      // Without dropout: its numbers are not what is compared.
      for module in made.modules() where module is Dropout || module is StochasticDepth {
        module.eval()
      }
      _ = try call(made, input)
    }
    try expect(try call(made.eval(), input), golden.list("out"))
  }

  @Test("BERT hides what the mask hides, and takes sentence parts")
  func masks() throws {
    let golden = try #require(try ModelGolden.all.get()["bert"])
    let bert = withGenerator(seed: golden.seed) { BertModel(ModelCase.smallBert) }.eval()
    let (states, pooled) = try bert(
      golden.list("in")[0], attentionMask: golden.list("mask")[0],
      tokenTypeIDs: golden.list("types")[0])
    try expect([states] + (pooled.map { [$0] } ?? []), golden.list("masked"))
  }

  private func call(_ model: ModuleBase, _ input: Tensor) throws -> [Tensor] {
    switch model {
    case let bert as BertModel:
      let (states, pooled) = try bert(input)
      return [states] + (pooled.map { [$0] } ?? [])
    case let deeplab as DeepLabV3:
      let result = try deeplab(input)
      return [result.out] + (result.aux.map { [$0] } ?? [])
    case let unary as any UnaryModule: return [try unary(input)]
    default: throw MartletError(.argument, "a \(type(of: model)) cannot be called")
    }
  }

  private func expect(_ results: [Tensor], _ expected: [Tensor]) throws {
    #expect(results.count == expected.count)
    for (result, tensor) in zip(results, expected) {
      if let problem = try difference(result, tensor, tolerance: 1e-4) {
        Issue.record("\(problem)")
      }
    }
  }

  @Test("an unknown model's error names those near to it, or all")
  func unknown() {
    let near = #expect(throws: MartletError.self) { try ModelCatalog.entry("resnet19") }
    #expect(
      near?.message
        == "there is no model 'resnet19'; did you mean 'resnet18', 'resnet34' or 'resnet50'?")
    let far = #expect(throws: MartletError.self) { try ModelCatalog.entry("-") }
    #expect(
      far?.message.hasPrefix(
        "there is no model '-'; the models are resnet18, resnet34, resnet50, resnet101, "
          + "mobilenet_v2") == true)
    #expect(ModelCatalog.names.count == Set(ModelCatalog.names).count)
  }

  @Test("inputs of wrong sizes are refused with both sides named")
  func wrongInputs() throws {
    let vit = try #require(ModelCase.all.first { $0.name == "vit" }).make()
    let image = try Init.ones([1, 3, 30, 32])
    let error = #expect(throws: MartletError.self) { try call(vit, image) }
    #expect(error?.message == "expected images of sizes [N, 3, 32, 32], got [1, 3, 30, 32]")
    let bert = BertModel(ModelCase.smallBert)
    let long = try Tensor([Int64](repeating: 1, count: 13), shape: [1, 13])
    let tooLong = #expect(throws: MartletError.self) { try bert(long) }
    #expect(tooLong?.message == "expected sequences of at most 12 elements, got 13")
    #expect(tooLong?.modulePath == "embeddings")
  }
}
