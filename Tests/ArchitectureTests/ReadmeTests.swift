import Foundation
import Martlet
import Testing

/// The README's example compiles and runs: it stands here word for word.
@Suite struct ReadmeTests {
  @Test func `the example does what it says`() throws {
    final class Net: Module {
      let conv = Conv2d(1, 8, kernelSize: 3), relu = ReLU(), fc = Linear(8, 10)
      func forward(_ x: Tensor) throws -> Tensor { try fc(relu(conv(x)).mean(dim: [2, 3])) }
    }

    let model = Net().eval()
    let traced = try trace(model, Tensor.randn([1, 1, 28, 28]))  // records, then checks
    print(try traced.inlinedGraph)
    let program = try traced.compile(threads: 2)
    let answers: Tensor = try program(Tensor.randn([16, 1, 28, 28]))  // any thread, any batch

    #expect(answers.shape == [16, 10])
  }

  @Test func `the README shows the example`() throws {
    let parts = try SourceTree.text("README.md").components(separatedBy: "```")
    let block = try #require(parts.first { $0.hasPrefix("swift\n") })
    let shown = block.split(separator: "\n").dropFirst().map { trimmed($0) }
    #expect(shown.count <= 12)
    #expect(shown.first == "import Martlet")
    let here = try String(contentsOfFile: #filePath, encoding: .utf8)
      .split(separator: "\n").map { trimmed($0) }
    #expect(here.contains("import Martlet"))
    let example = Array(shown.dropFirst())
    let stands = here.indices.contains { here[$0...].starts(with: example) }
    #expect(stands, "the README's example is not the one that is tested")
  }

  @Test func `the commands of the README exist`() throws {
    let targets = try SourceTree.text("Makefile").split(separator: "\n")
      .compactMap { $0.firstMatch(of: #/^([a-z]+):/#).map { String($0.1) } }
    for match in try SourceTree.text("README.md").matches(of: #/make ([a-z]+)/#) {
      #expect(targets.contains(String(match.1)), "make \(match.1) is not in the Makefile")
    }
  }

  private func trimmed(_ line: Substring) -> String {
    line.trimmingCharacters(in: .whitespaces)
  }
}
