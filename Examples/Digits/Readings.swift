import Martlet

/// What the network made of the held-out digits, beside the truth and PyTorch's answers.
struct Readings {
  let digits: HeldOutDigits
  let logits: [[Float]]

  private var answers: [Int] { logits.map(Self.largest) }
  private var torchAnswers: [Int] { digits.torchLogits.map(Self.largest) }

  private var correctCount: Int { zip(answers, digits.labels).count(where: { $0 == $1 }) }
  private var agreementCount: Int { zip(answers, torchAnswers).count(where: { $0 == $1 }) }
  private var accuracy: Double { 100 * Double(correctCount) / Double(digits.count) }

  /// Largest absolute difference over largest absolute value.
  private var difference: Float {
    let pairs = zip(logits.joined(), digits.torchLogits.joined())
    let largest = digits.torchLogits.joined().map(abs).max() ?? 1
    return (pairs.map { abs($0 - $1) }.max() ?? 0) / largest
  }

  var entries: [ContactSheet.Entry] {
    digits.labels.indices.map {
      ContactSheet.Entry(pixels: digits.pixels[$0], answer: answers[$0], truth: digits.labels[$0])
    }
  }

  var accuracyText: String {
    let percent = (accuracy * 100).rounded() / 100
    return "\(correctCount) of \(digits.count) held-out digits (\(percent) %)"
  }

  var agreementText: String {
    "the same answer on \(agreementCount) of \(digits.count), "
      + "logits differ by at most \(Self.short(difference)) of the largest"
  }

  /// - Throws: `DigitsError` when the network reads worse than it must, or not as in PyTorch.
  func check() throws {
    guard agreementCount == digits.count else {
      throw DigitsError("\(digits.count - agreementCount) answers differ from PyTorch's")
    }
    guard accuracy >= DigitsDemo.wantedAccuracy else {
      throw DigitsError("accuracy \(accuracy) % is below \(DigitsDemo.wantedAccuracy) %")
    }
  }

  /// The position of the first largest value.
  private static func largest(_ values: [Float]) -> Int {
    values.indices.max { values[$0] < values[$1] } ?? 0
  }

  /// Two digits, as in `1.3e-07`.
  private static func short(_ value: Float) -> String {
    guard value > 0 else { return "0" }
    var exponent = 0
    var mantissa = value
    while mantissa < 1 {
      mantissa *= 10
      exponent -= 1
    }
    return "\((mantissa * 10).rounded() / 10)e\(exponent)"
  }
}
