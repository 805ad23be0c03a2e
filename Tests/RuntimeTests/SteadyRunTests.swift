import Foundation
import MartletKernels
import TestSupport
import Testing

/// What a run asks of the heap once its plan, its arena and its threads are there.
struct SteadyRunTests {
  /// glibc's own log of blocks.
  static let tracer = "libc_malloc_debug.so.0"

  /// Only with generated kernels; others call for threads by closures.
  static var isCounted: Bool {
    KernelMode.current != .portable
      && ["", "64", "/x86_64-linux-gnu", "/aarch64-linux-gnu"].contains {
        FileManager.default.fileExists(atPath: "/usr/lib\($0)/\(tracer)")
      }
  }

  /// The list of results and its one value; the output's storage, its memory and the bytes.
  @Test(
    .enabled(if: isCounted), arguments: ["resnet", "mobilenet", "squeezenet", "vit"], [1, 2])
  func `a steady run asks the heap for its outputs alone`(model: String, threads: Int) throws {
    let runs = 10
    try withTemporaryFolder { folder in
      let log = folder.appending(path: "log")
      let command = try Command(
        ["\(runs)", "\(threads)", model], program: "HeapProbe",
        environment: ["LD_PRELOAD": Self.tracer, "MALLOC_TRACE": log.path])
      #expect(command.status == 0, "\(command.errors)")
      let lines = try String(contentsOf: log, encoding: .utf8).split(separator: "\n")
      let end = try #require(lines.firstIndex { $0.hasSuffix(" 0x12d687") })
      // Blocks asked for, and those moved for more room. A thread that begins late asks for some.
      let blocks = lines[..<end].count { $0.contains("] + 0x") || $0.contains("] > 0x") }
      #expect(blocks / runs == 5, "\(blocks) blocks in \(runs) runs")
    }
  }
}
