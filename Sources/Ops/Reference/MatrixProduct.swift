import MartletKernels
import MartletTensor

/// Matrices of one size at equal distances in a tensor's storage: row-major with a distance
/// between rows, or the transposes of such.
///
/// The tensor's dtype is one that values are computed in: float32, float64, int64 or complex128.
package struct Matrices {
  package let tensor: Tensor
  package var rows: Int
  package var columns: Int
  /// Elements from one stored row to the next.
  package var stride: Int
  /// Whether memory holds the `columns × rows` transpose.
  package var isTransposed: Bool
  /// The first element, counted from the storage's start.
  package var offset: Int
  /// Elements from one matrix to the next; 0 repeats one.
  package var step: Int

  package init(
    _ tensor: Tensor, rows: Int, columns: Int, stride: Int? = nil, isTransposed: Bool = false,
    offset: Int = 0, step: Int = 0
  ) {
    self.tensor = tensor
    self.rows = rows
    self.columns = columns
    self.stride = stride ?? max(isTransposed ? rows : columns, 1)
    self.isTransposed = isTransposed
    self.offset = tensor.layout.offset + offset
    self.step = step
  }

  /// The last two axes of a tensor as matrices, an axis before them as the distance; copied only
  /// where neither rows nor columns are dense.
  package init(_ tensor: Tensor, computingIn dtype: DType) throws {
    var source = try tensor.converted(to: dtype)
    let rank = source.dim
    let (rows, columns) = (source.sizes[rank - 2], source.sizes[rank - 1])
    func isDense(_ outer: Int, _ inner: Int) -> Bool {
      (source.strides[inner] == 1 || source.sizes[inner] <= 1)
        && (source.strides[outer] >= max(source.sizes[inner], 1) || source.sizes[outer] <= 1)
    }
    let steps = rank > 2 && source.strides[0] < 0
    if steps || !(isDense(rank - 2, rank - 1) || isDense(rank - 1, rank - 2)) {
      source = try source.copied()
    }
    let isTransposed = !isDense(rank - 2, rank - 1)
    let outer = isTransposed ? rank - 1 : rank - 2
    let width = max(isTransposed ? rows : columns, 1)
    self.init(
      source, rows: rows, columns: columns,
      stride: source.sizes[outer] <= 1 ? width : source.strides[outer],
      isTransposed: isTransposed, step: rank > 2 && source.sizes[0] > 1 ? source.strides[0] : 0)
  }

  package var transposed: Matrices {
    var result = self
    (result.rows, result.columns) = (columns, rows)
    result.isTransposed.toggle()
    return result
  }
}

/// `result = a · b` for each of `count` products, or `result += a · b` when accumulating.
///
/// `result` is stored row by row and shares no memory with the operands; all three have the same
/// dtype. Whole numbers wrap around.
package func matrixProduct(
  _ a: Matrices, _ b: Matrices, into result: Matrices, count: Int = 1, accumulate: Bool = false
) throws {
  precondition(
    a.rows == result.rows && b.columns == result.columns && a.columns == b.rows
      && !result.isTransposed && a.tensor.dtype == b.tensor.dtype
      && a.tensor.dtype == result.tensor.dtype, "operands do not agree")
  guard count > 0, result.rows > 0, result.columns > 0 else { return }
  switch a.tensor.dtype {
  case .float32: try multiply(Float.self, a, b, result, count, accumulate)
  case .float64: try multiply(Double.self, a, b, result, count, accumulate)
  case .complex128: try multiplyPlain(Complex<Double>.self, a, b, result, count, accumulate)
  default: try multiplyPlain(Int64.self, a, b, result, count, accumulate)
  }
}

private func multiply<T: BLASScalar>(
  _ type: T.Type, _ a: Matrices, _ b: Matrices, _ result: Matrices, _ count: Int,
  _ accumulate: Bool
) throws {
  gemm(
    try a.matrix(of: type, count: count), try b.matrix(of: type, count: count),
    beta: accumulate ? 1 : 0, into: try result.matrix(of: type, count: count),
    batch: Batch(count: count, aStride: a.step, bStride: b.step, cStride: result.step),
    threads: ProcessorCount.default)
}

extension Matrices {
  fileprivate func matrix<T: BLASScalar>(of type: T.Type, count: Int) throws -> Matrix<T> {
    let (height, width) = isTransposed ? (columns, rows) : (rows, columns)
    let reach = height == 0 || width == 0 ? 0 : (count - 1) * step + (height - 1) * stride + width
    return Matrix(
      MemorySlice(try tensor.storage.bytes(), offset: offset, count: reach), rows: rows,
      columns: columns, stride: stride, transposed: isTransposed)
  }
}

/// A type of which matrices are multiplied in plain loops.
private protocol PlainFactor: TensorElement {
  static var zero: Self { get }
  mutating func add(_ a: Self, times b: Self)
}

extension Int64: PlainFactor {
  @inline(__always) fileprivate mutating func add(_ a: Int64, times b: Int64) { self &+= a &* b }
}

extension Complex<Double>: PlainFactor {
  @inline(__always) fileprivate mutating func add(_ a: Complex, times b: Complex) {
    real += a.real * b.real - a.imaginary * b.imaginary
    imaginary += a.real * b.imaginary + a.imaginary * b.real
  }
}

/// Plain loops; whole numbers wrap around.
private func multiplyPlain<T: PlainFactor>(
  _ type: T.Type, _ a: Matrices, _ b: Matrices, _ result: Matrices, _ count: Int, _ accumulate: Bool
) throws {
  let (aRow, aColumn) = a.isTransposed ? (1, a.stride) : (a.stride, 1)
  let (bRow, bColumn) = b.isTransposed ? (1, b.stride) : (b.stride, 1)
  try a.tensor.readStorage(as: T.self) { x in
    try b.tensor.readStorage(as: T.self) { y in
      try result.tensor.writeUnshared(as: T.self) { z in
        for item in 0..<count {
          for row in 0..<result.rows {
            let start =
              result.offset - result.tensor.layout.offset + item * result.step
              + row * result.stride
            if !accumulate {
              for column in 0..<result.columns { z[start + column] = .zero }
            }
            for k in 0..<a.columns {
              let factor = x[a.offset + item * a.step + row * aRow + k * aColumn]
              let from = b.offset + item * b.step + k * bRow
              for column in 0..<result.columns {
                z[start + column].add(factor, times: y[from + column * bColumn])
              }
            }
          }
        }
      }
    }
  }
}
