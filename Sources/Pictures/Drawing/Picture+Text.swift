/// Text in DejaVu Sans Bold, which holds Latin letters with their accents; others become boxes.
extension Picture {
  /// How wide a line of text is, in pixels.
  ///
  /// - Parameter size: of the font, in pixels: capitals are 0.73 of it.
  public static func width(of text: String, size: Double) -> Double {
    text.reduce(0) { $0 + Letter.of($1).advance * size }
  }

  /// The text, or its beginning with an ellipsis where it would be wider than allowed.
  static func shortened(_ text: String, size: Double, to width: Double) -> String {
    guard Self.width(of: text, size: size) > width else { return text }
    var text = text
    while !text.isEmpty, Self.width(of: text + "…", size: size) > width { text.removeLast() }
    return text + "…"
  }

  /// Draws one line of text.
  ///
  /// - Parameters:
  ///   - start: the left end of the line that the letters stand on.
  ///   - size: of the font, in pixels: capitals are 0.73 of it.
  public mutating func text(_ text: String, at start: Point, size: Double, _ color: Color) {
    guard start.isFinite, size > 0, size <= 4096 else { return }
    var x = start.x
    for character in text {
      let letter = Letter.of(character)
      draw(letter, at: Point(x: x, y: start.y), size: size, color)
      x += letter.advance * size
    }
  }

  private mutating func draw(_ letter: Letter, at start: Point, size: Double, _ color: Color) {
    let contours = letter.contours.map { contour in
      contour.map { Point(x: start.x + $0.x * size, y: start.y + $0.y * size) }
    }
    let points = contours.joined()
    guard let left = points.map(\.x).min(), let right = points.map(\.x).max(),
      let top = points.map(\.y).min(), let bottom = points.map(\.y).max(),
      left > -1e6, right < 1e6, top > -1e6, bottom < 1e6
    else { return }
    var cover = Cover(left: left, top: top, right: right, bottom: bottom)
    for contour in contours {
      for (a, b) in zip(contour, contour.dropFirst()) { cover.add(from: a, to: b) }
    }
    cover.forEachPixel { x, y, share in
      if x >= 0, x < width, y >= 0, y < height { mix(color, into: y * width + x, by: share) }
    }
  }
}

/// How much of each pixel lies within closed lines: each line leaves, in the pixels that it
/// crosses, the signed area to its right, and a sum along the row gives the share (R. Levien's
/// font-rs).
struct Cover {
  private let left: Int
  private let top: Int
  private let width: Int
  private let height: Int
  private var areas: [Double]

  init(left: Double, top: Double, right: Double, bottom: Double) {
    self.left = Int(left.rounded(.down))
    self.top = Int(top.rounded(.down))
    width = Int(right.rounded(.up)) - self.left + 2
    height = Int(bottom.rounded(.up)) - self.top + 1
    areas = [Double](repeating: 0, count: width * height)
  }

  mutating func add(from start: Point, to end: Point) {
    guard start.y != end.y else { return }
    let (sign, upper, lower) = start.y < end.y ? (1.0, start, end) : (-1.0, end, start)
    let slope = (lower.x - upper.x) / (lower.y - upper.y)
    var x = upper.x - Double(left)
    let (first, last) = (upper.y - Double(top), lower.y - Double(top))
    for row in Int(first)..<max(Int(last.rounded(.up)), Int(first)) {
      let part = min(Double(row + 1), last) - max(Double(row), first)
      let next = x + slope * part
      add(sign * part, from: min(x, next), to: max(x, next), row * width)
      x = next
    }
  }

  /// A line that goes through one row, from one side to the other.
  private mutating func add(_ amount: Double, from x0: Double, to x1: Double, _ row: Int) {
    let first = Int(x0)
    let end = Int(x1.rounded(.up))
    guard end > first + 1 else {
      let share = (x0 + x1) / 2 - Double(first)
      areas[row + first] += amount * (1 - share)
      areas[row + first + 1] += amount * share
      return
    }
    // How much lies to the right within each pixel on the way: a triangle, then trapezoids.
    let perPixel = amount / (x1 - x0)
    var before = 0.0
    for column in first..<end {
      let from = max(x0, Double(column)) - Double(column)
      let to = min(x1, Double(column + 1)) - Double(column)
      let crossed = perPixel * (to - from)
      let here = crossed * (1 - (from + to) / 2)
      areas[row + column] += here + before
      before = crossed - here
    }
    areas[row + end] += before
  }

  func forEachPixel(_ body: (Int, Int, Double) -> Void) {
    for row in 0..<height {
      var sum = 0.0
      for column in 0..<width {
        sum += areas[row * width + column]
        let share = min(abs(sum), 1)
        if share > 0.002 { body(left + column, top + row, share) }
      }
    }
  }
}
