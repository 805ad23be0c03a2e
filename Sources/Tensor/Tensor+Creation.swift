/// Filled tensors, for operators and layers; traced creation lives in `MartletOps`.
extension Tensor {
  /// Every element set to the value, rounded to the dtype.
  package static func filled(_ sizes: [Int], _ dtype: DType, with value: Double) throws -> Tensor {
    if value == 0, !dtype.isQuantized, value.sign == .plus {
      return try allocate(sizes, dtype, zeroed: true)
    }
    try dtype.requireUnquantized("a filled tensor")
    let result = try allocate(sizes, dtype)
    switch dtype {
    case .float32: try result.fill(Float(rounding: value))
    case .float64: try result.fill(value)
    case .float16: try result.fill(Float16(rounding: value))
    case .bfloat16: try result.fill(BFloat16(rounding: value))
    case .int8: try result.fill(Int8(rounding: value))
    case .int16: try result.fill(Int16(rounding: value))
    case .int32: try result.fill(Int32(rounding: value))
    case .int64: try result.fill(Int64(saturating: value))
    case .uint8: try result.fill(UInt8(rounding: value))
    case .bool: try result.fill(value != 0)
    case .complex64: try result.fill(Complex<Float>(rounding: value))
    case .complex128: try result.fill(Complex<Double>(rounding: value))
    case .qint8, .quint8, .qint32: break
    }
    return result
  }

  private func fill<T: TensorElement>(_ value: T) throws {
    try writeUnshared(as: T.self) { span in
      for i in span.indices { span[i] = value }
    }
  }
}
