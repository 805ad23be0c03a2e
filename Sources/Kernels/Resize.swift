/// Where each output coordinate of a resized axis comes from: two neighbours and the second's
/// share; nearest-neighbour axes have a share of zero everywhere.
package struct ResamplingAxis: Sendable, Hashable {
  package let size: Int
  let low: [Int]
  let high: [Int]
  let share: [Float]
  /// Whether each output is one element; a linear axis weighs both neighbours even by zero, so
  /// that an infinity beside gives NaN as in PyTorch.
  let isNearest: Bool

  /// PyTorch's `nearest`: floor(o · scale).
  ///
  /// - Parameter scale: input elements per output element; nil for `size / outSize`.
  package init(nearest size: Int, to outSize: Int, scale: Float? = nil) {
    let scale = scale ?? Float(size) / Float(max(outSize, 1))
    self.size = size
    low = (0..<outSize).map { min(Int(Float($0) * scale), size - 1) }
    high = low
    share = [Float](repeating: 0, count: outSize)
    isNearest = true
  }

  /// PyTorch's `bilinear` along one axis.
  ///
  /// - Parameter scale: input elements per output element, where corners are not aligned; nil for
  ///   `size / outSize`.
  package init(linear size: Int, to outSize: Int, alignsCorners: Bool, scale: Float? = nil) {
    self.size = size
    let step: Float =
      alignsCorners
      ? (outSize > 1 ? Float(size - 1) / Float(outSize - 1) : 0)
      : scale ?? Float(size) / Float(max(outSize, 1))
    var (low, high, share): ([Int], [Int], [Float]) = ([], [], [])
    for o in 0..<outSize {
      if outSize == size {
        // PyTorch weighs the element itself by one and by zero.
        low.append(o)
        high.append(o)
        share.append(0)
        continue
      }
      let source = alignsCorners ? Float(o) * step : max((Float(o) + 0.5) * step - 0.5, 0)
      let first = min(Int(source), size - 1)
      low.append(first)
      high.append(min(first + 1, size - 1))
      share.append(min(max(source - Float(first), 0), 1))
    }
    (self.low, self.high, self.share) = (low, high, share)
    isNearest = false
  }

  package var outSize: Int { low.count }
}

/// Resizes each of `planes` dense planes.
///
/// - Precondition: x has `planes · y.size · x.size` elements of the axes, y the output's.
package func resize(
  planes: Int, vertical: ResamplingAxis, horizontal: ResamplingAxis, _ x: MemorySlice<Float>,
  into y: MemorySlice<Float>, threads: Int = 1
) {
  let (height, width) = (vertical.size, horizontal.size)
  let (outHeight, outWidth) = (vertical.outSize, horizontal.outSize)
  precondition(
    x.count == planes * height * width && y.count == planes * outHeight * outWidth,
    "sizes do not agree")
  if y.count == 0 { return }
  let isNearest = vertical.isNearest && horizontal.isNearest
  ThreadPool.shared.run(tiles: planes, threads: threads) { plane in
    let from = unsafe x.base + plane * height * width
    for oy in 0..<outHeight {
      let to = unsafe y.base + (plane * outHeight + oy) * outWidth
      let top = unsafe from + vertical.low[oy] * width
      if isNearest {
        for ox in 0..<outWidth { unsafe to[ox] = top[horizontal.low[ox]] }
        continue
      }
      let bottom = unsafe from + vertical.high[oy] * width
      let down = vertical.share[oy]
      for ox in 0..<outWidth {
        let (left, right) = (horizontal.low[ox], horizontal.high[ox])
        let across = horizontal.share[ox]
        let above = unsafe top[left] * (1 - across) + top[right] * across
        let below = unsafe bottom[left] * (1 - across) + bottom[right] * across
        unsafe to[ox] = above * (1 - down) + below * down
      }
    }
  }
}
