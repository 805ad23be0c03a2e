/// Values out of a tensor into Swift. In a trace these fix what they read: they throw there,
/// unless the tensor does not depend on the trace's inputs or the caller allows a constant.
extension Tensor {
  /// The elements in row-major order.
  ///
  /// - Parameter asConstant: inside a trace, agree that the values become constants of it.
  /// - Throws: `MartletError` of kind `.dtype` when `T` is not the tensor's type, `.tracing`
  ///   when the tensor is being traced.
  public func array<T: TensorElement>(
    of type: T.Type = T.self, asConstant: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> [T] {
    try noteRead("array(of:)", asConstant, SourceLocation(file, line))
    guard T.dtype == dtype else {
      throw MartletError(.dtype, "cannot read \(dtype) elements as \(T.dtype)")
    }
    return try elements(as: T.self)
  }

  /// The one element as a Swift number, whatever the tensor's dtype.
  ///
  /// - Parameter asConstant: inside a trace, agree that the value becomes a constant of it.
  /// - Throws: `MartletError` of kind `.shape` when there is not exactly one element,
  ///   `.tracing` when the tensor is being traced.
  public func item<T: TensorElement>(
    _ type: T.Type = T.self, asConstant: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> T {
    try noteRead("item(_:)", asConstant, SourceLocation(file, line))
    return try scalar(as: T.self)
  }

  package func noteRead(_ use: String, _ allowed: Bool, _ location: SourceLocation?) throws {
    guard let observer = TraceObservation.observer, observer.tag(of: self) != nil else { return }
    try observer.willRead(self, by: use, allowed: allowed, at: location)
  }

  /// `item` without asking the trace.
  package func scalar<T: TensorElement>(as type: T.Type = T.self) throws -> T {
    guard layout.count == 1 else {
      throw MartletError(
        .shape, "a tensor with \(layout.count) elements cannot be converted to a scalar")
    }
    if dtype.isComplex {
      let value = try converted(to: .complex128).elements(as: Complex<Double>.self)[0]
      if let value = value as? T { return value }
      if T.dtype == .complex64 {
        let narrow = Complex<Float>(Float(value.real), Float(value.imaginary))
        if let narrow = narrow as? T { return narrow }
      }
      guard value.imaginary == 0 || T.dtype == .bool else {
        throw MartletError(
          .value, "value cannot be converted to \(T.dtype): \(value) has an imaginary part")
      }
      return T(rounding: value == Complex(0) ? 0 : T.dtype == .bool ? 1 : value.real)
    }
    if isQuantized { return try dequantized().scalar(as: T.self) }
    if dtype.isFloatingPoint { return T(rounding: try converted(to: .float64).elements()[0]) }
    return T(truncating: try converted(to: .int64).elements()[0])
  }

  /// The elements in row-major order without asking the trace; the type must match.
  package func elements<T: TensorElement>(as type: T.Type = T.self) throws -> [T] {
    try compacted().read(as: T.self) { span in
      var values: [T] = []
      values.reserveCapacity(span.count)
      for i in span.indices { values.append(span[i]) }
      return values
    }
  }
}

extension Bool {
  /// Whether the tensor's one element is not zero. In a trace this fixes a branch.
  ///
  /// - Throws: as `Tensor.item(_:asConstant:)`.
  public init(
    _ tensor: Tensor, asConstant: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) throws {
    try tensor.noteRead("Bool(_:)", asConstant, SourceLocation(file, line))
    self = try tensor.scalar(as: Bool.self)
  }
}
