import MartletTensor

/// Cuts source into words, with Python's rules for indentation and for lines that brackets join.
struct SourceLexer {
  let source: SourceText
  private let bytes: [UInt8]
  private(set) var position = 0
  private var tokens: [SourceToken] = []
  private var indentations = [0]
  /// Open brackets, for messages where one is not closed.
  private var brackets: [Int] = []
  private var isLineStart = true
  /// More levels are refused before they can use up the stack of those who read the tree.
  private static let deepestIndentation = 100

  static func tokens(of source: SourceText) throws(MartletError) -> [SourceToken] {
    var lexer = SourceLexer(source)
    try lexer.run()
    return lexer.tokens
  }

  private init(_ source: SourceText) {
    self.source = source
    bytes = source.bytes
    // A byte order mark says nothing here.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  private mutating func run() throws(MartletError) {
    while true {
      if isLineStart, brackets.isEmpty {
        guard try startLine() else { break }
      }
      skipSpaces()
      guard position < bytes.count else { break }
      let byte = bytes[position]
      if byte == UInt8(ascii: "\n") {
        position += 1
        if brackets.isEmpty {
          add(.newline, position - 1)
          isLineStart = true
        }
      } else {
        try word(byte)
      }
    }
    if let open = brackets.last {
      throw failure("expected the bracket to be closed, got the end of the file", open)
    }
    if let last = tokens.last, last.kind != .newline { add(.newline, position) }
    for _ in indentations.dropFirst() { add(.dedent, position) }
    add(.end, position)
  }

  private mutating func add(_ kind: SourceToken.Kind, _ position: Int) {
    tokens.append(SourceToken(kind: kind, position: position))
  }

  private func failure(_ message: String, _ position: Int) -> MartletError {
    source.failure(message, at: position)
  }

  private func byte(_ offset: Int) -> UInt8 {
    position + offset < bytes.count ? bytes[position + offset] : 0
  }

  private mutating func skipSpaces() {
    while position < bytes.count {
      switch bytes[position] {
      case 32, 9, 13, 12: position += 1
      case UInt8(ascii: "\\") where byte(1) == 10: position += 2
      case UInt8(ascii: "\\") where byte(1) == 13 && byte(2) == 10: position += 3
      case UInt8(ascii: "#"): skipToLineEnd()
      default: return
      }
    }
  }

  private mutating func skipToLineEnd() {
    while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
  }

  /// Skips empty lines and measures the indentation of the next other one; false at the end.
  private mutating func startLine() throws(MartletError) -> Bool {
    while position < bytes.count {
      var width = 0
      let start = position
      loop: while position < bytes.count {
        switch bytes[position] {
        case 32: width += 1
        case 9: width = width / 8 * 8 + 8
        case 13, 12: break
        default: break loop
        }
        position += 1
      }
      guard position < bytes.count else { return false }
      if bytes[position] == UInt8(ascii: "#") { skipToLineEnd() }
      guard position < bytes.count else { return false }
      if bytes[position] == UInt8(ascii: "\n") {
        position += 1
        continue
      }
      try indent(to: width, start)
      isLineStart = false
      return true
    }
    return false
  }

  private mutating func indent(to width: Int, _ start: Int) throws(MartletError) {
    if width > indentations[indentations.count - 1] {
      guard indentations.count < SourceLexer.deepestIndentation else {
        throw failure(
          "expected at most \(SourceLexer.deepestIndentation) levels of indentation", position)
      }
      indentations.append(width)
      add(.indent, position)
      return
    }
    while width < indentations[indentations.count - 1] {
      indentations.removeLast()
      add(.dedent, position)
    }
    guard width == indentations[indentations.count - 1] else {
      throw failure("expected an indentation that an outer block has, got \(width) columns", start)
    }
  }

  private mutating func word(_ first: UInt8) throws(MartletError) {
    let start = position
    switch first {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
    case UInt8(ascii: ".") where isDigit(byte(1)): try number()
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      add(.string(try string(isRaw: false)), start)
    case _ where isNameByte(first):
      while position < bytes.count, isNameByte(bytes[position]) { position += 1 }
      if position - start <= 2, byte(0) == UInt8(ascii: "\"") || byte(0) == UInt8(ascii: "'"),
        let prefix = StringPrefix(bytes[start..<position])
      {
        let text = try string(isRaw: prefix.isRaw || prefix.isFormatted)
        add(prefix.isFormatted ? .formatted(text) : .string(text), start)
      } else {
        add(.name(String(decoding: bytes[start..<position], as: UTF8.self)), start)
      }
    default: try symbol()
    }
  }

  private mutating func symbol() throws(MartletError) {
    for length in [3, 2, 1] where position + length <= bytes.count {
      var key: UInt32 = 0
      for offset in (0..<length).reversed() { key = key << 8 | UInt32(bytes[position + offset]) }
      guard let symbol = SourceSymbol.byBytes[key] else { continue }
      switch symbol {
      case .leftParenthesis, .leftBracket, .leftBrace: brackets.append(position)
      case .rightParenthesis, .rightBracket, .rightBrace: try close(symbol)
      default: break
      }
      add(.symbol(symbol), position)
      position += length
      return
    }
    let scalar = UnicodeScalar(bytes[position])
    throw failure(
      "expected TorchScript, got the character '\(scalar.escaped(asASCII: true))'", position)
  }

  private mutating func close(_ symbol: SourceSymbol) throws(MartletError) {
    guard let open = brackets.popLast() else {
      throw failure("expected no '\(symbol.rawValue)': no bracket is open", position)
    }
    let wanted: UInt8 =
      switch bytes[open] {
      case UInt8(ascii: "("): UInt8(ascii: ")")
      case UInt8(ascii: "["): UInt8(ascii: "]")
      default: UInt8(ascii: "}")
      }
    guard bytes[position] == wanted else {
      throw failure(
        "expected '\(UnicodeScalar(wanted))', got '\(symbol.rawValue)'", position)
    }
  }

  private mutating func number() throws(MartletError) {
    var scanner = NumberScanner(bytes, position)
    guard let kind = scanner.scan() else {
      throw failure("expected a number that fits 64 bits", position)
    }
    add(kind, position)
    position = scanner.position
    if position < bytes.count, isNameByte(bytes[position]) {
      throw failure("expected the number to end here", position)
    }
  }

  private mutating func string(isRaw: Bool) throws(MartletError) -> String {
    var scanner = StringScanner(bytes, position, isRaw: isRaw)
    guard let text = scanner.scan() else {
      throw failure("expected \(scanner.expected)", scanner.failurePosition)
    }
    position = scanner.position
    return text
  }
}

/// What may stand before a string's quotes.
private struct StringPrefix {
  var isRaw = false
  var isFormatted = false

  init?(_ bytes: ArraySlice<UInt8>) {
    for byte in bytes {
      switch byte | 32 {
      case UInt8(ascii: "r"): isRaw = true
      case UInt8(ascii: "f"): isFormatted = true
      case UInt8(ascii: "u"): break
      default: return nil
      }
    }
  }
}

func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

/// Letters, digits, `_`, and everything beyond ASCII.
func isNameByte(_ byte: UInt8) -> Bool {
  (byte | 32) >= UInt8(ascii: "a") && (byte | 32) <= UInt8(ascii: "z") || isDigit(byte)
    || byte == UInt8(ascii: "_") || byte >= 128
}
