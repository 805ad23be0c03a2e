import MartletTensor

/// The least and the largest value of a tensor, or of a part of it.
struct ValueRange {
  let low: Float
  let high: Float

  init(_ low: Float, _ high: Float) {
    (self.low, self.high) = (low, high)
  }

  /// Zero is among the values.
  init(of x: Tensor) throws {
    guard x.dtype == .float32 else {
      throw MartletError(.dtype, "Quantize only works on Float Tensor, got \(x.dtype)")
    }
    var (low, high) = (Float(0), Float(0))
    try x.withElements(as: Float.self) { span in
      for i in span.indices {
        if span[i] < low { low = span[i] }
        if span[i] > high { high = span[i] }
      }
    }
    self.init(low, high)
  }

  /// The scheme of a quantised type that spans the range.
  func scheme(_ dtype: DType, reducesRange: Bool) throws -> Quantizer {
    let range = dtype.quantizedRange
    return reducesRange
      ? try scheme(range.lowerBound / 2, range.upperBound / 2)
      : try scheme(range.lowerBound, range.upperBound)
  }

  /// The scheme of the numbers `least ... largest` that spans the range and zero
  /// (`quant_utils::ChooseQuantizationParams`). A symmetric one has its zero point in the middle.
  func scheme(_ least: Int, _ largest: Int, isSymmetric: Bool = false) throws -> Quantizer {
    guard low.isFinite, high.isFinite else {
      throw MartletError(
        .value, "the values of a tensor to quantise must be finite, got \(low) to \(high)")
    }
    var (low, high) = (low, high)
    let isCentred = isSymmetric && low < 0 && high > 0
    if isCentred {
      let (lowEnd, highEnd) = (-((largest - least) / 2 + 1), (largest - least) / 2)
      let scale = max(abs(Double(low / Float(lowEnd))), abs(Double(high / Float(highEnd))))
      (low, high) = (Float(scale * Double(lowEnd)), Float(scale * Double(highEnd)))
    }
    (low, high) = (min(low, 0), max(high, 0))
    let steps = Float(largest - least)
    var scale = (Double(high) - Double(low)) / Double(largest - least)
    if Float(scale) == 0 || (1 / Float(scale)).isInfinite { scale = 0.1 }
    let smallest: Float = 6.1e-5
    if scale < Double(smallest) {
      let amplifier = smallest / Float(scale)
      scale = Double(smallest)
      if low == 0 {
        high = smallest * steps
      } else if high == 0 {
        low = -smallest * steps
      } else {
        (low, high) = (low * amplifier, high * amplifier)
      }
    }
    // The end with the smaller error decides on the zero point.
    let lowError = abs(Double(least)) - abs(Double(low) / scale)
    let highError = abs(Double(largest)) - abs(Double(high) / scale)
    var zeroPoint =
      lowError < highError
      ? Double(least) - Double(low) / scale : Double(largest) - Double(high) / scale
    if isCentred { zeroPoint = Double(least + largest) / 2 }
    let rounded = min(max(zeroPoint, Double(least)), Double(largest)).rounded(.toNearestOrEven)
    return .perTensor(scale: scale, zeroPoint: Int(rounded))
  }
}
