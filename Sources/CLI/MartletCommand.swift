import ArgumentParser
import Martlet
import MartletKernels

/// The `martlet` command. One grammar for all of it: results on standard output; an error is one
/// line on standard error, exit status 1, or 64 for wrong usage; 130 when it was interrupted.
@main
struct MartletCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "martlet",
    abstract: "Traces and runs PyTorch-style models on the CPU.",
    subcommands: [
      TraceCommand.self, RunCommand.self, ClassifyCommand.self, DetectCommand.self,
      BenchCommand.self, ProfileCommand.self, InspectCommand.self, ConvertCommand.self,
      VerifyCommand.self, OpsCommand.self,
    ])

  static func main() {
    Interruption.watch()
    do {
      var command = try parseAsRoot()
      try command.run()
      try Output.finish()
    } catch {
      let status = exitCode(for: error)
      if status == .success {
        print(fullMessage(for: error))
        exit(withError: ExitCode.success)
      }
      StandardOutput.flush()
      let usage = status == .validationFailure ? " (martlet help says what there is)" : ""
      write("\(text(of: error))\(usage)")
      exit(withError: status)
    }
  }

  /// Tells of an error on standard error without ending.
  static func report(_ error: any Error) { write(text(of: error)) }

  /// An error's words on one line.
  static func text(of error: any Error) -> String {
    // ArgumentParser knows how its own errors are written; others write themselves.
    (error as? MartletError).map { oneLine($0.description) } ?? oneLine(message(for: error))
  }

  /// An error's lines joined; the lines after its first say where it happened. Of a list without
  /// end (all the weights that a file lacks) the beginning is enough.
  static func oneLine(_ message: String) -> String {
    let line = message.split(separator: "\n").map { $0.trimmingPrefix(while: \.isWhitespace) }
      .joined(separator: "; ").replacing(":; ", with: ": ")
    return line.count > 1000 ? line.prefix(1000) + "…" : line
  }

  private static func write(_ line: String) {
    StandardError.write("martlet: error: \(line)\n")
  }
}
