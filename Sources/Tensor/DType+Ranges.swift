extension DType {
  func requireFloatingPoint(_ function: String) throws {
    guard isFloatingPoint else {
      throw MartletError(.dtype, "\(function) makes tensors of a floating-point type, got \(self)")
    }
  }

  /// The largest finite number of a floating-point type; of the others, the largest number.
  var greatestFinite: Double {
    switch self {
    case .float32: Double(Float.greatestFiniteMagnitude)
    case .float64: .greatestFiniteMagnitude
    case .float16: Double(Float16.greatestFiniteMagnitude)
    case .bfloat16: 0x1.FEp127
    default: Double(integerRange.upperBound)
    }
  }

  /// The 64-bit integers between the type's least and its largest number.
  var integerRange: ClosedRange<Int64> {
    switch self {
    case .float32, .float64, .bfloat16, .int64, .complex64, .complex128: .min ... .max
    case .float16: -65504...65504
    case .int8, .qint8: -128...127
    case .int16: -32768...32767
    case .int32, .qint32: -0x8000_0000...0x7FFF_FFFF
    case .uint8, .quint8: 0...255
    case .bool: 0...1
    }
  }

  /// The bits of a floating-point type's significand, the implicit one among them.
  private var significandBitCount: Int? {
    switch self {
    case .float32: 24
    case .float64: 53
    case .float16: 11
    case .bfloat16: 8
    default: nil
    }
  }

  /// Up to which number the type holds every integer.
  var exactIntegerLimit: Int64 {
    significandBitCount.map { 1 << Int64($0) } ?? integerRange.upperBound
  }

  /// The range `low ..< high` with its ends moved inwards to numbers that the type can hold
  /// (`update_from` and `update_to` of PyTorch's `random_`).
  func representableRange(_ low: Int64, _ high: Int64) -> (low: Int64, high: Int64) {
    guard let bits = significandBitCount else { return (low, high) }
    func spacing(_ value: Int64) -> Int64 {
      let exponent = 63 - value.magnitude.leadingZeroBitCount
      return 1 << Int64(max(exponent - bits + 1, 0))
    }
    var range = (low: low, high: high)
    let next = rounded(low &+ 1)
    if next < low { range.low = next &+ spacing(low &+ 1) }
    let last = rounded(high &- 1)
    if last >= high { range.high = last &- spacing(high &- 1) }
    return range
  }

  /// The number as the type holds it.
  private func rounded(_ value: Int64) -> Int64 {
    switch self {
    case .float32: Float(truncating: value).int64
    case .float64: Double(truncating: value).int64
    case .float16: Float16(truncating: value).int64
    case .bfloat16: BFloat16(truncating: value).int64
    default: value
    }
  }
}
