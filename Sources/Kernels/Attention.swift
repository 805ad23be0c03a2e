/// The sizes of scaled-dot-product attention over heads that may lie apart in memory.
package struct AttentionGeometry: Sendable, Hashable {
  /// Where one operand's heads and rows lie, in elements; rows are dense.
  package struct Operand: Sendable, Hashable {
    package var batchStride: Int
    package var headStride: Int
    package var rowStride: Int

    package init(batchStride: Int, headStride: Int, rowStride: Int) {
      self.batchStride = batchStride
      self.headStride = headStride
      self.rowStride = rowStride
    }
  }

  package var batch: Int
  package var heads: Int
  package var queries: Int
  package var keys: Int
  package var width: Int
  package var valueWidth: Int
  package var scale: Float
  /// Whether query i sees keys 0…i only.
  package var isCausal: Bool
  package var query: Operand
  package var key: Operand
  package var value: Operand
  package var result: Operand
  /// Strides of the additive mask's batch, head and query axes (0 repeats); its key axis is dense.
  package var mask: Operand?

  package init(
    batch: Int, heads: Int, queries: Int, keys: Int, width: Int, valueWidth: Int, scale: Float,
    isCausal: Bool, query: Operand, key: Operand, value: Operand, result: Operand,
    mask: Operand? = nil
  ) {
    self.batch = batch
    self.heads = heads
    self.queries = queries
    self.keys = keys
    self.width = width
    self.valueWidth = valueWidth
    self.scale = scale
    self.isCausal = isCausal
    self.query = query
    self.key = key
    self.value = value
    self.result = result
    self.mask = mask
  }

  static let rowsPerTile = 64

  /// Scratch elements needed for each thread.
  package var scratchPerThread: Int { min(Self.rowsPerTile, max(queries, 1)) * keys }

  func fits(_ operand: Operand, rows: Int, columns: Int, in count: Int) -> Bool {
    if batch == 0 || heads == 0 || rows == 0 || columns == 0 { return true }
    guard operand.batchStride >= 0, operand.headStride >= 0, operand.rowStride >= 0 else {
      return false
    }
    return (batch - 1) * operand.batchStride + (heads - 1) * operand.headStride
      + (rows - 1) * operand.rowStride + columns <= count
  }
}

/// y ← softmax(scale · q kᵀ + mask) v for each head, in tiles of query rows. A query that sees no
/// key gives zeros, as in PyTorch.
///
/// - Precondition: operands lie in their memory; `scratch` holds `scratchPerThread` elements for
///   each of `threads`; `y` is apart from the rest.
package func attention(
  _ g: AttentionGeometry, query: MemorySlice<Float>, key: MemorySlice<Float>,
  value: MemorySlice<Float>, mask: MemorySlice<Float>? = nil, into y: MemorySlice<Float>,
  scratch: MemorySlice<Float>, threads: Int = 1
) {
  precondition(
    g.fits(g.query, rows: g.queries, columns: g.width, in: query.count)
      && g.fits(g.key, rows: g.keys, columns: g.width, in: key.count)
      && g.fits(g.value, rows: g.keys, columns: g.valueWidth, in: value.count)
      && g.fits(g.result, rows: g.queries, columns: g.valueWidth, in: y.count)
      && (mask == nil) == (g.mask == nil)
      && scratch.count >= g.scratchPerThread * threads, "operand outside its memory")
  if let mask, let lies = g.mask {
    precondition(
      g.fits(lies, rows: g.queries, columns: g.keys, in: mask.count), "mask outside its memory")
  }
  precondition(
    g.query.isRowwise(g.queries, g.width) && g.key.isRowwise(g.keys, g.width)
      && g.value.isRowwise(g.keys, g.valueWidth) && g.result.isRowwise(g.queries, g.valueWidth),
    "rows overlap")
  if g.queries == 0 || g.valueWidth == 0 { return }
  let bands = (g.queries + AttentionGeometry.rowsPerTile - 1) / AttentionGeometry.rowsPerTile
  ThreadPool.shared.run(tiles: g.batch * g.heads * bands, threads: threads) { tile, slot in
    let band = tile % bands
    let head = tile / bands % g.heads
    let item = tile / bands / g.heads
    let first = band * AttentionGeometry.rowsPerTile
    let rows = min(AttentionGeometry.rowsPerTile, g.queries - first)
    let scores = unsafe scratch.base + slot * g.scratchPerThread
    let q = unsafe query.base + g.query.start(item, head, first)
    unsafe Float.compute(
      RawProduct(
        rows: rows, columns: g.keys, depth: g.width, alpha: g.scale, beta: 0, a: q,
        aStride: max(g.query.rowStride, g.width, 1), aTransposed: false,
        b: key.base + g.key.start(item, head, 0), bStride: max(g.key.rowStride, g.width, 1),
        bTransposed: true, c: scores, cStride: max(g.keys, 1)))
    for row in 0..<rows {
      let line = unsafe scores + row * g.keys
      if let mask, let lies = g.mask {
        let from = unsafe mask.base + lies.start(item, head, first + row)
        for i in 0..<g.keys { unsafe line[i] += from[i] }
      }
      if g.isCausal, first + row + 1 < g.keys {
        for i in (first + row + 1)..<g.keys { unsafe line[i] = -.infinity }
      }
      unsafe softmaxRow(line, into: line, count: g.keys, hiddenIsZero: true)
    }
    unsafe Float.compute(
      RawProduct(
        rows: rows, columns: g.valueWidth, depth: g.keys, alpha: 1, beta: 0, a: scores,
        aStride: max(g.keys, 1), aTransposed: false, b: value.base + g.value.start(item, head, 0),
        bStride: max(g.value.rowStride, g.valueWidth, 1), bTransposed: false,
        c: y.base + g.result.start(item, head, first),
        cStride: max(g.result.rowStride, g.valueWidth, 1)))
  }
}

extension AttentionGeometry.Operand {
  /// Whether the rows lie apart, as the matrix library needs them.
  package func isRowwise(_ rows: Int, _ columns: Int) -> Bool { rows < 2 || rowStride >= columns }

  @inline(__always)
  func start(_ item: Int, _ head: Int, _ row: Int) -> Int {
    item * batchStride + head * headStride + row * rowStride
  }
}
