/// What a file's first bytes say that it is.
public enum PictureFormat: String, Sendable, CaseIterable {
  case jpeg = "JPEG"
  case png = "PNG"
  case webp = "WebP"

  /// The format of a file that begins so; nil for all others.
  public init?(_ bytes: [UInt8]) {
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if bytes.starts(with: Self.pngSignature) {
      self = .png
    } else if bytes.starts(with: Array("RIFF".utf8)), bytes.count >= 12,
      bytes[8..<12].elementsEqual("WEBP".utf8)
    {
      self = .webp
    } else {
      return nil
    }
  }

  /// The format that a file's name asks for, as in `boxes.png`.
  public init?(path: String) {
    switch path.split(separator: "/").last?.split(separator: ".").last?.lowercased() {
    case "jpg", "jpeg", "jpe", "jfif": self = .jpeg
    case "png": self = .png
    case "webp": self = .webp
    default: return nil
    }
  }

  static let pngSignature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// What else a file can be, for the message that refuses it.
  static func otherName(_ bytes: [UInt8]) -> String? {
    let beginnings: [(offset: Int, text: String, name: String)] = [
      (0, "GIF8", "a GIF"), (0, "BM", "a BMP"), (0, "II*\0", "a TIFF"), (0, "MM\0*", "a TIFF"),
      (4, "ftypheic", "a HEIC"), (4, "ftypheix", "a HEIC"), (4, "ftypmif1", "a HEIC"),
      (4, "ftypavif", "an AVIF"), (4, "ftyp", "a video"), (0, "%PDF", "a PDF"),
      (0, "8BPS", "a Photoshop file"), (0, "<svg", "an SVG"), (0, "\0\0\u{1}\0", "an icon"),
      (0, "P5", "a PGM"), (0, "P6", "a PPM"), (0, "PK", "a zip archive"),
      (1, "NUMPY", "a NumPy array"),
    ]
    return beginnings.first { offset, text, _ in
      bytes.dropFirst(offset).starts(with: text.utf8)
    }?.name
  }
}
