/// How a tensor reads in print; the defaults are PyTorch's (`torch.set_printoptions`).
public struct PrintOptions: Sendable, Hashable {
  /// The digits after the point.
  public var precision = 4
  /// With more elements than this, only the edges are shown.
  public var threshold = 1000
  /// The elements shown at each edge of an axis; at least one.
  public var edgeItems = 3
  /// The characters of a line before it wraps.
  public var lineWidth = 80
  /// Whether powers of ten are written out; nil decides by the values.
  public var scientific: Bool?

  public init() {}
}
