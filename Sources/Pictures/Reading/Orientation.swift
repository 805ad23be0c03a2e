/// How a camera was held, as Exif's tag 0x0112 tells: what takes the stored picture upright.
enum Orientation: Int {
  case upright = 1
  case mirrored = 2
  case upsideDown = 3
  case flipped = 4
  case transposed = 5
  case turnedRight = 6
  case transversed = 7
  case turnedLeft = 8

  /// Reads the first directory of a TIFF structure; upright where it says nothing that is known.
  init(exif file: ByteCursor, range: Range<Int>) {
    self = .upright
    var file = file
    let start = range.lowerBound
    if file.has("II", at: start) {
      file.isBigEndian = false
    } else if file.has("MM", at: start) {
      file.isBigEndian = true
    } else {
      return
    }
    guard let offset = file.word(start + 4), let count = file.short(start + offset) else { return }
    for entry in 0..<count {
      let place = start + offset + 2 + 12 * entry
      guard place + 12 <= range.upperBound, let tag = file.short(place) else { return }
      if tag == 0x0112 {
        self = file.short(place + 8).flatMap(Orientation.init(rawValue:)) ?? .upright
        return
      }
    }
  }

  /// Whether width and height change places.
  var swapsSides: Bool { rawValue >= 5 }
}

extension Picture {
  /// The picture as it was meant to be seen.
  func turned(_ orientation: Orientation) -> Picture {
    guard orientation != .upright else { return self }
    let (newWidth, newHeight) = orientation.swapsSides ? (height, width) : (width, height)
    // Where the new picture's first pixel lies in the old, and the steps to the next ones.
    let (right, bottom) = (width - 1, (height - 1) * width)
    let (start, across, down) =
      switch orientation {
      case .upright: (0, 1, width)
      case .mirrored: (right, -1, width)
      case .upsideDown: (bottom + right, -1, -width)
      case .flipped: (bottom, 1, -width)
      case .transposed: (0, width, 1)
      case .turnedRight: (bottom, -width, 1)
      case .transversed: (bottom + right, -width, -1)
      case .turnedLeft: (right, width, -1)
      }
    var turned = [UInt8](repeating: 0, count: bytes.count)
    var target = 0
    for y in 0..<newHeight {
      var source = 3 * (start + y * down)
      for _ in 0..<newWidth {
        turned[target] = bytes[source]
        turned[target + 1] = bytes[source + 1]
        turned[target + 2] = bytes[source + 2]
        target += 3
        source += 3 * across
      }
    }
    return Picture(checked: newWidth, newHeight, turned)
  }
}
