import MartletTensor

/// The words of a graph's text.
struct GraphLexer {
  enum Token: Equatable {
    /// A letter or `_`, then letters, digits, `_`, `.` and `::`.
    case word(String)
    /// What follows a `%`.
    case value(String)
    case number(String)
    case string(String)
    /// What follows a `#`, to the end of the line.
    case comment(String)
    case symbol(String)
    case newline
    case end
  }

  private let bytes: [UInt8]
  private(set) var position = 0
  /// Where the last token began.
  private(set) var start = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  mutating func next() throws(MartletError) -> Token {
    while position < bytes.count, bytes[position] == 32 || bytes[position] == 9 { position += 1 }
    start = position
    guard position < bytes.count else { return .end }
    let byte = bytes[position]
    switch byte {
    case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
      position += 1
      return .newline
    case UInt8(ascii: "#"):
      let body = take { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
      return .comment(String(body.dropFirst()).trimmingSpaces)
    case UInt8(ascii: "%"):
      position += 1
      let name = take { isWordByte($0) }
      guard !name.isEmpty else { throw failure("a value's name after %") }
      return .value(name)
    case UInt8(ascii: "\""):
      return .string(try string())
    case UInt8(ascii: "-"):
      if position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: ">") {
        position += 2
        return .symbol("->")
      }
      position += 1
      return .number("-" + takeNumber())
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      return .number(takeNumber())
    default:
      guard isLetter(byte) else {
        position += 1
        return .symbol(String(UnicodeScalar(byte)))
      }
      var word = take { isWordByte($0) }
      while position + 1 < bytes.count, bytes[position] == UInt8(ascii: ":"),
        bytes[position + 1] == UInt8(ascii: ":")
      {
        position += 2
        word += "::" + take { isWordByte($0) }
      }
      return .word(word)
    }
  }

  private mutating func take(while condition: (UInt8) -> Bool) -> String {
    let first = position
    while position < bytes.count, condition(bytes[position]) { position += 1 }
    return String(decoding: bytes[first..<position], as: UTF8.self)
  }

  /// Digits, a point, an exponent with its sign; `inf` and `nan` behind a minus.
  private mutating func takeNumber() -> String {
    var previous: UInt8 = 0
    return take { byte in
      defer { previous = byte }
      if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") {
        return previous == UInt8(ascii: "e")
      }
      return isWordByte(byte)
    }
  }

  private mutating func string() throws(MartletError) -> String {
    position += 1
    var content: [UInt8] = []
    while position < bytes.count, bytes[position] != UInt8(ascii: "\n") {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\"") { return String(decoding: content, as: UTF8.self) }
      guard byte == UInt8(ascii: "\\"), position < bytes.count else {
        content.append(byte)
        continue
      }
      let escape = bytes[position]
      position += 1
      switch escape {
      case UInt8(ascii: "n"): content.append(10)
      case UInt8(ascii: "r"): content.append(13)
      case UInt8(ascii: "t"): content.append(9)
      case UInt8(ascii: "x"):
        guard position + 2 <= bytes.count,
          let code = UInt8(
            String(decoding: bytes[position..<(position + 2)], as: UTF8.self), radix: 16)
        else { throw failure("two hexadecimal digits after \\x") }
        content.append(code)
        position += 2
      default: content.append(escape)
      }
    }
    throw failure("a closing quote")
  }

  /// An error at the last token.
  func failure(_ expected: String, got: String? = nil) -> MartletError {
    let before = bytes[..<min(start, bytes.count)]
    let line = before.count(where: { $0 == UInt8(ascii: "\n") }) + 1
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let found = got.map { ", got \($0)" } ?? ""
    return MartletError(
      .graph,
      "graph text, line \(line), column \(start - lineStart + 1): expected \(expected)\(found)")
  }
}

extension GraphLexer.Token: CustomStringConvertible {
  var description: String {
    switch self {
    case .word(let text), .number(let text), .symbol(let text): "'\(text)'"
    case .value(let name): "'%\(name)'"
    case .string(let text): quoted(text)
    case .comment: "a comment"
    case .newline: "the end of the line"
    case .end: "the end of the text"
    }
  }
}

private func isLetter(_ byte: UInt8) -> Bool {
  (byte | 32) >= UInt8(ascii: "a") && (byte | 32) <= UInt8(ascii: "z") || byte == UInt8(ascii: "_")
}

private func isWordByte(_ byte: UInt8) -> Bool {
  isLetter(byte) || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    || byte == UInt8(ascii: ".")
}

extension String {
  fileprivate var trimmingSpaces: String {
    let body = drop { $0 == " " }
    guard let last = body.lastIndex(where: { $0 != " " }) else { return "" }
    return String(body[...last])
  }
}
