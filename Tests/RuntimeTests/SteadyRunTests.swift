import Foundation
import TestSupport
import Testing

/// What a run asks of the heap once its plan, its arena and its threads are there.
struct SteadyRunTests {
  /// glibc's own counting of blocks.
  static let counter = "libc_malloc_debug.so.0"

  static var isCounted: Bool {
    ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu"]
      .contains { FileManager.default.fileExists(atPath: "\($0)/\(counter)") }
  }

  /// The list of results and its one value; the output's storage, its memory and the bytes.
  @Test(
    .enabled(if: isCounted), arguments: ["resnet", "mobilenet", "squeezenet", "vit"], [1, 2])
  func `a steady run asks the heap for its outputs alone`(model: String, threads: Int) throws {
    try withTemporaryFolder { folder in
      let command = try Command(
        [model, "\(threads)"], program: "HeapProbe",
        environment: [
          "LD_PRELOAD": Self.counter, "MALLOC_TRACE": folder.appending(path: "log").path,
        ])
      #expect(command.status == 0, "\(command.errors)")
      #expect(command.output == "5.0\n")
    }
  }
}
