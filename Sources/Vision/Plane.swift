/// A part of a picture of numbers, resized bilinearly where it is looked at.
struct Plane {
  /// The sizes of the whole picture.
  let width, height: Int
  /// What is stored of it.
  let columns, rows: Range<Int>
  var values: [Float]

  init(width: Int, height: Int, columns: Range<Int>, rows: Range<Int>) {
    self.width = width
    self.height = height
    self.columns = columns
    self.rows = rows
    values = [Float](repeating: 0, count: columns.count * rows.count)
  }

  /// A part of this picture as if resized (`F.interpolate`, bilinear, `align_corners=False`).
  func resized(width: Int, height: Int, columns: Range<Int>, rows: Range<Int>) -> Plane {
    var result = Plane(width: width, height: height, columns: columns, rows: rows)
    let across = columns.map { Sample($0, from: self.width, to: width, stored: self.columns) }
    var index = 0
    for row in rows {
      let down = Sample(row, from: self.height, to: height, stored: self.rows)
      let upper = down.first * self.columns.count
      let lower = down.second * self.columns.count
      for x in across {
        let above =
          values[upper + x.first] * (1 - x.weight) + values[upper + x.second] * x.weight
        let below =
          values[lower + x.first] * (1 - x.weight) + values[lower + x.second] * x.weight
        result.values[index] = above * (1 - down.weight) + below * down.weight
        index += 1
      }
    }
    return result
  }

  /// The part of a picture's axis of `size` pixels that is looked at when places of the axis as
  /// resized to `resized` pixels are wanted.
  static func source(of wanted: Range<Int>, from size: Int, to resized: Int) -> Range<Int> {
    guard let last = wanted.last else { return 0..<0 }
    let first = Sample(wanted.lowerBound, from: size, to: resized, stored: 0..<size).first
    return first..<(Sample(last, from: size, to: resized, stored: 0..<size).second + 1)
  }

  /// Two neighbours that are mixed, counted from what is stored, and the second one's share.
  private struct Sample {
    let first, second: Int
    let weight: Float

    init(_ place: Int, from size: Int, to resized: Int, stored: Range<Int>) {
      let scale = Float(size) / Float(resized)
      let source = max(scale * (Float(place) + 0.5) - 0.5, 0)
      let index = min(Int(source), size - 1)
      first = index - stored.lowerBound
      second = min(index + 1, size - 1) - stored.lowerBound
      weight = min(max(source - Float(index), 0), 1)
    }
  }
}
