/// Products in Swift alone, for machines without a BLAS library.
enum PlainProduct {
  private static let lanes = 8
  private static let blockRows = 4

  /// C ← alpha · op(A) · op(B) + beta · C, by blocks of four rows and eight columns of C; a C that
  /// is multiplied by 0 is not read.
  @inline(__always)
  static func compute<Scalar: BLASScalar & SIMDScalar>(_ p: RawProduct<Scalar>) {
    // A row of eight columns of op(B) after another, zeros beyond the last column.
    unsafe withUnsafeTemporaryAllocation(of: SIMD8<Scalar>.self, capacity: p.depth) { panel in
      for column in stride(from: 0, to: p.columns, by: lanes) {
        let width = min(lanes, p.columns - column)
        for k in 0..<p.depth {
          var values = SIMD8<Scalar>()
          for lane in 0..<width {
            values[lane] =
              unsafe p.bTransposed
              ? p.b[(column + lane) * p.bStride + k] : p.b[k * p.bStride + column + lane]
          }
          unsafe panel[k] = values
        }
        for row in stride(from: 0, to: p.rows, by: blockRows) {
          unsafe multiply(
            p, UnsafeBufferPointer(panel), row: row, column: column, width: width)
        }
      }
    }
  }

  @inline(__always)
  private static func multiply<Scalar: BLASScalar & SIMDScalar>(
    _ p: RawProduct<Scalar>, _ panel: UnsafeBufferPointer<SIMD8<Scalar>>, row: Int, column: Int,
    width: Int
  ) {
    let height = min(blockRows, p.rows - row)
    // Rows beyond the last one repeat it and are not written.
    let rowStep = p.aTransposed ? 1 : p.aStride
    let step = p.aTransposed ? p.aStride : 1
    let a0 = unsafe p.a + row * rowStep
    let a1 = unsafe a0 + min(1, height - 1) * rowStep
    let a2 = unsafe a0 + min(2, height - 1) * rowStep
    let a3 = unsafe a0 + min(3, height - 1) * rowStep
    var sums = (SIMD8<Scalar>(), SIMD8<Scalar>(), SIMD8<Scalar>(), SIMD8<Scalar>())
    for k in 0..<p.depth {
      let b = unsafe panel[k]
      unsafe sums.0 += b * a0[k * step]
      unsafe sums.1 += b * a1[k * step]
      unsafe sums.2 += b * a2[k * step]
      unsafe sums.3 += b * a3[k * step]
    }
    unsafe store(sums.0, p, row: row, column: column, width: width)
    if height > 1 { unsafe store(sums.1, p, row: row + 1, column: column, width: width) }
    if height > 2 { unsafe store(sums.2, p, row: row + 2, column: column, width: width) }
    if height > 3 { unsafe store(sums.3, p, row: row + 3, column: column, width: width) }
  }

  @inline(__always)
  private static func store<Scalar: BLASScalar & SIMDScalar>(
    _ sums: SIMD8<Scalar>, _ p: RawProduct<Scalar>, row: Int, column: Int, width: Int
  ) {
    let place = unsafe p.c + row * p.cStride + column
    for lane in 0..<width {
      let value = p.alpha * sums[lane]
      unsafe place[lane] = p.beta == 0 ? value : value + p.beta * place[lane]
    }
  }

  /// y ← alpha · op(A) · x + beta · y; a y that is multiplied by 0 is not read.
  @inline(__always)
  static func compute<Scalar: BLASScalar & SIMDScalar>(_ p: RawVectorProduct<Scalar>) {
    let count = p.transposed ? p.storedColumns : p.storedRows
    let depth = p.transposed ? p.storedRows : p.storedColumns
    let (step, advance) = p.transposed ? (1, p.aStride) : (p.aStride, 1)
    for index in 0..<count {
      let start = unsafe p.a + index * step
      var sum: Scalar = 0
      for k in 0..<depth { unsafe sum += start[k * advance] * p.x[k * p.xStride] }
      let place = unsafe p.y + index * p.yStride
      unsafe place.pointee = p.beta == 0 ? p.alpha * sum : p.alpha * sum + p.beta * place.pointee
    }
  }
}
