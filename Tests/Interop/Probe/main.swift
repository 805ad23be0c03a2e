import Foundation
import MartletModels
import MartletNN
import MartletTensor

/// Runs a model of the catalogue for Tests/Interop/check_models.py:
///
///     InteropProbe NAME [--seed S] [--weights W.safetensors] [--print]
///       [--save-state S.safetensors] [--input X.npy --output PREFIX]
///
/// The outputs are written to PREFIX0.npy, PREFIX1.npy, ….
struct Probe {
  var name = ""
  var seed = 0
  var weights, state, output: String?
  var inputs: [String] = []
  var prints = false

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    func next() throws -> String {
      guard let value = rest.popFirst() else {
        throw MartletError(.argument, "an option lacks its value")
      }
      return value
    }
    while let argument = rest.popFirst() {
      switch argument {
      case "--seed": seed = Int(try next()) ?? 0
      case "--weights": weights = try next()
      case "--save-state": state = try next()
      case "--input": inputs.append(try next())
      case "--output": output = try next()
      case "--print": prints = true
      default: name = argument
      }
    }
  }

  func run() throws {
    let model = try withGenerator(seed: seed) { try ModelCatalog.make(name) }
    if let weights { try model.load(weights) }
    if prints { print(model) }
    if let state { try model.stateDict().write(safetensors: state) }
    if let output, let input = inputs.first {
      let results = try call(model.eval(), try Tensor(npy: input))
      for (index, tensor) in results.enumerated() { try tensor.save(npy: "\(output)\(index).npy") }
    }
  }

  private func call(_ model: some CatalogModel, _ input: Tensor) throws -> [Tensor] {
    let start = ContinuousClock.now
    let result = try model(input)
    FileHandle.standardError.write(Data("\(name): \(ContinuousClock.now - start)\n".utf8))
    if let tensor = result as? Tensor { return [tensor] }
    if let (states, pooled) = result as? BertModel.Result {
      return [states] + (pooled.map { [$0] } ?? [])
    }
    throw MartletError(.argument, "\(name) gives a \(type(of: result))")
  }
}

do {
  try Probe(Array(CommandLine.arguments.dropFirst())).run()
} catch {
  FileHandle.standardError.write(Data("InteropProbe: error: \(error)\n".utf8))
  exit(1)
}
