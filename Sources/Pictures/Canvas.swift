import CGD

/// A true-colour picture in memory, drawn by libgd. What falls outside of it is cut off.
@safe
public final class Canvas {
  /// The longest side that a canvas may have, in pixels.
  public static let longestSide = 16_384

  public let width: Int
  public let height: Int
  private let image: gdImagePtr

  /// - Throws: `PictureError` when a side is not in `1...longestSide` or memory runs out.
  public init(width: Int, height: Int, background: Color = .white) throws(PictureError) {
    let sides = 1...Self.longestSide
    guard sides.contains(width), sides.contains(height) else {
      throw PictureError(
        "a canvas is 1 to \(Self.longestSide) pixels wide and high, got \(width)x\(height)")
    }
    guard let image = unsafe gdImageCreateTrueColor(Int32(width), Int32(height)) else {
      throw PictureError("no memory for a canvas of \(width)x\(height) pixels")
    }
    unsafe self.image = image
    self.width = width
    self.height = height
    fill(Rectangle(x: 0, y: 0, width: width, height: height), background)
  }

  deinit { unsafe gdImageDestroy(image) }

  public func fill(_ area: Rectangle, _ color: Color) {
    guard area.width > 0, area.height > 0 else { return }
    let left = position(area.x)
    let top = position(area.y)
    let right = position(area.x &+ area.width &- 1)
    let bottom = position(area.y &+ area.height &- 1)
    unsafe gdImageFilledRectangle(image, left, top, right, bottom, value(color))
  }

  /// Draws a border of the given thickness on the inside of the area's edge.
  public func frame(_ area: Rectangle, _ color: Color, thickness: Int = 1) {
    let side = min(thickness, area.width, area.height)
    guard side > 0 else { return }
    let (x, y, width, height) = (area.x, area.y, area.width, area.height)
    fill(Rectangle(x: x, y: y, width: width, height: side), color)
    fill(Rectangle(x: x, y: y + height - side, width: width, height: side), color)
    fill(Rectangle(x: x, y: y, width: side, height: height), color)
    fill(Rectangle(x: x + width - side, y: y, width: side, height: height), color)
  }

  /// Draws a grey image with its first row at the top, each pixel a square of `scale` pixels.
  ///
  /// - Throws: `PictureError` when `pixels` is not a whole number of rows, or `scale` is not
  ///   in `1...longestSide`.
  public func draw(grey pixels: [UInt8], width: Int, x: Int, y: Int, scale: Int = 1)
    throws(PictureError)
  {
    guard width > 0, pixels.count.isMultiple(of: width) else {
      throw PictureError("\(pixels.count) pixels do not make rows of \(width)")
    }
    guard (1...Self.longestSide).contains(scale) else {
      throw PictureError("an image is drawn 1 to \(Self.longestSide) times its size, got \(scale)")
    }
    for (index, level) in pixels.enumerated() {
      let (row, column) = index.quotientAndRemainder(dividingBy: width)
      let square = Rectangle(
        x: x + column * scale, y: y + row * scale, width: scale, height: scale)
      fill(square, Color(grey: level))
    }
  }

  /// Draws one line of text, its upper left corner at (x, y).
  ///
  /// - Throws: `PictureError` for text outside of ASCII, which gd's own fonts do not hold.
  public func draw(_ text: String, x: Int, y: Int, font: Font, _ color: Color)
    throws(PictureError)
  {
    guard text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
      throw PictureError("the built-in fonts hold printable ASCII, got \"\(text)\"")
    }
    let size = Self.size(of: font)
    for (index, letter) in text.utf8.enumerated() {
      let left = position(x + index * size.width)
      unsafe gdImageChar(
        image, Self.face(font), left, position(y), Int32(letter), value(color))
    }
  }

  /// The size of one letter, in pixels.
  public static func size(of font: Font) -> (width: Int, height: Int) {
    let face = unsafe face(font)
    return unsafe (Int(face.pointee.w), Int(face.pointee.h))
  }

  /// The picture as a PNG file's bytes.
  ///
  /// - Throws: `PictureError` when libgd cannot encode it.
  public func png() throws(PictureError) -> [UInt8] {
    var count: Int32 = 0
    guard let start = unsafe gdImagePngPtr(image, &count) else {
      throw PictureError("libgd could not encode the picture as PNG")
    }
    defer { unsafe gdFree(start) }
    return unsafe Array(UnsafeRawBufferPointer(start: start, count: Int(count)))
  }

  private static func face(_ font: Font) -> gdFontPtr {
    switch font {
    case .small: unsafe gdFontGetSmall()
    case .large: unsafe gdFontGetLarge()
    case .giant: unsafe gdFontGetGiant()
    }
  }

  /// A coordinate that gd can compute with: far outside is as good as any further.
  private func position(_ coordinate: Int) -> Int32 {
    Int32(min(max(coordinate, -2 * Self.longestSide), 2 * Self.longestSide))
  }

  private func value(_ color: Color) -> Int32 {
    Int32(color.red) << 16 | Int32(color.green) << 8 | Int32(color.blue)
  }
}
