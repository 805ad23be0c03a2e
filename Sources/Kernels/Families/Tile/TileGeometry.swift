/// What a tile kernel is to compute, for one image and group: lines of pixels, each a sum over
/// channels, kernel rows and taps. Strides are in bytes.
struct TileGeometry: Sendable {
  var instructionSet: InstructionSet
  var channels: Int
  var outChannels: Int
  var kernelRows = 1
  var taps = 1
  /// Pixels in a line, and lines.
  var width: Int
  var lines = 1
  /// The pixels for which each tap lies inside.
  var validPixels: [Range<Int>]
  /// The kernel rows that lie inside for each line; empty where there is one kernel row.
  var validRows: [Range<Int>] = []
  /// Channels that lie together: all or as many as a vector has lanes.
  var blockChannels: Int
  var channelStride = 4
  var blockStride: Int
  var pixelStride: Int
  var tapStride = 0
  var tapOffset = 0
  /// From a kernel row to the next, from a line to the next, and from a line's place to its
  /// first kernel row.
  var rowStride = 0
  var lineStride = 0
  var lineOffset = 0
  var resultStride: Int
  var resultLineStride = 0
  var vectorStride: Int
  var hasBias = false
  var epilogue: [EpilogueOperation] = []
  var weightSource = WeightSource.memory
  /// Whether lanes past the last channel may not be written.
  var masksStores = false

  var computesWeights: Bool { if case .computed = weightSource { true } else { false } }
  var lanes: Int { instructionSet.lanes }
  var vectorBytes: Int { instructionSet.vectorBytes }
  var outVectors: Int { (outChannels + lanes - 1) / lanes }
  var blocks: Int { channels / blockChannels }
  var tailChannels: Int { channels % blockChannels }
  /// Channels that weights are stored for.
  var storedChannels: Int { (blocks + (tailChannels > 0 ? 1 : 0)) * blockChannels }
  /// Products of one pixel and one output channel.
  var depth: Int { channels * kernelRows * taps }
  /// Bytes of one vector's weights over a whole channel block.
  var vectorBlockBytes: Int { blockChannels * kernelRows * taps * vectorBytes }
  /// Floats from the start of the weights to a panel's, where their depth is as above.
  func weightOffset(_ panel: TilePanel) -> Int {
    panel.firstVector * lanes * storedChannels * kernelRows * taps
  }
  /// Bytes of x that the lines reach, and of the result.
  var inputBytes: Int { channels * 4 * width * lines }
  var resultBytes: Int { outVectors * vectorBytes * width * lines }
}

/// Where a call finds its weights.
enum WeightSource: Sendable {
  /// In memory, or in the second-level cache where there is room for them.
  case memory
  /// Beyond the second-level cache however few they are.
  case afar
  /// In memory, or differences of such weights that some calls compute. What those of the next run
  /// of channels are computed from, `sources` times as many bytes, is asked for beside so many
  /// products.
  case computed(products: Int, sources: Int)
}

/// A panel: neighbouring vectors of output channels whose weights lie together.
struct TilePanel: Sendable, Hashable {
  let firstVector: Int
  let vectors: Int
}

/// Part of a line, or all of it: how many tiles of each segment one call computes.
struct TileStrip: Sendable {
  /// Bytes.
  let x: Int
  let result: Int
  let rows: Range<Int>
  let counts: [Int]
}

/// How lines of pixels are cut into tiles.
struct TileCut: Sendable {
  private(set) var segments: [TileSpecification.Segment] = []
  private(set) var strips: [TileStrip] = []

  /// Sizes that differ by one at most, the larger first.
  static func sizes(_ count: Int, limit: Int) -> [Int] {
    let parts = (count + limit - 1) / limit
    return (0..<parts).map { count / parts + ($0 < count % parts ? 1 : 0) }
  }

  /// Nil where a line has more kinds of tiles than a call can name.
  init?(_ geometry: TileGeometry, limit: Int) {
    var kinds: [(segment: TileSpecification.Segment, count: Int)] = []
    var first = 0
    for size in Self.sizes(geometry.width, limit: limit) {
      let tile = first..<(first + size)
      let segment = TileSpecification.Segment(
        pixels: size,
        taps: geometry.validPixels.map { valid in
          let part = valid.clamped(to: tile)
          return part.isEmpty ? 0..<0 : (part.lowerBound - first)..<(part.upperBound - first)
        })
      if kinds.last?.segment == segment {
        kinds[kinds.count - 1].count += 1
      } else {
        kinds.append((segment, 1))
      }
      first += size
    }
    guard kinds.count <= TileSpecification.segmentLimit else { return nil }
    segments = kinds.map(\.segment)
    if geometry.lines == 1 && geometry.kernelRows == 1 {
      cutLine(geometry, kinds.map(\.count))
    } else {
      for line in 0..<geometry.lines {
        let rows = geometry.validRows.isEmpty ? 0..<1 : geometry.validRows[line]
        let x =
          rows.isEmpty
          ? 0
          : line * geometry.lineStride + geometry.lineOffset
            + rows.lowerBound * geometry.rowStride
        strips.append(
          TileStrip(
            x: x, result: line * geometry.resultLineStride, rows: rows,
            counts: kinds.map(\.count)))
      }
    }
  }

  /// Cuts a single line into strips of some tiles each.
  private mutating func cutLine(_ geometry: TileGeometry, _ counts: [Int]) {
    var pixel = 0
    for (index, segment) in segments.enumerated() {
      // Enough strips for threads to share evenly.
      let perStrip = max(min(Self.stripPixels / segment.pixels, counts.reduce(0, +) / 64), 1)
      var left = counts[index]
      while left > 0 {
        let tiles = min(left, perStrip)
        var strip = [Int](repeating: 0, count: segments.count)
        strip[index] = tiles
        strips.append(
          TileStrip(
            x: pixel * geometry.pixelStride, result: pixel * geometry.resultStride, rows: 0..<1,
            counts: strip))
        pixel += tiles * segment.pixels
        left -= tiles
      }
    }
  }

  private static let stripPixels = 48
}
