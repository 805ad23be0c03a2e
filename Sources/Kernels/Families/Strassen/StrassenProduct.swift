/// Whether a product may be made of products of quarters, which round differently.
package enum Quarters: Sendable {
  case never
  case whereFaster
  /// As many rows at once; wherever sizes allow.
  case always(rowsAtOnce: Int)
}

/// A large matrix product by seven products of its quarters in place of eight (`Strassen`).
///
/// Rows are taken in chunks; every second panel belongs to the right half of the columns, so that
/// a pair is two neighbours. Of each chunk, x's sums are computed first; then, a pair at a time and
/// one run of depth after the other, the products, whose first strips compute the matrix's sums
/// beside them, which stay in the second-level cache for the rest; then y's quarters. Rounding
/// errors are relative to the largest rows and columns rather than to those of each element. A
/// chunk with infinities or NaN, which would spread to other rows, is multiplied plainly, as are
/// panels at the end that make no pair.
final class StrassenProduct: Sendable {
  /// Of the panels that make pairs.
  let geometry: TileGeometry
  let inputs: StrassenInputs
  let panels: [TilePanel]
  /// The whole product, whose other panels are multiplied plainly.
  let whole: TilePlan
  let broadcasts: [OperandBroadcast]
  let chunks: [Range<Int>]
  /// By rows of a quarter.
  private let quarters: [Int: TilePlan]
  /// By rows of a chunk: the plain product.
  private let plains: [Int: TilePlan]
  let inputKernel: Kernel
  /// For pairs of rows, and for a row of the upper half alone.
  let outputKernels: [Kernel]

  /// Nil where the product is not of this kind, or not to be.
  static func make(_ plan: TilePlan, _ quarters: Quarters) throws -> StrassenProduct? {
    switch quarters {
    case .never: nil
    case .whereFaster: takes(plan) && pays(plan) ? try StrassenProduct(plan) : nil
    case .always(let rowsAtOnce): try StrassenProduct(plan, rowsAtOnce: rowsAtOnce)
    }
  }

  /// Whether there are panels that make pairs, and the depth comes in halves of whole vectors.
  static func takes(_ plan: TilePlan) -> Bool {
    let geometry = plan.geometry
    return !paired(plan).isEmpty
      && geometry.channels % (2 * max(geometry.lanes, geometry.blockChannels)) == 0
      && geometry.kernelRows == 1 && geometry.taps == 1 && geometry.lines == 1
  }

  /// An even number of panels from the first on, of equal width and without lanes to spare.
  private static func paired(_ plan: TilePlan) -> ArraySlice<TilePanel> {
    let whole = plan.geometry.outChannels / plan.geometry.lanes
    let equal = plan.panels.prefix {
      $0.vectors == plan.choice.vectors && $0.firstVector + $0.vectors <= whole
    }
    return equal.prefix(equal.count / 2 * 2)
  }

  /// Nil where the product is not of this kind.
  init?(_ plan: TilePlan, rowsAtOnce: Int? = nil) throws {
    guard Self.takes(plan), plan.geometry.width >= 2 else { return nil }
    panels = Array(Self.paired(plan))
    whole = plan
    let geometry = plan.geometry.withVectors(panels.reduce(0) { $0 + $1.vectors })
    let set = geometry.instructionSet
    self.geometry = geometry
    broadcasts = plan.broadcasts
    chunks = Self.chunks(rows: geometry.width, atOnce: rowsAtOnce)
    inputs = StrassenInputs(geometry, rows: Self.mostRows(chunks))
    var quarters: [Int: TilePlan] = [:]
    var plains: [Int: TilePlan] = [:]
    for chunk in chunks where plains[chunk.count] == nil {
      plains[chunk.count] = try TilePlan(geometry.withRows(chunk.count), choice: plan.choice)
      let rows = (chunk.count + 1) / 2
      let quarter = geometry.quarter(rows: rows, of: Self.mostRows(chunks))
      quarters[rows] = try TilePlan(quarter, choice: .quarter(quarter, like: plan.choice))
      if plains[chunk.count] == nil || quarters[rows] == nil { return nil }
    }
    self.quarters = quarters
    self.plains = plains
    inputKernel = try KernelCache.shared.kernel(
      for: StrassenInputSpecification(instructionSet: set, x: inputs.x, sums: inputs.sums))
    outputKernels = try [true, false].map { hasLower in
      try KernelCache.shared.kernel(
        for: StrassenOutputSpecification(
          instructionSet: set, vectors: plan.choice.vectors, hasLower: hasLower,
          hasBias: geometry.hasBias, epilogue: geometry.epilogue,
          rowStride: geometry.resultStride, rightBias: plan.choice.vectors * set.vectorBytes))
    }
  }

