/// A kernel that computes tiles of P pixels × V vectors of output channels in registers.
///
/// For every channel block, kernel row, channel and tap it loads V vectors of weights and
/// multiplies them by each pixel's value, broadcast. Sums run over channel blocks, kernel rows,
/// channels, taps, in that order, whatever the tile: results do not depend on how an image is
/// cut. Matrix products are the case of one tap, where pixels are rows.
struct TileSpecification: KernelSpecification {
  /// A run of equal tiles along a line of pixels; how many comes with the call.
  struct Segment: Hashable, Sendable {
    let pixels: Int
    /// The pixels of the tile for which each tap lies inside the image.
    let taps: [Range<Int>]
  }

  var instructionSet: InstructionSet
  /// Vectors of output channels.
  var vectors: Int
  var segments: [Segment]
  /// Channels in a whole block.
  var blockChannels: Int
  /// Channels after the whole blocks; 0 for none.
  var tailChannels: Int
  /// Whether there is more than one kernel row.
  var hasRows: Bool
  /// Bytes from a channel to the next inside a block.
  var channelStride: Int
  /// Bytes from a tile's pixel to the next.
  var pixelStride: Int
  var tapStride: Int
  /// Bytes from a pixel's place to its first tap.
  var tapOffset: Int
  /// Bytes from one tap's weights to the next's.
  var weightStride: Int
  /// Bytes between pixels of the result.
  var resultStride: Int
  /// Whether sums begin with a bias, padded to whole vectors.
  var hasBias: Bool
  /// Whether a call may add to the result of the one before, and leave it to the next.
  var isPartial: Bool
  var epilogue: [EpilogueOperation]
  /// Lanes of the last vector that are real channels; 0 for all.
  var lastLanes: Int
  /// Whether lanes past `lastLanes` may not be written.
  var masksStores: Bool

  var taps: Int { segments[0].taps.count }
  /// Bytes of weights for one channel.
  var channelWeightBytes: Int { taps * weightStride }
}

extension TileSpecification {
  /// Parameters of a call, in order. Each is an address, a count or bytes.
  enum Parameter: Int {
    case x, weights, result, bias
    /// Whole channel blocks, and 1 where the tail follows.
    case blocks, tail
    /// From one block of x to the next.
    case blockStride
    /// From one row that a kernel row meets to the next.
    case rowStride
    /// Kernel rows to run, and bytes of weights to skip after them.
    case rows, rowSkip
    /// From one vector of the result to the next.
    case vectorStride
    /// 1 where the call adds to the result, and where it ends the sums.
    case continues, ends
    /// Tiles of each segment; then the operands of the epilogue.
    case counts
  }
  static let segmentLimit = 8
  static let operandLimit = 8
  static let parameterCount = Parameter.counts.rawValue + segmentLimit + operandLimit

  static func parameter(count segment: Int) -> Int { Parameter.counts.rawValue + segment }
  static func parameter(operand: Int) -> Int {
    Parameter.counts.rawValue + segmentLimit + operand
  }

  /// Family, type, instruction set, pixels of each segment × vectors, taps, channels of a block.
  var name: String {
    let sizes = segments.map { String($0.pixels) }.joined(separator: "_")
    var name = "tile_f32_\(instructionSet.rawValue)_\(sizes)x\(vectors)_t\(taps)"
    if hasRows { name += "rows" }
    name += "_c\(blockChannels)"
    if tailChannels > 0 { name += "and\(tailChannels)" }
    if isPartial { name += "_partial" }
    if !epilogue.isEmpty { name += "_epilogue\(epilogue.count)" }
    return name
  }
}
