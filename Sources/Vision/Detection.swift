/// A thing found in a picture.
public struct Detection: Sendable, Hashable {
  /// Where it is, in pixels of the picture, clipped to it.
  public var box: BoundingBox
  /// The class's number, from 0.
  public var label: Int
  /// How sure the network is, from 0 to 1.
  public var score: Float
  /// Which pixels belong to it, where the network tells (segmentation).
  public var mask: Mask?
  /// The places of its parts, where the network tells (pose), in the network's order.
  public var keypoints: [Keypoint]?

  public init(
    box: BoundingBox, label: Int, score: Float, mask: Mask? = nil, keypoints: [Keypoint]? = nil
  ) {
    self.box = box
    self.label = label
    self.score = score
    self.mask = mask
    self.keypoints = keypoints
  }
}

/// A rectangle by its sides, in pixels from the left and from the top. A pixel's number is its
/// left or upper side: a box round the first pixel is `0, 0, 1, 1`.
public struct BoundingBox: Sendable, Hashable {
  public var left, top, right, bottom: Float

  public init(left: Float, top: Float, right: Float, bottom: Float) {
    self.left = left
    self.top = top
    self.right = right
    self.bottom = bottom
  }

  public var width: Float { right - left }
  public var height: Float { bottom - top }
  /// Width times height, whatever their signs, as PyTorch counts it.
  public var area: Float { width * height }

  /// What two boxes share, as a part of what they cover together: 0 to 1 (`box_iou`).
  public func intersectionOverUnion(_ other: BoundingBox) -> Float {
    let across = max(min(right, other.right) - max(left, other.left), 0)
    let down = max(min(bottom, other.bottom) - max(top, other.top), 0)
    let shared = across * down
    return shared / (area + other.area - shared)
  }
}

/// The place of one part of a thing, as a wrist.
public struct Keypoint: Sendable, Hashable {
  /// In pixels of the picture, clipped to it.
  public var x, y: Float
  /// How sure the network is that the part can be seen, from 0 to 1; nil where it does not say.
  public var score: Float?

  public init(x: Float, y: Float, score: Float? = nil) {
    self.x = x
    self.y = y
    self.score = score
  }
}
