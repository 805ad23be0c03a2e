import MartletKernels

extension Picture {
  /// The largest file that is read, in bytes.
  static let largestFile = 1 << 30

  /// Reads a JPEG, PNG or WebP file; what it is, its first bytes say and not its name.
  ///
  /// The picture comes as Pillow's `convert("RGB")` gives it: grey levels and palettes become
  /// colours, transparency is dropped, 16 bits a channel become the upper 8 (also of grey levels,
  /// which Pillow cuts off at 255). It is turned upright as Exif's orientation says (Pillow's
  /// `ImageOps.exif_transpose`, and what OpenCV's `imread` does for Ultralytics; torchvision's
  /// `ImageFolder` does not).
  ///
  /// - Throws: `PictureError` that names the file and says what is wrong with it: it cannot be
  ///   read, is of another format, is cut short or damaged, or holds more than
  ///   `largestPixelCount` pixels.
  public init(contentsOf path: String) throws(PictureError) {
    let bytes: [UInt8]
    let file: MappedFile
    do { file = try MappedFile(path: path) } catch { throw PictureError(error.description) }
    guard file.byteCount <= Self.largestFile else {
      throw PictureError("'\(path)' is larger than \(Self.largestFile >> 20) MiB")
    }
    bytes = file.copy(0..<file.byteCount)
    do throws(PictureError) {
      try self.init(decoding: bytes)
    } catch {
      throw PictureError("'\(path)' \(error.description)")
    }
  }

  /// Decodes the bytes of a file; see `init(contentsOf:)`. The error's text goes on from the
  /// file's name, as in `is cut short`.
  public init(decoding bytes: [UInt8]) throws(PictureError) {
    guard let format = PictureFormat(bytes) else {
      if bytes.isEmpty { throw PictureError("is empty") }
      let other = PictureFormat.otherName(bytes) ?? "no picture"
      throw PictureError("is \(other); JPEG, PNG and WebP are read, so convert it to one of them")
    }
    guard let header = PictureHeader(bytes, format) else {
      throw PictureError("is a \(format.rawValue) that ends before its picture's size")
    }
    do throws(PictureError) {
      try Self.check(header.width, header.height)
    } catch {
      throw PictureError("is a \(format.rawValue) that cannot be read: \(error.description)")
    }
    if let refusal = header.refusal {
      throw PictureError("is a \(format.rawValue) that \(refusal)")
    }
    guard header.isComplete else {
      throw PictureError("is a \(format.rawValue) that is cut short; copy or download it again")
    }
    let essential = format == .png ? PNGChunks.essential(of: bytes) : bytes
    guard let essential, let picture = GDImage(decoding: essential, format)?.picture,
      picture.width == header.width, picture.height == header.height
    else {
      throw PictureError("is a \(format.rawValue) that is damaged; copy or download it again")
    }
    self = picture.turned(header.orientation)
  }
}
