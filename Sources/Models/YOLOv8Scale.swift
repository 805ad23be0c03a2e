/// How deep and how wide a YOLOv8 is: the `scales` of its YAML file.
public struct YOLOv8Scale: Sendable, Hashable {
  /// A part of the blocks that a stage has at full depth.
  public var depth: Double
  /// A part of the channels that a layer has at full width.
  public var width: Double
  /// What full width is cut to; classifiers do not cut.
  public var maxChannels: Int

  public init(depth: Double, width: Double, maxChannels: Int = 1024) {
    self.depth = depth
    self.width = width
    self.maxChannels = maxChannels
  }

  /// Nano, small, medium, large and extra large.
  public static let n = YOLOv8Scale(depth: 0.33, width: 0.25)
  public static let s = YOLOv8Scale(depth: 0.33, width: 0.5)
  public static let m = YOLOv8Scale(depth: 0.67, width: 0.75, maxChannels: 768)
  public static let l = YOLOv8Scale(depth: 1, width: 1, maxChannels: 512)
  public static let x = YOLOv8Scale(depth: 1, width: 1.25, maxChannels: 512)

  /// The channels of a layer that has so many at full width: a multiple of 8.
  func channels(_ full: Int) -> Int {
    8 * Int((Double(min(full, maxChannels)) * width / 8).rounded(.up))
  }

  /// The blocks of a stage that has so many at full depth.
  func repeats(_ full: Int) -> Int {
    max(Int((Double(full) * depth).rounded(.toNearestOrEven)), 1)
  }

  /// What does not make a network, or nil.
  var problem: String? {
    let isGood =
      depth > 0 && depth <= 16 && width > 0 && width <= 16 && (8...65_536).contains(maxChannels)
    return isGood
      ? nil
      : "expected a depth and a width above 0 and up to 16, and 8 to 65536 channels at most, got "
        + "\(depth), \(width) and \(maxChannels)"
  }

  /// This scale, or the smallest one where it does not make a network.
  var checked: YOLOv8Scale { problem == nil ? self : .n }
}
