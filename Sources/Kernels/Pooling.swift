/// What a pooling window gives.
package enum PoolFunction: Sendable, Hashable {
  /// The largest element inside the image; NaN when there is one.
  case maximum
  /// The sum inside the image over a count.
  case average(AverageDivisor)
}

/// What an average pool divides by.
package enum AverageDivisor: Sendable, Hashable {
  /// The window's elements inside the image and its padding.
  case paddedWindow
  /// The window's elements inside the image.
  case insideImage
  case fixed(Int)
}

/// Pools each plane of dense NCHW images.
///
/// - Precondition: sizes as the window says, and every window reaches into the padded image.
package func pool(
  _ function: PoolFunction, _ window: WindowGeometry, _ x: MemorySlice<Float>,
  into y: MemorySlice<Float>, threads: Int = 1
) {
  window.check()
  let planes = window.batch * window.channels
  let plane = window.height * window.width
  let pixels = window.outPixels
  precondition(
    x.count == window.inputCount && y.count == planes * pixels,
    "sizes do not agree with the window")
  let tiling = RowTiling(outer: planes, inner: pixels)
  ThreadPool.shared.run(tiles: tiling.count, threads: threads) { tile in
    tiling.forEachRow(of: tile) { row, start, count in
      let from = unsafe x.base + row * plane
      let to = unsafe y.base + row * pixels
      var done = start
      while done < start + count {
        let oy = done / window.outWidth
        let ox = done % window.outWidth
        let end = min(window.outWidth, ox + start + count - done)
        switch function {
        case .maximum: unsafe maximumRow(window, from, into: to, oy, ox..<end)
        case .average(let divisor):
          unsafe averageRow(window, from, into: to, oy, ox..<end, divisor)
        }
        done += end - ox
      }
    }
  }
}

private func maximumRow(
  _ window: WindowGeometry, _ x: UnsafeMutablePointer<Float>,
  into y: UnsafeMutablePointer<Float>, _ oy: Int, _ columns: Range<Int>
) {
  let line = unsafe y + oy &* window.outWidth
  for ox in columns { unsafe line[ox] = -.infinity }
  for ky in 0..<window.kernelHeight {
    let iy = oy &* window.strideY &- window.padY &+ ky &* window.dilationY
    if iy < 0 || iy >= window.height { continue }
    for kx in 0..<window.kernelWidth {
      let valid = window.validColumns(kx).clamped(to: columns)
      let shift = iy &* window.width &+ kx &* window.dilationX &- window.padX
      var ox = valid.lowerBound
      let room =
        window.strideX == 1
        ? valid.upperBound : window.strideX == 2 ? valid.upperBound &- 1 : 0
      while ox &+ Vector.lanes <= room {
        let place = unsafe x + (ox &* window.strideX &+ shift)
        let values =
          unsafe window.strideX == 1
          ? Vector(loading: place) : Vector(loadingEvery: place)
        unsafe Vector(loading: line + ox).maximum(values).store(to: line + ox)
        ox &+= Vector.lanes
      }
      while ox < valid.upperBound {
        unsafe line[ox] = largest(line[ox], x[ox &* window.strideX &+ shift])
        ox &+= 1
      }
    }
  }
}

private func averageRow(
  _ window: WindowGeometry, _ x: UnsafeMutablePointer<Float>,
  into y: UnsafeMutablePointer<Float>, _ oy: Int, _ columns: Range<Int>,
  _ divisor: AverageDivisor
) {
  let top = oy * window.strideY - window.padY
  let bottom = min(top + window.kernelHeight, window.height + window.padY)
  let rows = max(top, 0)..<max(min(bottom, window.height), max(top, 0))
  for ox in columns {
    let left = ox * window.strideX - window.padX
    let right = min(left + window.kernelWidth, window.width + window.padX)
    let inside = max(left, 0)..<max(min(right, window.width), max(left, 0))
    var sum: Float = 0
    for iy in rows {
      for ix in inside { unsafe sum += x[iy &* window.width &+ ix] }
    }
    let count =
      switch divisor {
      case .paddedWindow: (bottom - top) * (right - left)
      case .insideImage: rows.count * inside.count
      case .fixed(let number): number
      }
    // A window wholly in the padding averages nothing.
    unsafe y[oy &* window.outWidth &+ ox] =
      rows.isEmpty || inside.isEmpty ? 0 : sum / Float(count)
  }
}

/// The mean over each of `outHeight × outWidth` even parts of each plane; parts may overlap by an
/// element, as in PyTorch's adaptive pooling.
///
/// - Precondition: x has `planes · height · width` elements and y `planes · outHeight · outWidth`.
package func adaptiveAveragePool(
  planes: Int, height: Int, width: Int, outHeight: Int, outWidth: Int, _ x: MemorySlice<Float>,
  into y: MemorySlice<Float>, threads: Int = 1
) {
  precondition(
    x.count == planes * height * width && y.count == planes * outHeight * outWidth,
    "sizes do not agree")
  if outHeight == 1, outWidth == 1 {
    return reduce(
      .mean, x, into: y, outer: planes, size: height * width, inner: 1, threads: threads)
  }
  ThreadPool.shared.run(tiles: y.count == 0 ? 0 : planes, threads: threads) { plane in
    let from = unsafe x.base + plane * height * width
    let to = unsafe y.base + plane * outHeight * outWidth
    for oy in 0..<outHeight {
      let rows = (oy * height / outHeight)..<(((oy + 1) * height + outHeight - 1) / outHeight)
      for ox in 0..<outWidth {
        let columns = (ox * width / outWidth)..<(((ox + 1) * width + outWidth - 1) / outWidth)
        var sum: Float = 0
        for iy in rows {
          for ix in columns { unsafe sum += from[iy &* width &+ ix] }
        }
        unsafe to[oy * outWidth + ox] = sum / Float(rows.count * columns.count)
      }
    }
  }
}
