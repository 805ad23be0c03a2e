import Martlet

/// A profile as `martlet profile` prints it.
struct ProfileReport: Encodable, CustomStringConvertible {
  struct Step: Encodable {
    let index: Int
    let median_ms: Double
    /// Of the sum of the steps' medians, from 0 to 1.
    let share: Double
    /// Billions of additions and multiplications.
    let gflop: Double?
    let gflop_per_s: Double?
    /// Of what the cores could multiply and add, from 0 to 1.
    let peak_share: Double?
    let bytes: Int
    let kernel: String
    let operation: String
    let shape: [Int]
    let module: String
  }

  let model: String
  let threads: Int
  let isa: String
  let runs: Int
  let median_ms: Double
  /// Blocks of tensor memory that a run asks for, its outputs included.
  let allocations: Int
  /// One core's.
  let peak_gflop_per_s: Double
  let peak_source: String
  let steps: [Step]

  init(_ profile: Profile, model: String) {
    self.model = model
    threads = profile.threads
    isa = ProcessorPeak.instructionSet
    runs = profile.runs
    median_ms = milliseconds(profile.total)
    allocations = profile.allocationCount
    peak_gflop_per_s = Self.rounded(profile.peak.operationsPerSecond / 1e9)
    peak_source = profile.peak.source
    let total = max(profile.stepTotal / .milliseconds(1), .leastNonzeroMagnitude)
    steps = profile.steps.enumerated().map { index, step in
      let time = step.duration / .seconds(1)
      let work = step.floatingPointOperations.map { Double($0) / 1e9 }
      return Step(
        index: index, median_ms: milliseconds(step.duration),
        share: Self.rounded(time * 1e3 / total), gflop: work,
        gflop_per_s: work.flatMap { time > 0 ? Self.rounded($0 / time) : nil },
        peak_share: profile.peakShare(of: step).map(Self.rounded), bytes: step.byteCount,
        kernel: step.kernel, operation: step.operation, shape: step.sizes, module: step.path)
    }
  }

  private static func rounded(_ value: Double) -> Double { (value * 1e4).rounded() / 1e4 }

  var description: String {
    var lines = [
      "\(model), \(threads) \(threads == 1 ? "thread" : "threads"), \(isa) kernels, \(runs) runs, "
        + "median \(median_ms) ms, \(allocations) allocations a run; one core's peak by "
        + "\(peak_source): \(shortNumber(peak_gflop_per_s)) GFLOP/s",
      Self.row("", "ms", "share", "GFLOP", "peak", "bytes", "kernel", "operation"),
    ]
    for step in steps {
      lines.append(
        Self.row(
          "\(step.index)", fixed(step.median_ms, digits: 3), Self.percent(step.share),
          step.gflop.map(shortNumber) ?? "", step.peak_share.map(Self.percent) ?? "",
          byteText(step.bytes), step.kernel,
          "\(step.operation) \(step.shape)" + (step.module.isEmpty ? "" : "  # \(step.module)")))
    }
    lines.append("by kernel:")
    let kernels = Dictionary(grouping: steps, by: \.kernel)
      .map { kernel, steps in (kernel, steps.reduce(0) { $0 + $1.median_ms }, steps) }
      .sorted { $0.1 > $1.1 }
    for (kernel, time, steps) in kernels {
      lines.append(
        Self.row(
          "\(steps.count)", fixed(time, digits: 3),
          Self.percent(steps.reduce(0) { $0 + $1.share }), "", "", "", kernel, ""))
    }
    return lines.joined(separator: "\n")
  }

  private static func percent(_ share: Double) -> String {
    fixed(share * 100, digits: 1) + "%"
  }

  private static func row(
    _ index: String, _ time: String, _ share: String, _ work: String, _ peak: String,
    _ bytes: String, _ kernel: String, _ operation: String
  ) -> String {
    let figures = zip([index, time, share, work, peak, bytes], [4, 9, 7, 8, 7, 9])
      .map { String(repeating: " ", count: max($1 - $0.count, 0)) + $0 }.joined(separator: " ")
    let name = padded(kernel, to: 14)
    return operation.isEmpty ? "\(figures)  \(kernel)" : "\(figures)  \(name) \(operation)"
  }
}

/// One run in the format of Chrome's trace viewer and Perfetto: a slice for each step.
struct ChromeTrace: Encodable {
  private struct Event: Encodable {
    let name: String
    var cat: String?
    let ph: String
    /// Microseconds.
    var ts: Double?
    var dur: Double?
    let pid = 1
    var tid = 1
    let args: [String: String]
  }

  private let traceEvents: [Event]
  private let displayTimeUnit = "ms"

  init(_ profile: Profile, model: String) {
    var events = [Event(name: "process_name", ph: "M", args: ["name": "martlet: \(model)"])]
    for step in profile.steps {
      var details = [
        "module": step.path, "kernel": step.kernel, "shape": "\(step.sizes)",
        "bytes": "\(step.byteCount)",
      ]
      if let count = step.floatingPointOperations {
        details["GFLOP"] = shortNumber(Double(count) / 1e9)
      }
      if let share = profile.peakShare(of: step) {
        details["share of peak"] = fixed(share * 100, digits: 1) + "%"
      }
      events.append(
        Event(
          name: step.operation, cat: step.kernel, ph: "X", ts: step.begin / .microseconds(1),
          dur: step.typicalDuration / .microseconds(1), args: details))
    }
    for span in profile.spans where span.thread > 0 {
      let step = profile.steps.last { $0.begin <= span.begin }
      events.append(
        Event(
          name: step?.operation ?? "", cat: step?.kernel, ph: "X",
          ts: span.begin / .microseconds(1), dur: span.duration / .microseconds(1),
          tid: span.thread + 1, args: ["module": step?.path ?? ""]))
    }
    traceEvents = events
  }
}
