package enum RowReduction: Sendable, Hashable {
  case sum, mean
  /// NaN when one of the elements is.
  case maximum
}

/// Reduces the middle axis of a dense [outer, size, inner] array to [outer, inner].
///
/// Sums run in eight lanes over blocks, and the blocks' sums in float64.
///
/// - Precondition: sizes agree; a maximum is over at least one element.
package func reduce(
  _ reduction: RowReduction, _ x: MemorySlice<Float>, into y: MemorySlice<Float>, outer: Int,
  size: Int, inner: Int, threads: Int = 1
) {
  precondition(
    x.count == outer * size * inner && y.count == outer * inner, "sizes do not agree")
  precondition(reduction != .maximum || size > 0 || y.count == 0, "nothing to choose from")
  if y.count == 0 { return }
  if inner == 1 {
    let rows = max(elementsPerTile / max(size, 1), 1)
    ThreadPool.shared.run(tiles: (outer + rows - 1) / rows, threads: threads) { tile in
      for row in (tile * rows)..<min((tile + 1) * rows, outer) {
        let from = unsafe x.base + row * size
        unsafe y.base[row] =
          switch reduction {
          case .sum: unsafe Float(rowSum(from, size))
          case .mean: unsafe Float(rowSum(from, size) / Double(size))
          case .maximum: unsafe rowMaximum(from, size)
          }
      }
    }
  } else {
    let columns = 64
    let bands = (inner + columns - 1) / columns
    ThreadPool.shared.run(tiles: outer * bands, threads: threads) { tile in
      let row = tile / bands
      let first = tile % bands * columns
      let count = min(columns, inner - first)
      let from = unsafe x.base + row * size * inner + first
      let to = unsafe y.base + row * inner + first
      unsafe reduceColumns(reduction, from, into: to, size: size, stride: inner, count: count)
    }
  }
}

/// Adjacent columns, each down `size` rows.
private func reduceColumns(
  _ reduction: RowReduction, _ x: UnsafeMutablePointer<Float>,
  into y: UnsafeMutablePointer<Float>, size: Int, stride: Int, count: Int
) {
  var i = 0
  while i < count {
    let lanes = min(Vector.lanes, count &- i)
    var result = Vector(repeating: reduction == .maximum ? -.infinity : 0)
    if reduction == .maximum {
      for row in 0..<size {
        let place = unsafe x + (row &* stride &+ i)
        unsafe result = result.maximum(Vector(loading: place, count: lanes))
      }
    } else {
      var wide = SIMD8<Double>()
      var row = 0
      while row < size {
        let end = min(row &+ 64, size)
        var block = Vector()
        while row < end {
          let place = unsafe x + (row &* stride &+ i)
          unsafe block += Vector(loading: place, count: lanes)
          row &+= 1
        }
        wide += SIMD8<Double>(block)
      }
      if reduction == .mean { wide /= Double(size) }
      result = Vector(wide)
    }
    unsafe result.store(to: y + i, count: lanes)
    i &+= lanes
  }
}

/// The sum of a dense row.
@inline(__always)
func rowSum(_ x: UnsafeMutablePointer<Float>, _ count: Int) -> Double {
  unsafe rowSum(x, count) { $0 }
}

/// The sum of f(x) over a dense row, in lanes and blocks.
@inline(__always)
func rowSum(
  _ x: UnsafeMutablePointer<Float>, _ count: Int, of function: (Vector) -> Vector
) -> Double {
  var total = 0.0
  var i = 0
  while i &+ 16 <= count {
    let end = min(i &+ 2048, count &- 15)
    var (a, b) = (Vector(), Vector())
    while i < end {
      unsafe a += function(Vector(loading: x + i))
      unsafe b += function(Vector(loading: x + (i &+ 8)))
      i &+= 16
    }
    total += Double((a + b).total)
  }
  while i < count {
    unsafe total += Double(function(Vector(repeating: x[i]))[0])
    i &+= 1
  }
  return total
}

/// The largest element of a dense row; NaN when there is one, −∞ for an empty row.
func rowMaximum(_ x: UnsafeMutablePointer<Float>, _ count: Int) -> Float {
  var i = 0
  var result = -Float.infinity
  if count >= Vector.lanes {
    var lanes = unsafe Vector(loading: x)
    i = Vector.lanes
    while i &+ Vector.lanes <= count {
      unsafe lanes = lanes.maximum(Vector(loading: x + i))
      i &+= Vector.lanes
    }
    result = lanes.maximum
  }
  while i < count {
    unsafe result = largest(result, x[i])
    i &+= 1
  }
  return result
}
