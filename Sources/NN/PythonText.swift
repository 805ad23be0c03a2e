/// How Python prints a value; layers describe themselves so.
enum Python {
  static func text(_ value: Bool) -> String { value ? "True" : "False" }

  static func text(_ value: Double) -> String { "\(value)" }

  static func text<T>(_ value: T?) -> String { value.map { "\($0)" } ?? "None" }

  static func text(_ text: String) -> String { "'\(text)'" }

  /// A tuple: `(3,)`, `(3, 3)`.
  static func tuple(_ values: [some CustomStringConvertible]) -> String {
    "(\(values.map(\.description).joined(separator: ", "))\(values.count == 1 ? "," : ""))"
  }

  /// A size as messages show it: `torch.Size([2, 3])`.
  static func size(_ sizes: [Int]) -> String { "torch.Size(\(sizes))" }

  /// The lines after the first moved to the right.
  static func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n  ")
  }
}
