/// y ← f(x · scale + shift), with one scale and shift per channel of dense [N, C, inner].
///
/// - Precondition: sizes agree; `y` may be `x`.
package func scaleChannels(
  _ x: MemorySlice<Float>, scale: MemorySlice<Float>, shift: MemorySlice<Float>,
  into y: MemorySlice<Float>, inner: Int, then last: PointwiseFunction = .identity,
  threads: Int = 1
) {
  let channels = scale.count
  precondition(x.count == y.count && shift.count == channels, "sizes do not agree")
  if y.count == 0 { return }
  precondition(y.count % (channels * inner) == 0, "sizes do not agree")
  let tiling = RowTiling(outer: y.count / inner, inner: inner)
  ThreadPool.shared.run(tiles: tiling.count, threads: threads) { tile in
    tiling.forEachRow(of: tile) { row, start, count in
      let from = unsafe x.base + row * inner + start
      let to = unsafe y.base + row * inner + start
      let function = unsafe PointwiseFunction.affine(
        scale: scale.base[row % channels], shift: shift.base[row % channels])
      unsafe function.visit(MapRow(x: from, y: to, count: count))
      if last != .identity { unsafe last.visit(MapRow(x: to, y: to, count: count)) }
    }
  }
}

/// Normalises each dense row of `size` elements to mean 0 and variance 1, then scales and shifts
/// element by element.
///
/// - Precondition: sizes agree; `y` may be `x`.
package func layerNorm(
  _ x: MemorySlice<Float>, into y: MemorySlice<Float>, size: Int, epsilon: Double,
  weight: MemorySlice<Float>? = nil, bias: MemorySlice<Float>? = nil, threads: Int = 1
) {
  precondition(
    x.count == y.count && (size > 0 ? x.count % size == 0 : x.count == 0)
      && (weight.map { $0.count == size } ?? true) && (bias.map { $0.count == size } ?? true),
    "sizes do not agree")
  if y.count == 0 { return }
  let count = x.count / size
  let rows = max(elementsPerTile / size, 1)
  ThreadPool.shared.run(tiles: (count + rows - 1) / rows, threads: threads) { tile in
    for row in (tile * rows)..<min((tile + 1) * rows, count) {
      let from = unsafe x.base + row * size
      let to = unsafe y.base + row * size
      let (mean, scale) = unsafe moments(from, size, epsilon)
      var i = 0
      while i < size {
        let lanes = min(Vector.lanes, size &- i)
        var value = unsafe (Vector(loading: from + i, count: lanes) - mean) * scale
        if let weight { unsafe value *= Vector(loading: weight.base + i, count: lanes) }
        if let bias { unsafe value += Vector(loading: bias.base + i, count: lanes) }
        unsafe value.store(to: to + i, count: lanes)
        i &+= lanes
      }
    }
  }
}

/// Divides each dense row of `size` elements by its root mean square, then scales element by
/// element.
///
/// - Precondition: sizes agree; `y` may be `x`.
package func rmsNorm(
  _ x: MemorySlice<Float>, into y: MemorySlice<Float>, size: Int, epsilon: Double,
  weight: MemorySlice<Float>? = nil, threads: Int = 1
) {
  precondition(
    x.count == y.count && (size > 0 ? x.count % size == 0 : x.count == 0)
      && (weight.map { $0.count == size } ?? true), "sizes do not agree")
  if y.count == 0 { return }
  let count = x.count / size
  let rows = max(elementsPerTile / size, 1)
  ThreadPool.shared.run(tiles: (count + rows - 1) / rows, threads: threads) { tile in
    for row in (tile * rows)..<min((tile + 1) * rows, count) {
      let from = unsafe x.base + row * size
      let to = unsafe y.base + row * size
      let squares = unsafe rowSum(from, size) { $0 * $0 }
      let scale = Float(1 / (squares / Double(size) + epsilon).squareRoot())
      var i = 0
      while i < size {
        let lanes = min(Vector.lanes, size &- i)
        var value = unsafe Vector(loading: from + i, count: lanes) * scale
        if let weight { unsafe value *= Vector(loading: weight.base + i, count: lanes) }
        unsafe value.store(to: to + i, count: lanes)
        i &+= lanes
      }
    }
  }
}

/// Normalises each group of channels of dense [N, C, inner], then scales and shifts by channel.
/// With as many groups as channels this is instance normalisation.
///
/// - Precondition: sizes agree; `y` may be `x`.
package func groupNorm(
  _ x: MemorySlice<Float>, into y: MemorySlice<Float>, batch: Int, channels: Int, inner: Int,
  groups: Int, epsilon: Double, weight: MemorySlice<Float>? = nil,
  bias: MemorySlice<Float>? = nil, threads: Int = 1
) {
  precondition(
    x.count == batch * channels * inner && y.count == x.count && groups > 0
      && channels % groups == 0 && (weight.map { $0.count == channels } ?? true)
      && (bias.map { $0.count == channels } ?? true), "sizes do not agree")
  if y.count == 0 { return }
  let perGroup = channels / groups
  let size = perGroup * inner
  ThreadPool.shared.run(tiles: batch * groups, threads: threads) { tile in
    let from = unsafe x.base + tile * size
    let to = unsafe y.base + tile * size
    let (mean, scale) = unsafe moments(from, size, epsilon)
    for local in 0..<perGroup {
      let channel = tile % groups * perGroup + local
      let factor = scale * (unsafe weight?.base[channel] ?? 1)
      let shift = (unsafe bias?.base[channel] ?? 0) - mean * factor
      unsafe PointwiseFunction.affine(scale: factor, shift: shift).visit(
        MapRow(x: from + local * inner, y: to + local * inner, count: inner))
    }
  }
}

/// The row's mean and 1 / √(variance + ε), the variance from deviations (two passes).
private func moments(
  _ x: UnsafeMutablePointer<Float>, _ count: Int, _ epsilon: Double
) -> (mean: Float, scale: Float) {
  let mean = unsafe Float(rowSum(x, count) / Double(count))
  let squares = unsafe rowSum(x, count) {
    let deviation = $0 - mean
    return deviation * deviation
  }
  return (mean, Float(1 / (squares / Double(count) + epsilon).squareRoot()))
}
