/// Softmax along the middle axis of a dense [outer, size, inner] array; `y` may be `x` itself.
///
/// - Precondition: sizes agree.
package func softmax(
  _ x: MemorySlice<Float>, into y: MemorySlice<Float>, outer: Int, size: Int, inner: Int = 1,
  threads: Int = 1
) {
  precondition(
    x.count == outer * size * inner && y.count == x.count, "sizes do not agree")
  if y.count == 0 { return }
  if inner == 1 {
    let rows = max(elementsPerTile / 4 / size, 1)
    ThreadPool.shared.run(
      RowSoftmax(x: x, y: y, outer: outer, size: size, rows: rows),
      tiles: (outer + rows - 1) / rows, threads: threads)
  } else {
    let bands = (inner + Vector.lanes - 1) / Vector.lanes
    ThreadPool.shared.run(
      ColumnSoftmax(x: x, y: y, size: size, inner: inner, bands: bands), tiles: outer * bands,
      threads: threads)
  }
}

private struct RowSoftmax: TiledWork {
  let x, y: MemorySlice<Float>
  let outer, size: Int
  /// Of a tile.
  let rows: Int

  func compute(_ tile: Int, slot: Int) {
    for row in (tile * rows)..<min((tile + 1) * rows, outer) {
      unsafe softmaxRow(x.base + row * size, into: y.base + row * size, count: size)
    }
  }
}

private struct ColumnSoftmax: TiledWork {
  let x, y: MemorySlice<Float>
  let size, inner: Int
  let bands: Int

  func compute(_ tile: Int, slot: Int) {
    let first = tile % bands * Vector.lanes
    let start = tile / bands * size * inner + first
    unsafe softmaxColumns(
      x.base + start, into: y.base + start, size: size, stride: inner,
      lanes: min(Vector.lanes, inner - first))
  }
}

/// One dense row; `y` may be `x`.
///
/// - Parameter hiddenIsZero: whether a row of −∞ alone gives zeros instead of NaN.
func softmaxRow(
  _ x: UnsafeMutablePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int,
  hiddenIsZero: Bool = false
) {
  let top = unsafe rowMaximum(x, count)
  if hiddenIsZero, top == -.infinity { return unsafe y.update(repeating: 0, count: count) }
  var sum = Vector()
  var i = 0
  while i &+ Vector.lanes <= count {
    let value = unsafe VectorMath.exp(Vector(loading: x + i) - top)
    unsafe value.store(to: y + i)
    sum += value
    i &+= Vector.lanes
  }
  var total = sum.total
  if i < count {
    let value = unsafe VectorMath.exp(Vector(loading: x + i, count: count &- i) - top)
    unsafe value.store(to: y + i, count: count &- i)
    for lane in 0..<(count &- i) { total += value[lane] }
  }
  let scale = 1 / total
  unsafe PointwiseFunction.affine(scale: scale, shift: 0).visit(MapRow(x: y, y: y, count: count))
}

/// Up to eight neighbouring columns.
private func softmaxColumns(
  _ x: UnsafeMutablePointer<Float>, into y: UnsafeMutablePointer<Float>, size: Int, stride: Int,
  lanes: Int
) {
  var top = Vector(repeating: -.infinity)
  for row in 0..<size {
    unsafe top = top.maximum(Vector(loading: x + row &* stride, count: lanes))
  }
  var sum = Vector()
  for row in 0..<size {
    let value = unsafe VectorMath.exp(Vector(loading: x + row &* stride, count: lanes) - top)
    unsafe value.store(to: y + row &* stride, count: lanes)
    sum += value
  }
  for row in 0..<size {
    let value = unsafe Vector(loading: y + row &* stride, count: lanes) / sum
    unsafe value.store(to: y + row &* stride, count: lanes)
  }
}
