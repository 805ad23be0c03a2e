import MartletTensor

/// Windows of an image as columns of a matrix, and back.
package enum Unfolding {
  package static let operators: [Operator] = [im2col, col2im]

  /// `[N, C, H, W] → [N, C·kernel, windows]`
  static let im2col = Operator(
    "aten::im2col(Tensor self, int[2] kernel_size, int[2] dilation, int[2] padding, "
      + "int[2] stride) -> Tensor",
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        guard x.dim == 3 || x.dim == 4, !x.sizes.suffix(3).contains(0) else {
          throw MartletError(
            .shape,
            "expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero "
              + "dimensions for input, but got: \(x.sizes)")
        }
        if x.dtype != .bool { try x.dtype.requireFloating("im2col") }
        let grid = try grid(arguments, image: Array(x.sizes.suffix(2)))
        return [
          TensorSpec(
            x.sizes.dropLast(3) + [x.sizes[x.dim - 3] * grid.taps, grid.windowCount], x.dtype)
        ]
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        let grid = try grid(arguments, image: Array(x.sizes.suffix(2)))
        if results[0].count == 0 { return }
        switch x.dtype.computeType {
        case .float64: try gather(Double.self, x, grid, results[0])
        case .float32: try gather(Float.self, x, grid, results[0])
        default: try gather(Int64.self, x, grid, results[0])
        }
      }))

  /// The sum of the windows' columns where they overlap: `[N, C·kernel, windows] → [N, C, H, W]`
  static let col2im = Operator(
    "aten::col2im(Tensor self, SymInt[2] output_size, int[2] kernel_size, int[2] dilation, "
      + "int[2] padding, int[2] stride) -> Tensor",
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        let image = try arguments.ints("output_size", count: 2)
        guard x.dim == 2 || x.dim == 3, !x.sizes.suffix(2).contains(0) else {
          throw MartletError(
            .shape,
            "expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and "
              + "non-zero dimensions for input, but got: \(x.sizes)")
        }
        try x.dtype.requireFloating("col2im")
        let grid = try grid(arguments, image: image)
        guard x.sizes[x.dim - 2] % grid.taps == 0 else {
          throw MartletError(
            .shape,
            "expected size of input's dimension 1 to be divisible by the product of kernel_size, "
              + "but got input.size(1)=\(x.sizes[x.dim - 2]) and kernel_size=\(grid.kernel[1...])")
        }
        guard x.sizes[x.dim - 1] == grid.windowCount else {
          throw MartletError(
            .shape,
            "given output_size=\(image), expected size of input's dimension 2 to match the "
              + "calculated number of sliding blocks \(grid.windows[1...]) = \(grid.windowCount), "
              + "but got input.size(2)=\(x.sizes[x.dim - 1])")
        }
        return [
          TensorSpec(x.sizes.dropLast(2) + [x.sizes[x.dim - 2] / grid.taps] + image, x.dtype)
        ]
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        let grid = try grid(arguments, image: try arguments.ints("output_size", count: 2))
        if x.dtype == .float64 {
          try scatter(Double.self, x, grid, results[0])
        } else {
          try scatter(Float.self, x, grid, results[0])
        }
      }))

  private static func grid(_ arguments: Arguments, image: [Int]) throws -> WindowGrid {
    func two(_ name: String, atLeast least: Int) throws -> [Int] {
      let list = try arguments.ints(name, count: 2)
      guard list.allSatisfy({ $0 >= least }) else {
        throw MartletError(
          .argument,
          "\(name) should be \(least == 0 ? "non-negative" : "greater than zero"), but got \(list)")
      }
      return list
    }
    let kernel = try two("kernel_size", atLeast: 1)
    let dilation = try two("dilation", atLeast: 1)
    let padding = try two("padding", atLeast: 0)
    let stride = try two("stride", atLeast: 1)
    let windows = (0..<2).map { d in
      let room = image[d] + 2 * padding[d] - dilation[d] * (kernel[d] - 1) - 1
      return room < 0 ? 0 : room / stride[d] + 1
    }
    guard !windows.contains(0) else {
      throw MartletError(
        .shape,
        "given input with spatial size \(image), kernel_size=\(kernel), dilation=\(dilation), "
          + "padding=\(padding), calculated shape of the array of sliding blocks as \(windows), "
          + "but its components must be at least one")
    }
    return WindowGrid(
      image: image, kernel: kernel, stride: stride, padding: padding, dilation: dilation,
      windows: windows)
  }

  private static func gather<T: ComputeElement>(
    _ type: T.Type, _ x: Tensor, _ grid: WindowGrid, _ result: Tensor
  ) throws {
    // Each plane fills its rows of the matrix, one after another.
    try x.withElements(as: T.self) { from in
      try result.fill(as: T.self) { to in
        grid.gather(
          from, from: 0, channels: from.count / grid.imageCount, rows: 0..<grid.rowCount,
          into: &to)
      }
    }
  }

  private static func scatter<T: RealElement>(
    _ type: T.Type, _ x: Tensor, _ grid: WindowGrid, _ result: Tensor
  ) throws {
    try x.withElements(as: T.self) { from in
      try result.fill(as: T.self) { to in
        for i in to.indices { to[i] = .zero }
        grid.scatter(
          from, channels: to.count / grid.imageCount, rows: 0..<grid.rowCount, onto: &to, from: 0)
      }
    }
  }
}

extension F {
  /// The windows of `[N, C, H, W]` as columns: `[N, C·kernel, windows]`.
  ///
  /// - Throws: `MartletError` when sizes or numbers do not fit.
  public static func unfold(
    _ input: Tensor, _ kernelSize: some PerAxis, dilation: some PerAxis = 1,
    padding: some PerAxis = 0, stride: some PerAxis = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Unfolding.im2col(
      .tensor(input), kernelSize.value(count: 2), dilation.value(count: 2),
      padding.value(count: 2), stride.value(count: 2), at: SourceLocation(file, line))
  }

  /// The sum of the columns of `[N, C·kernel, windows]` where their windows overlap.
  ///
  /// - Throws: `MartletError` when sizes or numbers do not fit.
  public static func fold(
    _ input: Tensor, outputSize: some PerAxis, kernelSize: some PerAxis,
    dilation: some PerAxis = 1, padding: some PerAxis = 0, stride: some PerAxis = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Unfolding.col2im(
      .tensor(input), outputSize.value(count: 2), kernelSize.value(count: 2),
      dilation.value(count: 2), padding.value(count: 2), stride.value(count: 2),
      at: SourceLocation(file, line))
  }
}
