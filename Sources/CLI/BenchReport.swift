import Martlet

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One measurement of `martlet bench`, as it prints and as it is kept in files. Times are in
/// milliseconds.
struct BenchReport: Codable {
  let model: String
  /// The inputs' sizes.
  let shape: [[Int]]
  /// The first size of the inputs, where it was asked for.
  let batch: Int?
  /// How many runs went on at the same time, where it was asked for.
  let streams: Int?
  let threads: Int
  /// Which kernels ran.
  let isa: String
  let load: Double
  let compile: Double
  let firstRun: Double
  /// Runs before the measured ones, the first one included.
  let warmUpRuns: Int
  let median: Double
  let minimum: Double
  let p90: Double
  let p99: Double
  let runs: Int
  /// Runs of all streams.
  let runsPerSecond: Double
  let peakMemory: Int?
  let plannedMemory: Int

  enum CodingKeys: String, CodingKey {
    case model, shape, batch, streams, threads, isa, median = "median_ms", minimum = "min_ms"
    case load = "load_ms", compile = "compile_ms", firstRun = "first_run_ms"
    case warmUpRuns = "warm_up_runs", p90 = "p90_ms", p99 = "p99_ms", runs
    case runsPerSecond = "runs_per_s", peakMemory = "peak_rss_bytes"
    case plannedMemory = "planned_bytes"
  }
}

extension BenchReport: CustomStringConvertible {
  var description: String {
    let concurrency = streams.map { " in \($0) \($0 == 1 ? "stream" : "streams")" } ?? ""
    return """
      \(model) on \(shape.map(\.description).joined(separator: ", ")), \
      \(threads) \(threads == 1 ? "thread" : "threads"), \(runs) runs\(concurrency)
        median     \(median) ms
        min        \(minimum) ms
        p90        \(p90) ms
        p99        \(p99) ms
        load       \(load) ms
        compile    \(compile) ms
        first run  \(firstRun) ms
        warm-up    \(warmUpRuns) runs, the first one included
        throughput \(shortNumber(runsPerSecond)) runs a second
        memory     \(peakMemory.map(byteText) ?? "?") at the peak, \
      \(byteText(plannedMemory)) planned
        kernels    \(isa)
      """
  }
}

/// Measurements as `--json` printed them: one object, or a list of them.
enum BenchFile {
  static func read(_ path: String) throws -> [BenchReport] {
    try parse(try readFile(path), "'\(path)'")
  }

  static func parse(_ bytes: [UInt8], _ place: String) throws -> [BenchReport] {
    let decoder = JSONDecoder()
    let data = Data(bytes)
    if let list = try? decoder.decode([BenchReport].self, from: data) { return list }
    do {
      return [try decoder.decode(BenchReport.self, from: data)]
    } catch {
      throw MartletError(.file, "\(place) is not what martlet bench --json prints: \(error)")
    }
  }
}

/// A measurement beside one of before.
struct BenchComparison: Encodable, CustomStringConvertible {
  let now: BenchReport
  /// Now over before, by the report's keys; nil where nothing like it was measured before.
  let ratios: [String: Double]?

  init(_ now: BenchReport, before: [BenchReport]) {
    self.now = now
    ratios = before.last { $0.isLike(now) }.map { old in
      let pairs: [(BenchReport.CodingKeys, Double, Double)] = [
        (.median, now.median, old.median), (.minimum, now.minimum, old.minimum),
        (.p90, now.p90, old.p90), (.p99, now.p99, old.p99), (.load, now.load, old.load),
        (.compile, now.compile, old.compile), (.firstRun, now.firstRun, old.firstRun),
        (.runsPerSecond, now.runsPerSecond, old.runsPerSecond),
        (.peakMemory, Double(now.peakMemory ?? 0), Double(old.peakMemory ?? 0)),
        (.plannedMemory, Double(now.plannedMemory), Double(old.plannedMemory)),
      ]
      return pairs.reduce(into: [:]) { ratios, pair in
        if pair.2 > 0 { ratios[pair.0.rawValue] = (pair.1 / pair.2 * 1e4).rounded() / 1e4 }
      }
    }
  }

  func encode(to encoder: any Encoder) throws {
    try now.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(ratios, forKey: .ratios)
  }

  private enum Key: String, CodingKey { case ratios }

  var description: String {
    guard let ratios else { return "\(now)\n  before     nothing like it" }
    let text = ratios.sorted { $0.key < $1.key }
      .map { "  \(padded($0.key, to: 16)) \($0.value)" }
    return "\(now)\n  now over before:\n" + text.map { "  \($0)" }.joined(separator: "\n")
  }
}

extension BenchReport {
  /// Whether the same was measured.
  fileprivate func isLike(_ other: BenchReport) -> Bool {
    fileName(model) == fileName(other.model)
      && shape == other.shape && threads == other.threads && streams == other.streams
  }
}
