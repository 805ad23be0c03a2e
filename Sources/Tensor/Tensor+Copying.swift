import MartletKernels

/// Copies: into row-major order, into another dtype.
extension Tensor {
  /// This tensor if its elements lie in row-major order, otherwise a copy in which they do.
  package func compacted() throws -> Tensor {
    isContiguous ? self : try copied()
  }

  /// A row-major copy with storage of its own.
  package func copied() throws -> Tensor {
    if isMeta { return try placeholder() }
    var result = try Tensor.allocate(sizes, dtype)
    result.quantizer = quantizer
    try copyBits(into: result)
    return result
  }

  /// Elements move as bits, so five widths serve every dtype.
  private func copyBits(into result: Tensor) throws {
    switch dtype.byteCount {
    case 1: try copyBits(UInt8.self, into: result)
    case 2: try copyBits(UInt16.self, into: result)
    case 4: try copyBits(UInt32.self, into: result)
    case 8: try copyBits(UInt64.self, into: result)
    default: try copyBits(Complex<Double>.self, into: result)
    }
  }

  private func copyBits<T: BitwiseCopyable>(_ type: T.Type, into result: Tensor) throws {
    let width = MemoryLayout<T>.stride
    let source = try storage.bytes()
    let target = try result.storage.writableBytes()
    source.withSpan(of: T.self, offset: 0, count: source.byteCount / width) { from in
      target.withMutableSpan(of: T.self, offset: result.layout.offset, count: result.count) { to in
        var next = 0
        layout.forEachRow { start, count, stride in
          var position = start
          for _ in 0..<count {
            to[next] = from[position]
            next += 1
            position += stride
          }
        }
      }
    }
  }

  /// The same values in another dtype, rounded as PyTorch's `to` does; a view when it is the same.
  package func converted(to target: DType) throws -> Tensor {
    if target == dtype { return self }
    try dtype.requireUnquantized("a conversion")
    try target.requireUnquantized("a conversion")
    if isMeta { return try .meta(sizes, target) }
    let result = try Tensor.allocate(sizes, target)
    try convert(into: result)
    return result
  }

  /// Writes this tensor's values, converted, over the elements of a contiguous tensor of the same
  /// sizes that nothing else reads meanwhile.
  package func convert(into result: Tensor) throws {
    precondition(sizes == result.sizes && result.isContiguous, "needs a contiguous equal")
    if dtype == result.dtype { return try copyBits(into: result) }
    try dtype.requireUnquantized("a conversion")
    try result.dtype.requireUnquantized("a conversion")
    let source = try compacted()
    switch dtype {
    case .float32: try source.convert(Float.self, into: result)
    case .float64: try source.convert(Double.self, into: result)
    case .float16: try source.convert(Float16.self, into: result)
    case .bfloat16: try source.convert(BFloat16.self, into: result)
    case .int8: try source.convert(Int8.self, into: result)
    case .int16: try source.convert(Int16.self, into: result)
    case .int32: try source.convert(Int32.self, into: result)
    case .int64: try source.convert(Int64.self, into: result)
    case .uint8: try source.convert(UInt8.self, into: result)
    case .bool: try source.convert(Bool.self, into: result)
    case .complex64: try source.convertComplex(Float.self, into: result)
    case .complex128: try source.convertComplex(Double.self, into: result)
    case .qint8, .quint8, .qint32: break
    }
  }

  private func convert<S: TensorElement>(_: S.Type, into result: Tensor) throws {
    switch result.dtype {
    case .float32: try convert(S.self, Float.self, result)
    case .float64: try convert(S.self, Double.self, result)
    case .float16: try convert(S.self, Float16.self, result)
    case .bfloat16: try convert(S.self, BFloat16.self, result)
    case .int8: try convert(S.self, Int8.self, result)
    case .int16: try convert(S.self, Int16.self, result)
    case .int32: try convert(S.self, Int32.self, result)
    case .int64: try convert(S.self, Int64.self, result)
    case .uint8: try convert(S.self, UInt8.self, result)
    case .bool: try convert(S.self, Bool.self, result)
    case .complex64: try convert(S.self, Complex<Float>.self, result)
    case .complex128: try convert(S.self, Complex<Double>.self, result)
    case .qint8, .quint8, .qint32: break
    }
  }

  /// A real number gets the real part, a truth value both.
  private func convertComplex<S: ComplexComponent>(_: S.Type, into result: Tensor) throws {
    switch result.dtype {
    case .complex64: try convert(S.self, parts: Float.self, result)
    case .complex128: try convert(S.self, parts: Double.self, result)
    case .bool:
      try read(as: Complex<S>.self) { from in
        try result.writeUnshared(as: Bool.self) { to in
          for i in from.indices { to[i] = from[i] != Complex<S>(0) }
        }
      }
    default: try convert(Complex<S>.self, into: result)
    }
  }

  private func convert<S: ComplexComponent, T: ComplexComponent>(
    _: S.Type, parts _: T.Type, _ result: Tensor
  ) throws {
    try read(as: Complex<S>.self) { from in
      try result.writeUnshared(as: Complex<T>.self) { to in
        for i in from.indices { to[i] = Complex(T(from[i].real), T(from[i].imaginary)) }
      }
    }
  }

  private func convert<S: TensorElement, T: TensorElement>(
    _: S.Type, _: T.Type, _ result: Tensor
  ) throws {
    // A floating-point truth value is "not zero", which NaN and 0.5 are too.
    let exact = S.dtype.isFloatingPoint || S.dtype.isComplex
    try read(as: S.self) { from in
      try result.writeUnshared(as: T.self) { to in
        if exact {
          for i in from.indices { to[i] = T(rounding: from[i].double) }
        } else {
          for i in from.indices { to[i] = T(truncating: from[i].int64) }
        }
      }
    }
  }
}

extension Layout {
  /// Calls `body` with (first element, count, stride) for each innermost row, in row-major order.
  package func forEachRow(_ body: (_ start: Int, _ count: Int, _ stride: Int) throws -> Void)
    rethrows
  {
    if count == 0 { return }
    guard let last = sizes.indices.last else { return try body(offset, 1, 1) }
    var index = [Int](repeating: 0, count: rank)
    var start = offset
    while true {
      try body(start, sizes[last], strides[last])
      var d = last - 1
      while d >= 0 {
        index[d] += 1
        start += strides[d]
        if index[d] < sizes[d] { break }
        start -= strides[d] * sizes[d]
        index[d] = 0
        d -= 1
      }
      if d < 0 { return }
    }
  }
}

extension Tensor {
  /// Replaces the bytes of a contiguous tensor that nothing else reads meanwhile; truth values
  /// other than 0 and 1 become 1.
  package func overwrite(bytes: [UInt8]) throws {
    precondition(
      isContiguous && bytes.count == layout.count * dtype.byteCount, "needs all the bytes")
    try storage.writableBytes().withMutableSpan(
      of: UInt8.self, offset: layout.offset * dtype.byteCount, count: bytes.count
    ) { span in
      for i in bytes.indices { span[i] = dtype == .bool ? min(bytes[i], 1) : bytes[i] }
    }
  }
}
