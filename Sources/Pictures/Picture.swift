/// A picture in sRGB, eight bits a channel, without transparency.
public struct Picture: Sendable, Hashable {
  /// The most pixels that a picture may have; a small file can claim any number.
  public static let largestPixelCount = 1 << 27

  public let width: Int
  public let height: Int
  /// Red, green and blue of each pixel, row by row from the top: `height * width * 3` bytes.
  public internal(set) var bytes: [UInt8]

  /// - Throws: `PictureError` when a side is not positive, the picture is larger than
  ///   `largestPixelCount`, or `bytes` are not three for each pixel.
  public init(width: Int, height: Int, bytes: [UInt8]) throws(PictureError) {
    try Self.check(width, height)
    guard bytes.count == width * height * 3 else {
      throw PictureError(
        "a picture of \(width)x\(height) pixels has \(width * height * 3) bytes, "
          + "got \(bytes.count)")
    }
    self.init(checked: width, height, bytes)
  }

  /// A picture of one colour.
  ///
  /// - Throws: `PictureError` as above.
  public init(width: Int, height: Int, background: Color) throws(PictureError) {
    try Self.check(width, height)
    var bytes = [UInt8](repeating: background.red, count: width * height * 3)
    if background.green != background.red || background.blue != background.red {
      for pixel in 0..<(width * height) {
        bytes[3 * pixel + 1] = background.green
        bytes[3 * pixel + 2] = background.blue
      }
    }
    self.init(checked: width, height, bytes)
  }

  init(checked width: Int, _ height: Int, _ bytes: [UInt8]) {
    self.width = width
    self.height = height
    self.bytes = bytes
  }

  static func check(_ width: Int, _ height: Int) throws(PictureError) {
    guard width > 0, height > 0 else {
      throw PictureError("a picture has at least one pixel each way, got \(width)x\(height)")
    }
    let (count, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, count <= largestPixelCount else {
      throw PictureError(
        "\(width)x\(height) pixels are more than the \(largestPixelCount) that a picture may "
          + "have; make it smaller first")
    }
  }

  /// The colour at a column and a row.
  ///
  /// - Precondition: the place lies inside.
  public subscript(x: Int, y: Int) -> Color {
    get {
      precondition(x >= 0 && x < width && y >= 0 && y < height, "the pixel lies outside")
      let start = (y * width + x) * 3
      return Color(red: bytes[start], green: bytes[start + 1], blue: bytes[start + 2])
    }
    set {
      precondition(x >= 0 && x < width && y >= 0 && y < height, "the pixel lies outside")
      let start = (y * width + x) * 3
      bytes[start] = newValue.red
      bytes[start + 1] = newValue.green
      bytes[start + 2] = newValue.blue
    }
  }

  /// The pixels as planes `[3, height, width]`, each level divided by 255, then
  /// `(level - mean) / deviation`: torchvision's `ToTensor` and `Normalize`.
  ///
  /// - Throws: `PictureError` unless there are three means and three deviations, none of them 0.
  public func planes(
    mean: [Float] = [0, 0, 0], deviation: [Float] = [1, 1, 1]
  ) throws(PictureError) -> [Float] {
    guard mean.count == 3, deviation.count == 3, !deviation.contains(0) else {
      throw PictureError(
        "three means and three deviations other than 0 are needed, got \(mean) and \(deviation)")
    }
    let count = width * height
    var planes = [Float](repeating: 0, count: 3 * count)
    for channel in 0..<3 {
      let table = (0...255).map { (Float($0) / 255 - mean[channel]) / deviation[channel] }
      for pixel in 0..<count {
        planes[channel * count + pixel] = table[Int(bytes[3 * pixel + channel])]
      }
    }
    return planes
  }

  /// The grey levels as one plane `[1, height, width]`, as Pillow's `convert("L")` weighs colours
  /// (ITU-R 601-2), divided by 255, then `(level - mean) / deviation`.
  ///
  /// - Throws: `PictureError` when the deviation is 0.
  public func greyPlane(mean: Float = 0, deviation: Float = 1) throws(PictureError) -> [Float] {
    guard deviation != 0 else { throw PictureError("a deviation other than 0 is needed") }
    return (0..<(width * height)).map { pixel in
      let red = Int(bytes[3 * pixel]) * 19_595
      let green = Int(bytes[3 * pixel + 1]) * 38_470
      let blue = Int(bytes[3 * pixel + 2]) * 7_471
      return (Float((red + green + blue + 0x8000) >> 16) / 255 - mean) / deviation
    }
  }
}
