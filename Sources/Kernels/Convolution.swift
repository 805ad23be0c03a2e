/// The sizes of a two-dimensional convolution or pooling over dense NCHW images.
package struct WindowGeometry: Sendable, Hashable {
  package var batch: Int
  package var channels: Int
  package var height: Int
  package var width: Int
  package var kernelHeight: Int
  package var kernelWidth: Int
  package var strideY = 1
  package var strideX = 1
  package var padY = 0
  package var padX = 0
  package var dilationY = 1
  package var dilationX = 1
  package var outHeight: Int
  package var outWidth: Int

  package init(
    batch: Int, channels: Int, height: Int, width: Int, kernelHeight: Int, kernelWidth: Int,
    outHeight: Int, outWidth: Int
  ) {
    self.batch = batch
    self.channels = channels
    self.height = height
    self.width = width
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.outHeight = outHeight
    self.outWidth = outWidth
  }

  package var inputCount: Int { batch * channels * height * width }
  package var outPixels: Int { outHeight * outWidth }

  /// Whether a window is one pixel and windows cover the image pixel by pixel.
  package var isPointwise: Bool {
    kernelHeight == 1 && kernelWidth == 1 && strideY == 1 && strideX == 1 && padY == 0
      && padX == 0 && outHeight == height && outWidth == width
  }

  /// The outputs along x whose window offset `kx` falls inside the image.
  @inline(__always)
  func validColumns(_ kx: Int) -> Range<Int> {
    valid(offset: kx &* dilationX &- padX, stride: strideX, size: width, out: outWidth)
  }

  @inline(__always)
  private func valid(offset: Int, stride: Int, size: Int, out: Int) -> Range<Int> {
    // stride · o + offset must lie in 0..<size.
    let low = offset >= 0 ? 0 : (stride &- 1 &- offset) / stride
    let high = size &- offset <= 0 ? 0 : (size &- offset &+ stride &- 1) / stride
    let end = min(high, out)
    return min(low, end)..<end
  }

  func check() {
    precondition(
      batch >= 0 && channels >= 0 && height >= 0 && width >= 0 && kernelHeight > 0
        && kernelWidth > 0 && strideY > 0 && strideX > 0 && padY >= 0 && padX >= 0
        && dilationY > 0 && dilationX > 0 && outHeight >= 0 && outWidth >= 0,
      "impossible window")
  }
}

/// A convolution as matrix products: each group's weights times the unfolded image.
///
/// Pixels are taken in blocks whose unfolded columns stay in the second-level cache; 1×1 kernels
/// of stride 1 multiply the image itself. The plan depends on sizes alone.
package struct ConvolutionPlan: Sendable {
  package let window: WindowGeometry
  package let groups: Int
  package let outChannels: Int
  /// Scratch elements needed for each thread.
  package let scratchPerThread: Int

  let channelsPerGroup: Int
  let outPerGroup: Int
  let depth: Int
  let blocks: Int
  let blockStep: Int
  let rowTiles: GEMMTiles

  package init(window: WindowGeometry, groups: Int, outChannels: Int) {
    window.check()
    precondition(
      groups > 0 && window.channels % groups == 0 && outChannels % groups == 0,
      "channels do not divide into groups")
    self.window = window
    self.groups = groups
    self.outChannels = outChannels
    channelsPerGroup = window.channels / groups
    outPerGroup = outChannels / groups
    depth = channelsPerGroup * window.kernelHeight * window.kernelWidth
    let pixels = window.outPixels
    // About a megabyte of unfolded columns, in whole cache lines.
    let wanted = max(262_144 / max(depth, 1) / 16 * 16, 64)
    let parts = max((pixels + wanted - 1) / wanted, 1)
    blockStep = max(((pixels + parts - 1) / parts + 15) / 16 * 16, 16)
    blocks = (pixels + blockStep - 1) / blockStep
    // Few blocks in the whole layer: cut the output channels too.
    let jobs = blocks * groups * max(window.batch, 1)
    let rows = jobs >= 16 ? 1 : (outPerGroup + 127) / 128
    rowTiles = GEMMTiles(rows: outPerGroup, parts: rows)
    scratchPerThread = window.isPointwise ? 0 : depth * min(blockStep, max(pixels, 1))
  }

  package var weightCount: Int { outChannels * depth }
  package var outputCount: Int { window.batch * outChannels * window.outPixels }
}

extension GEMMTiles {
  /// Rows cut into equal parts, columns whole.
  fileprivate init(rows: Int, parts: Int) {
    self.init(rowStep: max((rows + max(parts, 1) - 1) / max(parts, 1), 1), rows: rows)
  }
}

