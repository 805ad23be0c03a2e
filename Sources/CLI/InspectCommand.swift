import ArgumentParser
import Martlet
import MartletTensor
import MartletTracer

/// `martlet inspect`: what is inside an archive.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Shows what is inside a TorchScript archive.",
    discussion: """
      Without a flag: the modules as a tree, with the sizes of what each gives, its parameters, \
      its work and the bytes that its operators write, each with what lies below it; inputs, \
      methods, extra files, memory, and the operators that Martlet lacks. Work is counted in \
      floating-point operations of products: a multiply-add is two. Sizes and work are those of \
      the archive's example, or of --shape or --input.
      """)

  @ArgumentParser.Argument(
    help: ArgumentHelp("A TorchScript archive.", valueName: "archive"), completion: .archive)
  var path: String

  @Option(help: "How deep the tree of modules goes; 0 for the archive's module alone.")
  var depth: Int?

  @OptionGroup var inputs: InspectedInputs

  @Flag(help: "Print the graph, submodules in their places.")
  var graph = false

  @Flag(help: "Print the code of its methods.")
  var code = false

  @Flag(help: "List the operators with their counts; those that Martlet lacks come first.")
  var ops = false

  @Flag(help: "Print the plan that runs: steps, kernels, memory.")
  var plan = false

  @Option(
    help: "Draw the graph into this file, coloured by the operators' families.",
    completion: .file(extensions: ["svg"]))
  var svg: String?

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if json, graph || code || plan {
      throw ValidationError("--json excludes --graph, --code and --plan")
    }
    if let depth, depth < 0 {
      throw ValidationError("--depth must not be negative, got \(depth)")
    }
  }

  func run() throws {
    let module = try TorchScript.load(path)
    if json {
      try printJSON(try ArchiveReport(path, module, inputs, depth: depth))
    } else {
      if graph { print(try module.inlinedGraph) }
      if code { print(module.allCode) }
      if ops { print(try OperatorReport(module)) }
      if plan { print(try planned(module)) }
      if !graph, !code, !ops, !plan, svg == nil {
        print(try ArchiveReport(path, module, inputs, depth: depth ?? Self.usualDepth))
      }
    }
    if let svg { try draw(module, svg) }
  }

  /// Where the tree of modules ends unless asked: the parts of a ResNet's blocks are there.
  private static let usualDepth = 3

  private func draw(_ module: TracedModule, _ file: String) throws {
    let drawing = try GraphDrawing(module, inputs: try inputs.values(for: module))
    try OutputFile.write(Array(drawing.svg(title: fileName(path)).utf8), to: file)
    if !json { print("drew \(drawing.nodeCount) nodes into \(file)") }
  }

  private func planned(_ module: TracedModule) throws -> Program {
    let program = try module.compile()
    if let inputs = try inputs.values(for: module) { try program.prepare(inputs) }
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
