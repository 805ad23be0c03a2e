/// Which two old pixels a new one lies between, and what it takes of each, in 2048ths.
private struct LinearLine {
  private(set) var places: [Int] = []
  private(set) var firstShares: [Int] = []
  private(set) var secondShares: [Int] = []

  init(from old: Int, to new: Int) {
    let scale = 1 / (Double(new) / Double(old))
    for index in 0..<new {
      var position = Float((Double(index) + 0.5) * scale - 0.5)
      var place = Int(position.rounded(.down))
      position -= Float(place)
      if place < 0 { (place, position) = (0, 0) }
      if place >= old - 1 { (place, position) = (old - 1, 0) }
      places.append(place)
      firstShares.append(Int(((1 - position) * 2048).rounded(.toNearestOrEven)))
      secondShares.append(Int((position * 2048).rounded(.toNearestOrEven)))
    }
  }
}

extension Picture {
  /// The picture in another size as OpenCV's `resize` with `INTER_LINEAR` gives it: each pixel
  /// from the four around its place, however much the picture shrinks.
  ///
  /// - Throws: `PictureError` when the size is not positive or too large.
  public func linearlyResized(
    width newWidth: Int, height newHeight: Int
  ) throws(PictureError) -> Picture {
    try Self.check(newWidth, newHeight)
    guard (newWidth, newHeight) != (width, height) else { return self }
    let across = LinearLine(from: width, to: newWidth)
    let down = LinearLine(from: height, to: newHeight)
    var target = [UInt8](repeating: 0, count: newWidth * newHeight * 3)
    var rows: [Int: [Int]] = [:]
    for y in 0..<newHeight {
      let place = down.places[y]
      let next = min(place + 1, height - 1)
      // Rows are reused by the new rows that lie between the same two.
      rows = rows.filter { $0.key == place || $0.key == next }
      let upper = rows[place] ?? row(place, across)
      rows[place] = upper
      let lower = rows[next] ?? row(next, across)
      rows[next] = lower
      let (first, second) = (down.firstShares[y], down.secondShares[y])
      let start = y * newWidth * 3
      for i in 0..<(newWidth * 3) {
        // OpenCV's vector code drops bits on the way, twice; so does this.
        let above = (upper[i] >> 4 &* first) >> 16
        let below = (lower[i] >> 4 &* second) >> 16
        target[start + i] = UInt8(clamping: (above &+ below &+ 2) >> 2)
      }
    }
    return Picture(checked: newWidth, newHeight, target)
  }

  /// One row in its new width, in 2048ths of a level.
  private func row(_ y: Int, _ line: LinearLine) -> [Int] {
    var result = [Int](repeating: 0, count: line.places.count * 3)
    for (x, place) in line.places.enumerated() {
      let start = (y * width + place) * 3
      let next = (y * width + min(place + 1, width - 1)) * 3
      for channel in 0..<3 {
        result[3 * x + channel] =
          Int(bytes[start + channel]) &* line.firstShares[x]
          &+ Int(bytes[next + channel]) &* line.secondShares[x]
      }
    }
    return result
  }
}
