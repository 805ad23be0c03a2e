import CGD

/// An image that libgd holds: the way to its decoders and encoders.
@safe
final class GDImage {
  private let image: gdImagePtr

  /// libgd writes to standard error what it thinks of a file; its answer is enough.
  private static let isSilent: Bool = {
    unsafe gdSetErrorMethod { _, _, _ in }
    return true
  }()

  /// Nil when the bytes do not decode, or memory runs out.
  init?(decoding bytes: [UInt8], _ format: PictureFormat) {
    guard Self.isSilent, let count = Int32(exactly: bytes.count) else { return nil }
    let decoded = unsafe bytes.withUnsafeBytes { buffer -> gdImagePtr? in
      // The decoders read only, whatever their signature says.
      let start = unsafe UnsafeMutableRawPointer(mutating: buffer.baseAddress)
      switch format {
      // Warnings are no reason to refuse a picture: a file that is cut short was refused before.
      case .jpeg: return unsafe gdImageCreateFromJpegPtrEx(count, start, 1)
      case .png: return unsafe gdImageCreateFromPngPtr(count, start)
      case .webp: return unsafe gdImageCreateFromWebpPtr(count, start)
      }
    }
    guard let decoded = unsafe decoded else { return nil }
    unsafe image = decoded
  }

  /// Nil when memory runs out.
  init?(_ picture: Picture) {
    let (width, height) = (picture.width, picture.height)
    guard Self.isSilent,
      let made = unsafe gdImageCreateTrueColor(Int32(width), Int32(height))
    else { return nil }
    unsafe image = made
    for y in 0..<height {
      guard let row = unsafe made.pointee.tpixels[y] else { continue }
      for x in 0..<width {
        let color = picture[x, y]
        unsafe row[x] = Int32(color.red) << 16 | Int32(color.green) << 8 | Int32(color.blue)
      }
    }
  }

  deinit { unsafe gdImageDestroy(image) }

  /// The pixels without their transparency.
  var picture: Picture {
    let (width, height) = unsafe (Int(image.pointee.sx), Int(image.pointee.sy))
    let isPalette = unsafe image.pointee.trueColor == 0
    let count = width * height * 3
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      for y in 0..<height {
        let row = unsafe isPalette ? nil : image.pointee.tpixels[y]
        for x in 0..<width {
          let value = unsafe row?[x] ?? gdImageGetTrueColorPixel(image, Int32(x), Int32(y))
          let start = (y * width + x) * 3
          unsafe buffer[start] = UInt8(value >> 16 & 0xFF)
          unsafe buffer[start + 1] = UInt8(value >> 8 & 0xFF)
          unsafe buffer[start + 2] = UInt8(value & 0xFF)
        }
      }
      initialized = count
    }
    return Picture(checked: width, height, bytes)
  }

  func encoded(as format: PictureFormat, quality: Int) -> [UInt8]? {
    var count: Int32 = 0
    let start =
      switch format {
      case .jpeg: unsafe gdImageJpegPtr(image, &count, Int32(quality))
      case .png: unsafe gdImagePngPtr(image, &count)
      case .webp: unsafe gdImageWebpPtrEx(image, &count, Int32(quality))
      }
    guard let start = unsafe start else { return nil }
    defer { unsafe gdFree(start) }
    return unsafe Array(UnsafeRawBufferPointer(start: start, count: Int(count)))
  }
}
