/// A kernel that computes tiles of P pixels × V vectors of output channels in registers.
///
/// For every channel block, kernel row, channel and tap it loads V vectors of weights and
/// multiplies them by each pixel's value, broadcast. Sums run over channel blocks, kernel rows,
/// channels, taps, in that order, whatever the tile: results do not depend on how an image is
/// cut. Matrix products are the case of one tap, where pixels are rows.
package struct TileSpecification: KernelSpecification {
  /// A run of equal tiles along a line of pixels; how many comes with the call.
  package struct Segment: Hashable, Sendable {
    package let pixels: Int
    /// The pixels of the tile for which each tap lies inside the image.
    package let taps: [Range<Int>]

    package init(pixels: Int, taps: [Range<Int>]) {
      self.pixels = pixels
      self.taps = taps
    }
  }

  package var instructionSet: InstructionSet
  /// Vectors of output channels.
  package var vectors: Int
  package var segments: [Segment]
  /// Channels in a whole block.
  package var blockChannels: Int = 1
  /// Channels after the whole blocks; 0 for none.
  package var tailChannels: Int = 0
  /// Whether there is more than one kernel row.
  package var hasRows: Bool = false
  /// Bytes from a channel to the next inside a block.
  package var channelStride: Int = 4
  /// Bytes from a tile's pixel to the next.
  package var pixelStride: Int = 4
  package var tapStride: Int = 0
  /// Bytes from a pixel's place to its first tap.
  package var tapOffset: Int = 0
  /// Bytes from one tap's weights to the next's.
  package var weightStride: Int = 0
  /// Bytes between pixels of the result.
  package var resultStride: Int = 0
  /// Whether sums begin with a bias, padded to whole vectors.
  package var hasBias: Bool = false
  /// Whether a call may add to the result of the one before, and leave it to the next.
  package var isPartial: Bool = false
  package var epilogue: [EpilogueOperation] = []
  /// Lanes of the last vector that are real channels; 0 for all.
  package var lastLanes: Int = 0
  /// Whether lanes past `lastLanes` may not be written.
  package var masksStores: Bool = false
  /// How many bytes on a call asks for its own weights; 0 for never.
  package var aheadBytes: Int = 0
  /// How many cache lines of the next call's weights it asks for in each run of channels: many
  /// tiles share weights that come from far away.
  package var nextLines: Int = 0
  package var inputFetch: InputFetch = InputFetch.none
  /// Whether the call subtracts weights from weights, multiplies by the differences and stores
  /// them for the calls that follow. Of one kernel row and one tap.
  package var subtractsWeights: Bool = false

  /// When a tile's pixels in the next block, or in the next kernel row, are asked for.
  package enum InputFetch: Hashable, Sendable {
    case none
    /// Before the products of the present one.
    case before
    /// One by one beside them.
    case beside
  }

  package init(instructionSet: InstructionSet, vectors: Int, segments: [Segment]) {
    self.instructionSet = instructionSet
    self.vectors = vectors
    self.segments = segments
    weightStride = vectors * instructionSet.vectorBytes
    resultStride = instructionSet.vectorBytes
  }

  var taps: Int { segments[0].taps.count }
  /// Bytes of weights for one channel.
  var channelWeightBytes: Int { taps * weightStride }
}

extension TileSpecification {
  /// Parameters of a call, in order. Each is an address, a count or bytes.
  package enum Parameter: Int, CaseIterable {
    case x, weights, result, bias
    /// The table of strips (`Strip`) and their number.
    case strips, stripCount
    /// Whole channel blocks, and 1 where the tail follows.
    case blocks, tail
    /// From one block of x to the next.
    case blockStride
    /// From one row that a kernel row meets to the next.
    case rowStride
    /// From one vector of the result to the next.
    case vectorStride
    /// 1 where the call adds to the result, and where it ends the sums.
    case continues, ends
    /// Weights to be asked for.
    case prefetched
    /// What is subtracted from the weights, and where the differences go.
    case subtrahend, difference
  }

  /// The integers that describe a strip: bytes from x and from the result to its first pixel,
  /// the first kernel row inside the image, how many there are, how many are not; then the tiles
  /// of each segment.
  package enum Strip: Int, CaseIterable {
    case x, result, firstRow, rows, missingRows
  }

  static let segmentLimit = 8
  static let operandLimit = 8
  package static let parameterCount = Parameter.allCases.count + operandLimit

  package static func parameter(operand: Int) -> Int { Parameter.allCases.count + operand }

  /// Integers of a strip.
  var stripStride: Int { Strip.allCases.count + segments.count }

  /// Channels between two rounds of a loop: so many that the code stays in the processor's cache
  /// of decoded instructions.
  func channelStep(_ segment: Segment, of count: Int) -> Int {
    let products = segment.taps.reduce(0) { $0 + $1.count } * vectors
    let limit = max(120 / max(products, 1), 1)
    return (1...count).last { $0 <= limit && count % $0 == 0 } ?? 1
  }

  /// Bytes of weights of one kernel row in one block.
  var rowWeightBytes: Int { blockChannels * channelWeightBytes }

  /// Family, type, instruction set, pixels of each segment × vectors, taps, channels of a block.
  var name: String {
    let sizes = segments.map { String($0.pixels) }.joined(separator: "_")
    var name = "tile_f32_\(instructionSet.rawValue)_\(sizes)x\(vectors)_t\(taps)"
    if hasRows { name += "rows" }
    name += "_c\(blockChannels)"
    if tailChannels > 0 { name += "and\(tailChannels)" }
    if isPartial { name += "_partial" }
    if subtractsWeights { name += "_subtracting" }
    if !epilogue.isEmpty { name += "_epilogue\(epilogue.count)" }
    return name
  }
}
