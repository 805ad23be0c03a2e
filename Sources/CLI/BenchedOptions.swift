import ArgumentParser
import Martlet
import MartletKernels
import MartletTensor
import MartletTracer

/// What to measure: an archive, or a model of the catalogue; and on which inputs.
struct BenchedOptions: ParsableArguments {
  @ArgumentParser.Argument(
    help: ArgumentHelp(
      "A TorchScript archive, or a model: \(ModelCatalog.names.joined(separator: ", ")).",
      valueName: "archive"), completion: .archiveOrModel)
  var name: String

  @Option(
    help: "A safetensors file with a model's weights, named as in PyTorch's state_dict.",
    completion: .weights)
  var weights: String?

  @Option(help: "An input's sizes, as in 1,3,224,224; its values are random.")
  var shape: [InputShape] = []

  @Option(
    help: "A .npy file for an input, in the order of forward's parameters.", completion: .numpy)
  var input: [String] = []

  @Option(help: "The seed of random weights and inputs.")
  var seed = 0

  func validate() throws {
    if !shape.isEmpty, !input.isEmpty {
      throw ValidationError("--shape and --input exclude each other")
    }
  }

  /// The inputs that files give.
  func readInputs() throws -> [Tensor] { try input.map { try Tensor(npy: $0) } }

  /// The module, loaded or traced, and its inputs; `batch` takes the place of their first sizes.
  ///
  /// - Parameter read: what `readInputs` gave, where it was called before.
  func make(batch: Int? = nil, read: [Tensor]? = nil) throws -> Benched {
    guard !ModelCatalog.names.contains(name), isFile else { return try makeModel(batch) }
    manualSeed(seed)
    let clock = ContinuousClock()
    let start = clock.now
    let module = try TorchScript.load(name)
    let loadTime = clock.now - start
    return Benched(module: module, inputs: try inputs(of: module, batch, read), loadTime: loadTime)
  }

  private func inputs(
    of module: TracedModule, _ batch: Int?, _ read: [Tensor]?
  ) throws -> [Value] {
    let examples = module.exampleInputs[module.mainMethod]
    if shape.isEmpty, input.isEmpty {
      guard let examples else {
        throw MartletError(
          .argument, "the archive does not tell its inputs' sizes; give --shape or --input")
      }
      return try examples.map { try $0.mapTensors { try random($0.sizes, batch, $0.dtype) } }
    }
    let tensors =
      input.isEmpty
      ? try random(like: (examples ?? []).flatMap(\.tensors), batch)
      : try read ?? readInputs()
    return try module.inputs(filledWith: tensors)
  }

  private var isFile: Bool {
    Folder.somethingExists(at: name) || name.contains("/") || name.contains(".")
  }

  private func makeModel(_ batch: Int?) throws -> Benched {
    var arguments = [name, "--seed", "\(seed)"]
    if let weights { arguments += ["--weights", weights] }
    let options = try ModelOptions.parse(arguments)
    let clock = ContinuousClock()
    let start = clock.now
    let usual = try ModelCatalog.entry(name).inputs[0].sizes
    var (model, tensor) = try options.make(
      sizes: Self.sizes(shape.first?.sizes ?? usual, batch))
    if let file = input.first { tensor = try Tensor(npy: file) }
    let module = try traced(model, tensor)
    return Benched(module: module, inputs: [.tensor(tensor)], loadTime: clock.now - start)
  }

  /// Random tensors of the sizes given, of the dtypes that the archive's example has.
  private func random(like examples: [Tensor], _ batch: Int?) throws -> [Tensor] {
    try shape.enumerated().map { index, shape in
      try random(
        shape.sizes, batch, index < examples.count ? examples[index].dtype : .float32)
    }
  }

  private func random(_ sizes: [Int], _ batch: Int?, _ dtype: DType) throws -> Tensor {
    let sizes = Self.sizes(sizes, batch)
    if dtype.isFloatingPoint { return try Tensor.randn(sizes).converted(to: dtype) }
    // Any word will do; every vocabulary has a hundred. Masks are all true.
    if dtype == .int64 { return try .randint(low: 0, high: 100, sizes) }
    return try .filled(sizes, dtype, with: 1)
  }

  private static func sizes(_ sizes: [Int], _ batch: Int?) -> [Int] {
    batch.map { [$0] + sizes.dropFirst() } ?? sizes
  }
}

/// What is measured, and how long it took to load or to make and trace.
struct Benched {
  let module: TracedModule
  let inputs: [Value]
  let loadTime: Duration
}
