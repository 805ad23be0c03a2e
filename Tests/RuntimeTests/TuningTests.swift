import MartletKernels
import MartletNN
import MartletOps
import MartletRuntime
import MartletTensor
import MartletTracer
import TestSupport
import Testing

/// Convolutions whose algorithm was chosen by timing.
struct TuningTests {
  private func traced() throws -> (module: TracedModule, x: Tensor) {
    let x = try noise([1, 16, 20, 20])
    let first = Conv2d(16, 24, kernelSize: 3, padding: 1)
    let second = Conv2d(24, 24, kernelSize: 3, padding: 1)
    let module = try trace(
      { (x: Tensor) in
        let y = try first(x).relu()
        return try y + second(y)
      }, x, allowConstants: true)
    return (module, x)
  }

  @Test func agreesWithTheReference() throws {
    let (module, x) = try traced()
    let expected = try module.run([.tensor(x)])
    let record = TuningRecord()
    let options = CompileOptions(threads: 1, tuning: .measured(record))
    let got = try module.compile(options: options).run([x])[0]
    if case .tensor(let tensor) = expected {
      #expect(try difference(got, tensor, tolerance: 1e-5) == nil)
    } else {
      Issue.record("no tensor: \(expected.summary)")
    }
    #expect(record.count == (KernelMode.current.instructionSet == nil ? 0 : 2))
    let parallel = try module.compile(
      options: CompileOptions(threads: 2, tuning: .measured(record)))
    #expect(try bits(parallel.run([x])[0]) == bits(got))
  }

  @Test func textKeepsTheChoices() throws {
    let (module, x) = try traced()
    let record = TuningRecord()
    let program = try module.compile(options: CompileOptions(tuning: .measured(record)))
    let again = try TuningRecord(text: record.text)
    #expect(again.text == record.text)
    let other = try module.compile(options: CompileOptions(tuning: .measured(again)))
    #expect(again.text == record.text)
    #expect(try bits(other.run([x])[0]) == bits(program.run([x])[0]))
  }

  /// Choices made elsewhere are taken where they suit.
  @Test(arguments: ["direct", "winograd2", "winograd4", "depthwise"])
  func takesChoices(_ name: String) throws {
    let (module, x) = try traced()
    let record = TuningRecord()
    let program = try module.compile(options: CompileOptions(tuning: .measured(record)))
    let lines = record.text.split(separator: "\n")
    let text = lines.enumerated().map { index, line in
      index == 0
        ? "\(line)" : line.split(separator: " ").dropLast().joined(separator: " ") + " " + name
    }
    let given = try TuningRecord(text: text.joined(separator: "\n"))
    let other = try module.compile(options: CompileOptions(tuning: .measured(given)))
    #expect(try difference(other.run([x])[0], program.run([x])[0], tolerance: 1e-5) == nil)
    if name.hasPrefix("winograd"), KernelMode.current.instructionSet != nil {
      #expect("\(other)".contains("winograd"))
    }
  }

  @Test(arguments: [
    "", "nonsense", "martlet tuning 1\nx", "martlet tuning 1\nx y", "martlet tuning 2\n",
  ])
  func refusesOtherTexts(_ text: String) {
    #expect(throws: MartletError.self) { try TuningRecord(text: text) }
  }
}
