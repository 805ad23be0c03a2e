import MartletTensor

/// Windows over an image: which element of the image each tap of each window reads.
///
/// All sizes have three axes (depth, height, width); images of fewer axes have ones in front.
package struct WindowGrid: Sendable {
  package let image: [Int]
  package let kernel: [Int]
  package let stride: [Int]
  package let padding: [Int]
  package let dilation: [Int]
  /// The number of windows along each axis.
  package let windows: [Int]

  package init(
    image: [Int], kernel: [Int], stride: [Int], padding: [Int], dilation: [Int], windows: [Int]
  ) {
    func three(_ sizes: [Int], _ filler: Int) -> [Int] {
      Array(repeating: filler, count: 3 - sizes.count) + sizes
    }
    self.image = three(image, 1)
    self.kernel = three(kernel, 1)
    self.stride = three(stride, 1)
    self.padding = three(padding, 0)
    self.dilation = three(dilation, 1)
    self.windows = three(windows, 1)
  }

  package var imageCount: Int { image.reduce(1, *) }
  package var taps: Int { kernel.reduce(1, *) }
  package var windowCount: Int { windows.reduce(1, *) }
  /// Rows of windows: all axes but the last.
  package var rowCount: Int { windows[0] * windows[1] }

  /// Whether the columns are the image itself.
  package var isIdentity: Bool {
    taps == 1 && stride == [1, 1, 1] && padding == [0, 0, 0] && windows == image
  }

  /// The windows along the last axis whose tap `kernelColumn` falls inside the image.
  package func insideColumns(_ kernelColumn: Int) -> Range<Int> {
    let shift = kernelColumn * dilation[2] - padding[2]
    let step = stride[2]
    // The first window with window * step + shift >= 0, the first with … >= image width.
    let first = shift >= 0 ? 0 : (-shift + step - 1) / step
    let space = image[2] - shift
    let end = space <= 0 ? 0 : (space + step - 1) / step
    let limit = min(end, windows[2])
    return first < limit ? first..<limit : 0..<0
  }

  /// Writes the columns of `channels` images for the rows of windows in `rows`: one row of
  /// `column` per channel and tap, one column of it per window; zeros outside the image.
  package func gather<T: ComputeElement>(
    _ source: Span<T>, from start: Int, channels: Int, rows: Range<Int>,
    into column: inout MutableSpan<T>
  ) {
    var next = 0
    // Array elements read in an inner loop cost more than its work.
    let (count, step) = (windows[2], stride[2])
    forEachTap(channels) { channel, depth, height, width in
      let inside = insideColumns(width)
      let (low, high) = (inside.lowerBound, inside.upperBound)
      let first = start + channel * imageCount + low * step + width * dilation[2] - padding[2]
      for row in rows {
        guard let line = imageLine(row, depth, height) else {
          for i in next..<(next + count) { column[i] = .zero }
          next += count
          continue
        }
        for i in next..<(next + low) { column[i] = .zero }
        var at = first + line
        for i in (next + low)..<(next + high) {
          column[i] = source[at]
          at += step
        }
        for i in (next + high)..<(next + count) { column[i] = .zero }
        next += count
      }
    }
  }

  /// Adds the columns back onto the images they would be gathered from.
  package func scatter<T: ComputeElement & AdditiveArithmetic>(
    _ column: Span<T>, channels: Int, rows: Range<Int>, onto target: inout MutableSpan<T>,
    from start: Int
  ) {
    var next = 0
    let (count, step) = (windows[2], stride[2])
    forEachTap(channels) { channel, depth, height, width in
      let inside = insideColumns(width)
      let (low, high) = (inside.lowerBound, inside.upperBound)
      let first = start + channel * imageCount + low * step + width * dilation[2] - padding[2]
      for row in rows {
        if let line = imageLine(row, depth, height) {
          var at = first + line
          for i in (next + low)..<(next + high) {
            target[at] += column[i]
            at += step
          }
        }
        next += count
      }
    }
  }

  private func forEachTap(_ channels: Int, _ body: (Int, Int, Int, Int) -> Void) {
    for channel in 0..<channels {
      for depth in 0..<kernel[0] {
        for height in 0..<kernel[1] {
          for width in 0..<kernel[2] { body(channel, depth, height, width) }
        }
      }
    }
  }

  /// Where the image's line starts that a row of windows reads with a tap; nil outside.
  private func imageLine(_ row: Int, _ depth: Int, _ height: Int) -> Int? {
    let z = row / windows[1] * stride[0] + depth * dilation[0] - padding[0]
    let y = row % windows[1] * stride[1] + height * dilation[1] - padding[1]
    guard z >= 0, z < image[0], y >= 0, y < image[1] else { return nil }
    return (z * image[1] + y) * image[2]
  }
}
