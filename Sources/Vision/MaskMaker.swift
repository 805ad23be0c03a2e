/// Mixes masks from a network's prototypes (YOLACT, Bolya et al. 2019; Ultralytics' `process_mask`
/// and `process_mask_native`).
struct MaskMaker {
  private let prototypes: [Float]
  private let start: Int
  private let width, height: Int
  private let letterbox: Letterbox

  /// - Parameter sizes: `[N, masks, H, W]` of the prototypes.
  init(prototypes: [Float], picture: Int, sizes: [Int], letterbox: Letterbox) {
    self.prototypes = prototypes
    start = picture * sizes[1] * sizes[2] * sizes[3]
    (height, width) = (sizes[2], sizes[3])
    self.letterbox = letterbox
  }

  /// The mask in pixels of the network's input.
  func inputMask(_ weights: [Float], in box: BoundingBox) -> Mask {
    let (columns, rows) = pixels(of: box, letterbox.width, letterbox.height)
    return mask(columns, rows, width: letterbox.width, height: letterbox.height) {
      let mixed = mix(
        weights, Plane.source(of: columns, from: width, to: letterbox.width),
        Plane.source(of: rows, from: height, to: letterbox.height))
      return mixed.resized(
        width: letterbox.width, height: letterbox.height, columns: columns, rows: rows)
    }
  }

  /// The mask in the picture's pixels: prototypes are enlarged until the padding is whole pixels,
  /// the padding is cut off, and the rest is resized to the picture.
  func pictureMask(_ weights: [Float], in box: BoundingBox) -> Mask {
    let (columns, rows) = pixels(of: box, letterbox.pictureWidth, letterbox.pictureHeight)
    return mask(
      columns, rows, width: letterbox.pictureWidth, height: letterbox.pictureHeight
    ) {
      let factor = wholePixelFactor
      let (wide, high) = (width * factor, height * factor)
      let (across, down) = content(wide, high)
      let inner = Plane.source(of: columns, from: across.count, to: letterbox.pictureWidth)
      let innerRows = Plane.source(of: rows, from: down.count, to: letterbox.pictureHeight)
      let outer = inner.lowerBound + across.lowerBound..<inner.upperBound + across.lowerBound
      let outerRows =
        innerRows.lowerBound + down.lowerBound..<innerRows.upperBound + down.lowerBound
      let mixed = mix(
        weights, Plane.source(of: outer, from: width, to: wide),
        Plane.source(of: outerRows, from: height, to: high))
      let enlarged = mixed.resized(width: wide, height: high, columns: outer, rows: outerRows)
      var cut = Plane(width: across.count, height: down.count, columns: inner, rows: innerRows)
      cut.values = enlarged.values
      return cut.resized(
        width: letterbox.pictureWidth, height: letterbox.pictureHeight, columns: columns, rows: rows
      )
    }
  }

  /// The logits of a mask in a part of the prototypes: their weighted sum.
  private func mix(_ weights: [Float], _ columns: Range<Int>, _ rows: Range<Int>) -> Plane {
    var plane = Plane(width: width, height: height, columns: columns, rows: rows)
    for (index, weight) in weights.enumerated() {
      var place = 0
      for row in rows {
        let first = start + (index * height + row) * width
        for column in columns {
          plane.values[place] += weight * prototypes[first + column]
          place += 1
        }
      }
    }
    return plane
  }

  private func mask(
    _ columns: Range<Int>, _ rows: Range<Int>, width: Int, height: Int, _ logits: () -> Plane
  ) -> Mask {
    guard !columns.isEmpty, !rows.isEmpty, self.width > 0, self.height > 0 else {
      return Mask(width: width, height: height, checkedColumns: 0..<0, rows: 0..<0, pixels: [])
    }
    return Mask(
      width: width, height: height, checkedColumns: columns, rows: rows,
      pixels: logits().values.map { $0 > 0 })
  }

  /// The pixels whose numbers lie within the box, its right and lower side left out.
  private func pixels(of box: BoundingBox, _ width: Int, _ height: Int) -> (
    columns: Range<Int>, rows: Range<Int>
  ) {
    func range(_ from: Float, _ to: Float, _ size: Int) -> Range<Int> {
      // What is no number includes nothing.
      guard from < to else { return 0..<0 }
      let first = Int(min(max(from.rounded(.up), 0), Float(size)))
      return first..<max(first, Int(min(max(to.rounded(.up), 0), Float(size))))
    }
    return (range(box.left, box.right, width), range(box.top, box.bottom, height))
  }

  /// The least of 1, 2 and 4 by which prototypes must grow for the padding to be whole pixels. They
  /// are a quarter of the network's input.
  private var wholePixelFactor: Int {
    let (pictureHeight, pictureWidth) = (
      Double(letterbox.pictureHeight), Double(letterbox.pictureWidth)
    )
    let gain = min(Double(4 * height) / pictureHeight, Double(4 * width) / pictureWidth)
    let down = 4 * height - fitted(pictureHeight * gain)
    let across = 4 * width - fitted(pictureWidth * gain)
    let padding = down | across
    let bits = padding | padding / 2
    return bits % 4 == 0 ? 1 : bits % 2 == 0 ? 2 : 4
  }

  /// Where the picture lies in prototypes grown to some sizes (Ultralytics' `scale_masks`).
  private func content(_ wide: Int, _ high: Int) -> (across: Range<Int>, down: Range<Int>) {
    let (pictureHeight, pictureWidth) = (
      Double(letterbox.pictureHeight), Double(letterbox.pictureWidth)
    )
    if wide == letterbox.pictureWidth && high == letterbox.pictureHeight {
      return (0..<wide, 0..<high)
    }
    let gain = min(Double(high) / pictureHeight, Double(wide) / pictureWidth)
    let (across, down) = (fitted(pictureWidth * gain), fitted(pictureHeight * gain))
    let left = padding(wide - across)
    let top = padding(high - down)
    return (
      left..<max(left + 1, min(left + across, wide)), top..<max(top + 1, min(top + down, high))
    )
  }

  private func fitted(_ length: Double) -> Int {
    max(Int(length.rounded(.toNearestOrEven)), 1)
  }

  private func padding(_ both: Int) -> Int {
    max(Int((Double(both) / 2 - 0.1).rounded(.toNearestOrEven)), 0)
  }
}
