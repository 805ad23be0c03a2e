import MartletKernels

/// One tensor of a safetensors file.
struct SafeTensorsEntry: Sendable {
  let name: String
  let dtype: DType
  let sizes: [Int]
  /// The bytes of the file that hold the values.
  let range: Range<Int>
}

/// What stands before the values of a safetensors file: a length, then that many bytes of JSON.
struct SafeTensorsHeader {
  private(set) var metadata: [String: String] = [:]
  /// Sorted by place; together they fill the file.
  private(set) var entries: [SafeTensorsEntry] = []

  /// The reference implementation's limit.
  static let largestByteCount = 100_000_000
  static let metadataKey = "__metadata__"

  init(_ file: MappedFile) throws {
    guard file.byteCount >= 8 else {
      throw file.wrong("takes \(file.byteCount) bytes, no room for the header's length")
    }
    let length = file.withBytes(0..<8) { span in
      span.indices.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(span[$1]) }
    }
    guard length <= UInt64(file.byteCount - 8) else {
      throw file.wrong(
        "the header should take \(length) bytes from byte 8 on, but the file ends at byte "
          + "\(file.byteCount)")
    }
    guard length <= UInt64(Self.largestByteCount) else {
      throw file.wrong(
        "the header should take \(length) bytes; at most \(Self.largestByteCount) are allowed")
    }
    let start = 8 + Int(length)
    let text = file.withBytes(8..<start) { span in span.indices.map { span[$0] } }
    guard text.first == UInt8(ascii: "{") else {
      throw file.wrong("the header does not begin with '{' (byte 8)")
    }
    try read(text, valuesAt: start, file)
    entries.sort {
      ($0.range.lowerBound, $0.range.upperBound, $0.name)
        < ($1.range.lowerBound, $1.range.upperBound, $1.name)
    }
    try checkPlaces(from: start, file)
    try checkTruthValues(file)
  }

  private mutating func read(_ text: [UInt8], valuesAt start: Int, _ file: MappedFile) throws {
    var cursor = TextCursor(text, start: 8) { file.wrong("in the header: \($0)") }
    var metadata: [String: String] = [:]
    var entries: [SafeTensorsEntry] = []
    try cursor.jsonObject { cursor, name, position in
      if name == Self.metadataKey {
        try cursor.jsonObject { cursor, key, _ in metadata[key] = try cursor.jsonString() }
      } else {
        entries.append(try Self.entry(name, at: position, &cursor, valuesAt: start, file))
      }
    }
    try cursor.expectEnd()
    self.metadata = metadata
    self.entries = entries
  }

  private static func entry(
    _ name: String, at position: Int, _ cursor: inout TextCursor, valuesAt start: Int,
    _ file: MappedFile
  ) throws -> SafeTensorsEntry {
    var code: String?
    var sizes: [Int]?
    var offsets: [Int]?
    try cursor.jsonObject { cursor, key, position in
      switch key {
      case "dtype": code = try cursor.jsonString()
      case "shape": sizes = try cursor.jsonSizes("a size of '\(name)'", limit: 64)
      case "data_offsets": offsets = try cursor.jsonSizes("an offset of '\(name)'", limit: 2)
      default: throw cursor.failure("tensor '\(name)' has an unknown key '\(key)'", at: position)
      }
    }
    func wrong(_ message: String) -> MartletError {
      cursor.failure("tensor '\(name)' \(message)", at: position)
    }
    guard let code else { throw wrong("lacks its dtype") }
    guard let sizes else { throw wrong("lacks its shape") }
    guard let offsets, offsets.count == 2 else { throw wrong("lacks its two data_offsets") }
    guard let dtype = DType.allCases.first(where: { $0.safeTensorsCode == code }) else {
      let known = DType.allCases.compactMap(\.safeTensorsCode).joined(separator: ", ")
      throw wrong("has dtype '\(code)', which is not one of \(known)")
    }
    guard offsets[0] <= offsets[1], offsets[1] <= file.byteCount - start else {
      throw wrong(
        "has data_offsets \(offsets), but the file has \(file.byteCount - start) bytes of values")
    }
    guard let byteCount = try? Tensor.byteCount(of: sizes, dtype) else {
      throw wrong("has shape \(sizes), beyond any file's size")
    }
    guard byteCount == offsets[1] - offsets[0] else {
      throw wrong(
        "has data_offsets \(offsets), \(offsets[1] - offsets[0]) bytes, but \(code) \(sizes) "
          + "takes \(byteCount)")
    }
    return SafeTensorsEntry(
      name: name, dtype: dtype, sizes: sizes, range: (start + offsets[0])..<(start + offsets[1]))
  }

  /// Every byte after the header belongs to exactly one tensor.
  private func checkPlaces(from start: Int, _ file: MappedFile) throws {
    var end = start
    var previous: String?
    for entry in entries {
      let begin = entry.range.lowerBound
      if begin < end {
        throw file.wrong(
          "tensors '\(previous ?? "")' and '\(entry.name)' overlap in bytes \(begin) ..< \(end)")
      }
      if begin > end {
        throw file.wrong(
          "bytes \(end) ..< \(begin), before tensor '\(entry.name)', belong to no tensor")
      }
      end = entry.range.upperBound
      previous = entry.name
    }
    guard end == file.byteCount else {
      throw file.wrong("bytes \(end) ..< \(file.byteCount), at the end, belong to no tensor")
    }
  }

  private func checkTruthValues(_ file: MappedFile) throws {
    for entry in entries where entry.dtype == .bool {
      try file.withBytes(entry.range) { span in
        try file.requireTruthValues(span, at: entry.range.lowerBound, "tensor '\(entry.name)': ")
      }
    }
  }
}

extension DType {
  /// The format's name, or nil for complex128 and quantised types.
  var safeTensorsCode: String? {
    switch self {
    case .float32: "F32"
    case .float64: "F64"
    case .float16: "F16"
    case .bfloat16: "BF16"
    case .int8: "I8"
    case .int16: "I16"
    case .int32: "I32"
    case .int64: "I64"
    case .uint8: "U8"
    case .bool: "BOOL"
    case .complex64: "C64"
    case .complex128, .qint8, .quint8, .qint32: nil
    }
  }
}
