import MartletTensor

/// Sums of products of stored numbers, exact in float64, and the way from them to results.
///
/// The sums are those of the integers that PyTorch's engines add up in 32 bits; what follows is
/// float32 as in FBGEMM: `(sum + bias / (sₓ·s_w)) · (sₓ·s_w / s_y)`, rounded, plus the zero point.
struct QuantizedAccumulation {
  /// Float64, `[…, channels, …]`, contiguous.
  let sums: Tensor
  let channelAxis: Int
  let inputScale: Float
  /// One for all channels or one for each.
  let weightScales: [Float]
  let bias: [Float]?

  init(
    sums: Tensor, channelAxis: Int, inputScale: Double, weight: Tensor, bias: Tensor?
  ) throws {
    self.sums = sums
    self.channelAxis = channelAxis
    self.inputScale = Float(inputScale)
    weightScales =
      switch weight.quantizer {
      case .perTensor(let scale, _)?: [Float(scale)]
      case .perChannel(let scales, _, _)?: scales.map { Float($0) }
      default: throw Quantization.expectedQuantized("weight", weight)
      }
    self.bias = try bias?.elements(as: Float.self)
  }

  /// As numbers of the scheme; with `isRectified`, at least zero.
  func quantized(
    as dtype: DType, scale: Double, zeroPoint: Int, isRectified: Bool
  ) throws -> Tensor {
    let scheme = Quantizer.perTensor(scale: scale, zeroPoint: zeroPoint)
    let result = try Tensor.allocate(sums.sizes, dtype, quantizer: scheme, meta: sums.isMeta)
    if result.isMeta { return result }
    let range = dtype.quantizedRange
    let low = Float((isRectified ? max(zeroPoint, range.lowerBound) : range.lowerBound) - zeroPoint)
    let high = Float(range.upperBound - zeroPoint)
    let numbers = try Tensor.allocate(sums.sizes, .float32)
    try forEach(into: numbers) { sum, channel in
      let product = inputScale * weightScales[weightScales.count == 1 ? 0 : channel]
      let biased = bias.map { Float(sum) + $0[channel] / product } ?? Float(sum)
      let distance = (biased * (product / Float(scale))).rounded(.toNearestOrEven)
      return min(max(distance, low), high) + Float(zeroPoint)
    }
    try numbers.convert(into: result.storedNumbers)
    return result
  }

  /// What the sums stand for, as float32.
  func values(isRectified: Bool) throws -> Tensor {
    if sums.isMeta { return try .meta(sums.sizes, .float32) }
    let result = try Tensor.allocate(sums.sizes, .float32)
    try forEach(into: result) { sum, channel in
      let product = inputScale * weightScales[weightScales.count == 1 ? 0 : channel]
      let value = Float(sum) * product + (bias?[channel] ?? 0)
      return isRectified && value < 0 ? 0 : value
    }
    return result
  }

  private func forEach(
    into result: Tensor, _ body: (_ sum: Double, _ channel: Int) -> Float
  ) throws {
    let inner = sums.sizes.dropFirst(channelAxis + 1).reduce(1, *)
    let channels = sums.sizes[channelAxis]
    let outer = sums.sizes.prefix(channelAxis).reduce(1, *)
    try sums.read(as: Double.self) { from in
      try result.writeUnshared(as: Float.self) { to in
        var i = 0
        for _ in 0..<outer {
          for channel in 0..<channels {
            for _ in 0..<inner {
              to[i] = body(from[i], channel)
              i += 1
            }
          }
        }
      }
    }
  }
}

extension Tensor {
  /// The stored numbers' distances from their zero points, as float64.
  func distances() throws -> Tensor {
    guard let quantizer else { throw Quantization.expectedQuantized("distances", self) }
    let result: Tensor = isMeta ? try .meta(sizes, .float64) : try .allocate(sizes, .float64)
    if isMeta { return result }
    let points: [Double]
    switch quantizer {
    case .perTensor(_, let point): points = [Double(point)]
    case .perChannel(_, let zeroPoints, _): points = zeroPoints.map(Double.init)
    case .perChannelFloat(_, let zeroPoints, _): points = zeroPoints.map(Double.init)
    }
    let axis = quantizer.axis ?? 0
    let outer = sizes.prefix(axis).reduce(1, *)
    let inner =
      points.count == 1
      ? sizes.dropFirst(axis).reduce(1, *)
      : sizes.dropFirst(axis + 1)
        .reduce(1, *)
    try storedNumbers.converted(to: .float64).compacted().read(as: Double.self) { from in
      try result.writeUnshared(as: Double.self) { to in
        var i = 0
        for _ in 0..<outer {
          for point in points {
            for _ in 0..<inner {
              to[i] = from[i] - point
              i += 1
            }
          }
        }
      }
    }
    return result
  }
}
