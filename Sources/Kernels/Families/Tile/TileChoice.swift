/// How many vectors and pixels a tile has, and how the sums are cut: chosen from sizes alone.
package struct TileChoice: Sendable, Hashable {
  package var vectors: Int
  /// The largest tile's pixels.
  package var pixels: Int
  /// Channel blocks summed before the next panel of weights is taken up; all in one go where it
  /// is at least the number of blocks.
  package var blocksAtOnce: Int
  /// When pixels are asked for ahead of their use.
  package var inputFetch: TileSpecification.InputFetch

  package init(
    vectors: Int, pixels: Int, blocksAtOnce: Int,
    inputFetch: TileSpecification.InputFetch = .none
  ) {
    self.inputFetch = inputFetch
    self.vectors = vectors
    self.pixels = pixels
    self.blocksAtOnce = blocksAtOnce
  }
}

extension TileChoice {
  /// The fastest choice by the model below; of those about equal the first.
  init(_ geometry: TileGeometry) {
    var best: (cycles: Double, choice: TileChoice)?
    for vectors in Self.vectorCounts(geometry.instructionSet) {
      let vectors = min(vectors, geometry.outVectors)
      guard let pixels = Self.pixelLimit(geometry, vectors: vectors) else { continue }
      let cycles = Self.cycles(geometry, vectors: vectors, pixels: pixels)
      if best.map({ cycles < $0.cycles * 0.995 }) ?? true {
        best = (
          cycles,
          TileChoice(
            vectors: vectors, pixels: pixels,
            blocksAtOnce: Self.blocksAtOnce(geometry, vectors: vectors),
            inputFetch: Self.inputFetch(geometry))
        )
      }
    }
    self = best?.choice ?? TileChoice(vectors: 1, pixels: 8, blocksAtOnce: geometry.blocks + 1)
  }

  /// Panels' widths in the order of preference. Where products take longest of all, wide panels go
  /// through x less often.
  private static func vectorCounts(_ instructionSet: InstructionSet) -> [Int] {
    switch instructionSet {
    case .avx2: [1, 2, 3, 4]
    case .avx512: instructionSet.productsPerCycle == 1 ? [4, 3, 2, 1] : Array(1...8)
    }
  }

  /// Pixels are asked for where x does not stay in the first-level cache, and its lines are used
  /// up by one tile. Fast products would be held up by so many requests at once.
  private static func inputFetch(_ geometry: TileGeometry) -> TileSpecification.InputFetch {
    guard geometry.pixelStride >= geometry.vectorBytes,
      geometry.blockStride >= geometry.pixelStride,
      geometry.inputBytes > CacheSizes.first / 2,
      geometry.kernelRows == 1 || geometry.pixelStride > geometry.tapStride
    else { return .none }
    return geometry.instructionSet.isFast ? .beside : .before
  }

  /// The most pixels that leave registers for weights, a pixel's value and the epilogue.
  static func pixelLimit(_ geometry: TileGeometry, vectors: Int) -> Int? {
    let registers = geometry.instructionSet.vectorRegisterCount
    // Epilogues may take four registers beside the value.
    var pixels = (registers - 4) / vectors
    if crowdsSets(geometry) {
      pixels = min(pixels, max(CacheSizes.first / setSpan - 1, 4))
    }
    return pixels > 0 ? pixels : nil
  }

  /// Whether pixels are whole pages apart: they share the ways of one set in the first-level
  /// cache, of which each way holds 64 sets of 64 bytes.
  private static func crowdsSets(_ geometry: TileGeometry) -> Bool {
    geometry.pixelStride % setSpan == 0
  }

  private static let setSpan = 4096

  /// Cycles for one product of each pixel in a line, over all output channels: the slowest of
  /// multiplications, their latency, loads, and weights from the second-level cache.
  static func cycles(_ geometry: TileGeometry, vectors: Int, pixels: Int) -> Double {
    let panels = Self.panels(geometry, vectors: vectors)
    let sizes = TileCut.sizes(geometry.width, limit: pixels)
    let depth = Double(geometry.depth)
    let spare = geometry.instructionSet.vectorRegisterCount
    let rate = Double(geometry.instructionSet.productsPerCycle)
    // Fast products wait for the lines of many rows, of which the processor foresees few.
    let waitsForRows =
      geometry.instructionSet.isFast && geometry.blockStride < geometry.pixelStride
      && geometry.width >= 24
    var total = 0.0
    for (count, wide) in [
      (panels.filter { $0.vectors == vectors }.count, vectors),
      (panels.filter { $0.vectors != vectors }.count, vectors - 1),
    ] where count > 0 && wide > 0 {
      var cycles = 0.0
      for size in sizes {
        let products = Double(size * wide)
        let free = spare - size * wide
        let loads =
          size < wide && size < free
          ? size + wide : size + min(wide, free - 1) + max(wide - free + 1, 0) * size
        let slowest = max(
          products / rate, 4, Double(loads) / 2 * 1.02,
          Double(wide * geometry.vectorBytes) / (waitsForRows ? 25 : 40))
        // Where products are slow they hide all loads, but not all of what x waits for.
        let fetch = rate == 1 ? Double(size * 4) / 64 : waitsForRows ? Double(size) * 0.27 : 0
        cycles += (slowest + fetch) * depth + products * 2 + 40
      }
      total += cycles * Double(count)
    }
    return total
  }

  /// Panels of equal width, or one less.
  static func panels(_ geometry: TileGeometry, vectors: Int) -> [TilePanel] {
    var first = 0
    return TileCut.sizes(geometry.outVectors, limit: vectors).map { size in
      defer { first += size }
      return TilePanel(firstVector: first, vectors: size)
    }
  }

  /// As many channel blocks as keep a panel's weights in the first-level cache, where enough
  /// pixels share them.
  static func blocksAtOnce(_ geometry: TileGeometry, vectors: Int) -> Int {
    let all = geometry.blocks + 1
    guard geometry.width * geometry.lines >= 40 else { return all }
    // Wide vectors bear weights that come from the second level.
    let budget =
      switch geometry.instructionSet {
      case .avx2: CacheSizes.first * 5 / 8
      case .avx512 where geometry.instructionSet.isFast && geometry.kernelRows * geometry.taps > 1:
        CacheSizes.first
      // Their lines push each other out of either cache before long sums end.
      case .avx512 where geometry.instructionSet.isFast && crowdsSets(geometry):
        CacheSizes.second * 3 / 16
      case .avx512: CacheSizes.second * 3 / 8
      }
    let block = geometry.vectorBlockBytes * vectors
    let panel = block * max(geometry.blocks, 1)
    if panel <= budget * 3 / 2 { return all }
    // Sums that are too short are spent on fetching and storing the result.
    let products = geometry.blockChannels * geometry.kernelRows * geometry.taps
    let least = (96 + products - 1) / products
    let parts = (panel + budget - 1) / budget
    return max((geometry.blocks + parts - 1) / parts, least, 1)
  }
}
