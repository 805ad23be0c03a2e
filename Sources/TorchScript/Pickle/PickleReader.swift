import MartletTensor

/// A restricted unpickler: protocols 2 to 5, as data alone.
///
/// It knows the opcodes that PyTorch's picklers write, and lets stand the globals that its caller
/// allows; anything else is refused by name.
package struct PickleReader {
  /// What messages call the pickle, as in `'m.pt': entry 'm/data.pkl'`.
  private let place: String
  private let allowed: PickleGlobals
  let limits: PickleLimits

  var position = 0
  var stack: [PickleValue] = []
  /// Heights of the stack where marks stand.
  var marks: [Int] = []
  var memo: [Int: PickleValue] = [:]
  private var foreign: [PickleGlobal] = []
  private var valueCount = 0

  private init(_ place: String, _ allowed: PickleGlobals, _ limits: PickleLimits) {
    self.place = place
    self.allowed = allowed
    self.limits = limits
  }

  /// The value of a pickle that takes all of the bytes.
  ///
  /// - Throws: `MartletError` of kind `.file` that names the place, the byte and what is wrong.
  package static func read(
    _ bytes: [UInt8], place: String, allowing globals: PickleGlobals,
    limits: PickleLimits = PickleLimits()
  ) throws -> PickleValue {
    let (value, end) = try read(
      bytes.span, place: place, allowing: globals, limits: limits)
    guard end == bytes.count else {
      throw MartletError(.file, "\(place): \(bytes.count - end) bytes follow the pickle's end")
    }
    return value
  }

  /// The value of the pickle that the bytes begin with, and where it ends.
  static func read(
    _ bytes: Span<UInt8>, place: String, allowing globals: PickleGlobals,
    limits: PickleLimits = PickleLimits()
  ) throws -> (value: PickleValue, end: Int) {
    var reader = PickleReader(place, globals, limits)
    let value: PickleValue
    do {
      value = try reader.run(bytes)
    } catch {
      // The message should name what the file is after, even where the rest of it is broken.
      try reader.refuseForeign()
      throw error
    }
    try reader.refuseForeign()
    return (value, reader.position)
  }

  private mutating func run(_ bytes: Span<UInt8>) throws -> PickleValue {
    guard bytes.count >= 2, bytes[0] == Opcode.proto.rawValue else {
      throw wrong("a pickle of protocol 2 or later begins with byte 0x80")
    }
    while true {
      let start = position
      let byte = try UInt8(truncatingIfNeeded: number(bytes, 1))
      guard let opcode = Opcode(rawValue: byte) else {
        throw wrong("opcode 0x\(hex(byte)) is not one that PyTorch writes", at: start)
      }
      guard position <= limits.byteCount else {
        throw wrong("takes more than \(limits.byteCount) bytes")
      }
      if opcode == .stop {
        guard stack.count == 1, marks.isEmpty, let value = stack.last else {
          throw wrong("ends with \(stack.count) values instead of one")
        }
        return value
      }
      try perform(opcode, bytes)
    }
  }

  private func refuseForeign() throws {
    guard !foreign.isEmpty else { return }
    let names = foreign.map(\.description).sorted()
    let shown = names.prefix(10).joined(separator: ", ")
    let more = names.count > 10 ? " and more" : ""
    throw MartletError(
      .file,
      "\(place): names what no file of weights needs: \(shown)\(more); nothing was run, and the "
        + "file is refused")
  }

  func wrong(_ message: String, at byte: Int? = nil) -> MartletError {
    MartletError(.file, "\(place): pickle byte \(byte ?? position): \(message)")
  }

  private func hex(_ byte: UInt8) -> String { String(byte, radix: 16, uppercase: true) }
}

/// Reading bytes.
extension PickleReader {
  /// An unsigned number, lowest byte first.
  mutating func number(_ bytes: Span<UInt8>, _ width: Int) throws -> Int {
    try require(bytes, width)
    var value: UInt64 = 0
    for i in (0..<width).reversed() { value = value << 8 | UInt64(bytes[position + i]) }
    guard let number = Int(exactly: value) else { throw wrong("a length of \(value) bytes") }
    position += width
    return number
  }

  mutating func double(_ bytes: Span<UInt8>) throws -> Double {
    try require(bytes, 8)
    var pattern: UInt64 = 0
    for i in 0..<8 { pattern = pattern << 8 | UInt64(bytes[position + i]) }
    position += 8
    return Double(bitPattern: pattern)
  }

  mutating func array(_ bytes: Span<UInt8>, _ count: Int) throws -> [UInt8] {
    try require(bytes, count)
    defer { position += count }
    return (position..<(position + count)).map { bytes[$0] }
  }

  mutating func string(_ bytes: Span<UInt8>, _ count: Int) throws -> String {
    let start = position
    guard let text = String(validating: try array(bytes, count), as: UTF8.self) else {
      throw wrong("a text that is no UTF-8", at: start)
    }
    return text
  }

  /// A name that ends with a line.
  mutating func line(_ bytes: Span<UInt8>) throws -> String {
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: "\n") {
      guard position - start < 4096 else { throw wrong("a name of more than 4096 bytes") }
      position += 1
    }
    let count = position - start
    position = start
    let text = try string(bytes, count)
    try require(bytes, 1)
    position += 1
    return text
  }

  func require(_ bytes: Span<UInt8>, _ count: Int) throws {
    guard count <= bytes.count - position else {
      throw wrong("wants \(count) more bytes, but the pickle ends after \(bytes.count)")
    }
  }
}

/// The stack.
extension PickleReader {
  mutating func push(_ value: PickleValue) throws {
    valueCount += 1
    guard valueCount <= limits.values else {
      throw wrong("holds more than \(limits.values) values")
    }
    stack.append(value)
  }

  mutating func pop() throws -> PickleValue {
    guard stack.count > (marks.last ?? 0), let value = stack.popLast() else {
      throw wrong("takes a value where there is none")
    }
    return value
  }

  /// The value that an opcode changes in place.
  func top() throws -> PickleValue {
    guard stack.count > (marks.last ?? 0), let value = stack.last else {
      throw wrong("takes a value where there is none")
    }
    return value
  }

  mutating func popToMark() throws -> [PickleValue] {
    guard let mark = marks.popLast() else { throw wrong("takes a mark where there is none") }
    let values = Array(stack[mark...])
    stack.removeSubrange(mark...)
    return values
  }

  mutating func remember(_ value: PickleValue, as index: Int) throws {
    memo[index] = value
    guard memo.count <= limits.values else { throw wrong("remembers too many values") }
  }

  func recall(_ index: Int) throws -> PickleValue {
    guard let value = memo[index] else { throw wrong("recalls value \(index), which is not there") }
    return value
  }

  mutating func name(_ global: PickleGlobal) throws {
    if !allowed.contains(global), foreign.count < 20, !foreign.contains(global) {
      foreign.append(global)
    }
    try push(.global(global))
  }
}
