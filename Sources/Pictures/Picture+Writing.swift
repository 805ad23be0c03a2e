import MartletKernels

extension Picture {
  /// The picture as a file's bytes.
  ///
  /// - Parameter quality: of a JPEG or a WebP, 1 to 100. PNG keeps every bit.
  /// - Throws: `PictureError` when `quality` is outside of 1 to 100, or libgd cannot encode the
  ///   picture: JPEG ends at 65,500 pixels a side, WebP at 16,383.
  public func encoded(as format: PictureFormat, quality: Int = 92) throws(PictureError) -> [UInt8] {
    guard (1...100).contains(quality) else {
      throw PictureError("a picture's quality is 1 to 100, got \(quality)")
    }
    let longest = format == .webp ? 16_383 : 65_500
    guard max(width, height) <= longest, let image = GDImage(self),
      let bytes = image.encoded(as: format, quality: quality)
    else {
      throw PictureError("a picture of \(width)x\(height) pixels cannot be a \(format.rawValue)")
    }
    return bytes
  }

  /// Writes a file in the format that its name ends in (`.png`, `.jpg`, `.webp`), all of it or
  /// nothing.
  ///
  /// - Throws: `PictureError` that names the path: its name tells no format, or the system's
  ///   reason.
  public func write(to path: String, quality: Int = 92) throws(PictureError) {
    guard let format = PictureFormat(path: path) else {
      throw PictureError("'\(path)' ends in none of .png, .jpg, .webp, so its format is open")
    }
    let bytes = try encoded(as: format, quality: quality)
    do { try AtomicFile.write(bytes, to: path) } catch { throw PictureError(error.description) }
  }
}
