import Martlet
import MartletKernels

/// Every combination of threads and batch sizes, each measured by a process of its own.
struct BenchGrid {
  private let command: BenchCommand

  init(_ command: BenchCommand) { self.command = command }

  func run() throws -> [BenchReport] {
    var reports: [BenchReport] = []
    for batch in command.batch?.counts.map({ Optional($0) }) ?? [nil] {
      for threads in command.threads?.counts.map({ Optional($0) }) ?? [nil] {
        reports += try measure(threads: threads, batch: batch)
      }
    }
    return reports
  }

  private func measure(threads: Int?, batch: Int?) throws -> [BenchReport] {
    let options = command.options
    var arguments = ["bench", options.name, "--json", "--seed", "\(options.seed)"]
    arguments += ["--seconds", "\(command.seconds)", "--warm-up", "\(command.warmUp)"]
    if let weights = options.weights { arguments += ["--weights", weights] }
    for shape in options.shape {
      arguments += ["--shape", shape.sizes.map(String.init).joined(separator: ",")]
    }
    for input in options.input { arguments += ["--input", input] }
    if let threads { arguments += ["--threads", "\(threads)"] }
    if let batch { arguments += ["--batch", "\(batch)"] }
    if let file = command.tuning.tuning { arguments += ["--tuning", file] }
    if let streams = command.streams { arguments += ["--streams", "\(streams)"] }
    return try BenchFile.parse(try Self.output(of: arguments), "a measurement's output")
  }

  /// What this command prints when it is called so.
  private static func output(of arguments: [String]) throws -> [UInt8] {
    let result: ChildProcess.Result
    do {
      result = try ChildProcess.runSelf(arguments)
    } catch {
      throw MartletError(.file, error.description)
    }
    guard result.status == 0 else {
      let line = String(decoding: result.errors, as: UTF8.self).split(separator: "\n").first
      throw MartletError(
        .check,
        line.map { String($0.trimmingPrefix("martlet: error: ")) }
          ?? "a measurement ended with status \(result.status)")
    }
    return result.output
  }
}
