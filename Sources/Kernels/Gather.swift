/// Copies the row that each index names: y[i] ← table[indices[i]].
///
/// - Returns: false, with `y` unfinished, when an index lies outside the table.
/// - Precondition: `table` holds `rows · width` elements and `y` `indices.count · width`.
package func gatherRows(
  _ table: MemorySlice<Float>, rows: Int, width: Int, indices: MemorySlice<Int64>,
  into y: MemorySlice<Float>, threads: Int = 1
) -> Bool {
  precondition(
    table.count == rows * width && y.count == indices.count * width, "sizes do not agree")
  for i in 0..<indices.count {
    let index = unsafe indices.base[i]
    guard index >= 0, index < rows else { return false }
  }
  let step = max(elementsPerTile / max(width, 1), 1)
  ThreadPool.shared.run(tiles: (indices.count + step - 1) / step, threads: threads) { tile in
    for i in (tile * step)..<min((tile + 1) * step, indices.count) {
      let from = unsafe table.base + Int(indices.base[i]) * width
      unsafe (y.base + i * width).update(from: from, count: width)
    }
  }
  return true
}
