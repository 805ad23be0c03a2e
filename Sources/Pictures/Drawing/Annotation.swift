/// A thing to mark in a picture: its box, its name, its pixels, its parts.
public struct Annotation: Sendable {
  /// In pixels of the picture.
  public var box: Area
  /// What stands on the label, as in `cat 0.93`; no label when empty.
  public var label: String
  public var color: Color
  /// Pixels that are tinted.
  public var mask: AnnotationMask?
  /// Places of parts; nil for those that are not to be seen.
  public var points: [Point?] = []
  /// Pairs of parts that a line joins, by their numbers.
  public var limbs: [(Int, Int)] = []

  public init(box: Area, label: String, color: Color) {
    self.box = box
    self.label = label
    self.color = color
  }
}

/// Pixels of yes and no, a part of a picture.
public struct AnnotationMask: Sendable {
  let columns, rows: Range<Int>
  let pixels: [Bool]

  /// - Throws: `PictureError` unless there is an answer for each pixel.
  public init(columns: Range<Int>, rows: Range<Int>, pixels: [Bool]) throws(PictureError) {
    guard pixels.count == columns.count * rows.count else {
      throw PictureError(
        "a mask of \(columns.count)x\(rows.count) pixels has \(pixels.count) answers")
    }
    self.columns = columns
    self.rows = rows
    self.pixels = pixels
  }

  func contains(_ x: Int, _ y: Int) -> Bool {
    columns.contains(x) && rows.contains(y)
      && pixels[(y - rows.lowerBound) * columns.count + x - columns.lowerBound]
  }
}

/// How thick lines are and how large letters, in pixels.
public struct AnnotationStyle: Sendable, Hashable {
  public var lineWidth: Double
  public var fontSize: Double
  /// How much of a mask's colour covers the picture, 0 to 1.
  public var maskOpacity = 0.4

  /// What suits a picture of a size.
  public init(width: Int, height: Int) {
    let side = Double(width + height) / 2
    lineWidth = max((side * 0.0035).rounded(), 2)
    fontSize = max((side * 0.024).rounded(), 12)
  }
}

extension Picture {
  /// Draws boxes, labels, masks and parts, the first annotation uppermost.
  ///
  /// - Parameter style: what suits the picture's size when nil.
  public mutating func draw(_ annotations: [Annotation], style: AnnotationStyle? = nil) {
    let style = style ?? AnnotationStyle(width: width, height: height)
    let order = annotations.reversed().filter { annotation in
      let box = annotation.box
      return [box.left, box.top, box.right, box.bottom].allSatisfy(\.isFinite)
    }
    for annotation in order { drawMask(of: annotation, style) }
    for annotation in order {
      let radius = min(style.lineWidth * 1.5, annotation.box.width / 4, annotation.box.height / 4)
      stroke(
        inside(annotation.box, style), annotation.color, lineWidth: style.lineWidth,
        radius: max(radius, 0))
    }
    for annotation in order { drawParts(of: annotation, style) }
    var labels: [Area] = []
    for annotation in annotations where order.contains(where: { $0.box == annotation.box }) {
      drawLabel(of: annotation, style, &labels)
    }
  }

  /// The box, moved so that its line can be seen at the picture's border.
  private func inside(_ box: Area, _ style: AnnotationStyle) -> Area {
    let half = style.lineWidth / 2
    var inner = box
    inner.left = max(inner.left, half)
    inner.top = max(inner.top, half)
    inner.right = max(min(inner.right, Double(width) - half), inner.left)
    inner.bottom = max(min(inner.bottom, Double(height) - half), inner.top)
    return inner
  }

  private mutating func drawMask(of annotation: Annotation, _ style: AnnotationStyle) {
    guard let mask = annotation.mask else { return }
    let edge = max(Int(style.lineWidth / 2), 1)
    for y in mask.rows.clamped(to: 0..<height) {
      for x in mask.columns.clamped(to: 0..<width) where mask.contains(x, y) {
        let isEdge =
          !mask.contains(x - edge, y) || !mask.contains(x + edge, y)
          || !mask.contains(x, y - edge) || !mask.contains(x, y + edge)
        mix(annotation.color, into: y * width + x, by: isEdge ? 0.9 : style.maskOpacity)
      }
    }
  }

  private mutating func drawParts(of annotation: Annotation, _ style: AnnotationStyle) {
    let points = annotation.points
    // A large thing has thicker limbs than a small one beside it.
    let side = max(annotation.box.width, annotation.box.height)
    let thickness = min(style.lineWidth, max(side / 60, 1.5))
    for (index, limb) in annotation.limbs.enumerated() {
      guard points.indices.contains(limb.0), points.indices.contains(limb.1),
        let start = points[limb.0], let end = points[limb.1]
      else { continue }
      line(from: start, to: end, Palette.color(index), width: thickness)
    }
    for point in points.compactMap({ $0 }) {
      disc(point, radius: thickness * 1.5, .white)
      disc(point, radius: thickness * 1.5 - max(thickness / 3, 0.75), annotation.color)
    }
  }

  private mutating func drawLabel(
    of annotation: Annotation, _ style: AnnotationStyle, _ labels: inout [Area]
  ) {
    guard !annotation.label.isEmpty else { return }
    let size = style.fontSize
    let margin = (size * 0.3).rounded(.up)
    let text = Self.shortened(annotation.label, size: size, to: Double(width) - 2 * margin)
    let breadth = Self.width(of: text, size: size) + 2 * margin
    let depth = (size * 1.3).rounded()
    let box = inside(annotation.box, style)
    let half = style.lineWidth / 2
    // Above the box, below it, inside at its top, inside at its bottom: the first that lies in the
    // picture and on no other label.
    let places = [
      (box.left - half, box.top - depth), (box.right + half - breadth, box.top - depth),
      (box.left - half, box.bottom), (box.left - half, box.top),
      (box.left - half, box.bottom - depth),
    ].map { left, top in
      let left = max(min(left, Double(width) - breadth), 0)
      return Area(left: left, top: top, right: left + breadth, bottom: top + depth)
    }
    let inPicture = places.filter { $0.top >= 0 && $0.bottom <= Double(height) }
    let free = inPicture.first { place in !labels.contains { $0.overlaps(place) } }
    var place = free ?? inPicture.first ?? places[3]
    let shift = max(0, place.bottom - Double(height)) - max(0, -place.top)
    place.top -= shift
    place.bottom -= shift
    labels.append(place)
    fill(place, annotation.color, radius: style.lineWidth)
    let baseline = place.top + depth / 2 + size * 0.36
    self.text(
      text, at: Point(x: place.left + margin, y: baseline.rounded()), size: size,
      annotation.color.legibleText)
  }
}
