/// One file of a zip archive, as the archive's directory describes it.
package struct ZipEntry: Sendable {
  /// With the root folder.
  package let fullName: String
  /// The bytes of the file when unpacked.
  package let byteCount: Int
  package let isDeflated: Bool
  package let checksum: UInt32
  /// The packed bytes' place in the archive.
  package let range: Range<Int>
  /// All that the entry takes in the archive: header, packed bytes, descriptor.
  let span: Range<Int>
}

/// Numbers in zip's byte order, read from a copy of some bytes of a file.
struct ZipFields {
  let bytes: [UInt8]

  func short(_ place: Int) -> Int { Int(bytes[place]) | Int(bytes[place + 1]) << 8 }

  func word(_ place: Int) -> Int { short(place) | short(place + 2) << 16 }

  /// Nil when the number is beyond any file's size.
  func long(_ place: Int) -> Int? {
    let high = word(place + 4)
    return high < 1 << 31 ? word(place) | high << 32 : nil
  }
}
