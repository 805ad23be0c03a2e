/// Reads the small texts in the headers of files from left to right; never recursive, never
/// beyond the end.
struct TextCursor {
  private let bytes: [UInt8]
  /// The next byte's place in the text.
  private(set) var index = 0
  /// The text's place in its file, for messages.
  private let start: Int
  private let describe: (String) -> MartletError

  init(_ bytes: [UInt8], start: Int, describe: @escaping (String) -> MartletError) {
    self.bytes = bytes
    self.start = start
    self.describe = describe
  }

  /// The next byte's place in the file.
  var position: Int { start + index }

  func failure(_ message: String, at position: Int? = nil) -> MartletError {
    describe("\(message) (byte \(position ?? self.position))")
  }

  /// The next byte that is not white space.
  var peek: UInt8? {
    mutating get {
      skipSpaces()
      return index < bytes.count ? bytes[index] : nil
    }
  }

  mutating func take(_ mark: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: mark) else { return false }
    index += 1
    return true
  }

  mutating func expect(_ mark: Unicode.Scalar) throws {
    guard take(mark) else { throw failure("expected '\(mark)', got \(found)") }
  }

  mutating func expectEnd() throws {
    guard peek == nil else { throw failure("expected the end, got \(found)") }
  }

  /// The next byte without skipping white space, or nil at the end.
  mutating func next() -> UInt8? {
    guard index < bytes.count else { return nil }
    index += 1
    return bytes[index - 1]
  }

  /// A whole number of at least zero that an `Int` can hold.
  mutating func size(_ what: String) throws -> Int {
    guard let first = peek, isDigit(first) else {
      throw failure("expected \(what), a number of at least 0, got \(found)")
    }
    let position = self.position
    var value = 0
    var digitCount = 0
    while index < bytes.count, isDigit(bytes[index]) {
      let (tens, overTens) = value.multipliedReportingOverflow(by: 10)
      let (sum, overSum) = tens.addingReportingOverflow(Int(bytes[index] - UInt8(ascii: "0")))
      guard !overTens, !overSum else { throw failure("\(what) is too large", at: position) }
      value = sum
      digitCount += 1
      index += 1
    }
    guard digitCount == 1 || first != UInt8(ascii: "0") else {
      throw failure("\(what) begins with a zero", at: position)
    }
    return value
  }

  /// A word of letters, or nil.
  mutating func word() -> String? {
    skipSpaces()
    let begin = index
    while index < bytes.count, isLetter(bytes[index]) { index += 1 }
    return begin == index ? nil : String(decoding: bytes[begin..<index], as: UTF8.self)
  }

  var found: String {
    guard index < bytes.count else { return "the end" }
    let byte = bytes[index]
    return (0x21...0x7E).contains(byte)
      ? "'\(Character(Unicode.Scalar(byte)))'" : "the byte \(byte)"
  }

  mutating func skipSpaces() {
    while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
  }

  private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}

/// Python literals, as far as a `.npy` header has them.
extension TextCursor {
  mutating func pythonString() throws -> String {
    guard let quote = peek, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      throw failure("expected a string, got \(found)")
    }
    let position = self.position
    _ = next()
    var text: [UInt8] = []
    while let byte = next() {
      if byte == quote { return String(decoding: text, as: UTF8.self) }
      guard byte != UInt8(ascii: "\\") else { throw failure("an escape in a string") }
      text.append(byte)
    }
    throw failure("a string without an end", at: position)
  }

  mutating func pythonBool() throws -> Bool {
    skipSpaces()
    let position = self.position
    switch word() {
    case "True": return true
    case "False": return false
    default: throw failure("expected True or False", at: position)
    }
  }

  mutating func pythonSizes() throws -> [Int] {
    try expect("(")
    var sizes: [Int] = []
    while !take(")") {
      sizes.append(try size("a size"))
      // Python 2 wrote long integers so.
      _ = take("L")
      guard sizes.count <= 64 else { throw failure("more than 64 dimensions") }
      if take(",") { continue }
      try expect(")")
      guard sizes.count > 1 else { throw failure("expected a tuple of sizes, as in (3,)") }
      break
    }
    return sizes
  }
}
