import ArgumentParser
import Martlet

/// `martlet trace`: traces a model of the catalogue, saves it, and shows what the trace holds.
struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Traces a model, checks the trace, saves it, and shows what it holds.",
    discussion: """
      Without --output, --graph or --code: modules, parameters and operators, counted. \
      PyTorch's torch.jit.load and pnnx read what --output writes.
      """)

  @OptionGroup var options: ModelOptions

  @Option(help: "The TorchScript archive to write.")
  var output: String?

  @Option(help: "Tell what this converter, and ncnn after it, will not take. There is pnnx.")
  var exportCheck: Converter?

  @Flag(help: "Print the graph, submodules in their places.")
  var graph = false

  @Flag(help: "Print the trace as PyTorch's source form.")
  var code = false

  @Flag(help: "Print the counts as JSON.")
  var json = false

  func validate() throws {
    if [graph, code, json].count(where: { $0 }) > 1 {
      throw ValidationError("--graph, --code and --json exclude each other")
    }
  }

  func run() throws {
    let (model, input) = try options.make()
    let traced = try traced(model, input)
    if let output { try save(traced, of: model, input, as: output) }
    if exportCheck != nil {
      let check = try ExportCheck(traced, archive: output ?? "\(options.name).pt")
      if json { try printJSON(check) } else { print(check) }
      if !check.findings.isEmpty {
        throw MartletError(.check, "ncnn will not take \(check.findings.count) forms of operators")
      }
    } else if graph {
      print(try traced.inlinedGraph)
    } else if code {
      print(traced.code)
    } else if json {
      try printJSON(try traced.summary())
    } else if let output {
      print("wrote \(output)")
    } else {
      print("\(options.name) on \(input.dtype) \(input.shape), seed \(options.seed)")
      print(try traced.summary())
    }
  }
}

extension TraceCommand {
  /// Writes the archive; a model that can say what it does says it there.
  private func save(
    _ traced: TracedModule, of model: any CatalogModel, _ input: Tensor, as path: String
  ) throws {
    guard let model = model as? any SelfDescribingModel, input.dim == 4 else {
      return try traced.save(path)
    }
    try traced.save(
      path,
      metadata: model.metadata(
        imageWidth: input.sizes[3], imageHeight: input.sizes[2], labels: nil))
  }
}

/// What takes archives and gives models for other runtimes.
enum Converter: String, ExpressibleByArgument {
  case pnnx
}
