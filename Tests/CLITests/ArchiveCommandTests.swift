import Foundation
import Martlet
import TestSupport
import Testing

/// `martlet trace --output` and what takes the archive that it writes.
@Suite struct ArchiveCommandTests {
  /// An archive of SqueezeNet, an input for it, and a place for what commands write.
  private final class Archive {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    var path: String { file("m.pt") }
    var input: String { file("x.npy") }

    init() throws {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let traced = try Command([
        "trace", "squeezenet1_1", "--shape", "1,3,64,64", "--output", path,
      ])
      #expect(traced.status == 0, "\(traced.errors)")
      #expect(traced.output == "wrote \(path)\n")
      let x = try withGenerator(seed: 1) { try Tensor.randn([1, 3, 64, 64]) }
      try x.save(npy: input)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func file(_ name: String) -> String { folder.appending(path: name).path }
  }

  @Test func `run writes outputs, and verify finds them equal`() throws {
    let archive = try Archive()
    let run = try Command([
      "run", archive.path, "--input", archive.input, "--output-dir", archive.file("out"),
    ])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.isEmpty)
    let output = archive.file("out/output_0.npy")
    #expect(try Tensor(npy: output).shape == [1, 1000])
    let verify = ["verify", archive.path, "--input", archive.input, "--expect"]
    let same = try Command(verify + [output, "--reference"])
    #expect(same.status == 0, "\(same.errors)")
    #expect(same.output.hasPrefix("output_0: float32 [1, 1000]  largest difference "))
    #expect(same.output.hasSuffix("  ok\n"))
    let other = try Command(verify + [archive.input])
    #expect(other.status == 1)
    #expect(other.output.contains("FAILED: sizes [1, 1000], expected [1, 3, 64, 64]"))
    #expect(
      other.errors == "martlet: error: 1 of 1 outputs differ beyond the tolerance 0.0001\n")
  }

  @Test func `run prints what it does not write`() throws {
    let archive = try Archive()
    let run = try Command(["run", archive.path, "--input", archive.input])
    #expect(run.output.hasPrefix("output_0: float32 [1, 1000] ["))
    #expect(run.output.hasSuffix(", …]\n"))
    let missing = try Command(["run", archive.path])
    #expect(missing.status == 1)
    #expect(missing.errors.hasPrefix("martlet: error: expected at least 1 tensors for the inputs "))
  }

  @Test(arguments: [[], ["--freeze"]])
  func `convert keeps the results`(flags: [String]) throws {
    let archive = try Archive()
    let copy = archive.file("copy.pt")
    let convert = try Command(["convert", archive.path, "--output", copy] + flags)
    #expect(convert.status == 0, "\(convert.errors)")
    _ = try Command([
      "run", archive.path, "--input", archive.input, "--output-dir", archive.file("o"),
    ])
    let verify = try Command([
      "verify", copy, "--input", archive.input, "--expect", archive.file("o/output_0.npy"),
    ])
    #expect(verify.status == 0, "\(verify.output)\(verify.errors)")
  }

  @Test func `verify goes node by node`() throws {
    let archive = try Archive()
    for other in ["eager", archive.path] {
      let verify = try Command([
        "verify", archive.path, "--input", archive.input, "--per-node", other,
      ])
      #expect(verify.status == 0, "\(verify.errors)")
      #expect(verify.output.hasSuffix(" nodes compared, none differs\n"))
    }
    let different = archive.file("other.pt")
    _ = try Command([
      "trace", "squeezenet1_1", "--shape", "1,3,64,64", "--output", different, "--seed", "5",
    ])
    let verify = try Command([
      "verify", archive.path, "--input", archive.input, "--per-node", different,
    ])
    #expect(verify.status == 1)
    #expect(verify.output.hasPrefix("the first node that differs: "))
    #expect(verify.output.contains("in module features.0"))
  }

  @Test func `inspect tells what is inside`() throws {
    let archive = try Archive()
    let text = try Command(["inspect", archive.path])
    #expect(text.output.contains("parameters  1235496 (4.9 MB)"))
    #expect(text.output.contains("all supported"))
    #expect(try Command(["inspect", archive.path, "--graph"]).output.hasPrefix("graph(%self"))
    #expect(try Command(["inspect", archive.path, "--code"]).output.contains("def forward(self"))
    let operators = try Command(["inspect", archive.path, "--ops"])
    #expect(operators.output.contains("26  aten::_convolution(Tensor input"))
    let plan = try Command(["inspect", archive.path, "--plan", "--shape", "1,3,64,64"])
    #expect(plan.output.contains("features.0"))
    #expect(plan.output.contains("\nplanned peak of a run: "))
    let json = try Command(["inspect", archive.path, "--json"])
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(json.output.utf8)) }
  }

  @Test func `bench takes an archive`() throws {
    let archive = try Archive()
    let bench = try Command([
      "bench", archive.path, "--shape", "1,3,64,64", "--seconds", "0.01", "--threads", "1",
    ])
    #expect(bench.status == 0, "\(bench.errors)")
    #expect(bench.output.contains("on [1, 3, 64, 64], 1 thread, "))
  }

  @Test func `the export check names what ncnn lacks`() throws {
    let taken = try Command([
      "trace", "squeezenet1_1", "--shape", "1,3,64,64", "--export-check", "pnnx",
    ])
    #expect(taken.status == 0)
    #expect(taken.output == "ncnn takes all of it\npnnx squeezenet1_1.pt\n")
  }

  @Test(arguments: [
    ["run", "/nowhere.pt"], ["inspect", "/nowhere.pt"],
    ["verify", "/nowhere.pt", "--per-node", "eager"],
    ["convert", "/nowhere.pt", "--output", "/tmp/x.pt"], ["bench", "/nowhere.pt"],
  ])
  func `a file that is not there is one line`(arguments: [String]) throws {
    let command = try Command(arguments)
    #expect(command.status == 1)
    #expect(command.errors.hasPrefix("martlet: error: could not open '/nowhere.pt': "))
    #expect(command.errors.split(separator: "\n").count == 1)
  }
}
