import MartletTensor

/// A matrix of doubles, row by row, for the reference's linear algebra.
struct DenseMatrix: Sendable {
  let rows: Int
  let columns: Int
  var elements: [Double]

  init(_ rows: Int, _ columns: Int, _ elements: [Double]) {
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  init(_ rows: Int, _ columns: Int) {
    self.init(rows, columns, [Double](repeating: 0, count: rows * columns))
  }

  static func identity(_ count: Int) -> DenseMatrix {
    var result = DenseMatrix(count, count)
    for i in 0..<count { result[i, i] = 1 }
    return result
  }

  subscript(row: Int, column: Int) -> Double {
    get { elements[row * columns + column] }
    set { elements[row * columns + column] = newValue }
  }

  var transposed: DenseMatrix {
    var result = DenseMatrix(columns, rows)
    for i in 0..<rows {
      for j in 0..<columns { result[j, i] = self[i, j] }
    }
    return result
  }

  static func * (a: DenseMatrix, b: DenseMatrix) -> DenseMatrix {
    var result = DenseMatrix(a.rows, b.columns)
    for i in 0..<a.rows {
      for k in 0..<a.columns {
        let factor = a[i, k]
        for j in 0..<b.columns { result[i, j] += factor * b[k, j] }
      }
    }
    return result
  }

  mutating func swapRows(_ a: Int, _ b: Int) {
    if a == b { return }
    for j in 0..<columns { elements.swapAt(a * columns + j, b * columns + j) }
  }

  /// The first columns.
  func prefix(columns count: Int) -> DenseMatrix {
    var result = DenseMatrix(rows, count)
    for i in 0..<rows {
      for j in 0..<count { result[i, j] = self[i, j] }
    }
    return result
  }
}

/// A square matrix as a product of triangular ones, with rows exchanged.
struct LUFactors {
  /// Below the diagonal L, whose diagonal is 1; the rest U.
  private(set) var factors: DenseMatrix
  /// The row of the matrix that stands at each row of the factors.
  private(set) var order: [Int]
  private(set) var sign = 1.0

  init(_ matrix: DenseMatrix) {
    factors = matrix
    let n = matrix.rows
    order = Array(0..<n)
    for k in 0..<n {
      var pivot = k
      for i in k..<n where abs(factors[i, k]) > abs(factors[pivot, k]) { pivot = i }
      if pivot != k {
        factors.swapRows(pivot, k)
        order.swapAt(pivot, k)
        sign = -sign
      }
      guard factors[k, k] != 0 else { continue }
      for i in (k + 1)..<max(n, k + 1) {
        let factor = factors[i, k] / factors[k, k]
        factors[i, k] = factor
        if factor == 0 { continue }
        for j in (k + 1)..<n { factors[i, j] -= factor * factors[k, j] }
      }
    }
  }

  var diagonal: [Double] { (0..<factors.rows).map { factors[$0, $0] } }

  /// The first place of the diagonal, from 1, that is zero: the matrix is singular.
  var singular: Int? { diagonal.firstIndex(of: 0).map { $0 + 1 } }

  func solve(_ right: DenseMatrix) -> DenseMatrix {
    let n = factors.rows
    var x = DenseMatrix(n, right.columns)
    for c in 0..<right.columns {
      for i in 0..<n {
        var sum = right[order[i], c]
        for j in 0..<i { sum -= factors[i, j] * x[j, c] }
        x[i, c] = sum
      }
      for i in (0..<n).reversed() {
        var sum = x[i, c]
        for j in (i + 1)..<max(n, i + 1) { sum -= factors[i, j] * x[j, c] }
        x[i, c] = sum / factors[i, i]
      }
    }
    return x
  }
}

extension DenseMatrix {
  /// The lower triangle L of `L Lᵀ`, or the order, from 1, of the leading minor that is not
  /// positive. Only the lower triangle is read.
  func cholesky() -> (lower: DenseMatrix, failed: Int?) {
    var lower = DenseMatrix(rows, rows)
    for j in 0..<rows {
      var diagonal = self[j, j]
      for k in 0..<j { diagonal -= lower[j, k] * lower[j, k] }
      guard diagonal > 0 else { return (lower, j + 1) }
      lower[j, j] = diagonal.squareRoot()
      for i in (j + 1)..<max(rows, j + 1) {
        var sum = self[i, j]
        for k in 0..<j { sum -= lower[i, k] * lower[j, k] }
        lower[i, j] = sum / lower[j, j]
      }
    }
    return (lower, nil)
  }

  /// Q, square, and R of the matrix's size by Householder reflections, signs as LAPACK's.
  func qr() -> (q: DenseMatrix, r: DenseMatrix) {
    var (q, r) = (DenseMatrix.identity(rows), self)
    for k in 0..<min(rows - 1, columns) {
      let norm = (k..<rows).reduce(0.0) { $0 + r[$1, k] * r[$1, k] }.squareRoot()
      let below = (k + 1..<rows).contains { r[$0, k] != 0 }
      guard below else { continue }
      var v = (k..<rows).map { r[$0, k] }
      v[0] += v[0] < 0 ? -norm : norm
      let length = v.reduce(0.0) { $0 + $1 * $1 }
      for j in 0..<columns {
        let dot = v.indices.reduce(0.0) { $0 + v[$1] * r[k + $1, j] } * 2 / length
        for i in v.indices { r[k + i, j] -= dot * v[i] }
      }
      for i in 0..<rows {
        let dot = v.indices.reduce(0.0) { $0 + v[$1] * q[i, k + $1] } * 2 / length
        for j in v.indices { q[i, k + j] -= dot * v[j] }
      }
      for i in (k + 1)..<rows { r[i, k] = 0 }
    }
    return (q, r)
  }

