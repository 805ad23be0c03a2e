import MartletKernels

/// One format for all shown numbers of a tensor, chosen as PyTorch's `_tensor_str._Formatter`
/// chooses it.
struct NumberFormat {
  private enum Style { case whole, fixed, scientific }

  private let style: Style
  private let precision: Int
  /// The characters that a number is padded to.
  private(set) var width = 1

  /// For floating-point numbers. Zeros, infinities and NaN take part in nothing.
  init(_ values: [Double], _ options: PrintOptions) {
    precision = max(options.precision, 0)
    let counted = values.filter { $0.isFinite && $0 != 0 }
    guard let first = counted.first else {
      style = .whole
      return
    }
    var least = abs(first)
    var largest = least
    for value in counted {
      least = min(least, abs(value))
      largest = max(largest, abs(value))
    }
    let isWide = largest / least > 1000 || largest > 1e8 || least < 1e-4
    if options.scientific ?? isWide {
      style = .scientific
    } else {
      style = counted.allSatisfy { $0 == $0.rounded(.up) } ? .whole : .fixed
    }
    for value in counted { width = max(width, digits(value).count) }
  }

  func text(_ value: Double) -> String { padded(digits(value)) }

  func padded(_ text: String) -> String {
    String(repeating: " ", count: max(width - text.count, 0)) + text
  }

  private func digits(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    switch style {
    case .whole: return NumberText.text(value, .fixed, digits: 0) + "."
    case .fixed: return NumberText.text(value, .fixed, digits: precision)
    case .scientific: return NumberText.text(value, .scientific, digits: precision)
    }
  }

  /// For whole numbers and truth values, already spelled.
  init(spelled texts: [String]) {
    style = .whole
    precision = 0
    for text in texts { width = max(width, text.count) }
  }
}
