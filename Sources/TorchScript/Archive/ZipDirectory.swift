import MartletKernels
import MartletTensor

/// Reads and checks the central directory of a zip file, and each entry's own header against it.
///
/// The directory is the truth; a local header that says something else is an error, since readers
/// that trust the one or the other would see different files.
struct ZipDirectory {
  private let file: MappedFile
  private(set) var entries: [ZipEntry] = []

  /// Where the directory lies, from the records at the file's end.
  private struct Place {
    let count: Int
    let range: Range<Int>
  }

  /// What one record of the directory says.
  private struct Record {
    let name: String
    let flags: Int
    let method: Int
    let checksum: UInt32
    let packedCount: Int
    let byteCount: Int
    let offset: Int
  }

  private enum Signature {
    static let local = 0x0403_4B50
    static let central = 0x0201_4B50
    static let end = 0x0605_4B50
    static let end64 = 0x0606_4B50
    static let locator64 = 0x0706_4B50
    static let descriptor = 0x0807_4B50
  }

  private static let largestDirectory = 64 << 20

  init(_ file: MappedFile) throws {
    self.file = file
    let place = try findDirectory()
    guard place.range.count <= Self.largestDirectory else {
      throw wrong("its directory takes \(place.range.count) bytes; 64 MiB are allowed")
    }
    let fields = fields(place.range)
    var position = 0
    var names: Set<String> = []
    for index in 0..<place.count {
      let record = try record(fields, at: &position, index: index)
      guard names.insert(record.name).inserted else {
        throw wrong("two entries have the name '\(record.name)'")
      }
      let entry = try entry(record, before: place.range.lowerBound)
      if !record.name.hasSuffix("/") { entries.append(entry) }
    }
    guard position == fields.bytes.count else {
      throw wrong(
        "its directory takes \(fields.bytes.count) bytes, but the \(place.count) entries it "
          + "counts end after \(position)")
    }
    try checkOverlaps()
    try checkSizes()
  }

  private func findDirectory() throws -> Place {
    let size = file.byteCount
    guard size >= 22 else {
      throw wrong("takes \(size) bytes, too few for a zip archive")
    }
    let tailStart = max(0, size - 22 - 0xFFFF)
    let tail = fields(tailStart..<size)
    // The record's own comment must reach to the end, or some other bytes were found.
    let found = (0...(tail.bytes.count - 22)).last { place in
      tail.bytes[place] == 0x50 && tail.word(place) == Signature.end
        && tail.short(place + 20) == tail.bytes.count - place - 22
    }
    guard let found else {
      throw wrong(
        "is no TorchScript archive, or is cut short: the record at the end is missing; give "
          + "what torch.jit.save wrote")
    }
    let end = tailStart + found
    if let place = try findDirectory64(before: end) { return place }
    guard tail.short(found + 4) == 0, tail.short(found + 6) == 0,
      tail.short(found + 8) == tail.short(found + 10)
    else { throw wrong("is one part of an archive in several files") }
    return try place(
      count: tail.short(found + 10), size: tail.word(found + 12), offset: tail.word(found + 16),
      before: end)
  }

  private func findDirectory64(before end: Int) throws -> Place? {
    guard end >= 20 else { return nil }
    let locator = fields((end - 20)..<end)
    guard locator.word(0) == Signature.locator64 else { return nil }
    guard locator.word(4) == 0, locator.word(16) <= 1 else {
      throw wrong("is one part of an archive in several files")
    }
    guard let start = locator.long(8), start <= end - 20, end - 20 - start >= 56 else {
      throw wrong("the zip64 record at the end lies outside the file")
    }
    let record = fields(start..<(start + 56))
    guard record.word(0) == Signature.end64 else {
      throw wrong("byte \(start) holds no zip64 record, though the file's end points there")
    }
    guard record.word(16) == 0, record.word(20) == 0,
      let count = record.long(32), record.long(24) == count
    else { throw wrong("is one part of an archive in several files") }
    guard let size = record.long(40), let offset = record.long(48) else {
      throw wrong("its directory lies outside the file")
    }
    return try place(count: count, size: size, offset: offset, before: start)
  }

  private func place(count: Int, size: Int, offset: Int, before end: Int) throws -> Place {
    guard offset <= end, size == end - offset else {
      throw wrong(
        "its directory should take \(size) bytes from byte \(offset) on, but its end record "
          + "stands at byte \(end)")
    }
    guard count <= size / 46 else {
      throw wrong("its directory takes \(size) bytes, too few for \(count) entries")
    }
    return Place(count: count, range: offset..<end)
  }

