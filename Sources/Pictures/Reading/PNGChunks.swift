/// A PNG's chunks, their checksums compared.
enum PNGChunks {
  /// The file with the chunks alone that its colours need. libpng would print its opinion of others
  /// (colour profiles above all) to standard error.
  ///
  /// - Returns: nil when a checksum is wrong, or there is no end.
  static func essential(of bytes: [UInt8]) -> [UInt8]? {
    let file = ByteCursor(bytes, isBigEndian: true)
    let wanted = ["IHDR", "PLTE", "IDAT", "IEND"]
    var kept = PictureFormat.pngSignature
    kept.reserveCapacity(bytes.count)
    var index = 8
    while let length = file.word(index), index + 12 + length <= file.count {
      let end = index + 12 + length
      if let name = wanted.first(where: { file.has($0, at: index + 4) }) {
        guard file.word(end - 4) == checksum(bytes[(index + 4)..<(end - 4)]) else { return nil }
        kept += bytes[index..<end]
        if name == "IEND" { return kept }
      }
      index = end
    }
    return nil
  }

  /// The CRC of ISO 3309 that PNG uses.
  private static func checksum(_ bytes: ArraySlice<UInt8>) -> Int {
    var sum: UInt32 = .max
    for byte in bytes { sum = table[Int((sum ^ UInt32(byte)) & 0xFF)] ^ sum >> 8 }
    return Int(~sum)
  }

  private static let table: [UInt32] = (0..<256).map { (index: UInt32) in
    (0..<8).reduce(index) { value, _ in value & 1 == 0 ? value >> 1 : value >> 1 ^ 0xEDB8_8320 }
  }
}
