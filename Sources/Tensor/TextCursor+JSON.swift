/// JSON, one value at a time.
extension TextCursor {
  /// Calls `body` for each member of an object, which it must read; a key may stand there once.
  mutating func jsonObject(
    _ body: (_ cursor: inout TextCursor, _ key: String, _ position: Int) throws -> Void
  ) throws {
    try expect("{")
    var seen: Set<String> = []
    if take("}") { return }
    while true {
      skipSpaces()
      let position = self.position
      let key = try jsonString()
      guard seen.insert(key).inserted else {
        throw failure("the name '\(key)' stands there twice", at: position)
      }
      try expect(":")
      try body(&self, key, position)
      if take("}") { return }
      try expect(",")
    }
  }

  /// An array of whole numbers of at least zero.
  mutating func jsonSizes(_ what: String, limit: Int) throws -> [Int] {
    try expect("[")
    var sizes: [Int] = []
    if take("]") { return sizes }
    while true {
      sizes.append(try size(what))
      guard sizes.count <= limit else { throw failure("more than \(limit) numbers in a list") }
      if take("]") { return sizes }
      try expect(",")
    }
  }

  mutating func jsonString() throws -> String {
    guard peek == UInt8(ascii: "\"") else { throw failure("expected a string, got \(found)") }
    let position = self.position
    _ = next()
    var text: [UInt8] = []
    while let byte = next() {
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw failure("a string that is not UTF-8", at: position)
        }
        return string
      case UInt8(ascii: "\\"): text += Array(String(try escaped()).utf8)
      case 0..<0x20: throw failure("a control character in a string")
      default: text.append(byte)
      }
    }
    throw failure("a string without an end", at: position)
  }

  private mutating func escaped() throws -> Character {
    let position = self.position - 1
    switch next() {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      var code = try fourHexDigits(position)
      if (0xD800..<0xDC00).contains(code) {
        guard next() == UInt8(ascii: "\\"), next() == UInt8(ascii: "u") else {
          throw failure("half a surrogate pair", at: position)
        }
        let low = try fourHexDigits(position)
        guard (0xDC00..<0xE000).contains(low) else {
          throw failure("half a surrogate pair", at: position)
        }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else {
        throw failure("half a surrogate pair", at: position)
      }
      return Character(scalar)
    default: throw failure("an unknown escape in a string", at: position)
    }
  }

  private mutating func fourHexDigits(_ position: Int) throws -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw failure("\\u without four digits", at: position)
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}

extension String {
  /// The string in quotes, as JSON has it.
  var jsonQuoted: String {
    var text = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\u{8}": text += "\\b"
      case "\u{C}": text += "\\f"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\0"..<" ":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
