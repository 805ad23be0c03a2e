import MartletKernels

/// An n-dimensional array of one dtype: a strided view over shared, reference-counted storage.
///
/// A value: copies share storage until one of them is written. Operators live in `MartletOps`.
public struct Tensor: Sendable {
  package var storage: Storage
  package var layout: Layout
  public let dtype: DType
  /// What the elements of a quantised tensor stand for; nil for every other.
  public package(set) var quantizer: Quantizer?
  /// The value this tensor is in the trace that made it.
  package var tag: TraceTag?

  package init(
    storage: Storage, layout: Layout, dtype: DType, quantizer: Quantizer? = nil,
    tag: TraceTag? = nil
  ) {
    self.storage = storage
    self.layout = layout
    self.dtype = dtype
    self.quantizer = quantizer
    self.tag = tag
  }

  package var sizes: [Int] { layout.sizes }
  package var strides: [Int] { layout.strides }

  /// The sizes, outermost first.
  public var shape: Shape {
    guard let tag = TraceObservation.observer?.tag(of: self) else { return Shape(layout.sizes) }
    return Shape(
      dims: layout.sizes.enumerated().map { d, size in
        Dim(number: size, expression: DimExpression(.size(tag, dim: d)))
      })
  }

  /// The number of axes.
  public var dim: Int { layout.rank }
  /// The number of elements. In a trace the number is fixed and a warning says so.
  public var count: Int {
    let count = layout.count
    if let observer = TraceObservation.observer, let tag = observer.tag(of: self) {
      let dim = Dim(number: count, expression: DimExpression(.size(tag, dim: 0)))
      observer.didBake(dim, by: "count", at: nil)
    }
    return count
  }
  public var isContiguous: Bool { layout.isContiguous }
  /// Whether the tensor has a shape but no values (PyTorch's device `meta`).
  public var isMeta: Bool { storage.isMeta }
}

extension Tensor {
  /// An uninitialised (or zeroed) contiguous tensor.
  package static func allocate(_ sizes: [Int], _ dtype: DType, zeroed: Bool = false) throws
    -> Tensor
  {
    let bytes = try byteCount(of: sizes, dtype)
    return Tensor(
      storage: try .allocate(byteCount: bytes, zeroed: zeroed),
      layout: Layout(contiguous: sizes), dtype: dtype)
  }

  /// A tensor with a shape and no values.
  package static func meta(_ sizes: [Int], _ dtype: DType) throws -> Tensor {
    Tensor(
      storage: .meta(byteCount: try byteCount(of: sizes, dtype)),
      layout: Layout(contiguous: sizes), dtype: dtype)
  }

  package static func byteCount(of sizes: [Int], _ dtype: DType) throws -> Int {
    var count = 1
    var overflow = false
    for size in sizes {
      guard size >= 0 else {
        throw MartletError(.shape, "a size cannot be negative, got \(sizes)")
      }
      // Strides are counted as if no size were 0, as in PyTorch.
      let (product, over) = count.multipliedReportingOverflow(by: max(size, 1))
      overflow = overflow || over
      count = product
    }
    let (bytes, over) = count.multipliedReportingOverflow(by: dtype.byteCount)
    guard !overflow, !over else {
      throw MartletError(.memory, "a tensor of sizes \(sizes) does not fit in memory")
    }
    return sizes.contains(0) ? 0 : bytes
  }

  /// A contiguous tensor of the values, in row-major order.
  ///
  /// - Throws: `MartletError` of kind `.shape` when the shape holds another number of elements.
  public init<T: TensorElement>(_ values: [T], shape: some ShapeConvertible) throws {
    let shape = shape.shape
    for dim in shape { dim.noteBaked("Tensor(_:shape:)") }
    let sizes = shape.sizes
    self = try .allocate(sizes, T.dtype)
    guard count == values.count else {
      throw MartletError(
        .shape, "shape \(sizes) holds \(count) elements, got \(values.count) values")
    }
    try writeUnshared(as: T.self) { span in
      for i in values.indices { span[i] = values[i] }
    }
  }

  /// A tensor of one axis.
  public init<T: TensorElement>(_ values: [T]) throws {
    try self.init(values, shape: [values.count])
  }

  /// A tensor of no axes that holds one value.
  public init<T: TensorElement>(scalar value: T) throws {
    try self.init([value], shape: [Int]())
  }
}

/// Access for operators and the runtime. Nothing here asks the trace.
extension Tensor {
  /// The elements of a contiguous tensor of exactly this type.
  package func read<T: TensorElement, R>(as type: T.Type, _ body: (Span<T>) throws -> R) throws
    -> R
  {
    precondition(T.dtype == dtype && isContiguous, "needs a contiguous tensor of the type")
    // A view of no elements may begin beyond the end.
    let start = layout.count == 0 ? 0 : layout.offset
    return try storage.bytes().withSpan(of: T.self, offset: start, count: layout.count, body)
  }

  /// The elements of a new contiguous tensor that nothing else refers to yet.
  package func writeUnshared<T: TensorElement, R>(
    as type: T.Type, _ body: (inout MutableSpan<T>) throws -> R
  ) throws -> R {
    precondition(T.dtype == dtype && isContiguous, "needs a contiguous tensor of the type")
    return try storage.writableBytes().withMutableSpan(
      of: T.self, offset: layout.offset, count: layout.count, body)
  }

  /// All of the storage as elements of this type, for strided access through `layout`.
  package func readStorage<T: TensorElement, R>(
    as type: T.Type, _ body: (Span<T>) throws -> R
  ) throws -> R {
    precondition(T.dtype == dtype, "needs a tensor of the type")
    return try storage.bytes().withSpan(
      of: T.self, offset: 0, count: storage.byteCount / dtype.byteCount, body)
  }

  /// The same elements under another layout.
  package func viewed(_ layout: Layout) -> Tensor {
    Tensor(storage: storage, layout: layout, dtype: dtype, quantizer: quantizer)
  }
}
