/// A kernel that computes tiles of P pixels × V vectors of output channels in registers.
///
/// For every channel block, kernel row, channel and tap it loads V vectors of weights and
/// multiplies them by each pixel's value, broadcast. Sums run over channel blocks, kernel rows,
/// channels, taps, in that order, whatever the tile: results do not depend on how an image is
/// cut. Matrix products are the case of one tap, where pixels are rows.
struct TileSpecification: KernelSpecification {
  /// A run of equal tiles along a row of the image; how many comes with the call.
  struct Segment: Hashable, Sendable {
    let pixels: Int
    /// The pixels of the tile for which each tap lies inside the image.
    let taps: [Range<Int>]
  }

  /// Where an accumulator's value begins.
  enum Start: Hashable, Sendable {
    case zero
    /// One float for each output channel, padded to whole vectors.
    case bias
    /// What the result holds already.
    case result
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
  /// Bytes from a channel to the next inside a block, from a tile's pixel to the next, from one
  /// tap to the next, and from the tile's first pixel to its first tap.
  var channelStride: Int
  var pixelStride: Int
  var tapStride: Int
  var tapOffset: Int
  /// Bytes from one channel's weights to the next's: packed ones lie one tap after the other.
  var weightStride: Int
  /// Bytes between pixels of the result, and between its vectors; nil where that comes with the
  /// call.
  var resultStride: Int
  var resultVectorStride: Int?
  var start: Start
  var epilogue: [EpilogueOperation]
  /// Lanes of the last vector that are real channels; 0 for all.
  var lastLanes: Int
  /// Whether lanes past `lastLanes` may not be written.
  var masksStores: Bool

  var lanes: Int { instructionSet.lanes }
  var taps: Int { segments[0].taps.count }
  /// Bytes of packed weights for one channel.
  var channelWeightBytes: Int { taps * weightStride }

  /// Parameters of a call, in order. Each is an address, a count or bytes.
  enum Parameter: Int {
    case x, weights, result, bias
    /// Whole channel blocks, and 1 where the tail follows.
    case blocks, tail
    /// Bytes from one block of x to the next, from one row that a kernel row meets to the next;
    /// kernel rows to run; bytes of weights to skip after them.
    case blockStride, rowStride, rows, rowSkip
    case vectorStride
    /// Tiles of each segment.
    case counts
  }
  static let segmentLimit = 8
  static let operandLimit = 8
  static let parameterCount = Parameter.counts.rawValue + segmentLimit + operandLimit

  static func parameter(count segment: Int) -> Int { Parameter.counts.rawValue + segment }
  static func parameter(operand: Int) -> Int {
    Parameter.counts.rawValue + segmentLimit + operand
  }
}

extension TileSpecification {
  /// A tile of a matrix product whose operands lie in blocks or in rows.
  static func isPossible(pixels: Int, vectors: Int, _ instructionSet: InstructionSet) -> Bool {
    let registers = instructionSet.vectorRegisterCount
    let accumulators = pixels * vectors
    let spare = registers - accumulators
    // Either all weights are held and one pixel at a time, or the other way round; one of the
    // weights may come from memory.
    return spare >= 2 && spare >= min(vectors, pixels + 1)
  }

  /// `tile_f32_avx512_14x2_3x3…`: pixels of the segments, vectors, taps, start and epilogue.
  var name: String {
    let sizes = segments.map { String($0.pixels) }.joined(separator: "_")
    var name = "tile_f32_\(instructionSet.rawValue)_\(sizes)x\(vectors)_taps\(taps)"
    if hasRows { name += "_rows" }
    name += "_c\(blockChannels)"
    if tailChannels > 0 { name += "_\(tailChannels)" }
    switch start {
    case .zero: break
    case .bias: name += "_bias"
    case .result: name += "_add"
    }
    if !epilogue.isEmpty { name += "_ep\(epilogue.count)" }
    return name
  }
}
