import MartletTensor

/// The samples that make up each cell of a box's grid.
struct RegionAligner<T: RealElement> {
  let scale: T
  let pooled: (Int, Int)
  /// Samples along each axis of a cell; as many as fit where it is not positive.
  let samplingRatio: Int
  /// Whether coordinates count from the elements' centres.
  let isAligned: Bool
  let height: Int
  let width: Int

  struct Tap {
    let position: Int
    let weight: T
  }

  /// For each cell, row by row, the elements of a plane and their weights.
  func bins(_ box: [T]) -> [[Tap]] {
    let offset: T = isAligned ? 0.5 : 0
    let (left, top) = (box[1] * scale - offset, box[2] * scale - offset)
    var (boxWidth, boxHeight) = (box[3] * scale - offset - left, box[4] * scale - offset - top)
    if !isAligned {
      boxWidth = max(boxWidth, 1)
      boxHeight = max(boxHeight, 1)
    }
    let (cellHeight, cellWidth) = (boxHeight / T(pooled.0), boxWidth / T(pooled.1))
    func samples(_ length: T) -> Int {
      if samplingRatio > 0 { return samplingRatio }
      let count = length.rounded(.up)
      return count.isFinite && count > 0 ? Int(min(count, T(1 << 20))) : 0
    }
    let (rows, columns) = (samples(cellHeight), samples(cellWidth))
    let share = 1 / T(max(rows * columns, 1))
    var cells: [[Tap]] = []
    for i in 0..<pooled.0 {
      for j in 0..<pooled.1 {
        var taps: [Tap] = []
        for row in 0..<rows {
          let y = top + T(i) * cellHeight + (T(row) + T(0.5)) * cellHeight / T(rows)
          for column in 0..<columns {
            let x = left + T(j) * cellWidth + (T(column) + T(0.5)) * cellWidth / T(columns)
            append(x, y, share, to: &taps)
          }
        }
        cells.append(taps)
      }
    }
    return cells
  }

  private func append(_ x: T, _ y: T, _ share: T, to taps: inout [Tap]) {
    guard y >= -1, y <= T(height), x >= -1, x <= T(width) else { return }
    let (top, bottom, down) = neighbours(y, height)
    let (left, right, across) = neighbours(x, width)
    taps.append(Tap(position: top * width + left, weight: (1 - down) * (1 - across) * share))
    taps.append(Tap(position: top * width + right, weight: (1 - down) * across * share))
    taps.append(Tap(position: bottom * width + left, weight: down * (1 - across) * share))
    taps.append(Tap(position: bottom * width + right, weight: down * across * share))
  }

  private func neighbours(_ place: T, _ size: Int) -> (Int, Int, T) {
    let inside = max(place, 0)
    let low = Int(inside)
    if low >= size - 1 { return (size - 1, size - 1, 0) }
    return (low, low + 1, inside - T(low))
  }
}
