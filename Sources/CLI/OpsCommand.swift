import ArgumentParser
import MartletOps

/// `martlet ops`: the coverage table.
struct OpsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ops",
    abstract: "Lists the operators that Martlet has, with PyTorch's schemas.")

  @Flag(help: "Print a Markdown table.")
  var markdown = false

  @Flag(help: "Print JSON.")
  var json = false

  @Argument(help: "Only operators whose name contains this text.")
  var filter: String?

  func validate() throws {
    if json, markdown { throw ValidationError("--json and --markdown exclude each other") }
  }

  func run() throws {
    let operators = Catalog.operators.filter { filter.map($0.name.contains) ?? true }
    if json {
      try printJSON(operators.map { Row(name: $0.name, schema: $0.schema.description) })
    } else if markdown {
      print("| operator | schema |\n| --- | --- |")
      for operation in operators {
        let schema = operation.schema.description.replacing("|", with: "\\|")
        print("| `\(operation.name)` | `\(schema)` |")
      }
    } else {
      for operation in operators { print(operation.schema.description) }
      print("\(operators.count) operators")
    }
  }

  private struct Row: Encodable {
    let name: String
    let schema: String
  }
}
