/// A place in a picture, in pixels; a pixel's centre lies at its number and a half.
public struct Point: Sendable, Hashable {
  public var x: Double
  public var y: Double

  public init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }

  var isFinite: Bool { x.isFinite && y.isFinite }
}

/// A rectangle by its sides, in pixels.
public struct Area: Sendable, Hashable {
  public var left, top, right, bottom: Double

  public init(left: Double, top: Double, right: Double, bottom: Double) {
    self.left = left
    self.top = top
    self.right = right
    self.bottom = bottom
  }

  var width: Double { right - left }
  var height: Double { bottom - top }

  func widened(by margin: Double) -> Area {
    Area(
      left: left - margin, top: top - margin, right: right + margin, bottom: bottom + margin)
  }

  func overlaps(_ other: Area) -> Bool {
    left < other.right && other.left < right && top < other.bottom && other.top < bottom
  }
}

/// Painting with smooth edges. What falls outside of the picture is cut off.
extension Picture {
  /// Mixes a colour into a pixel inside.
  mutating func mix(_ color: Color, into pixel: Int, by share: Double) {
    func mixed(_ old: UInt8, _ new: UInt8) -> UInt8 {
      UInt8((Double(old) + (Double(new) - Double(old)) * share).rounded())
    }
    bytes[3 * pixel] = mixed(bytes[3 * pixel], color.red)
    bytes[3 * pixel + 1] = mixed(bytes[3 * pixel + 1], color.green)
    bytes[3 * pixel + 2] = mixed(bytes[3 * pixel + 2], color.blue)
  }

  /// Paints what lies within a shape, of which the distance from its edge is given: less than 0
  /// inside.
  mutating func paint(
    _ color: Color, opacity: Double = 1, within area: Area, distance: (Double, Double) -> Double
  ) {
    guard let columns = Self.pixels(area.left, area.right, width),
      let rows = Self.pixels(area.top, area.bottom, height)
    else { return }
    for y in rows {
      for x in columns {
        let covered = 0.5 - distance(Double(x) + 0.5, Double(y) + 0.5)
        guard covered > 0 else { continue }
        mix(color, into: y * width + x, by: min(covered, 1) * opacity)
      }
    }
  }

  /// A filled rectangle with round corners.
  public mutating func fill(_ area: Area, _ color: Color, radius: Double = 0, opacity: Double = 1) {
    guard area.width > 0, area.height > 0 else { return }
    paint(color, opacity: opacity, within: area.widened(by: 1)) { x, y in
      Self.distance(x, y, from: area, radius: radius)
    }
  }

  /// A rectangle's outline with round corners, its line half on either side of the edge.
  public mutating func stroke(_ area: Area, _ color: Color, lineWidth: Double, radius: Double = 0) {
    guard area.width >= 0, area.height >= 0 else { return }
    let margin = lineWidth / 2 + 1
    let (outer, inner) = (area.widened(by: margin), area.widened(by: -margin - radius))
    // Four strips round what lies inside: nothing is looked at twice, and the middle never.
    let (upper, lower) = (min(inner.top, outer.bottom), max(inner.bottom, inner.top))
    let strips = [
      Area(left: outer.left, top: outer.top, right: outer.right, bottom: upper.rounded()),
      Area(
        left: outer.left, top: upper.rounded(), right: inner.left.rounded(), bottom: lower.rounded()
      ),
      Area(
        left: max(inner.right, inner.left).rounded(), top: upper.rounded(), right: outer.right,
        bottom: lower.rounded()),
      Area(left: outer.left, top: lower.rounded(), right: outer.right, bottom: outer.bottom),
    ]
    for strip in strips {
      paint(color, within: strip) { x, y in
        abs(Self.distance(x, y, from: area, radius: radius)) - lineWidth / 2
      }
    }
  }

  /// A line with round ends.
  public mutating func line(from start: Point, to end: Point, _ color: Color, width: Double) {
    guard start.isFinite, end.isFinite else { return }
    let (across, down) = (end.x - start.x, end.y - start.y)
    let squared = across * across + down * down
    let area = Area(
      left: min(start.x, end.x), top: min(start.y, end.y), right: max(start.x, end.x),
      bottom: max(start.y, end.y))
    paint(color, within: area.widened(by: width / 2 + 1)) { x, y in
      let along = ((x - start.x) * across + (y - start.y) * down) / max(squared, 1e-9)
      let share = min(max(along, 0), 1)
      let (dx, dy) = (x - start.x - share * across, y - start.y - share * down)
      return (dx * dx + dy * dy).squareRoot() - width / 2
    }
  }

  /// A filled circle.
  public mutating func disc(_ center: Point, radius: Double, _ color: Color) {
    line(from: center, to: center, color, width: 2 * radius)
  }

  /// The whole pixels that a stretch touches, within `0..<size`.
  static func pixels(_ start: Double, _ end: Double, _ size: Int) -> Range<Int>? {
    guard start < end else { return nil }
    let first = Int(min(max(start.rounded(.down), 0), Double(size)))
    let last = Int(min(max(end.rounded(.up), 0), Double(size)))
    return first < last ? first..<last : nil
  }

  private static func distance(
    _ x: Double, _ y: Double, from area: Area, radius: Double
  ) -> Double {
    let radius = min(radius, area.width / 2, area.height / 2)
    let across = abs(x - (area.left + area.right) / 2) - area.width / 2 + radius
    let down = abs(y - (area.top + area.bottom) / 2) - area.height / 2 + radius
    let (right, lower) = (max(across, 0), max(down, 0))
    return (right * right + lower * lower).squareRoot() + min(max(across, down), 0) - radius
  }
}
