import ArgumentParser
import Martlet

/// `martlet bench`: how fast a model runs.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Traces and compiles a model, then measures how long one run takes.")

  @OptionGroup var options: ModelOptions

  @Option(help: "The most threads that one run uses; as many as the process may use unless given.")
  var threads: Int?

  @Option(help: "How long to measure.")
  var seconds = 3.0

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard seconds > 0, seconds <= 3600 else {
      throw ValidationError("--seconds must be more than 0 and at most 3600, got \(seconds)")
    }
    if let threads, threads < 1 {
      throw ValidationError("--threads must be at least 1, got \(threads)")
    }
  }

  func run() throws {
    let clock = ContinuousClock()
    let (model, input) = try options.make()
    var start = clock.now
    let traced = try traced(model, input)
    let traceTime = clock.now - start
    start = clock.now
    let program = try traced.compile(threads: threads)
    let compileTime = clock.now - start
    let firstRunTime = try clock.measure { _ = try program.run([input]) }
    let latency = try Latency.measure(seconds: seconds) { _ = try program.run([input]) }
    let report = Report(
      model: options.name, shape: input.shape.map { Int($0) }, threads: program.threads,
      runs: latency.count, medianMilliseconds: milliseconds(latency.median),
      minimumMilliseconds: milliseconds(latency.minimum),
      p90Milliseconds: milliseconds(latency.percentile(90)),
      p99Milliseconds: milliseconds(latency.percentile(99)),
      traceMilliseconds: milliseconds(traceTime), compileMilliseconds: milliseconds(compileTime),
      firstRunMilliseconds: milliseconds(firstRunTime))
    if json { try printJSON(report) } else { print(report) }
  }

  private struct Report: Encodable, CustomStringConvertible {
    let model: String
    let shape: [Int]
    let threads: Int
    let runs: Int
    let medianMilliseconds: Double
    let minimumMilliseconds: Double
    let p90Milliseconds: Double
    let p99Milliseconds: Double
    let traceMilliseconds: Double
    let compileMilliseconds: Double
    let firstRunMilliseconds: Double

    var description: String {
      """
      \(model) on \(shape), \(threads) \(threads == 1 ? "thread" : "threads"), \(runs) runs
        median     \(medianMilliseconds) ms
        min        \(minimumMilliseconds) ms
        p90        \(p90Milliseconds) ms
        p99        \(p99Milliseconds) ms
        trace      \(traceMilliseconds) ms
        compile    \(compileMilliseconds) ms
        first run  \(firstRunMilliseconds) ms
      """
    }
  }
}
