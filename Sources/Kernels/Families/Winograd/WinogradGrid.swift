/// How a convolution's result is cut into tiles, numbered along the rows of each image.
struct WinogradGrid: Sendable {
  /// Neighbouring tiles of a row for which the same code serves.
  struct Segment: Sendable {
    let columns: Range<Int>
    /// Columns of a patch inside the image, and of a tile inside the result.
    let inputColumns: Range<Int>
    let outputColumns: Int
  }

  /// Tiles of one row and segment.
  struct Run {
    let image: Int
    let row: Int
    let column: Int
    let count: Int
    let segment: Int
    /// The first tile's number.
    let first: Int
  }

  /// Rows of a tile row's patch above the image, inside and below it, and of the result.
  struct Rows {
    let above: Int
    let inside: Int
    let below: Int
    let result: Int
    /// The first row inside the image.
    let first: Int
  }

  let window: WindowGeometry
  let tile: WinogradTile
  let rows: Int
  let columns: Int
  let segments: [Segment]

  init(_ window: WindowGeometry, _ tile: WinogradTile) {
    self.window = window
    self.tile = tile
    let m = tile.outputs
    rows = (window.outHeight + m - 1) / m
    columns = (window.outWidth + m - 1) / m
    var segments: [Segment] = []
    for column in 0..<columns {
      let left = column * tile.step - window.padX
      let low = max(0, -left)
      let inside = low..<max(low, min(tile.inputs, window.width - left))
      let results = min(m, window.outWidth - column * m)
      if let last = segments.last, last.inputColumns == inside, last.outputColumns == results {
        segments[segments.count - 1] = Segment(
          columns: last.columns.lowerBound..<(column + 1), inputColumns: inside,
          outputColumns: results)
      } else {
        segments.append(
          Segment(
            columns: column..<(column + 1), inputColumns: inside, outputColumns: results))
      }
    }
    self.segments = segments
  }

  var count: Int { window.batch * rows * columns }

  func rows(of row: Int) -> Rows {
    let top = row * tile.step - window.padY
    let above = max(0, -top)
    let inside = max(0, min(tile.inputs, window.height - top) - above)
    return Rows(
      above: above, inside: inside, below: tile.inputs - above - inside,
      result: min(tile.outputs, window.outHeight - row * tile.outputs), first: max(top, 0))
  }

  /// Visits the tiles of the range, as many at once as one call can take.
  @inline(__always)
  func forEachRun(in range: Range<Int>, _ body: (Run) -> Void) {
    var tile = range.lowerBound
    while tile < range.upperBound {
      let line = tile / columns
      var column = tile % columns
      let end = min(columns, column + range.upperBound - tile)
      for (index, segment) in segments.enumerated() where segment.columns.contains(column) {
        let upper = min(segment.columns.upperBound, end)
        body(
          Run(
            image: line / rows, row: line % rows, column: column, count: upper - column,
            segment: index, first: tile))
        tile += upper - column
        column = upper
        if column == end { break }
      }
    }
  }
}
