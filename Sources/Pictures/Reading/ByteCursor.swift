/// Numbers in a file's bytes; nil where the file has ended.
struct ByteCursor {
  let bytes: [UInt8]
  var isBigEndian: Bool

  init(_ bytes: [UInt8], isBigEndian: Bool) {
    self.bytes = bytes
    self.isBigEndian = isBigEndian
  }

  var count: Int { bytes.count }

  func byte(_ index: Int) -> Int? {
    bytes.indices.contains(index) ? Int(bytes[index]) : nil
  }

  func short(_ index: Int) -> Int? { number(index, 2) }
  func triple(_ index: Int) -> Int? { number(index, 3) }
  func word(_ index: Int) -> Int? { number(index, 4) }

  func has(_ text: String, at index: Int) -> Bool {
    let letters = Array(text.utf8)
    return index >= 0 && index <= count - letters.count
      && bytes[index..<(index + letters.count)].elementsEqual(letters)
  }

  private func number(_ index: Int, _ width: Int) -> Int? {
    guard index >= 0, index <= count - width else { return nil }
    let part = bytes[index..<(index + width)]
    return isBigEndian
      ? part.reduce(0) { $0 << 8 | Int($1) } : part.reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
