import ArgumentParser
import Martlet
import MartletOps
import MartletTensor

/// `martlet bench`: how fast a model or an archive runs.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measures how long one run of an archive, or of a model traced first, takes.")

  @OptionGroup var options: BenchedOptions

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
    var start = clock.now
    let (module, inputs) = try options.make()
    let loadTime = clock.now - start
    start = clock.now
    let program = try module.compile(threads: threads)
    let compileTime = clock.now - start
    let firstRunTime = try clock.measure { _ = try program.run(inputs) }
    let latency = try Latency.measure(seconds: seconds) { _ = try program.run(inputs) }
    let report = Report(
      model: options.name, shapes: inputs.flatMap(\.tensors).map(\.sizes),
      threads: program.threads,
      runs: latency.count, medianMilliseconds: milliseconds(latency.median),
      minimumMilliseconds: milliseconds(latency.minimum),
      p90Milliseconds: milliseconds(latency.percentile(90)),
      p99Milliseconds: milliseconds(latency.percentile(99)),
      loadMilliseconds: milliseconds(loadTime), compileMilliseconds: milliseconds(compileTime),
      firstRunMilliseconds: milliseconds(firstRunTime), peakMemoryByteCount: peakMemory())
    if json { try printJSON(report) } else { print(report) }
  }

  private struct Report: Encodable, CustomStringConvertible {
    let model: String
    let shapes: [[Int]]
    let threads: Int
    let runs: Int
    let medianMilliseconds: Double
    let minimumMilliseconds: Double
    let p90Milliseconds: Double
    let p99Milliseconds: Double
    let loadMilliseconds: Double
    let compileMilliseconds: Double
    let firstRunMilliseconds: Double
    let peakMemoryByteCount: Int?

    var description: String {
      """
      \(model) on \(shapes.map(\.description).joined(separator: ", ")), \
      \(threads) \(threads == 1 ? "thread" : "threads"), \(runs) runs
        median     \(medianMilliseconds) ms
        min        \(minimumMilliseconds) ms
        p90        \(p90Milliseconds) ms
        p99        \(p99Milliseconds) ms
        load       \(loadMilliseconds) ms
        compile    \(compileMilliseconds) ms
        first run  \(firstRunMilliseconds) ms
        memory     \(peakMemoryByteCount.map(byteText) ?? "?") at the peak
      """
    }
  }
}
