import Foundation
import Martlet
import MartletPictures

/// Reads handwritten digits with a network that PyTorch trained, traces ResNet-18, and makes the
/// archive of a detector, which `make demo` gives to `martlet detect`.
@main
struct DigitsDemo {
  /// The share of the held-out digits that must be read correctly, in percent.
  static let wantedAccuracy = 98.0

  static func main() {
    do {
      let readings = try readDigits(from: "Examples/Digits")
      try drawSheet(of: readings, to: "out/digits.png")
      try traceResNet()
      try readings.check()
      try findDigits(from: "Examples/Digits", to: "out/digit_detector.pt")
    } catch {
      FileHandle.standardError.write(Data("demo: error: \(error)\n".utf8))
      exit(1)
    }
  }

  private static func readDigits(from folder: String) throws -> Readings {
    print("Handwritten digits")
    let model = DigitsNet()
    try model.load("\(folder)/digits.safetensors")
    model.eval()

    let digits = try HeldOutDigits(folder: folder)
    let first = try digits.image(0)
    let traced = try trace(model, first, checkInputs: [digits.image(1)])
    let summary = try traced.summary()
    report("model", "\(summary.parameterCount) parameters, \(summary.moduleCount) modules")
    report("trace", "\(summary.operatorCallCount) operator calls, checked on two images")

    let program = try traced.compile()
    _ = try program.run([first])
    var progress = Progress("reading", of: digits.count)
    var logits: [[Float]] = []
    var time = Duration.zero
    for index in 0..<digits.count {
      let image = try digits.image(index)
      let start = ContinuousClock.now
      let output = try program.run([image])
      time += ContinuousClock.now - start
      logits.append(try output[0].array(of: Float.self))
      progress.advance(to: index + 1)
    }
    let readings = Readings(digits: digits, logits: logits)
    let each = time / digits.count
    report(
      "speed",
      "\(digits.count) images one by one in \(milliseconds(time)), \(microseconds(each)) each")
    report("accuracy", readings.accuracyText)
    report("PyTorch", readings.agreementText)
    return readings
  }

  private static func drawSheet(of readings: Readings, to path: String) throws {
    let sheet = ContactSheet(
      title: "\(readings.accuracyText) read correctly by a network traced in Swift",
      subtitle:
        "Under each image: the answer. Red: a mistake, with the writer's digit in brackets.",
      entries: readings.entries)
    try FileManager.default.createDirectory(
      at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
    try sheet.draw().write(to: path)
    report("picture", path)
  }

  private static func traceResNet() throws {
    print("\nResNet-18 on float32 [1, 3, 224, 224]")
    manualSeed(0)
    let model = ResNet.resnet18().eval()
    let image = try Tensor.randn([1, 3, 224, 224])
    let traced = try trace(model, image)
    let summary = try traced.summary()
    report("model", "\(summary.parameterCount) parameters, \(summary.moduleCount) modules")
    report("trace", "\(summary.operatorCallCount) operator calls, checked against a second run")
    for entry in summary.operators { report("", "\(entry.count) x \(entry.name)") }

    let program = try traced.compile()
    _ = try program.run([image])
    let steps = 100
    var progress = Progress("measuring", of: steps)
    let latency = try Latency.measure(
      seconds: 3, onProgress: { progress.advance(to: Int($0 * Double(steps))) }
    ) {
      _ = try program.run([image])
    }
    let threads = program.threads == 1 ? "1 thread" : "\(program.threads) threads"
    report(
      "latency",
      "median \(milliseconds(latency.median)), min \(milliseconds(latency.minimum)), "
        + "\(threads), \(latency.count) runs")
  }

  private static func findDigits(from folder: String, to path: String) throws {
    print("\nHandwritten digits anywhere")
    let detector = try DigitDetector(folder: folder)
    report("model", try detector.summaryText)
    report("PyTorch", try detector.checkAgainstPyTorch())
    try detector.save(to: path)
    report("archive", path)
  }

  private static func report(_ name: String, _ text: String) {
    print("  \(name)\(String(repeating: " ", count: max(10 - name.count, 1)))\(text)")
  }

  private static func milliseconds(_ duration: Duration) -> String {
    "\((duration / .milliseconds(1) * 100).rounded() / 100) ms"
  }

  private static func microseconds(_ duration: Duration) -> String {
    "\(Int((duration / .microseconds(1)).rounded())) µs"
  }
}
