#if canImport(Glibc)
  import Glibc
#endif

/// What a Winograd convolution costs in cycles of one core, from sizes.
///
/// Rates were measured on cores of several kinds and rounded to what all come near.
struct WinogradModel {
  var window: WindowGeometry
  var outChannels: Int
  var instructionSet: InstructionSet
  var tile: WinogradTile

  /// The tile with the least cost, a less exact one where it saves enough; nil where a direct
  /// convolution costs less or the sizes are not Winograd's.
  static func outputs(
    window: WindowGeometry, outChannels: Int, instructionSet: InstructionSet
  ) -> Int? {
    guard WinogradConvolution.takes(window) else { return nil }
    let products = window.channels * outChannels * 9
    var best = (
      cycles: max(
        Double(products * window.batch * window.outPixels) / rate(instructionSet),
        Double(products * 4) / memoryRate), outputs: Int?.none
    )
    for tile in WinogradTile.candidates(for: window) {
      let model = WinogradModel(
        window: window, outChannels: outChannels, instructionSet: instructionSet, tile: tile)
      let cycles = model.best.cycles * tile.handicap
      if cycles < best.cycles { best = (cycles, tile.outputs) }
    }
    return best.outputs
  }

  /// How a convolution's tiles are shared out, and what it costs.
  struct Schedule {
    var tilesAtOnce: Int
    /// Whether weights are transformed during a run.
    var computesWeights: Bool
    var cycles: Double
  }

  /// The schedule with the least cost.
  var best: Schedule {
    let total = WinogradGrid(window, tile).count
    var best: Schedule?
    var parts = 1
    while true {
      let chunk = (total + parts - 1) / parts
      for computes in [false, true] where !computes || mayCompute {
        let cycles = cycles(tilesAtOnce: chunk, of: total, computesWeights: computes)
        // A smaller chunk takes less memory, weights as they are much less.
        let saves = computes && best?.computesWeights == false
        if best.map({ cycles <= $0.cycles * (saves ? 1.03 : 1.01) }) ?? true {
          best = Schedule(tilesAtOnce: chunk, computesWeights: computes, cycles: cycles)
        }
      }
      if chunk * tileBytes <= Self.secondCache * 2 / 3 || chunk == 1 { break }
      parts = max(parts * 5 / 4, parts + 1)
    }
    return best ?? Schedule(tilesAtOnce: total, computesWeights: false, cycles: 0)
  }

  /// Whether there are panels enough for threads to share.
  private var mayCompute: Bool { outChannels >= 8 * instructionSet.lanes }

  /// Bytes of a tile's transformed inputs and products.
  private var tileBytes: Int {
    let lanes = instructionSet.lanes
    let blocks = (window.channels + lanes - 1) / lanes + (outChannels + lanes - 1) / lanes
    return tile.elements * blocks * instructionSet.vectorBytes
  }

  private func cycles(
    tilesAtOnce chunk: Int, of total: Int, computesWeights: Bool
  ) -> Double {
    let lanes = instructionSet.lanes
    let inBlocks = Double((window.channels + lanes - 1) / lanes)
    let outBlocks = Double((outChannels + lanes - 1) / lanes)
    let chunks = Double((total + chunk - 1) / chunk)
    let elements = Double(tile.elements)
    let products =
      elements * Double(total * window.channels) * outBlocks * Double(lanes)
      / Self.rate(instructionSet)
    // The first time weights come from memory, then from where there is room for them.
    let weightElements = Double(tile.weightElements)
    let weights = weightElements * Double(window.channels * 4 * lanes) * outBlocks
    let cache = Double(Self.secondCache)
    let again =
      weights <= cache / 2
      ? 0 : (chunks - 1) * weights / (weights <= Self.thirdCache ? 12 : Self.memoryRate)
    let moved = Double(total * tileBytes)
    let inChunk = Double(chunk * tileBytes)
    let spilled =
      inChunk <= cache * 2 / 3
      ? 0 : 2 * moved / (inChunk + weights <= Self.thirdCache ? 12 : Self.memoryRate)
    // Wide patches of many elements leave the first-level cache.
    let spread = tile.stride == 1 ? 1 : 2.2
    let transforms = Double(total) * elements * (inBlocks * 6 + outBlocks * 4.5) * spread
    // Calls of each element's products.
    let calls = chunks * elements * outBlocks * 30
    if computesWeights {
      let taps = weights / weightElements * 9
      let computing = Double(window.channels) * outBlocks * weightElements * 3.5 + taps / 12
      // Each panel goes through a chunk's inputs again.
      let inputs = elements * inBlocks * Double(chunk * 4 * lanes)
      let panels = outBlocks / 4
      let reread = inputs <= cache / 3 ? 0 : chunks * inputs * max(panels - 1, 0) / 6
      return products * 1.03 + chunks * computing + reread + spilled + transforms + 2 * calls
    }
    // Products wait for weights that serve few tiles.
    let fetched = weights / (weights <= Self.thirdCache / 2 ? 12 : Self.weightRate)
    return products + fetched + again + spilled + transforms + calls
  }

  /// Products a cycle.
  private static func rate(_ instructionSet: InstructionSet) -> Double {
    // Where products are slow, more of what goes on beside them is hidden.
    let productsPerCycle = instructionSet.productsPerCycle
    return Double(productsPerCycle * instructionSet.lanes) * (productsPerCycle == 1 ? 0.92 : 0.87)
  }

  /// Bytes a cycle of weights that come from memory one after the other.
  private static let weightRate = 5.0

  /// Bytes a cycle from memory that other cores use too.
  private static let memoryRate = 4.0

  private static let thirdCache = Double(16 << 20)

  /// Bytes of the second-level cache.
  private static let secondCache: Int = {
    #if canImport(Glibc)
      let size = sysconf(Int32(_SC_LEVEL2_CACHE_SIZE))
      if size >= 128 << 10 { return min(size, 4 << 20) }
    #endif
    return 512 << 10
  }()
}
