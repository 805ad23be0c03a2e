import MartletTensor

/// Convolution as matrix products: columns of the image's windows times the weights.
extension ConvolutionCall {
  /// Windows are cut into groups whose columns hold at most about this many elements.
  private static let columnLimit = 1 << 21

  package func evaluate(into result: Tensor) throws {
    let type = result.dtype.computeType
    let x = try input.converted(to: type).compacted()
    let w = try weight.converted(to: type).compacted()
    let start = try biasImage(type)
    try MatrixProducts.filling(result, startingFrom: start) { target in
      if result.count == 0 { return }
      switch type {
      case .float32: try evaluate(Float.self, x, w, target)
      case .float64: try evaluate(Double.self, x, w, target)
      default: try evaluate(Int64.self, x, w, target)
      }
    }
  }

  /// The bias where it is added first; without one, products overwrite or zeros are summed onto.
  private func biasImage(_ type: DType) throws -> Tensor? {
    let ones = kernel.map { _ in 1 }
    if let bias { return try bias.converted(to: type).reshapedView([outputChannels] + ones) }
    return try .filled([outputChannels] + ones, type, with: 0)
  }

  private func evaluate<T: ComputeElement & AdditiveArithmetic>(
    _ type: T.Type, _ x: Tensor, _ w: Tensor, _ target: Tensor
  ) throws {
    let outputs = outputSizes
    let grid = WindowGrid(
      image: isTransposed ? outputs : Array(input.sizes.dropFirst(2)), kernel: kernel,
      stride: stride, padding: padding, dilation: dilation,
      windows: isTransposed ? Array(input.sizes.dropFirst(2)) : outputs)
    // Channels per group on the image's side and on the windows' side.
    let imageChannels = weight.sizes[1]
    let windowChannels = weight.sizes[0] / groups
    let depth = imageChannels * grid.taps
    if depth == 0 || windowChannels == 0 { return }
    let rowsAtOnce = max(1, Self.columnLimit / max(1, depth * grid.windows[2]))
    let scratch =
      grid.isIdentity
      ? nil
      : try Tensor.allocate(
        [depth * min(rowsAtOnce, grid.rowCount) * grid.windows[2]], T.dtype)
    for item in 0..<(input.sizes[0] * groups) {
      let image = item * imageChannels * grid.imageCount
      let windows = item * windowChannels * grid.windowCount
      let weights = Matrices(
        w, rows: windowChannels, columns: depth,
        offset: item % groups * windowChannels * depth)
      guard let scratch else {
        let side = Matrices(
          isTransposed ? target : x, rows: depth, columns: grid.windowCount, offset: image)
        let other = Matrices(
          isTransposed ? x : target, rows: windowChannels, columns: grid.windowCount,
          offset: windows)
        if isTransposed {
          try matrixProduct(weights.transposed, other, into: side, accumulate: true)
        } else {
          try matrixProduct(weights, side, into: other, accumulate: true)
        }
        continue
      }
      for first in Swift.stride(from: 0, to: grid.rowCount, by: rowsAtOnce) {
        let rows = first..<min(first + rowsAtOnce, grid.rowCount)
        let count = rows.count * grid.windows[2]
        let columns = Matrices(scratch, rows: depth, columns: count)
        let part = Matrices(
          isTransposed ? x : target, rows: windowChannels, columns: count,
          stride: grid.windowCount, offset: windows + first * grid.windows[2])
        if isTransposed {
          try matrixProduct(weights.transposed, part, into: columns)
          try scratch.read(as: T.self) { from in
            try target.writeUnshared(as: T.self) { to in
              grid.scatter(from, channels: imageChannels, rows: rows, onto: &to, from: image)
            }
          }
        } else {
          try x.read(as: T.self) { from in
            try scratch.writeUnshared(as: T.self) { to in
              grid.gather(from, from: image, channels: imageChannels, rows: rows, into: &to)
            }
          }
          try matrixProduct(weights, columns, into: part, accumulate: true)
        }
      }
    }
  }
}
