/// A matrix in memory: row-major with a distance between rows, or the transpose of one.
package struct Matrix<Scalar: BLASScalar>: Sendable {
  package let elements: MemorySlice<Scalar>
  package let rows: Int
  package let columns: Int
  /// Elements from one stored row to the next.
  package let stride: Int
  /// Whether memory holds the `columns × rows` transpose.
  package let isTransposed: Bool

  /// - Precondition: the stored rows lie in `elements` and do not overlap.
  package init(
    _ elements: MemorySlice<Scalar>, rows: Int, columns: Int, stride: Int? = nil,
    transposed: Bool = false
  ) {
    let width = transposed ? rows : columns
    let height = transposed ? columns : rows
    let stride = stride ?? max(width, 1)
    precondition(rows >= 0 && columns >= 0 && stride >= max(width, 1), "impossible matrix")
    precondition(
      height == 0 || width == 0 || (height - 1) * stride + width <= elements.count,
      "matrix outside its memory")
    self.elements = elements
    self.rows = rows
    self.columns = columns
    self.stride = stride
    self.isTransposed = transposed
  }
}

/// Equal products at equal distances in memory; a distance of 0 repeats an operand.
package struct Batch: Sendable {
  package var count: Int
  package var aStride: Int
  package var bStride: Int
  package var cStride: Int

  package init(count: Int = 1, aStride: Int = 0, bStride: Int = 0, cStride: Int = 0) {
    self.count = count
    self.aStride = aStride
    self.bStride = bStride
    self.cStride = cStride
  }
}

/// How the result of a product is cut: by its sizes alone, so that every thread count computes
/// the same tiles.
package struct GEMMTiles: Sendable {
  package let rowStep: Int
  package let columnStep: Int
  package let rowTiles: Int
  package let columnTiles: Int

  package var count: Int { rowTiles * columnTiles }

  /// A tile is worth its packing when it has some millions of multiplications.
  package init(rows: Int, columns: Int, depth: Int) {
    let work = Double(rows) * Double(columns) * Double(max(depth, 1))
    let wanted = min(max(Int(work / 3e6), 1), 64)
    var rowParts = 1
    var columnParts = 1
    while rowParts * columnParts < wanted {
      // Cut the longer side, so that tiles stay near square and little is packed twice.
      if rows / rowParts >= columns / columnParts {
        if rows / rowParts < 32 { break }
        rowParts *= 2
      } else {
        if columns / columnParts < 32 { break }
        columnParts *= 2
      }
    }
    rowStep = GEMMTiles.step(rows, rowParts)
    columnStep = GEMMTiles.step(columns, columnParts)
    rowTiles = rows == 0 ? 0 : (rows + rowStep - 1) / rowStep
    columnTiles = columns == 0 ? 0 : (columns + columnStep - 1) / columnStep
  }

  /// Rows cut every `rowStep`, columns whole.
  init(rowStep: Int, rows: Int) {
    self.rowStep = rowStep
    self.columnStep = 0
    self.rowTiles = (rows + rowStep - 1) / rowStep
    self.columnTiles = 1
  }

  private static func step(_ size: Int, _ parts: Int) -> Int {
    let even = (max(size, 1) + parts - 1) / parts
    return parts == 1 ? even : (even + 15) / 16 * 16
  }
}

/// c ← alpha · a · b + beta · c, then the epilogue, for each product of a batch.
///
/// With `beta` 0, `c` is not read. The strides of `batch` count elements.
///
/// - Precondition: sizes agree, every product of the batch lies in its operand's memory, and `c`
///   shares no memory with `a` and `b`.
package func gemm<Scalar: BLASScalar>(
  alpha: Scalar = 1, _ a: Matrix<Scalar>, _ b: Matrix<Scalar>, beta: Scalar = 0,
  into c: Matrix<Scalar>, batch: Batch = Batch(), epilogue: Epilogue = Epilogue(),
  threads: Int = 1
) {
  precondition(
    a.rows == c.rows && b.columns == c.columns && a.columns == b.rows, "sizes do not agree")
  precondition(!c.isTransposed, "the result is stored row by row")
  if batch.count <= 0 || c.rows == 0 || c.columns == 0 { return }
  a.checkBatch(batch.count, batch.aStride)
  b.checkBatch(batch.count, batch.bStride)
  c.checkBatch(batch.count, batch.cStride)
  precondition(
    epilogue.isIdentity || Scalar.self == Float.self, "epilogues are for float32 only")
  epilogue.check(rows: c.rows, columns: c.columns)
  let tiles = GEMMTiles(rows: c.rows, columns: c.columns, depth: a.columns)
  ThreadPool.shared.run(tiles: tiles.count * batch.count, threads: threads) { index in
    let item = index / tiles.count
    let row = index % tiles.count / tiles.columnTiles * tiles.rowStep
    let column = index % tiles.columnTiles * tiles.columnStep
    let rows = min(tiles.rowStep, c.rows - row)
    let columns = min(tiles.columnStep, c.columns - column)
    let aBase = unsafe a.elements.base + item * batch.aStride
    let bBase = unsafe b.elements.base + item * batch.bStride
    let cBase = unsafe c.elements.base + item * batch.cStride + row * c.stride + column
    unsafe Scalar.compute(
      RawProduct(
        rows: rows, columns: columns, depth: a.columns, alpha: alpha, beta: beta,
        a: aBase + (a.isTransposed ? row : row * a.stride), aStride: a.stride,
        aTransposed: a.isTransposed,
        b: bBase + (b.isTransposed ? column * b.stride : column), bStride: b.stride,
        bTransposed: b.isTransposed, c: cBase, cStride: c.stride))
    if !epilogue.isIdentity {
      unsafe epilogue.apply(
        UnsafeMutableRawPointer(cBase).assumingMemoryBound(to: Float.self), stride: c.stride,
        row: row, rows: rows, column: column, columns: columns,
        offset: item * batch.cStride + row * c.stride + column)
    }
  }
}

extension Matrix {
  fileprivate func checkBatch(_ count: Int, _ distance: Int) {
    if rows == 0 || columns == 0 { return }
    let width = isTransposed ? rows : columns
    let height = isTransposed ? columns : rows
    precondition(
      distance >= 0
        && (count - 1) * distance + (height - 1) * stride + width <= elements.count,
      "batch outside the memory")
  }
}
