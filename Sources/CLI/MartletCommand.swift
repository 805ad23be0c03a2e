import ArgumentParser
import MartletKernels

/// The `martlet` command. One grammar for all of it: results on standard output; an error is one
/// line on standard error, exit status 1, or 64 for wrong usage.
@main
struct MartletCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "martlet",
    abstract: "Traces and runs PyTorch-style models on the CPU.",
    subcommands: [
      TraceCommand.self, RunCommand.self, BenchCommand.self, ProfileCommand.self,
      InspectCommand.self, ConvertCommand.self, VerifyCommand.self, OpsCommand.self,
    ])

  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      let status = exitCode(for: error)
      if status == .success {
        print(fullMessage(for: error))
        exit(withError: ExitCode.success)
      }
      let usage = status == .validationFailure ? " (martlet help says what there is)" : ""
      let line = "martlet: error: \(oneLine(message(for: error)))\(usage)\n"
      StandardError.write(line)
      exit(withError: status)
    }
  }

  /// An error's lines joined; the lines after its first say where it happened.
  static func oneLine(_ message: String) -> String {
    message.split(separator: "\n").map { $0.trimmingPrefix(while: \.isWhitespace) }
      .joined(separator: "; ").replacing(":; ", with: ": ")
  }
}
