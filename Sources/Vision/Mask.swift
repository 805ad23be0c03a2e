/// The pixels that belong to a thing: a picture of yes and no, of which only the part within the
/// thing's box is stored; all round it the answer is no.
public struct Mask: Sendable, Hashable {
  /// The sizes of the whole picture of yes and no.
  public let width, height: Int
  /// The columns and rows that are stored.
  public let columns, rows: Range<Int>
  /// Row by row: `rows.count * columns.count` answers.
  public let pixels: [Bool]

  /// Nil when the stored part does not lie within the picture, or has another number of pixels.
  public init?(width: Int, height: Int, columns: Range<Int>, rows: Range<Int>, pixels: [Bool]) {
    guard columns.lowerBound >= 0, rows.lowerBound >= 0, columns.upperBound <= width,
      rows.upperBound <= height, pixels.count == columns.count * rows.count
    else { return nil }
    self.init(
      width: width, height: height, checkedColumns: columns, rows: rows, pixels: pixels)
  }

  init(
    width: Int, height: Int, checkedColumns columns: Range<Int>, rows: Range<Int>, pixels: [Bool]
  ) {
    self.width = width
    self.height = height
    self.columns = columns
    self.rows = rows
    self.pixels = pixels
  }

  /// Whether the pixel at column x and row y belongs to the thing.
  public subscript(x: Int, y: Int) -> Bool {
    guard columns.contains(x), rows.contains(y) else { return false }
    return pixels[(y - rows.lowerBound) * columns.count + x - columns.lowerBound]
  }

  /// The number of pixels that belong to the thing.
  public var area: Int { pixels.count { $0 } }

  /// Lengths of stretches of no and yes in turn, over the whole picture row by row: one row of
  /// text holds a mask.
  public var runs: [Int] {
    var lengths: [Int] = []
    var (isYes, length) = (false, 0)
    func add(_ value: Bool, _ count: Int) {
      if value != isYes {
        lengths.append(length)
        (isYes, length) = (value, 0)
      }
      length += count
    }
    if rows.isEmpty || columns.isEmpty {
      add(false, width * height)
    } else {
      add(false, rows.lowerBound * width)
      for row in 0..<rows.count {
        add(false, columns.lowerBound)
        for column in 0..<columns.count { add(pixels[row * columns.count + column], 1) }
        add(false, width - columns.upperBound)
      }
      add(false, (height - rows.upperBound) * width)
    }
    lengths.append(length)
    return lengths
  }
}