  private func record(_ fields: ZipFields, at position: inout Int, index: Int) throws -> Record {
    let start = position
    guard fields.bytes.count - start >= 46, fields.word(start) == Signature.central else {
      throw wrong("its directory is broken at entry \(index)")
    }
    let nameCount = fields.short(start + 28)
    let extraCount = fields.short(start + 30)
    position = start + 46 + nameCount + extraCount + fields.short(start + 32)
    guard position <= fields.bytes.count else {
      throw wrong("its directory is broken at entry \(index)")
    }
    let name = try name(fields.bytes[(start + 46)..<(start + 46 + nameCount)])
    let flags = fields.short(start + 8)
    guard flags & 0x2041 == 0 else { throw wrong("entry '\(name)' is encrypted") }
    let method = fields.short(start + 10)
    guard method == 0 || method == 8 else {
      throw wrong("entry '\(name)' is packed by method \(method); stored and deflated are known")
    }
    let extra = start + 46 + nameCount
    let wide = try ZipWideFields(
      fields, extra..<(extra + extraCount),
      byteCount: fields.word(start + 24), packedCount: fields.word(start + 20),
      offset: fields.word(start + 42))
    guard let wide else { throw wrong("entry '\(name)' has broken zip64 sizes") }
    guard [0, 0xFFFF].contains(fields.short(start + 34)) else {
      throw wrong("entry '\(name)' lies in another file of an archive in several")
    }
    return Record(
      name: name, flags: flags, method: method,
      checksum: UInt32(fields.word(start + 16)), packedCount: wide.packedCount,
      byteCount: wide.byteCount, offset: wide.offset)
  }

  /// Names that could lead out of a folder, or that systems read differently, are refused.
  private func name(_ bytes: ArraySlice<UInt8>) throws -> String {
    guard let name = String(validating: bytes, as: UTF8.self) else {
      throw wrong("an entry's name is no UTF-8: '\(String(decoding: bytes, as: UTF8.self))'")
    }
    var parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    if parts.last?.isEmpty == true { parts.removeLast() }
    let isBad =
      parts.isEmpty
      || parts.contains { $0.count <= 2 && $0.allSatisfy { $0 == UInt8(ascii: ".") } }
      || bytes.contains { $0 < 0x20 || $0 == UInt8(ascii: "\\") }
      || bytes.dropFirst().first == UInt8(ascii: ":")
    guard !isBad else {
      throw wrong("entry \(name.debugDescription) has a name that may lead out of the archive")
    }
    return name
  }

  private func entry(_ record: Record, before limit: Int) throws -> ZipEntry {
    let start = record.offset
    guard start <= limit, limit - start >= 30 else {
      throw wrong("entry '\(record.name)' should begin at byte \(start), outside the file")
    }
    let head = fields(start..<(start + 30))
    guard head.word(0) == Signature.local else {
      throw wrong("entry '\(record.name)' does not begin at byte \(start), as the directory says")
    }
    let nameCount = head.short(26)
    let extraCount = head.short(28)
    guard nameCount + extraCount <= limit - start - 30 else {
      throw wrong("entry '\(record.name)' reaches past byte \(limit), where the directory begins")
    }
    let rest = fields((start + 30)..<(start + 30 + nameCount + extraCount))
    guard rest.bytes.prefix(nameCount).elementsEqual(record.name.utf8) else {
      throw wrong("entry '\(record.name)' has another name in its own header")
    }
    let data = start + 30 + nameCount + extraCount
    guard record.packedCount <= limit - data else {
      throw wrong("entry '\(record.name)' reaches past byte \(limit), where the directory begins")
    }
    let hasDescriptor = head.short(6) & 8 != 0
    let wide = try ZipWideFields(
      rest, nameCount..<rest.bytes.count, byteCount: head.word(22), packedCount: head.word(18),
      offset: 0)
    guard head.short(8) == record.method, head.short(6) & 0x2041 == 0, let wide else {
      throw wrong("entry '\(record.name)' and the directory differ in how it is packed")
    }
    // Zeros stand for what the descriptor after the data says.
    func agrees(_ value: Int, _ expected: Int) -> Bool {
      value == expected || (hasDescriptor && value == 0)
    }
    guard agrees(head.word(14), Int(record.checksum)), agrees(wide.byteCount, record.byteCount),
      agrees(wide.packedCount, record.packedCount)
    else { throw wrong("entry '\(record.name)' and the directory differ in size or checksum") }
    guard record.method == 8 || record.byteCount == record.packedCount else {
      throw wrong("entry '\(record.name)' is stored, yet has two sizes")
    }
    var end = data + record.packedCount
    // PyTorch sets the flag on entries of no bytes and writes no descriptor.
    if hasDescriptor, head.word(14) != Int(record.checksum) || wide.byteCount != record.byteCount {
      end += try descriptorCount(record, at: end, before: limit)
    }
    return ZipEntry(
      fullName: record.name, byteCount: record.byteCount, isDeflated: record.method == 8,
      checksum: record.checksum, range: data..<(data + record.packedCount), span: start..<end)
  }

