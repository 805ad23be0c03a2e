import MartletTensor

extension Schema {
  /// Parses PyTorch's printed form, as in `aten::relu(Tensor self) -> Tensor`.
  ///
  /// - Throws: `MartletError` of kind `.argument` that points at the offending place.
  public init(_ text: String) throws {
    var parser = SchemaParser(text)
    self = try parser.schema()
  }
}

/// Reads the schema language by recursive descent.
private struct SchemaParser {
  let text: String
  private let characters: [UInt8]
  private var position = 0

  init(_ text: String) {
    self.text = text
    characters = Array(text.utf8)
  }

  mutating func schema() throws -> Schema {
    let qualified = word { $0 != UInt8(ascii: "(") }
    let parts = qualified.split(separator: ".", maxSplits: 1)
    guard !parts.isEmpty else { throw fail("an operator name") }
    try expect("(")
    var arguments: [SchemaArgument] = []
    var (keywordOnly, isVariadic) = (false, false)
    while !take(")") {
      if take("...") {
        isVariadic = true
      } else if take("*") {
        keywordOnly = true
      } else {
        arguments.append(try argument(keywordOnly))
      }
      skipSpaces()
      _ = take(",")
      skipSpaces()
    }
    skipSpaces()
    try expect("->")
    skipSpaces()
    let returns = try results()
    return Schema(
      description: text, name: String(parts[0]), overload: parts.count > 1 ? String(parts[1]) : "",
      arguments: arguments, returns: returns, isVariadic: isVariadic)
  }

  private mutating func argument(_ keywordOnly: Bool) throws -> SchemaArgument {
    let (type, alias, written) = try annotatedType()
    skipSpaces()
    let name = identifier()
    guard !name.isEmpty else { throw fail("an argument name") }
    var defaultValue: Value?
    if take("=") { defaultValue = try literal(of: type) }
    return SchemaArgument(
      name: name, type: type, defaultValue: defaultValue, isKeywordOnly: keywordOnly,
      aliasSet: alias, isWritten: written)
  }

  private mutating func results() throws -> [SchemaReturn] {
    guard take("(") else { return [try result()] }
    var results: [SchemaReturn] = []
    while !take(")") {
      results.append(try result())
      skipSpaces()
      _ = take(",")
      skipSpaces()
    }
    return results
  }

  private mutating func result() throws -> SchemaReturn {
    let (type, alias, _) = try annotatedType()
    skipSpaces()
    let name = identifier()
    return SchemaReturn(name: name.isEmpty ? nil : name, type: type, aliasSet: alias)
  }

  private mutating func annotatedType() throws -> (SchemaType, alias: String?, written: Bool) {
    var (type, alias, written) = try baseType()
    while true {
      if take("[") {
        let digits = word(while: \.isDigit)
        try expect("]")
        type = .list(type, count: Int(digits))
      } else if take("?") {
        type = .optional(type)
      } else if alias == nil, type.isContainer, let (name, isWritten) = annotation() {
        (alias, written) = (name, isWritten)
      } else {
        return (type, alias, written)
      }
    }
  }

  private mutating func baseType() throws -> (SchemaType, alias: String?, written: Bool) {
    if take("(") {
      var items: [SchemaType] = []
      while !take(")") {
        items.append(try annotatedType().0)
        skipSpaces()
        _ = take(",")
        skipSpaces()
      }
      return (.tuple(items), nil, false)
    }
    let name = identifier()
    if name == "Dict" {
      try expect("(")
      let key = try annotatedType().0
      try expect(",")
      skipSpaces()
      let value = try annotatedType().0
      try expect(")")
      return (.dictionary(key, value), nil, false)
    }
    let type: SchemaType
    switch name {
    case "Tensor": type = .tensor
    case "int", "SymInt": type = .int
    case "float": type = .float
    case "complex": type = .complex
    case "bool", "SymBool": type = .bool
    case "str": type = .string
    case "Scalar", "number": type = .scalar
    case "ScalarType": type = .dtype
    case "Layout": type = .layout
    case "MemoryFormat": type = .memoryFormat
    case "Device": type = .device
    case "QScheme": type = .quantizationScheme
    case "__torch__":
      type = .object(name + word { $0.isIdentifier || $0 == UInt8(ascii: ".") })
    case "Generator": type = .generator
    case "Any", "AnyEnumType": type = .any
    case "": throw fail("a type")
    default: type = .variable(name)
    }
    let (alias, written) = annotation() ?? (nil, false)
    return (type, alias, written)
  }

