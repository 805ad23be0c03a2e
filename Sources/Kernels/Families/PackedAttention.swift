/// Scaled-dot-product attention by packed products: for each head, keys and values are packed once,
/// then bands of query rows make their scores, softmax and sums while these stay in the cache.
package struct PackedAttention: Sendable {
  private let geometry: AttentionGeometry
  private let bands: [Band]
  private let packedKeys: Int
  private let packedValues: Int
  private let bandRows: Int
  /// Elements from a row of scores to the next: whole vectors, and not whole pages.
  private let scoreStride: Int
  /// Whether bands are dealt to threads rather than heads, which are few.
  private let dealsBands: Bool
  /// As many zeros as queries, then −∞ for each key: what hides later keys, read from
  /// `queries − 1 − query` on.
  private let later: MemorySlice<Float>?

  private struct Band: Sendable {
    let first: Int
    let rows: Int
    let kernels: Products
  }

  private struct Products: Sendable {
    let scores: PackedGEMM
    let sums: PackedGEMM
    /// Of a single row where later keys are hidden.
    let softmax: RowKernel
  }

  /// Nil where sizes are zero, rows overlap, or a mask comes with hidden later keys.
  ///
  /// - Throws: `KernelError` or `AllocationError`.
  package init?(_ geometry: AttentionGeometry, instructionSet: InstructionSet) throws {
    let g = geometry
    guard g.batch > 0, g.heads > 0, g.queries > 0, g.keys > 0, g.width > 0, g.valueWidth > 0,
      g.query.isRowwise(g.queries, g.width), g.key.isRowwise(g.keys, g.width),
      g.value.isRowwise(g.keys, g.valueWidth), g.result.isRowwise(g.queries, g.valueWidth),
      g.mask == nil || !g.isCausal
    else { return nil }
    self.geometry = geometry
    let lanes = instructionSet.lanes
    let vectors = (g.keys + lanes - 1) / lanes
    scoreStride = (vectors + (vectors * instructionSet.vectorBytes % 4096 == 0 ? 1 : 0)) * lanes
    // Scores of a band take about a quarter of a second-level cache of a megabyte.
    let limit = min(max((64 << 10) / g.keys / 56 * 56, 56), g.queries)
    let sizes = TileCut.sizes(g.queries, limit: limit)
    bandRows = sizes[0]
    var products: [Int: Products] = [:]
    // Bands of other sizes must read what was packed for the first.
    var choices: (scores: TileChoice, sums: TileChoice)?
    for rows in Set(sizes).sorted(by: >) {
      guard
        let scores = try PackedGEMM(
          rows: rows, columns: g.keys, depth: g.width, layout: .columnsByDepth,
          xStride: max(g.query.rowStride, g.width), yStride: scoreStride, hasBias: false,
          epilogue: [.function(.affine(scale: g.scale, shift: 0))],
          instructionSet: instructionSet, choice: choices?.scores),
        let sums = try PackedGEMM(
          rows: rows, columns: g.valueWidth, depth: g.keys, layout: .depthByColumns,
          xStride: scoreStride, yStride: max(g.result.rowStride, g.valueWidth), hasBias: false,
          epilogue: [], instructionSet: instructionSet, choice: choices?.sums)
      else { return nil }
      choices = (scores.choice, sums.choice)
      let softmax =
        g.isCausal
        ? try RowKernel(
          .attentionSoftmax, outer: [1], size: g.keys, instructionSet: instructionSet)
        : try RowKernel(
          g.mask == nil
            ? .softmax(isLogarithmic: false, isScaled: false, hasMask: false) : .attentionSoftmax,
          outer: [rows], size: g.keys, rowStride: scoreStride,
          operandStrides: [g.mask?.rowStride ?? 0], instructionSet: instructionSet)
      products[rows] = Products(scores: scores, sums: sums, softmax: softmax)
    }
    var first = 0
    bands = sizes.compactMap { rows in
      defer { first += rows }
      return products[rows].map { Band(first: first, rows: rows, kernels: $0) }
    }
    packedKeys = Self.aligned(products.values.map(\.scores.packedCount).max() ?? 0)
    packedValues = Self.aligned(products.values.map(\.sums.packedCount).max() ?? 0)
    dealsBands = g.batch * g.heads < 4 && bands.count > 1
    later =
      g.isCausal
      ? try MemorySlice(
        [Float](repeating: 0, count: g.queries)
          + [Float](repeating: -.infinity, count: g.keys)) : nil
  }

  private static func aligned(_ count: Int) -> Int { (count + 15) / 16 * 16 }

  private var packedPerHead: Int { packedKeys + packedValues }
  private var scoresPerThread: Int { Self.aligned(bandRows * scoreStride) }

  /// Scratch elements needed.
  package func scratchCount(threads: Int) -> Int {
    (dealsBands ? geometry.batch * geometry.heads : threads) * packedPerHead
      + threads * scoresPerThread
  }

  package var kernelName: String {
    bands.first.map { "attention \($0.kernels.scores.kernelName)" } ?? "attention"
  }

  /// Where the operands of a run lie.
  private struct Operands: Sendable {
    let query, key, value: MemorySlice<Float>
    let mask: MemorySlice<Float>?
    let y: MemorySlice<Float>
  }

  /// y ← softmax(scale · q kᵀ + mask) v for each head. A query that sees no key gives zeros, as in
  /// PyTorch.
  ///
  /// - Precondition: operands lie in their memory; `scratch` holds `scratchCount(threads:)`
  ///   elements; `y` is apart from the rest.
  package func run(
    query: MemorySlice<Float>, key: MemorySlice<Float>, value: MemorySlice<Float>,
    mask: MemorySlice<Float>?, into y: MemorySlice<Float>, scratch: MemorySlice<Float>,
    threads: Int
  ) {
    let g = geometry
    precondition(
      g.fits(g.query, rows: g.queries, columns: g.width, in: query.count)
        && g.fits(g.key, rows: g.keys, columns: g.width, in: key.count)
        && g.fits(g.value, rows: g.keys, columns: g.valueWidth, in: value.count)
        && g.fits(g.result, rows: g.queries, columns: g.valueWidth, in: y.count)
        && (mask == nil) == (g.mask == nil)
        && scratch.count >= scratchCount(threads: threads), "operand outside its memory")
    if let mask, let lies = g.mask {
      precondition(
        g.fits(lies, rows: g.queries, columns: g.keys, in: mask.count),
        "mask outside its memory")
    }
    let operands = Operands(query: query, key: key, value: value, mask: mask, y: y)
    let items = g.batch * g.heads
    let scoresStart = (dealsBands ? items : threads) * packedPerHead
    var work = Run(
      attention: self, operands: operands, scratch: scratch, scoresStart: scoresStart,
      part: .heads)
    if dealsBands {
      work.part = .packing
      ThreadPool.shared.run(work, tiles: items, threads: threads)
      work.part = .bands
      ThreadPool.shared.run(work, tiles: items * bands.count, threads: threads)
    } else {
      ThreadPool.shared.run(work, tiles: items, threads: threads)
    }
  }

  private struct Run: TiledWork {
    enum Part: Sendable { case packing, bands, heads }

    let attention: PackedAttention
    let operands: Operands
    let scratch: MemorySlice<Float>
    let scoresStart: Int
    var part: Part

    func compute(_ tile: Int, slot: Int) {
      let bands = attention.bands
      switch part {
      case .packing: attention.pack(tile, operands, into: packed(tile))
      case .bands:
        let item = tile / bands.count
        attention.run(bands[tile % bands.count], item, operands, packed(item), scores(slot))
      case .heads:
        attention.pack(tile, operands, into: packed(slot))
        for band in bands { attention.run(band, tile, operands, packed(slot), scores(slot)) }
      }
    }

    private func packed(_ slot: Int) -> MemorySlice<Float> {
      scratch[from: slot * attention.packedPerHead, count: attention.packedPerHead]
    }

    private func scores(_ slot: Int) -> MemorySlice<Float> {
      let count = attention.scoresPerThread
      return scratch[from: scoresStart + slot * count, count: count]
    }
  }

  private func pack(_ item: Int, _ operands: Operands, into packed: MemorySlice<Float>) {
    let g = geometry
    let (image, head) = (item / g.heads, item % g.heads)
    guard let kernels = bands.first?.kernels else { return }
    kernels.scores.pack(
      g.key.rows(image, head, 0, g.keys, g.width, of: operands.key),
      stride: max(g.key.rowStride, g.width), bias: nil,
      into: packed[from: 0, count: packedKeys])
    kernels.sums.pack(
      g.value.rows(image, head, 0, g.keys, g.valueWidth, of: operands.value),
      stride: max(g.value.rowStride, g.valueWidth), bias: nil,
      into: packed[from: packedKeys, count: packedValues])
  }

  /// The mask's rows of a band; they may be one and the same.
  private func hidden(
    _ image: Int, _ head: Int, _ band: Band, _ mask: MemorySlice<Float>?
  ) -> MemorySlice<Float>? {
    guard let mask, let lies = geometry.mask else { return nil }
    return mask[
      from: lies.start(image, head, band.first),
      count: (band.rows - 1) * lies.rowStride + geometry.keys]
  }

  private func run(
    _ band: Band, _ item: Int, _ operands: Operands, _ packed: MemorySlice<Float>,
    _ space: MemorySlice<Float>
  ) {
    let g = geometry
    let (image, head) = (item / g.heads, item % g.heads)
    let kernels = band.kernels
    let scores = space[from: 0, count: band.rows * scoreStride]
    kernels.scores.run(
      g.query.rows(image, head, band.first, band.rows, g.width, of: operands.query),
      packed: packed[from: 0, count: packedKeys], into: scores)
    if let later {
      for index in 0..<band.rows {
        let row = scores[from: index * scoreStride, count: g.keys]
        kernels.softmax.run(
          row, operand: later[from: g.queries - 1 - band.first - index, count: g.keys], into: row)
      }
    } else {
      kernels.softmax.run(
        scores,
        operand: hidden(image, head, band, operands.mask), into: scores)
    }
    kernels.sums.run(
      scores, packed: packed[from: packedKeys, count: packedValues],
      into: g.result.rows(image, head, band.first, band.rows, g.valueWidth, of: operands.y))
  }
}

extension AttentionGeometry.Operand {
  /// Some rows of a head.
  fileprivate func rows(
    _ item: Int, _ head: Int, _ first: Int, _ count: Int, _ width: Int,
    of memory: MemorySlice<Float>
  ) -> MemorySlice<Float> {
    memory[
      from: start(item, head, first), count: (count - 1) * max(rowStride, width) + width]
  }
}
