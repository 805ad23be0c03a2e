import MartletTensor

/// The three types that reference evaluations compute in: float16 and bfloat16 compute in float32
/// and round once, whole numbers and truth values in int64. Complex numbers, which have no order,
/// compute in `Complex<Double>` beside them.
package protocol ComputeElement: TensorElement, Comparable {
  /// Its zero and one, for accumulators.
  static var zero: Self { get }
  static var one: Self { get }
}

extension Float: ComputeElement { package static var one: Float { 1 } }
extension Double: ComputeElement { package static var one: Double { 1 } }
extension Int64: ComputeElement { package static var one: Int64 { 1 } }

extension DType {
  /// The type that values of this one are computed in.
  package var computeType: DType {
    switch self {
    case .float32, .float16, .bfloat16: .float32
    case .float64: .float64
    case .complex64, .complex128: .complex128
    default: .int64
    }
  }
}

/// A generic body, for `DType.compute`.
package protocol ComputeVisitor {
  associatedtype Result
  func visit<T: ComputeElement>(_ type: T.Type) throws -> Result
}

/// A generic body that floating-point types alone have.
package protocol FloatingVisitor {
  associatedtype Result
  func visit<T: ComputeElement & BinaryFloatingPoint>(_ type: T.Type) throws -> Result
}

extension DType {
  /// Calls the visitor with the compute type of this dtype.
  @inline(__always)
  package func compute<V: ComputeVisitor>(_ visitor: V) throws -> V.Result {
    switch computeType {
    case .float32: try visitor.visit(Float.self)
    case .float64: try visitor.visit(Double.self)
    default: try visitor.visit(Int64.self)
    }
  }

  /// Calls the visitor with `Float` or `Double`.
  ///
  /// - Throws: `MartletError` of kind `.dtype` for other dtypes, in PyTorch's words.
  @inline(__always)
  package func computeFloating<V: FloatingVisitor>(_ visitor: V, for operation: String) throws
    -> V.Result
  {
    switch self {
    case .float64: return try visitor.visit(Double.self)
    case .float32, .float16, .bfloat16: return try visitor.visit(Float.self)
    default: throw MartletError(.dtype, "\"\(operation)\" not implemented for '\(self)'")
    }
  }
}

extension Tensor {
  /// The elements in row-major order as a compute type; no copy when they already are.
  package func withElements<T: TensorElement, R>(
    as type: T.Type, _ body: (Span<T>) throws -> R
  ) throws -> R {
    try converted(to: T.dtype).compacted().read(as: T.self, body)
  }

  /// Fills a new contiguous tensor with what `body` writes in a compute type, rounded to its dtype.
  package func fill<T: TensorElement>(
    as type: T.Type, _ body: (inout MutableSpan<T>) throws -> Void
  ) throws {
    if dtype == T.dtype { return try writeUnshared(as: T.self, body) }
    let wide = try Tensor.allocate(sizes, T.dtype)
    try wide.writeUnshared(as: T.self, body)
    try wide.convert(into: self)
  }
}
