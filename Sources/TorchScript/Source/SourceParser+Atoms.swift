import MartletTensor

/// Names, literals, and what stands between brackets.
extension SourceParser {
  /// Whether the word that ends before the offset closes a parenthesis.
  func tokenWasParenthesis(before offset: Int) -> Bool {
    var place = min(offset, source.bytes.count) - 1
    while place >= 0, source.bytes[place] <= 32 { place -= 1 }
    return place >= 0 && source.bytes[place] == UInt8(ascii: ")")
  }

  mutating func atom() throws(MartletError) -> Expression {
    let start = position
    switch kind {
    case .name(let name): return try word(name)
    case .int(let number):
      guard let value = Int(exactly: number) else {
        throw source.failure("expected an integer of 64 bits, got \(number)", at: start)
      }
      advance()
      return make(.int(value), start, [])
    case .double(let number):
      advance()
      return make(.double(number), start, [])
    case .imaginary(let number):
      advance()
      return make(.imaginary(number), start, [])
    case .string, .formatted: return try strings()
    case .symbol(.leftParenthesis): return try parenthesized()
    case .symbol(.leftBracket): return try list()
    case .symbol(.leftBrace): return try dictionary()
    case .symbol(.ellipsis):
      advance()
      return make(.ellipsis, start, [])
    default: throw expected("an expression")
    }
  }

  private mutating func word(_ name: String) throws(MartletError) -> Expression {
    let start = position
    let kind: Expression.Kind
    switch name {
    case "True": kind = .bool(true)
    case "False": kind = .bool(false)
    case "None": kind = .none
    default:
      guard !SourceParser.keywords.contains(name) else { throw expected("an expression") }
      kind = .name(name)
    }
    advance()
    return make(kind, start, [])
  }

  /// Strings one behind the other are one string.
  private mutating func strings() throws(MartletError) -> Expression {
    let start = position
    var text = ""
    var fields: [Expression] = []
    var isFormatted = false
    while true {
      switch kind {
      case .string(let part): text += part
      case .formatted(let part):
        isFormatted = true
        var template = FormattedString(part, self)
        try template.read()
        text += template.text
        fields += template.fields
      default:
        return make(isFormatted ? .formatted(text, fields) : .string(text), start, fields)
      }
      advance()
    }
  }

  private mutating func parenthesized() throws(MartletError) -> Expression {
    let start = position
    advance()
    if take(.rightParenthesis) { return make(.tuple([]), start, []) }
    let value = try expressions()
    if at("for") {
      let clauses = try clauses()
      try expect(.rightParenthesis)
      return make(.listComprehension(value, clauses), start, [value])
    }
    try expect(.rightParenthesis)
    return value
  }

  private mutating func list() throws(MartletError) -> Expression {
    let start = position
    advance()
    var items: [Expression] = []
    while !take(.rightBracket) {
      let item = try expression()
      items.append(item)
      if items.count == 1, at("for") {
        let clauses = try clauses()
        try expect(.rightBracket)
        return make(.listComprehension(item, clauses), start, [item])
      }
      if !at(.rightBracket) { try expect(.comma) }
    }
    return make(.list(items), start, items)
  }

  private mutating func dictionary() throws(MartletError) -> Expression {
    let start = position
    advance()
    var entries: [(key: Expression, value: Expression)] = []
    while !take(.rightBrace) {
      let key = try expression()
      try expect(.colon)
      let value = try expression()
      entries.append((key, value))
      if entries.count == 1, at("for") {
        let clauses = try clauses()
        try expect(.rightBrace)
        return make(.dictionaryComprehension(key, value, clauses), start, [key, value])
      }
      if !at(.rightBrace) { try expect(.comma) }
    }
    return make(.dictionary(entries), start, entries.flatMap { [$0.key, $0.value] })
  }

  /// `for x in xs if c`, any number of times.
  mutating func clauses() throws(MartletError) -> [Expression.Clause] {
    var clauses: [Expression.Clause] = []
    while take("for") {
      let target = try targets()
      try expect("in")
      let iterable = try binary(1)
      var conditions: [Expression] = []
      while take("if") { conditions.append(try binary(1)) }
      clauses.append(
        Expression.Clause(target: target, iterable: iterable, conditions: conditions))
    }
    return clauses
  }
}

/// Takes an f-string apart: `{}` in the text for each field.
private struct FormattedString {
  private let bytes: [UInt8]
  private let parser: SourceParser
  private(set) var text = ""
  private(set) var fields: [Expression] = []

  init(_ content: String, _ parser: SourceParser) {
    bytes = Array(content.utf8)
    self.parser = parser
  }

  mutating func read() throws(MartletError) {
    var position = 0
    var plain: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      let isDoubled = position + 1 < bytes.count && bytes[position + 1] == byte
      if byte == UInt8(ascii: "{"), !isDoubled {
        var end = position + 1
        while end < bytes.count, bytes[end] != UInt8(ascii: "}") { end += 1 }
        guard end < bytes.count else { throw failure("'}'") }
        fields.append(try field(bytes[(position + 1)..<end]))
        plain += Array("{}".utf8)
        position = end + 1
      } else if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") {
        guard isDoubled else { throw failure("'{' before '}'") }
        plain += [byte, byte]
        position += 2
      } else {
        plain.append(byte)
        position += 1
      }
    }
    var scanner = StringScanner(
      Array("\"\"\"".utf8) + plain + Array("\"\"\"".utf8), 0, isRaw: false)
    guard let content = scanner.scan() else { throw failure(scanner.expected) }
    text = content
  }

  private func field(_ content: ArraySlice<UInt8>) throws(MartletError) -> Expression {
    let source = SourceText(
      path: parser.source.path, text: "(" + String(decoding: content, as: UTF8.self) + ")")
    do {
      // Places within the field are the string's.
      var inner = try SourceParser(source, place: parser.position)
      inner.depth = parser.depth + 1
      let value = try inner.expression()
      guard inner.kind == .newline else { throw failure("'}'") }
      return value
    } catch {
      throw failure("an expression between the braces")
    }
  }

  private func failure(_ expected: String) -> MartletError {
    parser.source.failure("expected \(expected) in the string", at: parser.position)
  }
}
