import Foundation
import Martlet
import MartletTensor

/// Writes texts with a small GPT-2 for Tests/Interop/check_generation.py:
///
///     InteropProbe generate FOLDER
///
/// The folder holds `weights.safetensors` and `words.npy`; the step is saved there as `step.pt`,
/// the texts as `greedy.npy` and `random.npy`.
enum GenerationProbe {
  static func run(in folder: String) throws {
    var config = GPT2Config()
    config.vocabSize = 211
    config.nPositions = 160
    config.nEmbd = 48
    config.nLayer = 3
    config.nHead = 4
    config.eosTokenID = nil
    let model = GPT2LMHeadModel(config)
    try model.load("\(folder)/weights.safetensors")
    let generator = try GPT2Generator(model, threads: 2)
    try generator.traced.save("\(folder)/step.pt")
    let words = try Tensor(npy: "\(folder)/words.npy")
    let greedy = try generator.generate(words, maxNewTokens: 120)
    try greedy.save(npy: "\(folder)/greedy.npy")
    let random = try model.generate(
      words, maxNewTokens: 120, sampling: .random(temperature: 1.3, topK: 20), seed: 9)
    try random.save(npy: "\(folder)/random.npy")
  }
}
