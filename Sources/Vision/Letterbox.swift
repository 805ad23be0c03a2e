import MartletTensor

/// How a picture lies in a network's input: scaled to fit, in the middle, with grey all round.
///
///     let letterbox = try Letterbox(
///       pictureWidth: 1920, pictureHeight: 1080, targetWidth: 640, targetHeight: 640)
///     // Scale the picture to 640 × 360 and place it at (0, 140).
///     letterbox.pictureBox(from: box)  // a box in the input, back in the picture
///
/// Sizes, scale and padding are those of Ultralytics' `LetterBox` and `scale_boxes`, rounding
/// included. All lengths are in pixels; x grows to the right, y downwards.
public struct Letterbox: Sendable, Hashable {
  /// The grey level of the padding, of 255.
  public static let paddingLevel: UInt8 = 114

  public let pictureWidth, pictureHeight: Int
  /// The network's input.
  public let width, height: Int
  /// Input pixels per picture pixel before rounding.
  public let scale: Double
  /// What the picture is scaled to: at least 1 pixel each way.
  public let scaledWidth, scaledHeight: Int
  /// The padding on each side.
  public let left, top, right, bottom: Int

  /// - Parameters:
  ///   - isMinimal: pads only up to the next multiple of `stride`, in place of the whole target
  ///     (Ultralytics' `auto`): the input is then smaller, and the network must take any size.
  ///   - stride: the largest stride of the network; only `isMinimal` looks at it.
  ///   - scalesUp: whether pictures smaller than the target are enlarged.
  /// - Throws: `MartletError` of kind `.argument` when a size is not positive.
  public init(
    pictureWidth: Int, pictureHeight: Int, targetWidth: Int, targetHeight: Int,
    isMinimal: Bool = false, stride: Int = 32, scalesUp: Bool = true
  ) throws {
    let limit = 1 << 24
    for (name, size) in [
      ("picture's width", pictureWidth), ("picture's height", pictureHeight),
      ("target's width", targetWidth), ("target's height", targetHeight), ("stride", stride),
    ] where size < 1 || size > limit {
      throw MartletError(.argument, "expected a \(name) from 1 to \(limit) pixels, got \(size)")
    }
    var scale = min(
      Double(targetHeight) / Double(pictureHeight), Double(targetWidth) / Double(pictureWidth))
    if !scalesUp { scale = min(scale, 1) }
    scaledWidth = Self.rounded(Double(pictureWidth) * scale, atLeast: 1)
    scaledHeight = Self.rounded(Double(pictureHeight) * scale, atLeast: 1)
    var (across, down) = (targetWidth - scaledWidth, targetHeight - scaledHeight)
    if isMinimal { (across, down) = (across % stride, down % stride) }
    left = Self.rounded(Double(across) / 2 - 0.1)
    right = Self.rounded(Double(across) / 2 + 0.1)
    top = Self.rounded(Double(down) / 2 - 0.1)
    bottom = Self.rounded(Double(down) / 2 + 0.1)
    width = left + scaledWidth + right
    height = top + scaledHeight + bottom
    self.scale = scale
    self.pictureWidth = pictureWidth
    self.pictureHeight = pictureHeight
  }

  /// A box of the network's input as one of the picture, clipped to it.
  public func pictureBox(from box: BoundingBox) -> BoundingBox {
    BoundingBox(
      left: pictureX(from: box.left), top: pictureY(from: box.top),
      right: pictureX(from: box.right), bottom: pictureY(from: box.bottom))
  }

  /// A place from the input's left side as one from the picture's, clipped to it.
  public func pictureX(from x: Float) -> Float {
    let gain = Float(Double(scaledWidth) / Double(pictureWidth))
    return min(max((x - Float(left)) / gain, 0), Float(pictureWidth))
  }

  /// A place from the input's top as one from the picture's, clipped to it.
  public func pictureY(from y: Float) -> Float {
    let gain = Float(Double(scaledHeight) / Double(pictureHeight))
    return min(max((y - Float(top)) / gain, 0), Float(pictureHeight))
  }

  /// Half goes to the even neighbour, as in Python.
  private static func rounded(_ length: Double, atLeast least: Int = 0) -> Int {
    max(Int(length.rounded(.toNearestOrEven)), least)
  }
}
