import MartletKernels

/// What stands before the elements of a `.npy` file.
struct NumpyHeader {
  private(set) var dtype = DType.float32
  private(set) var isBigEndian = false
  private(set) var isFortranOrder = false
  private(set) var sizes: [Int] = []
  /// The bytes up to the first element.
  let byteCount: Int

  /// No header of a plain array comes near.
  private static let largestByteCount = 1 << 20
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  init(_ file: MappedFile) throws {
    let start = file.withBytes(0..<min(file.byteCount, 12)) { span in span.indices.map { span[$0] }
    }
    guard start.starts(with: Self.magic) else {
      throw file.wrong("not a .npy file: it does not begin with \\x93NUMPY")
    }
    guard start.count >= 10 else { throw file.wrong("ends in the header, at byte \(start.count)") }
    let version = start[6]
    guard (1...3).contains(version), start[7] == 0 else {
      throw file.wrong("has format version \(version).\(start[7]), expected 1.0, 2.0 or 3.0")
    }
    let lengthWidth = version == 1 ? 2 : 4
    let textStart = 8 + lengthWidth
    guard start.count >= textStart else {
      throw file.wrong("ends in the header, at byte \(start.count)")
    }
    let length = start[8..<textStart].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= file.byteCount - textStart else {
      throw file.wrong(
        "the header takes \(length) bytes from byte \(textStart) on, "
          + "but the file ends at byte \(file.byteCount)")
    }
    guard length <= Self.largestByteCount else {
      throw file.wrong("the header takes \(length) bytes, more than any plain array's")
    }
    byteCount = textStart + length
    let text = file.withBytes(textStart..<byteCount) { span in span.indices.map { span[$0] } }
    try read(text, textStart, file)
  }

  /// The file's first bytes, as `numpy.save` writes them.
  static func bytes(code: String, sizes: [Int]) -> [UInt8] {
    let list = sizes.map(String.init).joined(separator: ", ") + (sizes.count == 1 ? "," : "")
    var text = "{'descr': '\(code)', 'fortran_order': False, 'shape': (\(list)), }"
    // NumPy leaves room for the first size to grow.
    if let first = sizes.first {
      text += String(repeating: " ", count: max(21 - "\(first)".count, 0))
    }
    func wrapped(_ version: UInt8, _ lengthWidth: Int) -> [UInt8]? {
      let start = magic.count + 2 + lengthWidth
      let padding = 64 - (start + text.utf8.count + 1) % 64
      let length = text.utf8.count + padding + 1
      guard lengthWidth > 2 || length <= 0xFFFF else { return nil }
      let lengthBytes = (0..<lengthWidth).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
      return magic + [version, 0] + lengthBytes + Array(text.utf8)
        + [UInt8](repeating: 0x20, count: padding) + [0x0A]
    }
    return wrapped(1, 2) ?? wrapped(2, 4) ?? []
  }

  private mutating func read(_ text: [UInt8], _ start: Int, _ file: MappedFile) throws {
    var cursor = TextCursor(text, start: start) { file.wrong("in the header: \($0)") }
    var seen: Set<String> = []
    try cursor.expect("{")
    while !cursor.take("}") {
      let position = cursor.position
      let key = try cursor.pythonString()
      guard seen.insert(key).inserted else {
        throw cursor.failure("the key '\(key)' stands there twice", at: position)
      }
      try cursor.expect(":")
      switch key {
      case "descr": try readType(&cursor)
      case "fortran_order": isFortranOrder = try cursor.pythonBool()
      case "shape": sizes = try cursor.pythonSizes()
      default: throw cursor.failure("an unknown key '\(key)'", at: position)
      }
      if !cursor.take(",") {
        try cursor.expect("}")
        break
      }
    }
    for key in ["descr", "fortran_order", "shape"] where !seen.contains(key) {
      throw file.wrong("the header lacks the key '\(key)'")
    }
    try cursor.expectEnd()
  }

  private mutating func readType(_ cursor: inout TextCursor) throws {
    let position = cursor.position
    if cursor.peek == UInt8(ascii: "[") || cursor.peek == UInt8(ascii: "(") {
      throw cursor.failure("structured arrays are not supported", at: position)
    }
    let code = try cursor.pythonString()
    let order = code.first ?? " "
    let type = String(code.dropFirst())
    let match = DType.allCases.first { $0.numpyCode?.dropFirst() == type[...] }
    guard "<>|=".contains(order), let match else {
      let known = DType.allCases.compactMap { $0.numpyCode?.dropFirst() }.sorted()
      var hint = ""
      if type.hasPrefix("O") { hint = " (Python objects are never read)" }
      if type.hasPrefix("V") { hint = " (raw bytes; NumPy has no bfloat16)" }
      throw cursor.failure(
        "the element type '\(code)'\(hint) is not one of \(known.joined(separator: ", "))",
        at: position)
    }
    dtype = match
    isBigEndian = order == ">"
  }
}