  /// Chunks whose sizes differ by one at most, of at least two rows.
  private static func chunks(rows: Int, atOnce: Int?) -> [Range<Int>] {
    var first = 0
    return TileCut.sizes(rows, limit: max(atOnce ?? rowsAtOnce, 4)).map { size in
      defer { first += size }
      return first..<(first + size)
    }
  }

  /// Rows whose sums, beside x itself, stay near the cores.
  private static let rowsAtOnce = 256

  private static func mostRows(_ chunks: [Range<Int>]) -> Int {
    ((chunks.map(\.count).max() ?? 0) + 1) / 2
  }

  /// Of a quarter.
  var mostRows: Int { Self.mostRows(chunks) }

  /// What multiplies quarters of so many rows.
  func quarter(rows: Int) -> TilePlan? { quarters[rows] }

  func plain(rows: Int) -> TilePlan? { plains[rows] }

  var pairs: Int { panels.count / 2 }

  /// Neighbours, so that threads which share pairs have columns that lie together.
  func panels(ofPair pair: Int) -> (left: TilePanel, right: TilePanel) {
    (panels[2 * pair], panels[2 * pair + 1])
  }

  /// Panels of the whole product that make no pair.
  var single: Range<Int> { panels.count..<whole.panels.count }

  /// Floats of scratch that a run needs.
  func scratchCount(threads: Int) -> Int {
    StrassenRun.Memory(self, threads: max(threads, 1)).byteCount / MemoryLayout<Float>.stride
  }

  /// Bytes of a panel's weights over half the depth.
  var halfBytes: Int {
    geometry.channels / 2 * panels[0].vectors * geometry.vectorBytes
  }
}

extension StrassenProduct {
  /// Whether it takes at least three hundredths less time than the plain product, by cycles of one
  /// core that are estimated from sizes.
  static func pays(_ plan: TilePlan) -> Bool {
    let geometry = plan.geometry
    let rows = Double(geometry.width)
    let depth = Double(geometry.channels)
    let columns = Double(paired(plan).count * plan.choice.vectors * geometry.lanes)
    let plain =
      rows * depth * columns
      / Double(geometry.lanes * geometry.instructionSet.productsPerCycle)
    let chunks = Double(chunks(rows: geometry.width, atOnce: nil).count)
    // Cycles for each number, as measured where they come from the second-level cache.
    var sums = chunks * depth * columns * 0.2 + rows * depth * 0.3 + rows * columns * 0.5
    // What comes from there holds fast products up, unless the cache keeps pace with them.
    if geometry.instructionSet.isFast, !Processor.hasWideCaches { sums *= 2 }
    return plain / 8 - sums > plain * 0.03
  }
}

extension TileGeometry {
  /// The same of fewer vectors of output channels, all of them whole.
  fileprivate func withVectors(_ count: Int) -> TileGeometry {
    var result = self
    result.outChannels = count * lanes
    return result
  }

  /// The same of fewer pixels of its one line.
  fileprivate func withRows(_ rows: Int) -> TileGeometry {
    var result = self
    result.width = rows
    result.validPixels = [0..<rows]
    return result
  }

  /// A product of quarters into memory of its own: one vector's rows after the other, for which
  /// there is room for `most`.
  fileprivate func quarter(rows: Int, of most: Int) -> TileGeometry {
    var result = withRows(rows)
    result.channels = channels / 2
    result.outChannels = outChannels / 2
    result.resultStride = vectorBytes
    result.vectorStride = most * vectorBytes
    result.hasBias = false
    result.epilogue = []
    result.masksStores = false
    result.weightSource = .computed(products: Strassen.products, sources: 4)
    return result
  }
}

extension TileChoice {
  /// Runs of depth whose sums fill half of the second-level cache, in the panels that are packed.
  fileprivate static func quarter(_ geometry: TileGeometry, like choice: TileChoice) -> TileChoice {
    let vectors = choice.vectors
    let block = geometry.vectorBlockBytes * vectors * Strassen.sums
    let most = max(CacheSizes.second / 2 / block, 1)
    let parts = (geometry.blocks + most - 1) / most
    return TileChoice(
      vectors: vectors, pixels: pixelLimit(geometry, vectors: vectors) ?? 1,
      blocksAtOnce: (geometry.blocks + parts - 1) / parts, inputFetch: choice.inputFetch)
  }
}
