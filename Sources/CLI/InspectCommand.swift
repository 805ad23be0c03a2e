import ArgumentParser
import Foundation
import Martlet
import MartletTracer

/// `martlet inspect`: what is inside an archive.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Shows what is inside a TorchScript archive.",
    discussion: """
      Without a flag: modules, parameters, inputs, methods, extra files, and the operators that \
      Martlet lacks.
      """)

  @ArgumentParser.Argument(
    help: ArgumentHelp("A TorchScript archive.", valueName: "archive"))
  var path: String

  @Flag(help: "Print the graph, submodules in their places.")
  var graph = false

  @Flag(help: "Print the code of its methods.")
  var code = false

  @Flag(help: "List the operators with their counts; those that Martlet lacks come first.")
  var ops = false

  @Flag(help: "Print the plan that runs: steps, kernels, memory.")
  var plan = false

  @Option(help: "For --plan, an input's sizes, as in 1,3,224,224, where the archive has none.")
  var shape: [InputShape] = []

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if json, graph || code || plan {
      throw ValidationError("--json excludes --graph, --code and --plan")
    }
  }

  func run() throws {
    let module = try TorchScript.load(path)
    if json {
      try printJSON(try ArchiveReport(path, module))
      return
    }
    if graph { print(try module.inlinedGraph) }
    if code { print(module.allCode) }
    if ops { print(try OperatorReport(module)) }
    if plan { print(try planned(module)) }
    if !graph, !code, !ops, !plan { print(try ArchiveReport(path, module)) }
  }

  private func planned(_ module: TracedModule) throws -> Program {
    let program = try module.compile()
    if !shape.isEmpty {
      let tensors = try shape.map { try Tensor.zeros($0.sizes) }
      try program.prepare(try module.inputs(filledWith: tensors))
    }
    return program
  }
}

extension TracedModule {
  /// The code of its methods and of those of the modules below it, each class once.
  fileprivate var allCode: String {
    var seen: Set<String> = []
    return namedModules.compactMap { path, module -> String? in
      let code = module.code
      guard !module.methodNames.isEmpty, seen.insert(module.typeName + code).inserted else {
        return nil
      }
      return "# \(path.isEmpty ? "" : "\(path): ")\(module.typeName)\n\(code)"
    }.joined(separator: "\n")
  }
}
