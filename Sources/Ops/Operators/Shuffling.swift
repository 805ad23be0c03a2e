import MartletTensor

/// Channels moved into space and back, or among themselves.
package enum Shuffling {
  package static let operators: [Operator] = [pixelShuffle, pixelUnshuffle, channelShuffle]

  /// `[…, C·r², H, W] → […, C, H·r, W·r]`
  static let pixelShuffle = Operator(
    "aten::pixel_shuffle(Tensor self, int upscale_factor) -> Tensor",
    .composite { arguments in
      let x = try arguments.tensor("self")
      let factor = try arguments.int("upscale_factor")
      let (lead, sizes) = try split(x, "pixel_shuffle", factor)
      guard sizes[0] % (factor * factor) == 0 else {
        throw MartletError(
          .shape,
          "pixel_shuffle expects its input's channel dimension to be divisible by the square of "
            + "upscale_factor, but input.size(-3)=\(sizes[0]) is not divisible by "
            + "\(factor * factor)")
      }
      let channels = sizes[0] / (factor * factor)
      let n = lead.count
      return [
        .tensor(
          try x.reshapedView(lead + [channels, factor, factor, sizes[1], sizes[2]])
            .permutedView(Array(0..<n) + [n, n + 3, n + 1, n + 4, n + 2])
            .reshapedView(lead + [channels, sizes[1] * factor, sizes[2] * factor]))
      ]
    })

  /// `[…, C, H·r, W·r] → […, C·r², H, W]`
  static let pixelUnshuffle = Operator(
    "aten::pixel_unshuffle(Tensor self, int downscale_factor) -> Tensor",
    .composite { arguments in
      let x = try arguments.tensor("self")
      let factor = try arguments.int("downscale_factor")
      let (lead, sizes) = try split(x, "pixel_unshuffle", factor)
      guard sizes[1] % factor == 0, sizes[2] % factor == 0 else {
        throw MartletError(
          .shape,
          "pixel_unshuffle expects height and width to be divisible by downscale_factor, but "
            + "\(sizes[1]) by \(sizes[2]) is not divisible by \(factor)")
      }
      let (height, width) = (sizes[1] / factor, sizes[2] / factor)
      let n = lead.count
      return [
        .tensor(
          try x.reshapedView(lead + [sizes[0], height, factor, width, factor])
            .permutedView(Array(0..<n) + [n, n + 2, n + 4, n + 1, n + 3])
            .reshapedView(lead + [sizes[0] * factor * factor, height, width]))
      ]
    })

  /// Splits the channels of `[N, C, …]` into groups and takes one of each in turn.
  static let channelShuffle = Operator(
    "aten::channel_shuffle(Tensor self, SymInt groups) -> Tensor",
    .composite { arguments in
      let x = try arguments.tensor("self")
      let groups = try arguments.int("groups")
      guard x.dim > 2 else {
        throw MartletError(
          .shape, "channel_shuffle expects input with > 2 dims, but got input with sizes \(x.sizes)"
        )
      }
      guard groups > 0, x.sizes[1] % groups == 0 else {
        throw MartletError(
          .shape,
          "number of channels must be divisible by groups, got \(x.sizes[1]) channels and "
            + "\(groups) groups")
      }
      let tail = Array(x.sizes.dropFirst(2))
      var order = Array(0..<(x.dim + 1))
      order.swapAt(1, 2)
      return [
        .tensor(
          try x.reshapedView([x.sizes[0], groups, x.sizes[1] / groups] + tail).permutedView(order)
            .reshapedView(x.sizes))
      ]
    })

  private static func split(_ x: Tensor, _ name: String, _ factor: Int) throws -> ([Int], [Int]) {
    guard x.dim >= 3 else {
      throw MartletError(
        .shape,
        "\(name) expects input to have at least 3 dimensions, but got input with \(x.dim) "
          + "dimension(s)")
    }
    guard factor > 0 else {
      throw MartletError(.argument, "\(name) expects a positive factor, but got \(factor)")
    }
    return (Array(x.sizes.dropLast(3)), Array(x.sizes.suffix(3)))
  }
}

extension F {
  /// `[…, C·r², H, W] → […, C, H·r, W·r]`
  ///
  /// - Throws: `MartletError` of kind `.shape` when the channels are not divisible.
  public static func pixelShuffle(
    _ input: Tensor, upscaleFactor: Int, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Shuffling.pixelShuffle(
      .tensor(input), .int(Dim(upscaleFactor)), at: SourceLocation(file, line))
  }

  /// `[…, C, H·r, W·r] → […, C·r², H, W]`
  ///
  /// - Throws: `MartletError` of kind `.shape` when the sizes are not divisible.
  public static func pixelUnshuffle(
    _ input: Tensor, downscaleFactor: Int, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Shuffling.pixelUnshuffle(
      .tensor(input), .int(Dim(downscaleFactor)), at: SourceLocation(file, line))
  }

  /// Splits the channels into groups and takes one of each in turn.
  ///
  /// - Throws: `MartletError` of kind `.shape` when the channels are not divisible.
  public static func channelShuffle(
    _ input: Tensor, groups: Int, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Shuffling.channelShuffle(.tensor(input), .int(Dim(groups)), at: SourceLocation(file, line))
  }
}
