extension Picture {
  /// The part of the picture at a place, black (torchvision's fill) where it reaches outside.
  ///
  /// - Throws: `PictureError` when the area has no pixels or is too large.
  public func cropped(_ area: Rectangle, background: Color = .black) throws(PictureError) -> Picture
  {
    var result = try Picture(width: area.width, height: area.height, background: background)
    result.place(self, x: 0 &- area.x, y: 0 &- area.y)
    return result
  }

  /// The middle of the picture, as torchvision's `CenterCrop` cuts it.
  ///
  /// - Throws: `PictureError` as above.
  public func centerCropped(
    width newWidth: Int, height newHeight: Int
  ) throws(PictureError) -> Picture {
    func start(_ old: Int, _ new: Int) -> Int {
      // A smaller picture is padded first, its odd pixel after it.
      new > old
        ? -((new - old) / 2)
        : Int((Double(old - new) / 2).rounded(.toNearestOrEven))
    }
    return try cropped(
      Rectangle(
        x: start(width, newWidth), y: start(height, newHeight), width: newWidth, height: newHeight))
  }

  /// The picture with its shorter side of a length, as torchvision's `Resize` makes it.
  ///
  /// - Throws: `PictureError` when the length is not positive or the picture grows too large.
  public func resized(
    shorterSide: Int, filter: ResamplingFilter = .bilinear
  ) throws(PictureError) -> Picture {
    let (short, long) = (min(width, height), max(width, height))
    let (product, overflow) = shorterSide.multipliedReportingOverflow(by: long)
    guard !overflow else { throw PictureError("a side of \(shorterSide) pixels is too long") }
    let other = product / short
    return try width <= height
      ? resized(width: shorterSide, height: other, filter: filter)
      : resized(width: other, height: shorterSide, filter: filter)
  }

  /// The picture within a larger one of a fixed size, its shape kept and grey around it, as
  /// Ultralytics' `LetterBox` makes it.
  ///
  /// - Throws: `PictureError` when the size is not positive or too large.
  public func letterboxed(
    width newWidth: Int, height newHeight: Int, padding: Color = Color(grey: 114)
  ) throws(PictureError) -> Picture {
    var result = try Picture(width: newWidth, height: newHeight, background: padding)
    let ratio = min(
      Double(newHeight) / Double(height), Double(newWidth) / Double(width))
    func inner(_ side: Int) -> Int {
      max(Int((Double(side) * ratio).rounded(.toNearestOrEven)), 1)
    }
    func start(_ outer: Int, _ inner: Int) -> Int {
      Int((Double(outer - inner) / 2 - 0.1).rounded(.toNearestOrEven))
    }
    let small = try linearlyResized(width: inner(width), height: inner(height))
    result.place(
      small, x: max(start(newWidth, small.width), 0), y: max(start(newHeight, small.height), 0))
    return result
  }

  /// Copies a picture into this one, its upper left corner at (x, y), without what lies outside.
  mutating func place(_ picture: Picture, x: Int, y: Int) {
    let columns = max(0, 0 &- x)..<max(0, 0 &- x, min(picture.width, width.clampedMinus(x)))
    let rows = max(0, 0 &- y)..<max(0, 0 &- y, min(picture.height, height.clampedMinus(y)))
    guard !columns.isEmpty, !rows.isEmpty else { return }
    for row in rows {
      let source = (row * picture.width + columns.lowerBound) * 3
      let target = ((y + row) * width + x + columns.lowerBound) * 3
      for i in 0..<(columns.count * 3) { bytes[target + i] = picture.bytes[source + i] }
    }
  }
}

extension Int {
  /// The difference, or the nearest number there is.
  fileprivate func clampedMinus(_ other: Int) -> Int {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? (other < 0 ? .max : .min) : difference
  }
}
