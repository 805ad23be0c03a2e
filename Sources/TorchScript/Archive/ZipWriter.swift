import MartletKernels
import MartletTensor

/// Writes a zip archive as PyTorch does: entries stored, their bytes at multiples of 64, dates
/// left out, one root folder. The same entries give the same bytes. The file appears whole, at
/// `finish()`, or not at all.
///
/// Unlike PyTorch's, each entry's own header holds its size and checksum, so that readers that
/// go from entry to entry can read it too.
package struct ZipWriter: ~Copyable {
  private let path: String
  private let root: String
  private var file: AtomicFile
  private var position = 0
  private var records: [Record] = []
  private var names: Set<String> = []

  private struct Record {
    let name: [UInt8]
    let checksum: UInt32
    let byteCount: Int
    let offset: Int
  }

  private static let alignment = 64
  /// From here on, zip's 32-bit fields leave numbers to zip64's.
  private static let full = 0xFFFF_FFFF

  /// - Parameter root: the folder that all entries lie in; PyTorch takes the file's name without
  ///   its extension.
  /// - Throws: `MartletError` of kind `.file` when the file cannot be written there.
  package init(path: String, root: String) throws {
    self.path = path
    self.root = root
    file = try FileError.translated { try AtomicFile(path: path) }
  }

  /// - Throws: `MartletError` of kind `.file` when the file cannot be written or has an entry of
  ///   the name, of kind `.argument` when the name is none for an entry.
  package mutating func add(_ name: String, _ bytes: [UInt8]) throws {
    try begin(name, byteCount: bytes.count, checksum: Zlib.checksum(bytes.span))
    try write(bytes)
  }

  /// Adds bytes of memory without copying them.
  package mutating func add(_ name: String, _ memory: AlignedMemory, range: Range<Int>? = nil)
    throws
  {
    let range = range ?? 0..<memory.byteCount
    let checksum = memory.withSpan(
      of: UInt8.self, offset: range.lowerBound, count: range.count
    ) { Zlib.checksum($0) }
    try begin(name, byteCount: range.count, checksum: checksum)
    do { try file.write(memory, range: range) } catch {
      throw MartletError(.file, error.description)
    }
    position += range.count
  }

  /// Adds a pickle, `<name>.pkl`, after its tensors' storages, `<name>/0` and so on.
  package mutating func add(pickle: consuming PickleWriter, named name: String) throws {
    let (bytes, storages) = pickle.finish()
    for (index, storage) in storages.enumerated() {
      let name = "\(name)/\(index)"
      if storage.byteCount == 0 { try add(name, []) } else { try add(name, storage.bytes()) }
    }
    try add("\(name).pkl", bytes)
  }

  /// Forty digits that tell the entries so far from others: of their names, of their checksums.
  package var identity: String {
    var names = FNV1a()
    var contents = FNV1a()
    for record in records {
      names.combine(record.name)
      for shift in [0, 8, 16, 24] {
        contents.combine([UInt8(truncatingIfNeeded: record.checksum >> UInt32(shift))])
      }
    }
    return [names.value, contents.value].map { value in
      let digits = "\(value)"
      return String(repeating: "0", count: 20 - digits.count) + digits
    }.joined()
  }

  /// Writes the directory and puts the file in its place.
  package consuming func finish() throws {
    let start = position
    var directory: [UInt8] = []
    for record in records {
      let isWide = record.byteCount >= Self.full
      let isFar = record.offset >= Self.full
      var extra: [UInt8] = []
      if isWide || isFar {
        extra.appendNumber(1, 2)
        extra.appendNumber((isWide ? 16 : 0) + (isFar ? 8 : 0), 2)
        if isWide {
          extra.appendNumber(record.byteCount, 8)
          extra.appendNumber(record.byteCount, 8)
        }
        if isFar { extra.appendNumber(record.offset, 8) }
      }
      directory.appendNumber(0x0201_4B50, 4)
      directory.appendNumber(isWide || isFar ? 45 : 0, 2)
      Self.appendCommon(record, isWide: isWide, extraCount: extra.count, to: &directory)
      directory.appendNumber(0, 6)  // comment's length, disk, internal attributes
      directory.appendNumber(0, 4)  // external attributes
      directory.appendNumber(isFar ? Self.full : record.offset, 4)
      directory += record.name
      directory += extra
    }
    let size = directory.count
    let count = records.count
    if start >= Self.full || size >= Self.full || count >= 0xFFFF {
      directory.appendNumber(0x0606_4B50, 4)
      directory.appendNumber(44, 8)
      directory.appendNumber(45, 2)
      directory.appendNumber(45, 2)
      directory.appendNumber(0, 8)
      for number in [count, count, size, start] { directory.appendNumber(number, 8) }
      directory.appendNumber(0x0706_4B50, 4)
      directory.appendNumber(0, 4)
      directory.appendNumber(start + size, 8)
      directory.appendNumber(1, 4)
    }
    directory.appendNumber(0x0605_4B50, 4)
    directory.appendNumber(0, 4)
    directory.appendNumber(min(count, 0xFFFF), 2)
    directory.appendNumber(min(count, 0xFFFF), 2)
    directory.appendNumber(min(size, Self.full), 4)
    directory.appendNumber(min(start, Self.full), 4)
    directory.appendNumber(0, 2)
    try write(directory)
    do { try file.commit() } catch { throw MartletError(.file, error.description) }
  }

  private mutating func begin(_ name: String, byteCount: Int, checksum: UInt32) throws {
    let fullName = Array("\(root)/\(name)".utf8)
    let parts = "\(root)/\(name)".split(separator: "/", omittingEmptySubsequences: false)
    guard fullName.count < 0xFF00, !parts.contains(where: { [".", "..", ""].contains($0) }),
      !fullName.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\\") })
    else { throw MartletError(.argument, "\(name.debugDescription) is no name in an archive") }
    guard names.insert(name).inserted else {
      throw MartletError(.file, "'\(path)': two entries would have the name '\(root)/\(name)'")
    }
    let record = Record(
      name: fullName, checksum: checksum, byteCount: byteCount, offset: position)
    let isWide = byteCount >= Self.full
    var extra: [UInt8] = []
    if isWide {
      extra.appendNumber(1, 2)
      extra.appendNumber(16, 2)
      extra.appendNumber(byteCount, 8)
      extra.appendNumber(byteCount, 8)
    }
    // PyTorch's field of padding takes four bytes at least.
    let bare = position + 30 + fullName.count + extra.count + 4
    let padding = (Self.alignment - bare % Self.alignment) % Self.alignment
    extra += [UInt8(ascii: "F"), UInt8(ascii: "B")]
    extra.appendNumber(padding, 2)
    extra += [UInt8](repeating: UInt8(ascii: "Z"), count: padding)
    var head: [UInt8] = []
    head.appendNumber(0x0403_4B50, 4)
    Self.appendCommon(record, isWide: isWide, extraCount: extra.count, to: &head)
    try write(head + fullName + extra)
    records.append(record)
  }

  /// The fields that an entry's header and its record in the directory share.
  private static func appendCommon(
    _ record: Record, isWide: Bool, extraCount: Int, to bytes: inout [UInt8]
  ) {
    let size = isWide ? full : record.byteCount
    bytes.appendNumber(isWide ? 45 : 0, 2)
    bytes.appendNumber(0x0800, 2)  // names are UTF-8
    bytes.appendNumber(0, 2)  // stored
    bytes.appendNumber(0, 4)  // no time and date, as PyTorch's
    bytes.appendNumber(Int(record.checksum), 4)
    bytes.appendNumber(size, 4)
    bytes.appendNumber(size, 4)
    bytes.appendNumber(record.name.count, 2)
    bytes.appendNumber(extraCount, 2)
  }

  private mutating func write(_ bytes: [UInt8]) throws {
    do { try file.write(bytes) } catch { throw MartletError(.file, error.description) }
    position += bytes.count
  }
}

/// The 64-bit FNV-1a hash.
private struct FNV1a {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func combine(_ bytes: [UInt8]) {
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }
}

extension [UInt8] {
  /// Appends a number, lowest byte first.
  mutating func appendNumber(_ value: Int, _ width: Int) {
    for i in 0..<width { append(UInt8(truncatingIfNeeded: value >> (8 * i))) }
  }
}
