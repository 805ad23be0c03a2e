extension WinogradPlan {
  /// Packs w [O, C, 3, 3] after the bias: G w Gᵀ for each element as the products want it, or w
  /// itself where that is computed during runs.
  func pack(
    weight w: MemorySlice<Float>, bias: MemorySlice<Float>?, into packed: MemorySlice<Float>,
    threads: Int
  ) {
    if let bias {
      for channel in 0..<weightOffset {
        unsafe packed.base[channel] = channel < outChannels ? bias.base[channel] : 0
      }
    }
    if let computedWeights {
      ThreadPool.shared.run(tiles: products.panels.count, threads: threads) { panel in
        unsafe computedWeights.pack(w.base, panel: panel, into: packed.base + weightOffset)
      }
      return
    }
    let transform = WeightTransform(tile)
    // A panel's input channels in parts, for there may be few panels.
    let part = 32
    let parts = (window.channels + part - 1) / part
    ThreadPool.shared.run(tiles: products.panels.count * parts, threads: threads) { tile in
      let panel = products.panels[tile / parts]
      let first = tile % parts * part
      unsafe pack(
        w.base, panel, channels: first..<min(first + part, window.channels), by: transform,
        into: packed.base + weightOffset + products.geometry.weightOffset(panel))
    }
  }

  private func pack(
    _ w: UnsafePointer<Float>, _ panel: TilePanel, channels: Range<Int>,
    by transform: WeightTransform, into target: UnsafeMutablePointer<Float>
  ) {
    let width = panel.vectors * lanes
    let first = panel.firstVector * lanes
    for channel in channels {
      for group in stride(from: 0, to: width, by: 8) {
        let real = max(min(8, outChannels - first - group), 0)
        unsafe transformWeights(
          w + (min(first + group, outChannels - 1) * window.channels + channel) * 9,
          count: real, by: transform, into: target + channel * width + group)
      }
    }
    let stored = products.geometry.storedChannels
    guard channels.upperBound == window.channels, stored > window.channels else { return }
    for element in 0..<tile.weightElements {
      unsafe (target + element * elementCount + window.channels * width).update(
        repeating: 0, count: (stored - window.channels) * width)
    }
  }

  /// Transforms the weights of one input channel for eight output channels, of which `count`
  /// exist.
  private func transformWeights(
    _ w: UnsafePointer<Float>, count: Int, by transform: WeightTransform,
    into target: UnsafeMutablePointer<Float>
  ) {
    typealias Eight = SIMD8<Double>
    let n = tile.weights
    let outStride = window.channels * 9
    unsafe withUnsafeTemporaryAllocation(of: Eight.self, capacity: 9 + 3 * n + n) { memory in
      for tap in 0..<9 {
        var value = Eight(repeating: 0)
        for lane in 0..<count { value[lane] = unsafe Double(w[lane &* outStride &+ tap]) }
        unsafe memory[tap] = value
      }
      // Along y first: n rows of 3 columns, each column's points together.
      for column in 0..<3 {
        unsafe transform(
          memory[column], memory[3 + column], memory[6 + column],
          into: memory.baseAddress! + 9 + column * n)
      }
      for i in 0..<n {
        let values = unsafe memory.baseAddress! + 9 + 3 * n
        unsafe transform(
          memory[9 + i], memory[9 + n + i], memory[9 + 2 * n + i], into: values)
        for j in 0..<n {
          let element = unsafe target + (j &* n &+ i) &* elementCount
          let value = unsafe SIMD8<Float>(values[j])
          unsafe UnsafeMutableRawPointer(element).storeBytes(of: value, as: SIMD8<Float>.self)
        }
      }
    }
  }
}

/// G's rows: for 0 and what follows the finite points one factor of one tap; for a pair of points
/// ±p the factors of three, the middle one with both signs.
private struct WeightTransform {
  let atZero: Double
  let pairs: [SIMD3<Double>]
  private let tile: WinogradTile

  init(_ tile: WinogradTile) {
    let rows = tile.powers
    self.tile = tile
    atZero = rows[0][0]
    pairs = tile.points.indices.map { index in
      let row = rows[1 + 2 * index]
      return SIMD3(row[0], row[1], row[2])
    }
  }

  /// G w for three taps, at all points.
  @inline(__always)
  func callAsFunction(
    _ w0: SIMD8<Double>, _ w1: SIMD8<Double>, _ w2: SIMD8<Double>,
    into target: UnsafeMutablePointer<SIMD8<Double>>
  ) {
    let (taps, last) = tile.arranged(w0, w1, w2, zero: SIMD8())
    unsafe target[0] = taps.0 * atZero
    var point = 1
    for factors in pairs {
      let even = taps.0 * factors.x + taps.2 * factors.z
      let odd = taps.1 * factors.y
      unsafe target[point] = even + odd
      unsafe target[point + 1] = even - odd
      point += 2
    }
    unsafe target[point] = last
  }
}
