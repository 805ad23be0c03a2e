/// Names that no two values of a function share, made from those of the graph.
struct SourceNames {
  private var used: Set<String> = []
  private var next: [String: Int] = [:]

  private static let keywords: Set<String> = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
  ]

  /// What the serialised form gives a meaning, and functions of the language that a variable of
  /// the name would hide.
  private static let reserved: Set<String> = keywords.union([
    "_", "aten", "attribute", "CONSTANTS", "fork", "getattr", "inf", "nan", "infj", "nanj", "ops",
    "__torch__", "self", "uninitialized", "unchecked_cast", "annotate", "torch", "int", "float",
    "bool", "str", "complex", "range", "print", "sorted", "isinstance",
  ])

  /// Forgets the names; the numbers behind them go on, as within one of PyTorch's files.
  mutating func startFunction() { used = [] }

  /// `input.1` becomes `input`, then `input0`; numbers become `_0`, `_1`, in order.
  mutating func next(for graphName: String) -> String { unique(SourceNames.base(of: graphName)) }

  /// A parameter's name; `self` is one.
  mutating func parameter(_ name: String) -> String {
    if name == "self", used.insert(name).inserted { return name }
    return unique(SourceNames.identifier(name))
  }

  private mutating func unique(_ base: String) -> String {
    var name = base
    while used.contains(name) || SourceNames.reserved.contains(name) {
      let number = next[name, default: 0]
      next[name] = number + 1
      name = "\(base)\(number)"
    }
    used.insert(name)
    return name
  }

  static func base(of name: String) -> String {
    if name.utf8.allSatisfy({ (48...57).contains($0) }) { return "_" }
    var parts = name.split(separator: ".", omittingEmptySubsequences: false)
    if parts.count > 1, parts.last?.utf8.allSatisfy({ (48...57).contains($0) }) == true {
      parts.removeLast()
    }
    return identifier(parts.joined(separator: "_"))
  }

  /// The text with underscores for what no identifier may hold.
  static func identifier(_ text: String) -> String {
    var bytes = text.utf8.map { isIdentifierByte($0) ? $0 : UInt8(ascii: "_") }
    if bytes.first.map({ (48...57).contains($0) }) ?? true {
      bytes.insert(UInt8(ascii: "_"), at: 0)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether it can stand behind a dot.
  static func isIdentifier(_ name: String) -> Bool {
    guard let first = name.utf8.first, !(48...57).contains(first) else { return false }
    return name.utf8.allSatisfy(isIdentifierByte) && !keywords.contains(name)
  }

  private static func isIdentifierByte(_ byte: UInt8) -> Bool {
    (97...122).contains(byte | 32) || (48...57).contains(byte) || byte == UInt8(ascii: "_")
  }
}
