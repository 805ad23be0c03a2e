/// Reads a number: `12`, `0x1f`, `1.`, `.5`, `1e-05`, `2j`, `1_000`.
struct NumberScanner {
  private let bytes: [UInt8]
  private(set) var position: Int

  init(_ bytes: [UInt8], _ position: Int) {
    self.bytes = bytes
    self.position = position
  }

  /// Nil for an integer that does not fit 64 bits.
  mutating func scan() -> SourceToken.Kind? {
    if byte(0) == UInt8(ascii: "0"), let radix = radix(byte(1) | 32) {
      position += 2
      let digits = digits { isNameByte($0) }
      return UInt(digits, radix: radix).map { .int($0) }
    }
    let start = position
    var text = digits(where: isDigit)
    var isWhole = true
    if byte(0) == UInt8(ascii: ".") {
      isWhole = false
      position += 1
      text += "." + digits(where: isDigit)
      if text.hasSuffix(".") { text += "0" }
    }
    if byte(0) | 32 == UInt8(ascii: "e") {
      let signed = byte(1) == UInt8(ascii: "+") || byte(1) == UInt8(ascii: "-")
      if isDigit(byte(signed ? 2 : 1)) {
        isWhole = false
        text += "e" + (byte(1) == UInt8(ascii: "-") ? "-" : "")
        position += signed ? 2 : 1
        text += digits(where: isDigit)
      }
    }
    if text.hasPrefix(".") { text = "0" + text }
    precondition(position > start, "the caller saw a digit")
    if byte(0) | 32 == UInt8(ascii: "j") {
      position += 1
      return Double(text).map { .imaginary($0) }
    }
    if isWhole { return UInt(text).map { .int($0) } }
    return Double(text).map { .double($0) }
  }

  private func byte(_ offset: Int) -> UInt8 {
    position + offset < bytes.count ? bytes[position + offset] : 0
  }

  private func radix(_ letter: UInt8) -> Int? {
    switch letter {
    case UInt8(ascii: "x"): 16
    case UInt8(ascii: "o"): 8
    case UInt8(ascii: "b"): 2
    default: nil
    }
  }

  private mutating func digits(where isWanted: (UInt8) -> Bool) -> String {
    var found: [UInt8] = []
    while position < bytes.count, isWanted(bytes[position]) || bytes[position] == UInt8(ascii: "_")
    {
      if bytes[position] != UInt8(ascii: "_") { found.append(bytes[position]) }
      position += 1
    }
    return String(decoding: found, as: UTF8.self)
  }
}

/// Reads a string with its quotes and takes the escapes out. PyTorch writes the bytes of UTF-8
/// beyond ASCII as octal escapes.
struct StringScanner {
  private let bytes: [UInt8]
  private(set) var position: Int
  private let isRaw: Bool
  private var content: [UInt8] = []
  private(set) var failurePosition: Int
  private(set) var expected = "a closing quote"

  init(_ bytes: [UInt8], _ position: Int, isRaw: Bool) {
    self.bytes = bytes
    self.position = position
    self.isRaw = isRaw
    failurePosition = position
  }

  /// Nil where it does not end, or an escape is malformed (`expected`, `failurePosition`).
  mutating func scan() -> String? {
    let quote = bytes[position]
    let isTriple = byte(1) == quote && byte(2) == quote
    position += isTriple ? 3 : 1
    while position < bytes.count {
      let current = bytes[position]
      if current == quote, !isTriple || byte(1) == quote && byte(2) == quote {
        position += isTriple ? 3 : 1
        return String(decoding: content, as: UTF8.self)
      }
      if current == UInt8(ascii: "\n"), !isTriple { return nil }
      if current == UInt8(ascii: "\\"), position + 1 < bytes.count {
        if isRaw {
          content += [current, bytes[position + 1]]
          position += 2
        } else if !escape() {
          return nil
        }
      } else {
        content.append(current)
        position += 1
      }
    }
    return nil
  }

  private func byte(_ offset: Int) -> UInt8 {
    position + offset < bytes.count ? bytes[position + offset] : 0
  }

  private mutating func escape() -> Bool {
    failurePosition = position
    let letter = byte(1)
    position += 2
    switch letter {
    case UInt8(ascii: "\n"): break
    case UInt8(ascii: "n"): content.append(10)
    case UInt8(ascii: "t"): content.append(9)
    case UInt8(ascii: "r"): content.append(13)
    case UInt8(ascii: "a"): content.append(7)
    case UInt8(ascii: "b"): content.append(8)
    case UInt8(ascii: "f"): content.append(12)
    case UInt8(ascii: "v"): content.append(11)
    case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): content.append(letter)
    case UInt8(ascii: "x"): return codePoint(digits: 2)
    case UInt8(ascii: "u"): return codePoint(digits: 4)
    case UInt8(ascii: "U"): return codePoint(digits: 8)
    case UInt8(ascii: "0")...UInt8(ascii: "7"): return octal()
    default: content += [UInt8(ascii: "\\"), letter]
    }
    return true
  }

  private mutating func octal() -> Bool {
    position -= 1
    var value = 0
    var count = 0
    while count < 3, byte(0) >= UInt8(ascii: "0"), byte(0) <= UInt8(ascii: "7") {
      value = value * 8 + Int(byte(0) - UInt8(ascii: "0"))
      position += 1
      count += 1
    }
    guard value < 256 else {
      expected = "an octal escape below \\400"
      return false
    }
    content.append(UInt8(value))
    return true
  }

  private mutating func codePoint(digits: Int) -> Bool {
    guard position + digits <= bytes.count,
      let code = UInt32(
        String(decoding: bytes[position..<(position + digits)], as: UTF8.self), radix: 16),
      let scalar = UnicodeScalar(code)
    else {
      expected = "\(digits) hexadecimal digits of a character"
      return false
    }
    content += Array(String(Character(scalar)).utf8)
    position += digits
    return true
  }
}