/// y ← epilogue(convolution of x with w), all dense: x [N, C, H, W], w [O, C / groups, kh, kw],
/// y [N, O, H', W'].
///
/// - Precondition: sizes as the plan says; `scratch` holds `scratchPerThread` elements for each
///   of `threads`.
package func convolve(
  _ plan: ConvolutionPlan, _ x: MemorySlice<Float>, weight w: MemorySlice<Float>,
  into y: MemorySlice<Float>, epilogue: Epilogue = Epilogue(), scratch: MemorySlice<Float>,
  threads: Int = 1
) {
  let window = plan.window
  precondition(
    x.count == window.inputCount && w.count == plan.weightCount && y.count == plan.outputCount
      && scratch.count >= plan.scratchPerThread * threads, "sizes do not agree with the plan")
  epilogue.check(rows: plan.outChannels, columns: plan.outChannels)
  precondition(epilogue.biasAxis == .row, "a convolution's bias goes by channel")
  if y.count == 0 { return }
  let pixels = window.outPixels
  let rowTiles = plan.rowTiles
  let perImage = plan.groups * plan.blocks * rowTiles.rowTiles
  ThreadPool.shared.run(tiles: window.batch * perImage, threads: threads) { tile, slot in
    let image = tile / perImage
    var rest = tile % perImage
    let rowTile = rest % rowTiles.rowTiles
    rest /= rowTiles.rowTiles
    let block = rest % plan.blocks
    let group = rest / plan.blocks
    let first = block * plan.blockStep
    let columns = min(plan.blockStep, pixels - first)
    let row = rowTile * rowTiles.rowStep
    let rows = min(rowTiles.rowStep, plan.outPerGroup - row)
    let channel = group * plan.channelsPerGroup
    let plane = window.height * window.width
    let source = unsafe x.base + (image * window.channels + channel) * plane
    let outRow = group * plan.outPerGroup + row
    let offset = (image * plan.outChannels + outRow) * pixels + first
    let target = unsafe y.base + offset
    var b = unsafe UnsafePointer(source + first)
    var bStride = plane
    if !window.isPointwise {
      let columnsBuffer = unsafe scratch.base + slot * plan.scratchPerThread
      unsafe unfold(
        window, source, channels: plan.channelsPerGroup, pixels: first..<(first + columns),
        into: columnsBuffer)
      unsafe b = UnsafePointer(columnsBuffer)
      bStride = columns
    }
    unsafe Float.compute(
      RawProduct(
        rows: rows, columns: columns, depth: plan.depth, alpha: 1, beta: 0,
        a: w.base + outRow * plan.depth, aStride: max(plan.depth, 1), aTransposed: false,
        b: b, bStride: bStride, bTransposed: false, c: target, cStride: pixels))
    if !epilogue.isIdentity {
      unsafe epilogue.apply(
        target, stride: pixels, row: outRow, rows: rows, column: 0, columns: columns,
        offset: offset)
    }
  }
}

/// Writes a row for each channel and kernel offset and a column for each output pixel (im2col).
private func unfold(
  _ window: WindowGeometry, _ x: UnsafeMutablePointer<Float>, channels: Int, pixels: Range<Int>,
  into columns: UnsafeMutablePointer<Float>
) {
  let plane = window.height &* window.width
  let count = pixels.count
  let outWidth = window.outWidth
  let firstRow = pixels.lowerBound / outWidth
  let firstColumn = pixels.lowerBound % outWidth
  var to = unsafe columns
  for channel in 0..<channels {
    let image = unsafe x + channel &* plane
    for ky in 0..<window.kernelHeight {
      for kx in 0..<window.kernelWidth {
        let valid = window.validColumns(kx)
        let shift = kx &* window.dilationX &- window.padX
        var done = 0
        var oy = firstRow
        var ox = firstColumn
        while done < count {
          let end = min(outWidth, ox &+ count &- done)
          let iy = oy &* window.strideY &- window.padY &+ ky &* window.dilationY
          if iy < 0 || iy >= window.height {
            unsafe (to + done).update(repeating: 0, count: end &- ox)
          } else {
            let line = unsafe image + iy &* window.width
            unsafe unfoldRow(
              line, into: to + done, from: ox, to: end, valid: valid, stride: window.strideX,
              shift: shift)
          }
          done &+= end &- ox
          ox = 0
          oy &+= 1
        }
        unsafe to += count
      }
    }
  }
}

@inline(__always)
private func unfoldRow(
  _ line: UnsafeMutablePointer<Float>, into to: UnsafeMutablePointer<Float>, from start: Int,
  to end: Int, valid: Range<Int>, stride: Int, shift: Int
) {
  let low = min(max(valid.lowerBound, start), end)
  let high = max(min(valid.upperBound, end), low)
  for i in start..<low { unsafe to[i &- start] = 0 }
  if stride == 1 {
    let source = unsafe line + (low &+ shift)
    let target = unsafe to + (low &- start)
    // A call into memcpy costs more than such short rows.
    let count = high &- low
    var i = 0
    while i &+ Vector.lanes <= count {
      unsafe Vector(loading: source + i).store(to: target + i)
      i &+= Vector.lanes
    }
    while i < count {
      unsafe target[i] = source[i]
      i &+= 1
    }
  } else {
    var i = low
    while i < high {
      unsafe to[i &- start] = line[i &* stride &+ shift]
      i &+= 1
    }
  }
  for i in high..<end { unsafe to[i &- start] = 0 }
}
