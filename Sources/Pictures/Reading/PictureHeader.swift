/// What a file says of its picture before any pixel is decoded.
struct PictureHeader {
  let width: Int
  let height: Int
  var orientation = Orientation.upright
  /// Whether the file goes on to its end mark.
  var isComplete = true
  /// Why the format's own decoder would refuse it, where that can be told.
  var refusal: String?

  init?(_ bytes: [UInt8], _ format: PictureFormat) {
    switch format {
    case .jpeg: self.init(jpeg: ByteCursor(bytes, isBigEndian: true))
    case .png: self.init(png: ByteCursor(bytes, isBigEndian: true))
    case .webp: self.init(webp: ByteCursor(bytes, isBigEndian: false))
    }
  }

  private init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// Walks the marker segments, through the data of all scans.
  private init?(jpeg file: ByteCursor) {
    var frame: PictureHeader?
    var orientation = Orientation.upright
    var isComplete = false
    var index = 2
    while let mark = file.byte(index), let marker = file.byte(index + 1) {
      // Between segments there may be fill bytes; within a scan, stuffed zeros and restarts.
      guard mark == 0xFF, marker != 0, marker != 0xFF, !(0xD0...0xD8).contains(marker) else {
        index += 1
        continue
      }
      if marker == 0xD9 {
        isComplete = true
        break
      }
      guard let length = file.short(index + 2), length >= 2 else { break }
      if (0xC0...0xCF).contains(marker), ![0xC4, 0xC8, 0xCC].contains(marker), frame == nil {
        guard let height = file.short(index + 5), let width = file.short(index + 7) else { break }
        frame = PictureHeader(width: width, height: height)
        if file.byte(index + 4) != 8 { frame?.refusal = "has more than 8 bits a channel" }
        if ![0xC0, 0xC1, 0xC2].contains(marker) {
          frame?.refusal = "is compressed in a rare way (lossless or arithmetic)"
        }
      } else if marker == 0xE1, file.has("Exif\0\0", at: index + 4), orientation == .upright {
        orientation = Orientation(exif: file, range: (index + 10)..<(index + 2 + length))
      }
      index += 2 + length
    }
    guard var frame else { return nil }
    frame.orientation = orientation
    frame.isComplete = isComplete
    self = frame
  }

  private init?(png file: ByteCursor) {
    guard file.has("IHDR", at: 12), let width = file.word(16), let height = file.word(20) else {
      return nil
    }
    self.init(width: width, height: height)
    isComplete = false
    var index = 8
    while let length = file.word(index), index + 12 + length <= file.count {
      if file.has("eXIf", at: index + 4) {
        orientation = Orientation(exif: file, range: (index + 8)..<(index + 8 + length))
      }
      if file.has("IEND", at: index + 4) { isComplete = true }
      index += 12 + length
    }
  }

  private init?(webp file: ByteCursor) {
    if file.has("VP8 ", at: 12) {
      guard let width = file.short(26), let height = file.short(28) else { return nil }
      self.init(width: width & 0x3FFF, height: height & 0x3FFF)
    } else if file.has("VP8L", at: 12) {
      guard let bits = file.word(21) else { return nil }
      self.init(width: bits & 0x3FFF + 1, height: bits >> 14 & 0x3FFF + 1)
    } else if file.has("VP8X", at: 12) {
      guard let flags = file.byte(20), let width = file.triple(24), let height = file.triple(27)
      else { return nil }
      self.init(width: width + 1, height: height + 1)
      if flags & 2 != 0 { refusal = "is an animation; save one of its frames" }
    } else {
      return nil
    }
    var index = 12
    while let length = file.word(index + 4), index + 8 + length <= file.count {
      if file.has("EXIF", at: index) {
        // Some writers put JPEG's mark before it.
        let start = index + 8 + (file.has("Exif\0\0", at: index + 8) ? 6 : 0)
        orientation = Orientation(exif: file, range: start..<max(start, index + 8 + length))
      }
      index += 8 + length + length % 2
    }
    isComplete = file.word(4).map { $0 + 8 <= file.count } ?? false
  }
}
