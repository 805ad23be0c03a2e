import ArgumentParser
import Martlet
import MartletKernels
import MartletOps
import MartletTensor

/// `martlet bench`: how fast a model or an archive runs.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measures how long one run of an archive, or of a model traced first, takes.",
    discussion: """
      Loads, compiles, runs once, runs --warm-up more times, then measures. Lists of --threads \
      or --batch give every combination, each in a process of its own, so that times and memory \
      are its own; --json then prints a list. --streams measures throughput: so many runs of one \
      program at the same time.
      """)

  @OptionGroup var options: BenchedOptions
  @OptionGroup var tuning: TuningOptions

  @Option(
    help: """
      The most threads that one run uses, or a list as in 1,2; as many as the process may use \
      unless given, divided by --streams.
      """)
  var threads: CountList?

  @Option(help: "The first size of the inputs, or a list as in 1,8.")
  var batch: CountList?

  @Option(help: "How many runs of one program go on at the same time.")
  var streams: Int?

  @Option(help: "How long to measure.")
  var seconds = 3.0

  @Option(help: "Runs after the first one that do not count.")
  var warmUp = 3

  @Option(
    help: "What --json printed before; prints the ratios now over before.",
    completion: .file(extensions: ["json"]))
  var compare: String?

  @Flag(help: "Print JSON.")
  var json = false

  @Flag(help: .hidden)
  var serve = false

  func validate() throws {
    guard seconds > 0, seconds <= 3600 else {
      throw ValidationError("--seconds must be more than 0 and at most 3600, got \(seconds)")
    }
    for (name, list) in [("--threads", threads), ("--batch", batch)] {
      if let wrong = list?.counts.first(where: { $0 < 1 }) {
        throw ValidationError("\(name) must be at least 1, got \(wrong)")
      }
    }
    if let streams, streams < 1 || streams > 1024 {
      throw ValidationError("--streams must be from 1 to 1024, got \(streams)")
    }
    guard warmUp >= 0 else {
      throw ValidationError("--warm-up must not be negative, got \(warmUp)")
    }
    if batch != nil, !options.input.isEmpty {
      throw ValidationError("--batch and --input exclude each other")
    }
    if serve, isGrid || compare != nil {
      throw ValidationError("--serve excludes lists and --compare")
    }
  }

  private var isGrid: Bool { (threads?.counts.count ?? 1) * (batch?.counts.count ?? 1) > 1 }

  func run() throws {
    if serve {
      // What it holds before it knows the model; the peers' workers have read their input too.
      let read = try options.readInputs()
      let baseline = ProcessMemory.byteCount
      let subject = try prepare(
        threads: threads?.counts[0], batch: batch?.counts[0], read: read)
      try BenchServer(subject, streams: streams ?? 1, baseline: baseline).run()
      return
    }
    let before = try compare.map(BenchFile.read)
    let reports =
      isGrid
      ? try BenchGrid(self).run()
      : [try measure(threads: threads?.counts[0], batch: batch?.counts[0])]
    if let before {
      try show(reports.map { BenchComparison($0, before: before) })
    } else {
      try show(reports)
    }
  }

  private func show(_ reports: [some Encodable & CustomStringConvertible]) throws {
    if !json {
      for report in reports { print(report) }
    } else if isGrid {
      try printJSON(reports)
    } else {
      for report in reports { try printJSON(report) }
    }
  }

  private func prepare(
    threads: Int?, batch: Int?, read: [Tensor]? = nil
  ) throws -> BenchSubject {
    var threads = threads
    if threads == nil, let streams {
      let processors = ProcessorCount.default
      threads = max(processors / streams, 1)
    }
    return try BenchSubject(
      try options.make(batch: batch, read: read), threads: threads, tuning: tuning)
  }

  private func measure(threads: Int?, batch: Int?) throws -> BenchReport {
    let subject = try prepare(threads: threads, batch: batch)
    for _ in 0..<warmUp { try subject.run() }
    let latency = try subject.measure(seconds: seconds, streams: streams ?? 1)
    return BenchReport(
      model: options.name, shape: subject.inputs.flatMap(\.tensors).map(\.sizes), batch: batch,
      streams: streams, threads: subject.program.threads, isa: ProcessorPeak.instructionSet,
      load: milliseconds(subject.loadTime), compile: milliseconds(subject.compileTime),
      firstRun: milliseconds(subject.firstRunTime), warmUpRuns: warmUp + 1,
      median: milliseconds(latency.median), minimum: milliseconds(latency.minimum),
      p90: milliseconds(latency.percentile(90)), p99: milliseconds(latency.percentile(99)),
      runs: latency.count, runsPerSecond: latency.callsPerSecond,
      peakMemory: ProcessMemory.peakByteCount,
      plannedMemory: subject.program.plannedPeakByteCount)
  }
}

/// Positive counts separated by commas.
struct CountList: ExpressibleByArgument {
  let counts: [Int]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    counts = parts.compactMap { Int($0) }
    guard counts.count == parts.count else { return nil }
  }
}
