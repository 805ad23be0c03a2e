import Foundation
import Martlet
import MartletKernels
import MartletOps
import MartletTensor
import MartletTracer

/// Runs many archives in one process for Tests/Interop/check_archives.py and check_operators.py:
///
///     InteropProbe archives MANIFEST.json
///
/// The manifest is a list of archives with inputs and expected outputs. Each is loaded, run node
/// by node and compiled, compared, and saved again. Gives one line of JSON for each, when it
/// begins and when it is done, so that the reader knows at which one a crash happened.
enum ArchiveProbe {
  private struct Entry: Decodable {
    struct Run: Decodable {
      let inputs: [String]
      let expects: [String]
    }

    let name: String
    let archive: String
    let tolerance: Double
    let runs: [Run]
    let keepsState: Bool?
    /// Where to save the archive again.
    let resaved: String?
  }

  private struct Report: Encodable {
    let name: String
    var begins: Bool?
    /// What went wrong at each stage, by its name; empty when all is well.
    var problems: [String: String]?
    var seconds: Double?
    /// The largest relative difference of all.
    var largest: Double?
  }

  static func run(manifest: String) throws {
    let data = try Data(contentsOf: URL(filePath: manifest))
    for entry in try JSONDecoder().decode([Entry].self, from: data) {
      try printLine(Report(name: entry.name, begins: true))
      var probe = One(entry: entry)
      let duration = ContinuousClock().measure { probe.run() }
      try printLine(
        Report(
          name: entry.name, problems: probe.problems, seconds: duration / .seconds(1),
          largest: probe.largest.isFinite ? probe.largest : nil))
    }
  }

  private static func printLine(_ report: Report) throws {
    var line = try JSONEncoder().encode(report)
    line.append(UInt8(ascii: "\n"))
    FileHandle.standardOutput.write(line)
  }

  private struct One {
    let entry: Entry
    var problems: [String: String] = [:]
    var largest = 0.0

    mutating func run() {
      stage("load") { probe in
        let module = try TorchScript.load(probe.entry.archive)
        // Before it runs: a module may keep a state.
        if let path = probe.entry.resaved {
          probe.stage("save") { _ in try module.save(path) }
        }
        try probe.runAll()
      }
    }

    private mutating func runAll() throws {
      for (index, run) in entry.runs.enumerated() {
        let suffix = index == 0 ? "" : " at the second size"
        stage("reference" + suffix) { probe in
          let module = try TorchScript.load(probe.entry.archive)
          let inputs = try probe.inputs(run, for: module)
          try probe.compare(try module.run(inputs).leaves(), run)
        }
      }
      stage("compiled") { probe in
        let module = try TorchScript.load(probe.entry.archive)
        let program = try module.compile(threads: 2)
        for (index, run) in probe.entry.runs.enumerated() where index == 0 || !probe.keepsState {
          let inputs = try probe.inputs(run, for: module)
          probe.stage(index == 0 ? "compiled" : "compiled at the second size") { probe in
            let outputs = try program.run(inputs).flatMap { try $0.leaves() }
            try probe.compare(outputs, run)
            if !probe.keepsState { try probe.requireSameBits(outputs, module, program, inputs) }
          }
        }
      }
    }

    /// Other numbers of threads, and another run, give the same bits.
    private func requireSameBits(
      _ outputs: [Tensor], _ module: TracedModule, _ program: Program, _ inputs: [Value]
    ) throws {
      let expected = try outputs.map(Self.bits)
      let others = [
        ("in a second run", program), ("with 1 thread", try module.compile(threads: 1)),
        ("with 4 threads", try module.compile(threads: 4)),
      ]
      for (name, other) in others {
        let got = try other.run(inputs).flatMap { try $0.leaves() }
        guard try got.map(Self.bits) == expected else {
          throw MartletError(.check, "other bits \(name)")
        }
      }
    }

    private static func bits(_ tensor: Tensor) throws -> [UInt8] {
      let dense = try tensor.compacted()
      let start = dense.layout.offset * dense.dtype.byteCount
      return try dense.storage.bytes().withSpan(
        of: UInt8.self, offset: start, count: dense.count * dense.dtype.byteCount
      ) { span in
        span.indices.map { span[$0] }
      }
    }

    /// Whether the second run's result depends on the first.
    private var keepsState: Bool { entry.keepsState ?? false }

    private func inputs(_ run: Entry.Run, for module: TracedModule) throws -> [Value] {
      try module.inputs(filledWith: try run.inputs.map { try Tensor(npy: $0) })
    }

    private mutating func compare(_ outputs: [Tensor], _ run: Entry.Run) throws {
      guard outputs.count == run.expects.count else {
        throw MartletError(
          .check, "\(outputs.count) outputs, expected \(run.expects.count)")
      }
      for (index, output) in outputs.enumerated() {
        let difference = try TensorDifference(
          output, expected: try Tensor(npy: run.expects[index]))
        largest = max(largest, difference.relative)
        guard difference.isWithin(entry.tolerance) else {
          let values = difference.elements.map { ", \($0.got) where \($0.expected) is expected" }
          throw MartletError(
            .check,
            "output \(index): "
              + (difference.mismatch ?? "differs by \(difference.relative)\(values ?? "")"))
        }
      }
    }

    private mutating func stage(_ name: String, _ body: (inout One) throws -> Void) {
      do {
        try body(&self)
      } catch {
        let lines = "\(error)".split(separator: "\n").map {
          $0.trimmingPrefix(while: \.isWhitespace)
        }
        problems[name] = lines.joined(separator: "; ")
      }
    }
  }
}
