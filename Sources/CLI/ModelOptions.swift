import ArgumentParser
import Martlet

/// Which model of the catalogue, with which weights, on which input.
struct ModelOptions: ParsableArguments {
  @ArgumentParser.Argument(
    help: ArgumentHelp(
      "The model: \(ModelCatalog.names.joined(separator: ", ")).", valueName: "model"),
    completion: .model)
  var name: String

  @Option(
    help: "Safetensors or torch.save file of weights, named as in PyTorch's state_dict.",
    completion: .weights)
  var weights: String?

  @Option(help: "The input's sizes, as in 1,3,224,224.")
  var shape: InputShape?

  @Option(help: "The seed of the weights (where no file gives them) and of the input.")
  var seed = 0

  /// The model in inference mode, and a random input for it.
  func make(sizes: [Int]? = nil) throws -> (model: any CatalogModel, input: Tensor) {
    let entry = try ModelCatalog.entry(name)
    manualSeed(seed)
    let model = entry.make()
    if let weights { try model.load(stateDictFile: weights) }
    model.eval()
    return (model, try input(for: entry, sizes))
  }

  private func input(for entry: ModelCatalog.Entry, _ sizes: [Int]?) throws -> Tensor {
    let (usual, dtype) = entry.inputs[0]
    let wanted = sizes ?? shape?.sizes ?? usual
    // Any word will do; every vocabulary has a thousand.
    return dtype == .int64
      ? try .randint(low: 0, high: 1000, wanted) : try .randn(wanted)
  }
}

/// Sizes separated by commas.
struct InputShape: ExpressibleByArgument {
  let sizes: [Int]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let sizes = parts.compactMap { Int($0) }
    guard sizes.count == parts.count, sizes.allSatisfy({ $0 >= 0 }) else { return nil }
    self.sizes = sizes
  }
}

/// `trace` for a model whose class is not known here.
func traced<M: CatalogModel>(_ model: M, _ input: Tensor) throws -> TracedModule {
  try trace(model, input, strict: false)
}
