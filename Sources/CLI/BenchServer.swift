import Martlet
import MartletKernels
import MartletTensor

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Measures when told to, so that several runtimes can take turns: a line of JSON when it has
/// run once, then one for each line that it reads.
///
/// `run SECONDS MINIMUM` measures, at least so many runs, `save FOLDER` writes the outputs as
/// `output_0.npy`, …, `memory` tells what the process holds; any other line, or none, ends it.
struct BenchServer {
  private let subject: BenchSubject
  private let streams: Int
  private let baseline: Int?

  /// - Parameter baseline: the bytes that the process held before it loaded the subject.
  init(_ subject: BenchSubject, streams: Int, baseline: Int?) {
    self.subject = subject
    self.streams = streams
    self.baseline = baseline
  }

  private struct Ready: Encodable {
    let load_ms: Double
    let compile_ms: Double
    let first_run_ms: Double
    let planned_bytes: Int
    let baseline_bytes: Int?
    let isa: String
  }

  private struct Turn: Encodable {
    let median_ms: Double
    let min_ms: Double
    let p90_ms: Double
    let runs: Int
    let runs_per_s: Double
  }

  private struct Memory: Encodable {
    let rss_bytes: Int?
    let peak_rss_bytes: Int?
  }

  private struct Saved: Encodable {
    let saved: Int
  }

  func run() throws {
    try answer(
      Ready(
        load_ms: milliseconds(subject.loadTime), compile_ms: milliseconds(subject.compileTime),
        first_run_ms: milliseconds(subject.firstRunTime),
        planned_bytes: subject.program.plannedPeakByteCount, baseline_bytes: baseline,
        isa: ProcessorPeak.instructionSet))
    while let line = readLine(), try obey(line) {}
  }

  private func obey(_ line: String) throws -> Bool {
    let words = line.split(separator: " ").map(String.init)
    switch words.first {
    case "run" where words.count == 3:
      guard let seconds = Double(words[1]), let minimum = Int(words[2]) else { return false }
      let latency = try subject.measure(
        seconds: seconds, streams: streams, minimumCalls: minimum)
      try answer(
        Turn(
          median_ms: milliseconds(latency.median), min_ms: milliseconds(latency.minimum),
          p90_ms: milliseconds(latency.percentile(90)), runs: latency.count,
          runs_per_s: latency.callsPerSecond))
    case "save" where words.count == 2:
      let outputs = subject.outputs.flatMap(\.tensors)
      for (index, output) in outputs.enumerated() {
        try output.save(npy: "\(words[1])/output_\(index).npy")
      }
      try answer(Saved(saved: outputs.count))
    case "memory":
      try answer(
        Memory(
          rss_bytes: ProcessMemory.byteCount, peak_rss_bytes: ProcessMemory.peakByteCount))
    default: return false
    }
    return true
  }

  /// Past the buffer of `print`, which the reader of a pipe would wait for.
  private func answer(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    StandardOutput.write(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
  }
}
