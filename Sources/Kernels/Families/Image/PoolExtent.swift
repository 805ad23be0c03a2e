/// The elements along one axis that one result of a pool is made of.
struct PoolExtent: Sendable {
  /// The first element inside the image and how many there are.
  let first: Int
  let count: Int
  /// How many there are with the padding that belongs to the window.
  let padded: Int

  init(rows window: WindowGeometry, _ index: Int) {
    self.init(
      start: index * window.strideY - window.padY, window.kernelHeight, window.dilationY,
      size: window.height, pad: window.padY)
  }

  init(columns window: WindowGeometry, _ index: Int) {
    self.init(
      start: index * window.strideX - window.padX, window.kernelWidth, window.dilationX,
      size: window.width, pad: window.padX)
  }

  /// One of the even parts of an axis.
  init(part index: Int, of parts: Int, size: Int) {
    first = index * size / parts
    count = ((index + 1) * size + parts - 1) / parts - first
    padded = count
  }

  private init(start: Int, _ kernel: Int, _ dilation: Int, size: Int, pad: Int) {
    let taps = WindowColumns.taps(start, kernel, dilation, size)
    first = taps.isEmpty ? 0 : start + taps.lowerBound * dilation
    count = taps.count
    padded = max(min(start + kernel, size + pad) - start, 0)
  }
}

extension PoolFunction {
  var parts: (join: PoolJoin, divisor: AverageDivisor?) {
    switch self {
    case .maximum: (.maximum, nil)
    case .average(let divisor): (.sum, divisor)
    }
  }
}

extension AverageDivisor {
  /// What the sum of a window is divided by; one where that is nothing, as the sum is too.
  func count(_ rows: PoolExtent, _ columns: PoolExtent) -> Int {
    count(rows, counted: self == .paddedWindow ? columns.padded : columns.count)
  }

  /// - Parameter columns: as many as `WindowColumns.Pixel.extent` says.
  func count(_ rows: PoolExtent, counted columns: Int) -> Int {
    switch self {
    case .paddedWindow: max(rows.padded * columns, 1)
    case .insideImage: max(rows.count * columns, 1)
    case .fixed(let number): number
    }
  }
}
