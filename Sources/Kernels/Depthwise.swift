/// y ← f(depthwise convolution of x with w + bias): channel `c · multiplier + m` of the result
/// comes from channel `c` alone. All dense: x [N, C, H, W], w [C · multiplier, 1, kh, kw].
///
/// - Precondition: sizes as the window says; `bias` has one element per output channel.
package func convolveDepthwise(
  _ window: WindowGeometry, multiplier: Int, _ x: MemorySlice<Float>,
  weight w: MemorySlice<Float>, into y: MemorySlice<Float>, epilogue: Epilogue = Epilogue(),
  threads: Int = 1
) {
  window.check()
  let outChannels = window.channels * multiplier
  let pixels = window.outPixels
  let kernel = window.kernelHeight * window.kernelWidth
  precondition(
    x.count == window.inputCount && w.count == outChannels * kernel
      && y.count == window.batch * outChannels * pixels, "sizes do not agree with the window")
  epilogue.check(rows: outChannels, columns: outChannels)
  if y.count == 0 { return }
  let work = DepthwisePlane(window: window)
  ThreadPool.shared.run(tiles: window.batch * outChannels, threads: threads) { tile in
    let channel = tile % outChannels
    let image = tile / outChannels
    let plane = image * window.channels + channel / multiplier
    let target = unsafe y.base + tile * pixels
    unsafe work.compute(
      x.base + plane * window.height * window.width, w.base + channel * kernel, into: target)
    if !epilogue.isIdentity {
      unsafe epilogue.apply(
        target, stride: pixels, row: channel, rows: 1, column: 0, columns: pixels,
        offset: tile * pixels)
    }
  }
}

/// One image plane under one kernel.
private struct DepthwisePlane: Sendable {
  let window: WindowGeometry
  /// The output columns whose whole window lies inside the image.
  let inside: Range<Int>

  init(window: WindowGeometry) {
    self.window = window
    let first = window.validColumns(0)
    let last = window.validColumns(window.kernelWidth - 1)
    let low = min(max(first.lowerBound, last.lowerBound), window.outWidth)
    inside = low..<max(min(first.upperBound, last.upperBound), low)
  }

  func compute(
    _ x: UnsafeMutablePointer<Float>, _ w: UnsafeMutablePointer<Float>,
    into y: UnsafeMutablePointer<Float>
  ) {
    for oy in 0..<window.outHeight {
      let line = unsafe y + oy &* window.outWidth
      var ox = 0
      while ox < inside.lowerBound {
        unsafe line[ox] = pixel(x, w, oy, ox)
        ox &+= 1
      }
      // The vector load of stride 2 reads one element more than it uses.
      let room = window.strideX == 2 ? inside.upperBound &- 1 : inside.upperBound
      if window.strideX <= 2 {
        while ox &+ Vector.lanes <= room {
          unsafe vector(x, w, oy, ox).store(to: line + ox)
          ox &+= Vector.lanes
        }
      }
      while ox < window.outWidth {
        unsafe line[ox] = pixel(x, w, oy, ox)
        ox &+= 1
      }
    }
  }

  @inline(__always)
  private func vector(
    _ x: UnsafeMutablePointer<Float>, _ w: UnsafeMutablePointer<Float>, _ oy: Int, _ ox: Int
  ) -> Vector {
    var sum = Vector()
    let left = ox &* window.strideX &- window.padX
    for ky in 0..<window.kernelHeight {
      let iy = oy &* window.strideY &- window.padY &+ ky &* window.dilationY
      if iy < 0 || iy >= window.height { continue }
      let line = unsafe x + (iy &* window.width &+ left)
      let weights = unsafe w + ky &* window.kernelWidth
      for kx in 0..<window.kernelWidth {
        let place = unsafe line + kx &* window.dilationX
        let values =
          unsafe window.strideX == 1
          ? Vector(loading: place) : Vector(loadingEvery: place)
        unsafe sum += values * weights[kx]
      }
    }
    return sum
  }

  @inline(__always)
  private func pixel(
    _ x: UnsafeMutablePointer<Float>, _ w: UnsafeMutablePointer<Float>, _ oy: Int, _ ox: Int
  ) -> Float {
    var sum: Float = 0
    for ky in 0..<window.kernelHeight {
      let iy = oy &* window.strideY &- window.padY &+ ky &* window.dilationY
      if iy < 0 || iy >= window.height { continue }
      for kx in 0..<window.kernelWidth {
        let ix = ox &* window.strideX &- window.padX &+ kx &* window.dilationX
        if ix < 0 || ix >= window.width { continue }
        unsafe sum += x[iy &* window.width &+ ix] * w[ky &* window.kernelWidth &+ kx]
      }
    }
    return sum
  }
}
