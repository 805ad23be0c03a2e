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
}