  /// Eigenvalues of a symmetric matrix, least first, and eigenvectors in columns, by Jacobi's
  /// rotations. A vector's largest entry is positive.
  func symmetricEigen() -> (values: [Double], vectors: DenseMatrix) {
    var (a, v) = (self, DenseMatrix.identity(rows))
    for _ in 0..<60 {
      var off = 0.0
      for i in 0..<rows {
        for j in 0..<i { off += a[i, j] * a[i, j] }
      }
      if off <= 1e-300 { break }
      for p in 0..<rows {
        for q in (p + 1)..<max(rows, p + 1) where a[p, q] != 0 {
          let theta = (a[q, q] - a[p, p]) / (2 * a[p, q])
          let t = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
          let c = 1 / (t * t + 1).squareRoot()
          a.rotate(p, q, c, t * c)
          v.rotateColumns(p, q, c, t * c)
        }
      }
    }
    let values = (0..<rows).map { a[$0, $0] }
    let order = values.indices.sorted { values[$0] < values[$1] }
    var vectors = DenseMatrix(rows, rows)
    for (column, from) in order.enumerated() {
      for i in 0..<rows { vectors[i, column] = v[i, from] }
    }
    return (order.map { values[$0] }, vectors)
  }

  private mutating func rotate(_ p: Int, _ q: Int, _ c: Double, _ s: Double) {
    rotateColumns(p, q, c, s)
    for j in 0..<columns {
      let (x, y) = (self[p, j], self[q, j])
      self[p, j] = c * x - s * y
      self[q, j] = s * x + c * y
    }
  }

  private mutating func rotateColumns(_ p: Int, _ q: Int, _ c: Double, _ s: Double) {
    for i in 0..<rows {
      let (x, y) = (self[i, p], self[i, q])
      self[i, p] = c * x - s * y
      self[i, q] = s * x + c * y
    }
  }

  /// `U S Vᵀ` with the singular values from the largest down, U of the matrix's size where it has
  /// no more columns than rows: one-sided Jacobi rotations.
  func singular() -> (u: DenseMatrix, values: [Double], v: DenseMatrix) {
    if columns > rows {
      let (u, values, v) = transposed.singular()
      return (v, values, u)
    }
    var (u, v) = (self, DenseMatrix.identity(columns))
    for _ in 0..<60 {
      var rotated = false
      for p in 0..<columns {
        for q in (p + 1)..<max(columns, p + 1) {
          var (alpha, beta, gamma) = (0.0, 0.0, 0.0)
          for i in 0..<rows {
            alpha += u[i, p] * u[i, p]
            beta += u[i, q] * u[i, q]
            gamma += u[i, p] * u[i, q]
          }
          if abs(gamma) <= 1e-15 * (alpha * beta).squareRoot() { continue }
          rotated = true
          let zeta = (beta - alpha) / (2 * gamma)
          let t = (zeta < 0 ? -1 : 1) / (abs(zeta) + (zeta * zeta + 1).squareRoot())
          let c = 1 / (t * t + 1).squareRoot()
          u.rotateColumns(p, q, c, t * c)
          v.rotateColumns(p, q, c, t * c)
        }
      }
      if !rotated { break }
    }
    let norms = (0..<columns).map { j in
      (0..<rows).reduce(0.0) { $0 + u[$1, j] * u[$1, j] }.squareRoot()
    }
    let order = norms.indices.sorted { norms[$0] > norms[$1] }
    var (left, right) = (DenseMatrix(rows, columns), DenseMatrix(columns, columns))
    for (column, from) in order.enumerated() {
      for i in 0..<rows { left[i, column] = norms[from] > 0 ? u[i, from] / norms[from] : 0 }
      for i in 0..<columns { right[i, column] = v[i, from] }
    }
    return (left.completed(), order.map { norms[$0] }, right)
  }

  /// Columns of zeros replaced, so that all are orthonormal.
  private func completed() -> DenseMatrix {
    var result = self
    for j in 0..<columns where (0..<rows).allSatisfy({ self[$0, j] == 0 }) {
      result.setOrthogonal(column: j, others: (0..<columns).filter { $0 != j })
    }
    return result
  }

  /// Makes a column a unit vector at right angles to the others.
  mutating func setOrthogonal(column j: Int, others: [Int]) {
    for axis in 0..<rows {
      var candidate = [Double](repeating: 0, count: rows)
      candidate[axis] = 1
      for _ in 0..<2 {
        for other in others {
          let dot = (0..<rows).reduce(0.0) { $0 + candidate[$1] * self[$1, other] }
          for i in 0..<rows { candidate[i] -= dot * self[i, other] }
        }
      }
      let norm = candidate.reduce(0.0) { $0 + $1 * $1 }.squareRoot()
      if norm > 0.1 / Double(rows) {
        for i in 0..<rows { self[i, j] = candidate[i] / norm }
        return
      }
    }
  }

  /// With further columns, up to a square matrix, at right angles to the present ones.
  var square: DenseMatrix {
    var result = DenseMatrix(rows, rows)
    for i in 0..<rows {
      for j in 0..<columns { result[i, j] = self[i, j] }
    }
    for j in columns..<max(rows, columns) {
      result.setOrthogonal(column: j, others: Array(0..<j))
    }
    return result
  }
}
