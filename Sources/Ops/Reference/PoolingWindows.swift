import MartletTensor

/// The elements along one axis that one result is made of.
package struct PoolingWindow: Sendable {
  /// The first element inside the input; `count` are taken every `step`.
  package let start: Int
  package let count: Int
  package let step: Int
  /// How many elements it has with the padding that belongs to it.
  package let paddedCount: Int
}

/// A pooling operator's windows along each axis, and its tensors' geometry.
package struct PoolingWindows: Sendable {
  /// One list per spatial axis; axes that are missing in front have one window of one element.
  package let axes: [[PoolingWindow]]
  package let inputSizes: [Int]
  package let resultSizes: [Int]

  private init(_ x: Tensor, _ axes: [[PoolingWindow]]) {
    let one = [PoolingWindow(start: 0, count: 1, step: 1, paddedCount: 1)]
    let missing = 3 - axes.count
    self.axes = Array(repeating: one, count: missing) + axes
    inputSizes = Array(repeating: 1, count: missing) + x.sizes.suffix(axes.count)
    resultSizes = x.sizes.dropLast(axes.count) + axes.map(\.count)
  }

  package var inputCount: Int { inputSizes.reduce(1, *) }

  /// Sliding windows.
  ///
  /// - Parameter arguments: `kernel_size`, `stride` (the kernel's where empty), `padding`,
  ///   `ceil_mode` and, where the operator has it, `dilation`.
  package init(_ arguments: Arguments, axes count: Int, dilated: Bool) throws {
    let x = try arguments.tensor("self")
    let kernel = try arguments.ints("kernel_size", count: count)
    let given = try arguments.ints("stride")
    let stride = given.isEmpty ? kernel : try arguments.ints("stride", count: count)
    let padding = try arguments.ints("padding", count: count)
    let dilation =
      dilated
      ? try arguments.ints("dilation", count: count) : Array(repeating: 1, count: count)
    let ceilMode = try arguments.bool("ceil_mode")
    try Self.checkInput(x, count)
    for (name, list) in [("kernel_size", kernel), ("stride", stride), ("dilation", dilation)] {
      guard list.allSatisfy({ $0 > 0 }) else {
        throw MartletError(.argument, "\(name) should be greater than zero, got \(list)")
      }
    }
    for d in 0..<count {
      guard padding[d] >= 0 else {
        throw MartletError(.argument, "pad must be non-negative, but got pad: \(padding[d])")
      }
      guard padding[d] <= ((kernel[d] - 1) * dilation[d] + 1) / 2 else {
        throw MartletError(
          .argument,
          "pad should be at most half of effective kernel size, but got pad=\(padding[d]), "
            + "kernel_size=\(kernel[d]) and dilation=\(dilation[d])")
      }
    }
    let sizes = Array(x.sizes.suffix(count))
    self.init(
      x,
      try (0..<count).map { d in
        try Self.windows(
          sizes[d], kernel[d], stride[d], padding[d], dilation[d], ceilMode, among: sizes)
      })
  }

  /// Windows that share the input out among a given number of results.
  ///
  /// - Parameter outputSizes: one for each axis.
  package init(adaptive x: Tensor, _ outputSizes: [Int]) throws {
    try Self.checkInput(x, outputSizes.count)
    guard outputSizes.allSatisfy({ $0 >= 0 }) else {
      throw MartletError(
        .argument, "elements of output_size must be greater than or equal to 0, got \(outputSizes)")
    }
    self.init(
      x,
      zip(x.sizes.suffix(outputSizes.count), outputSizes).map { size, count in
        (0..<count).map { index in
          let start = index * size / count
          let end = ((index + 1) * size + count - 1) / count
          return PoolingWindow(
            start: start, count: end - start, step: 1, paddedCount: end - start)
        }
      })
  }

  private static func checkInput(_ x: Tensor, _ axes: Int) throws {
    guard x.dim == axes + 1 || x.dim == axes + 2, !x.sizes.suffix(axes + 1).contains(0) else {
      throw MartletError(
        .shape,
        "expected \(axes + 1)D or \(axes + 2)D (batch mode) tensor with optional 0 dim batch size "
          + "for input, but got: \(x.sizes)")
    }
  }

  private static func windows(
    _ size: Int, _ kernel: Int, _ stride: Int, _ padding: Int, _ dilation: Int, _ ceilMode: Bool,
    among sizes: [Int]
  ) throws -> [PoolingWindow] {
    let room = size + 2 * padding - dilation * (kernel - 1) - 1 + (ceilMode ? stride - 1 : 0)
    var count = room < 0 ? (room - stride + 1) / stride + 1 : room / stride + 1
    // The last window starts inside the input or its left padding.
    if ceilMode, (count - 1) * stride >= size + padding { count -= 1 }
    guard count > 0 else {
      throw MartletError(
        .shape, "given input size \(sizes), calculated output size \(count): it is too small")
    }
    return (0..<count).map { index in
      let first = index * stride - padding
      let paddedEnd = min(first + kernel, size + padding)
      let skipped = first >= 0 ? 0 : (-first + dilation - 1) / dilation
      let start = first + skipped * dilation
      let end = min(first + (kernel - 1) * dilation + 1, size)
      return PoolingWindow(
        start: start, count: start < end ? (end - start + dilation - 1) / dilation : 0,
        step: dilation, paddedCount: paddedEnd - first)
    }
  }

  /// Calls `body` once for each result within a plane, in row-major order.
  package func forEachResult(
    _ body: (_ depth: PoolingWindow, _ height: PoolingWindow, _ width: PoolingWindow) -> Void
  ) {
    for depth in axes[0] {
      for height in axes[1] {
        for width in axes[2] { body(depth, height, width) }
      }
    }
  }
}
