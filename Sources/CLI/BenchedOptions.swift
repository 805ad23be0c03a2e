import ArgumentParser
import Foundation
import Martlet
import MartletTensor
import MartletTracer

/// What to measure: an archive, or a model of the catalogue; and on which inputs.
struct BenchedOptions: ParsableArguments {
  @ArgumentParser.Argument(
    help: ArgumentHelp(
      "A TorchScript archive, or a model: \(ModelCatalog.names.joined(separator: ", ")).",
      valueName: "archive"))
  var name: String

  @Option(help: "A safetensors file with a model's weights, named as in PyTorch's state_dict.")
  var weights: String?

  @Option(help: "An input's sizes, as in 1,3,224,224; its values are random.")
  var shape: [InputShape] = []

  @Option(help: "A .npy file for an input, in the order of forward's parameters.")
  var input: [String] = []

  @Option(help: "The seed of random weights and inputs.")
  var seed = 0

  func validate() throws {
    if !shape.isEmpty, !input.isEmpty {
      throw ValidationError("--shape and --input exclude each other")
    }
  }

  /// The module, loaded or traced, and its inputs.
  func make() throws -> (module: TracedModule, inputs: [Value]) {
    guard !ModelCatalog.names.contains(name), isFile else { return try makeModel() }
    manualSeed(seed)
    let module = try TorchScript.load(name)
    if shape.isEmpty, input.isEmpty {
      guard let example = module.exampleInputs[module.mainMethod] else {
        throw MartletError(
          .argument, "the archive does not tell its inputs' sizes; give --shape or --input")
      }
      return (module, try example.map { try $0.mapTensors(random) })
    }
    let tensors =
      input.isEmpty
      ? try random(module) : try input.map { try Tensor(npy: $0) }
    return (module, try module.inputs(filledWith: tensors))
  }

  private var isFile: Bool {
    FileManager.default.fileExists(atPath: name) || name.contains("/") || name.contains(".")
  }

  private func makeModel() throws -> (module: TracedModule, inputs: [Value]) {
    var arguments = [name, "--seed", "\(seed)"]
    if let weights { arguments += ["--weights", weights] }
    let options = try ModelOptions.parse(arguments)
    var (model, tensor) = try options.make(sizes: shape.first?.sizes)
    if let file = input.first { tensor = try Tensor(npy: file) }
    return (try traced(model, tensor), [.tensor(tensor)])
  }

  /// Random tensors of the sizes given, of the dtypes that the archive's example has.
  private func random(_ module: TracedModule) throws -> [Tensor] {
    let examples = (module.exampleInputs[module.mainMethod] ?? []).flatMap(\.tensors)
    return try shape.enumerated().map { index, shape in
      try random(sizes: shape.sizes, index < examples.count ? examples[index].dtype : .float32)
    }
  }

  private func random(_ tensor: Tensor) throws -> Tensor {
    try random(sizes: tensor.sizes, tensor.dtype)
  }

  private func random(sizes: [Int], _ dtype: DType) throws -> Tensor {
    if dtype.isFloatingPoint { return try Tensor.randn(sizes).converted(to: dtype) }
    // Any word will do; every vocabulary has a hundred. Masks are all true.
    if dtype == .int64 { return try .randint(low: 0, high: 100, sizes) }
    return try .filled(sizes, dtype, with: 1)
  }
}
