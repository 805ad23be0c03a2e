import CZlib
import MartletKernels

/// The door to zlib: raw deflate streams in, bytes of a known count out; and checksums.
enum Zlib {
  /// The CRC-32 of the bytes, carried on from that of the bytes before them.
  static func checksum(_ bytes: Span<UInt8>, after previous: UInt32 = 0) -> UInt32 {
    // A checksum is the register with its bits turned over.
    guard let residue = CRC32Folding.fold(bytes, register: ~previous) else {
      return tableChecksum(bytes, after: previous)
    }
    return tableChecksum(
      bytes.extracting(residue.byteCount...),
      after: tableChecksum(residue.bytes.span, after: ~0))
  }

  private static func tableChecksum(_ bytes: Span<UInt8>, after previous: UInt32) -> UInt32 {
    unsafe bytes.withUnsafeBytes { buffer in
      // A nil start would ask zlib for its initial value.
      guard let start = buffer.baseAddress, unsafe !buffer.isEmpty else { return previous }
      let first = unsafe start.assumingMemoryBound(to: UInt8.self)
      return UInt32(truncatingIfNeeded: unsafe crc32_z(uLong(previous), first, buffer.count))
    }
  }

  /// Inflates a whole raw stream into exactly the room given.
  ///
  /// - Throws: `InflateError` when the stream is broken, is longer or shorter than the room, or
  ///   ends before its bytes do.
  static func inflate(_ source: Span<UInt8>, into target: inout MutableSpan<UInt8>)
    throws(InflateError)
  {
    var stream = unsafe z_stream()
    guard
      unsafe inflateInit2_(
        &stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw InflateError(reason: "zlib has no memory") }
    defer { unsafe inflateEnd(&stream) }
    // Where the stream wants more room than there is, one byte more shows it.
    var spare: UInt8 = 0
    let reason: String? = unsafe source.withUnsafeBufferPointer { input in
      unsafe target.withUnsafeMutableBufferPointer { output in
        unsafe withUnsafeMutablePointer(to: &spare) { spare in
          unsafe inflate(&stream, input, output, spare)
        }
      }
    }
    if let reason { throw InflateError(reason: reason) }
  }

  private static func inflate(
    _ stream: inout z_stream, _ input: UnsafeBufferPointer<UInt8>,
    _ output: UnsafeMutableBufferPointer<UInt8>, _ spare: UnsafeMutablePointer<UInt8>
  ) -> String? {
    // zlib counts in 32 bits.
    let step = 1 << 30
    var consumed = 0
    var produced = 0
    while true {
      let given = min(step, input.count - consumed)
      let room = min(step, output.count - produced)
      if given > 0, let start = input.baseAddress {
        unsafe stream.next_in = UnsafeMutablePointer(mutating: start + consumed)
      }
      unsafe stream.avail_in = uInt(given)
      if room > 0, let start = output.baseAddress {
        unsafe stream.next_out = start + produced
        unsafe stream.avail_out = uInt(room)
      } else {
        unsafe stream.next_out = spare
        unsafe stream.avail_out = 1
      }
      let status = unsafe CZlib.inflate(&stream, Z_NO_FLUSH)
      let left = unsafe Int(stream.avail_out)
      consumed += given - Int(unsafe stream.avail_in)
      if room > 0 {
        produced += room - left
      } else if left == 0 {
        return "it inflates to more than the \(output.count) bytes that the archive states"
      }
      if status == Z_STREAM_END { break }
      guard status == Z_OK, consumed < input.count || left == 0 else {
        return status == Z_OK || status == Z_BUF_ERROR
          ? "its deflated bytes end early" : "its deflated bytes are broken"
      }
    }
    guard produced == output.count else {
      return "it inflates to \(produced) bytes where the archive states \(output.count)"
    }
    guard consumed == input.count else {
      return "\(input.count - consumed) bytes follow its deflated stream"
    }
    return nil
  }
}

/// Why a deflated stream is not what an archive says.
struct InflateError: Error {
  let reason: String
}
