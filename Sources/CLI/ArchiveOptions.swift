import ArgumentParser
import Martlet
import MartletTracer

/// Which archive, run on which inputs: what `run` and `verify` have in common.
struct ArchiveOptions: ParsableArguments {
  @ArgumentParser.Argument(
    help: ArgumentHelp("A TorchScript archive.", valueName: "archive"), completion: .archive)
  var path: String

  @Option(
    help: """
      A .npy file for an input, in the order of forward's parameters; tuples and lists are \
      filled in turn.
      """,
    completion: .numpy)
  var input: [String] = []

  @Option(help: "The most threads that one run uses; as many as the process may use unless given.")
  var threads: Int?

  @OptionGroup var tuning: TuningOptions

  @Flag(help: "Run node by node by the operators' reference, not compiled.")
  var reference = false

  func validate() throws {
    if let threads, threads < 1 {
      throw ValidationError("--threads must be at least 1, got \(threads)")
    }
  }

  /// The module, and its inputs from the files.
  func load() throws -> (module: TracedModule, inputs: [Value]) {
    let module = try TorchScript.load(path)
    return (module, try module.inputs(filledWith: try input.map { try Tensor(npy: $0) }))
  }

  /// The module's result on the inputs.
  func run(_ module: TracedModule, _ inputs: [Value]) throws -> [Tensor] {
    if reference { return try module.run(inputs).leaves() }
    let program = try tuning.compile(module, threads: threads, preparing: inputs)
    return try program.run(inputs).flatMap { try $0.leaves() }
  }
}
