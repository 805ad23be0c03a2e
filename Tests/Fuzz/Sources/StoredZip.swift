/// A zip archive of stored entries, so that what is inside meets its reader and not the checksum.
enum StoredZip {
  static func file(_ entries: KeyValuePairs<String, [UInt8]>) -> [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for (name, bytes) in entries {
      let common =
        numbers((20, 2), (0, 2), (0, 2), (0, 4), (Int(checksum(bytes)), 4))
        + numbers((bytes.count, 4), (bytes.count, 4), (name.utf8.count, 2))
      directory += numbers((0x0201_4B50, 4), (20, 2)) + common
      directory += numbers((0, 8), (0, 4), (file.count, 4)) + Array(name.utf8)
      file += numbers((0x0403_4B50, 4)) + common + numbers((0, 2)) + Array(name.utf8) + bytes
    }
    let start = file.count
    let count = entries.count
    return file + directory
      + numbers(
        (0x0605_4B50, 4), (0, 4), (count, 2), (count, 2), (directory.count, 4), (start, 4), (0, 2))
  }

  private static func numbers(_ fields: (Int, Int)...) -> [UInt8] {
    fields.flatMap { value, width in
      (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var crc = UInt32.max
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }
}
