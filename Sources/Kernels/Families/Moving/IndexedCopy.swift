/// A dense target whose every axis takes the elements of the source's at given places: borders,
/// rotations, repetitions. Made at plan time.
package struct IndexedCopy: Sendable {
  private struct Segment: Sendable {
    var target: Int
    /// Nil for what is filled.
    var source: Int?
    var count: Int
  }

  /// Where each row of the target begins in the source; negative for rows that are filled.
  private let rows: [Int]
  private let segments: [Segment]
  private let rowCount: Int
  private let sourceCount: Int

  /// - Parameters:
  ///   - sizes: of the dense source.
  ///   - maps: for each axis, the places of the source's that the target's take; negative ones
  ///     are filled.
  package init(sizes: [Int], maps: [[Int]]) {
    precondition(sizes.count == maps.count, "one map per axis")
    for (size, map) in zip(sizes, maps) {
      precondition(map.allSatisfy { $0 < size }, "place outside the source")
    }
    sourceCount = sizes.reduce(1, *)
    var unit = 1
    var axis = sizes.count - 1
    while axis >= 0, maps[axis].elementsEqual(0..<sizes[axis]) {
      unit *= sizes[axis]
      axis -= 1
    }
    var segments: [Segment] = []
    for (position, place) in (axis < 0 ? [0] : maps[axis]).enumerated() {
      let source = place < 0 ? nil : place * unit
      let continues =
        segments.last.map { last in
          source == last.source.map { $0 + last.count } && (source == nil) == (last.source == nil)
        } ?? false
      if continues {
        segments[segments.count - 1].count += unit
      } else {
        segments.append(Segment(target: position * unit, source: source, count: unit))
      }
    }
    self.segments = segments
    rowCount = (axis < 0 ? 1 : maps[axis].count) * unit
    var rows = [0]
    var step = unit * (axis < 0 ? 1 : sizes[axis])
    var outer: [(step: Int, map: [Int])] = []
    for axis in (0..<max(axis, 0)).reversed() {
      outer.append((step, maps[axis]))
      step *= sizes[axis]
    }
    for (step, map) in outer.reversed() {
      rows = rows.flatMap { row in map.map { row < 0 || $0 < 0 ? -1 : row + $0 * step } }
    }
    self.rows = rows
  }

  /// - Precondition: `x` is dense, `y` as large as the maps say, and they do not overlap.
  package func run<Element: BitwiseCopyable & Sendable>(
    _ x: MemorySlice<Element>, filling value: Element, into y: MemorySlice<Element>,
    threads: Int = 1
  ) {
    precondition(
      x.count == sourceCount && y.count == rows.count * rowCount, "sizes do not agree")
    if y.count == 0 { return }
    let rowsPerTile = max(elementsPerTile / rowCount, 1)
    ThreadPool.shared.run(
      Run(copy: self, x: x, value: value, y: y, rowsPerTile: rowsPerTile),
      tiles: (rows.count + rowsPerTile - 1) / rowsPerTile, threads: threads)
  }

  private struct Run<Element: BitwiseCopyable & Sendable>: TiledWork {
    let copy: IndexedCopy
    let x: MemorySlice<Element>
    let value: Element
    let y: MemorySlice<Element>
    let rowsPerTile: Int

    func compute(_ tile: Int, slot: Int) {
      let (rows, rowCount, segments) = (copy.rows, copy.rowCount, copy.segments)
      for row in (tile * rowsPerTile)..<min((tile + 1) * rowsPerTile, rows.count) {
        let to = unsafe y.base + row * rowCount
        let start = rows[row]
        if start < 0 {
          unsafe to.update(repeating: value, count: rowCount)
          continue
        }
        for segment in segments {
          let target = unsafe to + segment.target
          if let source = segment.source {
            unsafe target.update(from: x.base + start + source, count: segment.count)
          } else {
            unsafe target.update(repeating: value, count: segment.count)
          }
        }
      }
    }
  }
}