  /// The bytes that a data descriptor takes: with or without its signature, in 32 or 64 bits.
  private func descriptorCount(_ record: Record, at start: Int, before limit: Int) throws -> Int {
    let available = fields(start..<min(limit, start + 24))
    for isSigned in [true, false] {
      for isWide in [false, true] {
        let first = isSigned ? 4 : 0
        let count = first + (isWide ? 20 : 12)
        guard available.bytes.count >= count else { continue }
        let sizes =
          isWide
          ? (available.long(first + 4), available.long(first + 12))
          : (available.word(first + 4), available.word(first + 8))
        if !isSigned || available.word(0) == Signature.descriptor,
          available.word(first) == Int(record.checksum), sizes.0 == record.packedCount,
          sizes.1 == record.byteCount
        {
          return count
        }
      }
    }
    throw wrong("entry '\(record.name)' and the directory differ in size or checksum")
  }

  private func checkOverlaps() throws {
    let sorted = entries.sorted { $0.span.lowerBound < $1.span.lowerBound }
    for (first, second) in zip(sorted, sorted.dropFirst())
    where second.span.lowerBound < first.span.upperBound {
      throw wrong("entries '\(first.fullName)' and '\(second.fullName)' overlap")
    }
  }

  /// Deflate's best is 1032 to 1; twenty times the file, or 256 MiB, is all that an honest archive
  /// unpacks to.
  private func checkSizes() throws {
    var total = 0
    for entry in entries where entry.isDeflated {
      guard entry.byteCount / 1032 <= entry.range.count else {
        throw wrong(
          "entry '\(entry.fullName)' would inflate from \(entry.range.count) to "
            + "\(entry.byteCount) bytes, more than deflate can pack")
      }
      total += entry.byteCount
    }
    let allowed = max(256 << 20, file.byteCount.multipliedReportingOverflow(by: 20).partialValue)
    guard total <= allowed else {
      throw wrong(
        "takes \(file.byteCount) bytes and would inflate to \(total); \(allowed) are allowed")
    }
  }

  private func fields(_ range: Range<Int>) -> ZipFields {
    ZipFields(bytes: file.withBytes(range) { span in span.indices.map { span[$0] } })
  }

  private func wrong(_ message: String) -> MartletError {
    MartletError(.file, "'\(file.path)': \(message)")
  }
}

/// Sizes and place of an entry, from the zip64 field where the narrow ones are full.
private struct ZipWideFields {
  var byteCount: Int
  var packedCount: Int
  var offset: Int

  /// Nil when the extra fields are broken or lack what the narrow ones leave to them.
  init?(
    _ fields: ZipFields, _ extra: Range<Int>, byteCount: Int, packedCount: Int, offset: Int
  ) throws {
    (self.byteCount, self.packedCount, self.offset) = (byteCount, packedCount, offset)
    let full = 0xFFFF_FFFF
    var needed = [byteCount, packedCount, offset].contains(full)
    var position = extra.lowerBound
    // Some writers pad with fewer bytes than a field's head takes.
    while extra.upperBound - position >= 4 {
      let start = position + 4
      position = start + fields.short(position + 2)
      guard position <= extra.upperBound else { return nil }
      guard fields.short(start - 4) == 1, needed else { continue }
      var next = start
      func take() -> Int? {
        guard position - next >= 8 else { return nil }
        next += 8
        return fields.long(next - 8)
      }
      if byteCount == full {
        guard let value = take() else { return nil }
        self.byteCount = value
      }
      if packedCount == full {
        guard let value = take() else { return nil }
        self.packedCount = value
      }
      if offset == full {
        guard let value = take() else { return nil }
        self.offset = value
      }
      needed = false
    }
    if needed { return nil }
  }
}
