/// Scaled-dot-product attention by packed products: for each head, keys and values are packed once,
/// then bands of query rows make their scores, softmax and sums while these stay in the cache.
package struct PackedAttention: Sendable {
  private let geometry: AttentionGeometry
  private let bands: [Band]
  private let packedKeys: Int
  private let packedValues: Int
  private let bandRows: Int

  private struct Band: Sendable {
    let first: Int
    let rows: Int
    let kernels: Products
  }

  private struct Products: Sendable {
    let scores: PackedGEMM
    let sums: PackedGEMM
    let softmax: RowKernel
  }

  /// Nil where sizes are zero or rows overlap.
  ///
  /// - Throws: `KernelError` or `AllocationError`.
  package init?(_ geometry: AttentionGeometry, instructionSet: InstructionSet) throws {
    let g = geometry
    guard g.batch > 0, g.heads > 0, g.queries > 0, g.keys > 0, g.width > 0, g.valueWidth > 0,
      g.query.isRowwise(g.queries, g.width), g.key.isRowwise(g.keys, g.width),
      g.value.isRowwise(g.keys, g.valueWidth), g.result.isRowwise(g.queries, g.valueWidth)
    else { return nil }
    self.geometry = geometry
    // Scores of a band take about a quarter of a second-level cache of a megabyte.
    let limit = min(max((64 << 10) / g.keys / 56 * 56, 56), g.queries)
    let sizes = TileCut.sizes(g.queries, limit: limit)
    bandRows = sizes[0]
    var products: [Int: Products] = [:]
    for rows in Set(sizes) {
      guard
        let scores = try PackedGEMM(
          rows: rows, columns: g.keys, depth: g.width, layout: .columnsByDepth,
          xStride: max(g.query.rowStride, g.width), yStride: g.keys, hasBias: false,
          epilogue: [.function(.affine(scale: g.scale, shift: 0))],
          instructionSet: instructionSet),
        let sums = try PackedGEMM(
          rows: rows, columns: g.valueWidth, depth: g.keys, layout: .depthByColumns,
          xStride: g.keys, yStride: max(g.result.rowStride, g.valueWidth), hasBias: false,
          epilogue: [], instructionSet: instructionSet)
      else { return nil }
      products[rows] = Products(
        scores: scores, sums: sums,
        softmax: try RowKernel(
          .softmax(isLogarithmic: false, isScaled: false, hasMask: false), outer: [rows],
          size: g.keys, instructionSet: instructionSet))
    }
    var first = 0
    bands = sizes.compactMap { rows in
      defer { first += rows }
      return products[rows].map { Band(first: first, rows: rows, kernels: $0) }
    }
    packedKeys = Self.aligned(products.values.map(\.scores.packedCount).max() ?? 0)
    packedValues = Self.aligned(products.values.map(\.sums.packedCount).max() ?? 0)
    // Bands of other sizes must read what was packed for the first.
    guard Set(products.values.map(\.scores.choice.vectors)).count == 1,
      Set(products.values.map(\.sums.choice.vectors)).count == 1
    else { return nil }
  }

  private static func aligned(_ count: Int) -> Int { (count + 15) / 16 * 16 }

  /// Scratch elements needed for each thread.
  package var scratchPerThread: Int {
    packedKeys + packedValues + Self.aligned(bandRows * geometry.keys)
  }

  package var kernelName: String {
    bands.first.map { "attention \($0.kernels.scores.kernelName)" } ?? "attention"
  }

  /// y ← softmax(scale · q kᵀ + mask) v for each head. A query that sees no key gives zeros, as in
  /// PyTorch.
  ///
  /// - Precondition: operands lie in their memory; `scratch` holds `scratchPerThread` elements for
  ///   each of `threads`; `y` is apart from the rest.
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
        && scratch.count >= scratchPerThread * threads, "operand outside its memory")
    if let mask, let lies = g.mask {
      precondition(
        g.fits(lies, rows: g.queries, columns: g.keys, in: mask.count),
        "mask outside its memory")
    }
    ThreadPool.shared.run(tiles: g.batch * g.heads, threads: threads) { tile, slot in
      let (item, head) = (tile / g.heads, tile % g.heads)
      let base = slot * scratchPerThread
      let keys = scratch[from: base, count: packedKeys]
      let values = scratch[from: base + packedKeys, count: packedValues]
      let k = g.key.rows(item, head, 0, g.keys, g.width, of: key)
      let v = g.value.rows(item, head, 0, g.keys, g.valueWidth, of: value)
      for (index, band) in bands.enumerated() {
        let kernels = band.kernels
        if index == 0 {
          kernels.scores.pack(k, stride: max(g.key.rowStride, g.width), bias: nil, into: keys)
          kernels.sums.pack(
            v, stride: max(g.value.rowStride, g.valueWidth), bias: nil, into: values)
        }
        let scores = scratch[
          from: base + packedKeys + packedValues, count: band.rows * g.keys]
        kernels.scores.run(
          g.query.rows(item, head, band.first, band.rows, g.width, of: query), packed: keys,
          into: scores)
        if g.isCausal || mask != nil {
          hide(scores, band, item, head, mask)
        } else {
          kernels.softmax.run(scores, into: scores)
        }
        kernels.sums.run(
          scores, packed: values,
          into: g.result.rows(item, head, band.first, band.rows, g.valueWidth, of: y))
      }
    }
  }

  /// Adds the mask, hides later keys, and takes the softmax.
  private func hide(
    _ scores: MemorySlice<Float>, _ band: Band, _ item: Int, _ head: Int,
    _ mask: MemorySlice<Float>?
  ) {
    let g = geometry
    for row in 0..<band.rows {
      let line = unsafe scores.base + row * g.keys
      if let mask, let lies = g.mask {
        let from = unsafe mask.base + lies.start(item, head, band.first + row)
        for i in 0..<g.keys { unsafe line[i] += from[i] }
      }
      if g.isCausal, band.first + row + 1 < g.keys {
        for i in (band.first + row + 1)..<g.keys { unsafe line[i] = -.infinity }
      }
      unsafe softmaxRow(line, into: line, count: g.keys, hiddenIsZero: true)
    }
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
