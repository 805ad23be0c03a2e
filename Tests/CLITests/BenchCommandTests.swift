import Foundation
import TestSupport
import Testing

/// `martlet bench` and `martlet profile` for programs that read them.
@Suite struct BenchCommandTests {
  private static let model = ["squeezenet1_1", "--shape", "1,3,64,64", "--threads", "1"]
  private static let keys: Set<String> = [
    "load_ms", "compile_ms", "first_run_ms", "median_ms", "min_ms", "p90_ms", "p99_ms", "runs",
    "threads", "peak_rss_bytes", "planned_bytes", "isa", "model", "shape", "warm_up_runs",
    "runs_per_s",
  ]

  private func object(_ arguments: [String]) throws -> [String: Any] {
    let command = try Command(arguments)
    #expect(command.status == 0, "\(command.errors)")
    let json = try JSONSerialization.jsonObject(with: Data(command.output.utf8))
    return try #require(json as? [String: Any])
  }

  private func number(_ value: Any?) throws -> Double { try #require(value as? Double) }

  @Test func `bench has the keys that are promised`() throws {
    let report = try object(
      ["bench"] + Self.model + ["--seconds", "0.2", "--warm-up", "2", "--json"])
    #expect(Set(report.keys) == Self.keys)
    #expect(report["threads"] as? Int == 1)
    #expect(report["warm_up_runs"] as? Int == 3)
    #expect(report["shape"] as? [[Int]] == [[1, 3, 64, 64]])
    #expect(["portable", "avx2", "avx512"].contains(report["isa"] as? String))
    let runs = try number(report["runs"])
    let (least, median) = (try number(report["min_ms"]), try number(report["median_ms"]))
    let (p90, p99) = (try number(report["p90_ms"]), try number(report["p99_ms"]))
    #expect(runs >= 3)
    #expect(0 < least && least <= median && median <= p90 && p90 <= p99)
    #expect(try number(report["planned_bytes"]) > 4000)
    #expect(try number(report["peak_rss_bytes"]) > number(report["planned_bytes"]))
  }

  @Test func `kernels that do not exist are refused`() throws {
    let command = try Command(
      ["bench"] + Self.model + ["--seconds", "0.1"], environment: ["MARTLET_KERNELS": "avx1024"])
    #expect(command.status == 1)
    #expect(
      command.errors
        == "martlet: error: MARTLET_KERNELS must be one of portable, avx2, avx512, got 'avx1024'\n")
  }

  @Test func `lists give every combination`() throws {
    let command = try Command([
      "bench", "squeezenet1_1", "--shape", "1,3,64,64", "--threads", "1,2", "--batch", "1,2",
      "--seconds", "0.05", "--warm-up", "0", "--json",
    ])
    #expect(command.status == 0, "\(command.errors)")
    let json = try JSONSerialization.jsonObject(with: Data(command.output.utf8))
    let reports = try #require(json as? [[String: Any]])
    #expect(reports.map { $0["threads"] as? Int } == [1, 2, 1, 2])
    #expect(reports.map { $0["batch"] as? Int } == [1, 1, 2, 2])
    #expect(reports.map { ($0["shape"] as? [[Int]])?[0][0] } == [1, 1, 2, 2])
  }

  @Test func `an error in a list is one line`() throws {
    let command = try Command(["bench", "squeezenet1_1", "--shape", "1,4,9,9", "--batch", "1,2"])
    #expect(command.status == 1)
    #expect(command.errors.hasPrefix("martlet: error: given groups=1, weight of size "))
    #expect(command.errors.split(separator: "\n").count == 1)
  }

  @Test func `streams run at the same time`() throws {
    let report = try object(
      ["bench"] + Self.model + ["--seconds", "0.2", "--streams", "2", "--json"])
    #expect(Set(report.keys) == Self.keys.union(["streams"]))
    #expect(report["streams"] as? Int == 2)
    // Each stream measures at least three runs.
    #expect(try number(report["runs"]) >= 6)
    #expect(try number(report["runs_per_s"]) > 0)
  }

  @Test func `compare gives ratios`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "old.json")
    let bench = ["bench"] + Self.model + ["--seconds", "0.1"]
    let old = try Command(bench + ["--json"])
    try Data(old.output.utf8).write(to: file)
    let report = try object(bench + ["--json", "--compare", file.path])
    let ratios = try #require(report["ratios"] as? [String: Double])
    #expect(ratios["planned_bytes"] == 1)
    #expect(try #require(ratios["median_ms"]) > 0)
    let text = try Command(bench + ["--compare", file.path])
    #expect(text.output.contains("now over before:\n    compile_ms "))

    try Data("{}".utf8).write(to: file)
    let broken = try Command(bench + ["--compare", file.path])
    #expect(broken.status == 1)
    #expect(broken.errors.contains("is not what martlet bench --json prints"))
    #expect(broken.errors.split(separator: "\n").count == 1)
  }

  @Test func `profile accounts for every step`() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    let report = try object(
      ["profile"] + Self.model + ["--seconds", "0.1", "--json", "--trace-out", file.path])
    let steps = try #require(report["steps"] as? [[String: Any]])
    let shares = try steps.map { try number($0["share"]) }
    #expect(abs(shares.reduce(0, +) - 1) < 0.01)
    let first = try #require(steps.first { $0["module"] as? String == "features.0" })
    // 64 channels of 31 × 31, each the sum of 27 products.
    #expect(try abs(number(first["gflop"]) - 2 * 64 * 31 * 31 * 27 / 1e9) < 1e-12)
    #expect(try number(first["peak_share"]) > 0)

    let trace = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
    let events = try #require((trace as? [String: Any])?["traceEvents"] as? [[String: Any]])
    let slices = events.filter { $0["ph"] as? String == "X" }
    #expect(slices.count == steps.count)
    for (slice, next) in zip(slices, slices.dropFirst()) {
      let end = try number(slice["ts"]) + number(slice["dur"])
      #expect(try abs(end - number(next["ts"])) < 1)
    }
  }

  @Test func `profile prints for people`() throws {
    let command = try Command(["profile"] + Self.model + ["--seconds", "0.05"])
    #expect(command.status == 0, "\(command.errors)")
    #expect(command.output.contains("one core's peak by "))
    #expect(command.output.contains("# classifier.1"))
    #expect(command.output.contains("\nby kernel:\n"))
  }
}
