import Foundation
import TestSupport
import Testing

/// `martlet trace`, and what `martlet bench` prints, on a small model with a small image.
@Suite struct ModelCommandTests {
  private let model = ["squeezenet1_1", "--shape", "1,3,64,64"]

  @Test func `trace counts what it holds`() throws {
    let command = try Command(["trace"] + model)
    #expect(command.status == 0)
    #expect(command.errors.isEmpty)
    let lines = command.output.split(separator: "\n")
    #expect(lines.first == "squeezenet1_1 on float32 [1, 3, 64, 64], seed 0")
    #expect(lines.contains { $0.contains("1235496 parameters (4.9 MB)") })
    #expect(lines.contains("  26  aten::_convolution"))
  }

  @Test func `trace prints the graph and the code`() throws {
    let graph = try Command(["trace"] + model + ["--graph"])
    #expect(graph.output.hasPrefix("graph(%self : "))
    #expect(graph.output.contains("aten::_convolution"))
    let code = try Command(["trace"] + model + ["--code"])
    #expect(code.output.hasPrefix("def forward(self,"))
  }

  @Test func `trace counts in JSON`() throws {
    struct Counts: Decodable {
      let parameterCount: Int
      let operatorCallCount: Int
    }
    let command = try Command(["trace"] + model + ["--json"])
    let counts = try JSONDecoder().decode(Counts.self, from: Data(command.output.utf8))
    #expect(counts.parameterCount == 1_235_496)
    #expect(counts.operatorCallCount > 26)
  }

  @Test func `bench prints for people`() throws {
    let command = try Command(["bench"] + model + ["--threads", "1", "--seconds", "0.1"])
    let words = ["median", "min", "p90", "p99", "load", "compile", "first run", "warm-up"]
    for word in words + ["throughput", "memory", "kernels"] {
      #expect(command.output.contains("\n  \(word) "))
    }
  }
}