  /// `(a)`, `(a!)`, `(a -> *)`, `(a|b)`, `(*)`.
  private mutating func annotation() -> (String?, Bool)? {
    if take("(*)") { return ("*", false) }
    guard peek == UInt8(ascii: "("), position + 1 < characters.count,
      characters[position + 1].isLowercase,
      let close = characters[position...].firstIndex(of: UInt8(ascii: ")"))
    else { return nil }
    let body = text(of: (position + 1)..<close)
    position = close + 1
    return (String(body.prefix { $0.isLetter }), body.contains("!"))
  }

  private mutating func literal(of type: SchemaType) throws -> Value {
    if case .optional(let wrapped) = type {
      if take("None") { return .none }
      return try literal(of: wrapped)
    }
    if take("[") {
      var items: [Value] = []
      while !take("]") {
        guard case .list(let element, _) = type else { throw fail("a list type") }
        items.append(try literal(of: element))
        _ = take(",")
        skipSpaces()
      }
      return .list(items)
    }
    if let quote = peek, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      position += 1
      let body = word { $0 != quote }
      position += 1
      return .string(body.replacing(#/\\([ntfv])/#) { escapes[$0.1] ?? "" })
    }
    let token = word { !",)]".utf8.contains($0) }
    switch (token, type) {
    case ("None", _): return .none
    case ("True", _): return .bool(true)
    case ("False", _): return .bool(false)
    case ("Mean", _): return .int(1)
    case ("contiguous_format", _): return .int(0)
    case ("long", _): return .int(Dim(DType.int64.scalarType))
    case ("strided", _): return .int(0)
    case (_, .list(let element, let count?)):
      // `int[2] stride=1`: one number stands for all.
      let item = try number(token, element)
      return .list(Array(repeating: item, count: count))
    default: return try number(token, type)
    }
  }

  private func number(_ token: String, _ type: SchemaType) throws -> Value {
    if let value = Int(token), type != .float { return .int(Dim(value)) }
    if let value = Double(token) { return .double(value) }
    throw fail("a literal instead of '\(token)'")
  }

  private let escapes: [Substring: String] = [
    "n": "\n", "t": "\t", "f": "\u{0C}", "v": "\u{0B}",
  ]

  private var peek: UInt8? { position < characters.count ? characters[position] : nil }

  private mutating func skipSpaces() {
    while peek == UInt8(ascii: " ") { position += 1 }
  }

  private mutating func take(_ token: String) -> Bool {
    guard characters[position...].starts(with: token.utf8) else { return false }
    position += token.utf8.count
    return true
  }

  private mutating func expect(_ token: String) throws {
    guard take(token) else { throw fail("'\(token)'") }
  }

  private mutating func identifier() -> String {
    word(while: \.isIdentifier)
  }

  private mutating func word(while condition: (UInt8) -> Bool) -> String {
    let start = position
    while let character = peek, condition(character) { position += 1 }
    return text(of: start..<position)
  }

  private func text(of range: Range<Int>) -> String {
    String(decoding: characters[range], as: UTF8.self)
  }

  private func fail(_ expected: String) -> MartletError {
    MartletError(
      .argument, "schema '\(text)': expected \(expected) at character \(position + 1)")
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
  fileprivate var isLowercase: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }

  /// Whether it is part of a name; other alphabets' letters are.
  fileprivate var isIdentifier: Bool {
    isDigit || (self | 0x20).isLowercase || self == UInt8(ascii: "_") || self >= 0x80
  }
}

extension SchemaType {
  fileprivate var isContainer: Bool {
    switch self {
    case .list, .dictionary, .optional: true
    default: false
    }
  }
}
