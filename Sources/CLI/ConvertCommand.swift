import ArgumentParser
import Martlet

/// `martlet convert`: loads an archive and saves it again.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Loads a TorchScript archive and saves it again.")

  @ArgumentParser.Argument(
    help: ArgumentHelp("A TorchScript archive.", valueName: "archive"), completion: .archive)
  var path: String

  @Option(help: "The file to write.", completion: .archive)
  var output: String

  @Flag(
    help: """
      Fold: one method without submodules, parameters as constants, what depends on them alone \
      computed now, batch norms into the convolutions before them.
      """)
  var freeze = false

  func run() throws {
    let module = try TorchScript.load(path)
    try (freeze ? try module.frozen() : module).save(output)
  }
}
