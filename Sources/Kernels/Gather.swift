/// Copies the row that each index names: y[i] ← table[indices[i]].
///
/// - Returns: false, with `y` unfinished, when an index lies outside the table.
/// - Precondition: `table` holds `rows · width` elements and `y` `indices.count · width`.
package func gatherRows(
  _ table: MemorySlice<Float>, rows: Int, width: Int, indices: MemorySlice<Int64>,
  into y: MemorySlice<Float>, threads: Int = 1
) -> Bool {
  gatherSlices(
    table, outer: 1, size: rows, inner: width, indices: indices, allowsNegative: false, into: y,
    threads: threads)
}

/// y[o, i, …] ← x[o, indices[i], …] for a dense x of [outer, size, inner].
///
/// - Parameter allowsNegative: whether indices below zero count from the end.
/// - Returns: false, with `y` unfinished, when an index lies outside.
/// - Precondition: `y` holds `outer · indices.count · inner` elements.
package func gatherSlices<Element: BitwiseCopyable & Sendable>(
  _ x: MemorySlice<Element>, outer: Int, size: Int, inner: Int, indices: MemorySlice<Int64>,
  allowsNegative: Bool, into y: MemorySlice<Element>, threads: Int = 1
) -> Bool {
  precondition(
    x.count == outer * size * inner && y.count == outer * indices.count * inner,
    "sizes do not agree")
  for i in 0..<indices.count {
    let index = unsafe indices.base[i]
    guard index >= (allowsNegative ? -size : 0), index < size else { return false }
  }
  if y.count == 0 { return true }
  let step = max(elementsPerTile / inner, 1)
  let parts = (indices.count + step - 1) / step
  ThreadPool.shared.run(
    SliceGathering(
      x: x, indices: indices, y: y, size: size, inner: inner, parts: parts, step: step),
    tiles: outer * parts, threads: threads)
  return true
}

private struct SliceGathering<Element: BitwiseCopyable & Sendable>: TiledWork {
  let x: MemorySlice<Element>
  let indices: MemorySlice<Int64>
  let y: MemorySlice<Element>
  let size, inner: Int
  let parts, step: Int

  func compute(_ tile: Int, slot: Int) {
    let (block, part) = (tile / parts, tile % parts)
    let from = unsafe x.base + block * size * inner
    let to = unsafe y.base + block * indices.count * inner
    for i in (part * step)..<min((part + 1) * step, indices.count) {
      var index = Int(unsafe indices.base[i])
      if index < 0 { index += size }
      if inner == 1 {
        unsafe to[i] = from[index]
      } else {
        unsafe (to + i * inner).update(from: from + index * inner, count: inner)
      }
    }
  }
}

/// y ← x at an index along one axis for each element. Operands of the geometry: y, the indices, and
/// x with stride 0 along that axis, which has `size` elements `stride` apart.
///
/// - Returns: false, with `y` unfinished, when an index lies outside.
package func gatherElements<Element: BitwiseCopyable & Sendable>(
  _ x: MemorySlice<Element>, size: Int, stride: Int, indices: MemorySlice<Int64>,
  into y: MemorySlice<Element>, geometry: StridedGeometry, threads: Int = 1
) -> Bool {
  precondition(geometry.strides.count == 3, "three operands")
  if geometry.count == 0 { return true }
  precondition(
    geometry.reach(0) <= y.count && geometry.reach(1) <= indices.count
      && geometry.reach(2) + max(size - 1, 0) * stride <= x.count, "operand outside its memory")
  for row in 0..<geometry.outer {
    let from = unsafe indices.base + geometry.start(of: row, 1)
    for i in 0..<geometry.inner {
      let index = unsafe from[i &* geometry.innerStride(1)]
      guard index >= 0, index < size else { return false }
    }
  }
  let (yStep, iStep) = (geometry.innerStride(0), geometry.innerStride(1))
  let xStep = geometry.innerStride(2)
  let tiling = geometry.tiling
  ThreadPool.shared.run(tiles: tiling.count, threads: threads) { tile in
    tiling.forEachRow(of: tile) { row, start, count in
      let to = unsafe y.base + geometry.start(of: row, 0) + start * yStep
      let places = unsafe indices.base + geometry.start(of: row, 1) + start * iStep
      let from = unsafe x.base + geometry.start(of: row, 2) + start * xStep
      for i in 0..<count {
        unsafe to[i &* yStep] = from[i &* xStep &+ Int(places[i &* iStep]) &* stride]
      }
    }
  }
  return true
}
