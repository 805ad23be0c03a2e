import ArgumentParser
import Martlet

/// `martlet trace`: traces a model of the catalogue and shows what the trace holds.
struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Traces a model, checks the trace, and shows what it holds.",
    discussion: "Without --graph or --code: modules, parameters and operators, counted.")

  @OptionGroup var options: ModelOptions

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
    if graph {
      print(try traced.inlinedGraph)
    } else if code {
      print(traced.code)
    } else if json {
      try printJSON(try traced.summary())
    } else {
      print("\(options.name) on \(input.dtype) \(input.shape), seed \(options.seed)")
      print(try traced.summary())
    }
  }
}
