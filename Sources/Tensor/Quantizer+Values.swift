/// Between numbers and the whole numbers that stand for them.
extension Tensor {
  /// What the elements stand for, as float32: `(number − zero point) · scale`.
  package func dequantized() throws -> Tensor {
    guard let quantizer else { return try converted(to: .float32) }
    try quantizer.requireChannels(of: sizes)
    let result: Tensor = isMeta ? try .meta(sizes, .float32) : try .allocate(sizes, .float32)
    if isMeta || layout.count == 0 { return result }
    let source = try compacted()
    switch dtype {
    case .qint8: try source.dequantize(Int8.self, quantizer, into: result)
    case .quint8: try source.dequantize(UInt8.self, quantizer, into: result)
    default: try source.dequantize(Int32.self, quantizer, into: result)
    }
    return result
  }

  private func dequantize<T: TensorElement & FixedWidthInteger>(
    _: T.Type, _ quantizer: Quantizer, into result: Tensor
  ) throws {
    let channels = Channels(sizes, quantizer)
    try storedNumbers.read(as: T.self) { from in
      try result.writeUnshared(as: Float.self) { to in
        switch quantizer {
        case .perTensor(let scale, let zeroPoint):
          let (scale, zeroPoint) = (Float(scale), Int32(truncatingIfNeeded: zeroPoint))
          for i in from.indices { to[i] = Float(Int32(from[i]) &- zeroPoint) * scale }
        case .perChannel(let scales, let zeroPoints, _):
          channels.forEach { i, channel in
            let number = Int32(from[i]) &- Int32(truncatingIfNeeded: zeroPoints[channel])
            to[i] = Float(number) * Float(scales[channel])
          }
        case .perChannelFloat(let scales, let zeroPoints, _):
          channels.forEach { i, channel in
            to[i] = (Float(from[i]) - zeroPoints[channel]) * scales[channel]
          }
        }
      }
    }
  }

  /// The nearest numbers of the scheme to these float32 ones, the ends for what lies beyond
  /// (`torch.quantize_per_tensor`, `torch.quantize_per_channel`).
  ///
  /// - Parameter rounding: what becomes of values halfway between two numbers.
  /// - Throws: `MartletError` of kind `.dtype` for other tensors than float32 and other types than
  ///   quantised ones, `.argument` or `.shape` for a scheme that does not fit.
  package func quantized(
    as type: DType, by quantizer: Quantizer, rounding: QuantizedRounding = .position
  ) throws -> Tensor {
    guard dtype == .float32 else {
      throw MartletError(.dtype, "Quantize only works on Float Tensor, got \(dtype)")
    }
    let result = try Tensor.allocate(sizes, type, quantizer: quantizer, meta: isMeta)
    try quantizer.requireChannels(of: sizes)
    if isMeta || layout.count == 0 { return result }
    let source = try compacted()
    switch type {
    case .qint8: try source.quantize(Int8.self, quantizer, rounding, into: result)
    case .quint8: try source.quantize(UInt8.self, quantizer, rounding, into: result)
    default: try source.quantize(Int32.self, quantizer, rounding, into: result)
    }
    return result
  }

  private func quantize<T: TensorElement & FixedWidthInteger>(
    _: T.Type, _ quantizer: Quantizer, _ rounding: QuantizedRounding, into result: Tensor
  ) throws {
    let channels = Channels(sizes, quantizer)
    try read(as: Float.self) { from in
      try result.storedNumbers.writeUnshared(as: T.self) { to in
        switch quantizer {
        case .perTensor(let scale, let zeroPoint):
          let grid = QuantizedGrid<T>(scale: scale, zeroPoint: Double(zeroPoint))
          switch rounding {
          case .position: for i in from.indices { to[i] = grid.nearest(from[i]) }
          case .distance: for i in from.indices { to[i] = grid.nearestByDistance(from[i]) }
          }
        case .perChannel(let scales, let zeroPoints, _):
          let grids = zip(scales, zeroPoints).map {
            QuantizedGrid<T>(scale: $0, zeroPoint: Double($1))
          }
          channels.forEach { i, channel in to[i] = grids[channel].nearest(from[i]) }
        case .perChannelFloat(let scales, let zeroPoints, _):
          let grids = zip(scales, zeroPoints).map {
            QuantizedGrid<T>(scale: Double($0), zeroPoint: Double($1))
          }
          channels.forEach { i, channel in to[i] = grids[channel].nearest(from[i]) }
        }
      }
    }
  }
}

/// Which neighbour a value halfway between two stored numbers goes to.
package enum QuantizedRounding: Sendable {
  /// The even one; the zero point is added before rounding, as FBGEMM's scalar code does.
  case position
  /// The one at an even distance from the zero point, as vector code rounds.
  case distance
}

/// The numbers that a stored type can stand for under one scale and zero point.
package struct QuantizedGrid<T: FixedWidthInteger> {
  package let inverseScale: Float
  package let zeroPoint: Float
  private let least: Float
  private let largest: Float

  package init(scale: Double, zeroPoint: Double) {
    inverseScale = 1 / Float(scale)
    self.zeroPoint = Float(zeroPoint)
    least = Float(T.min)
    largest = Float(T.max)
  }

  @inline(__always)
  package func nearest(_ value: Float) -> T { stored((zeroPoint + value * inverseScale)) }

  @inline(__always)
  package func nearestByDistance(_ value: Float) -> T {
    let rounded = (value * inverseScale).rounded(.toNearestOrEven)
    return stored(rounded + zeroPoint)
  }

  @inline(__always)
  private func stored(_ position: Float) -> T {
    if position.isNaN { return T.bitWidth == 8 ? T.max : T.min }
    let rounded = position.rounded(.toNearestOrEven)
    if rounded >= largest { return T.max }
    if rounded <= least { return T.min }
    return T(rounded)
  }
}

/// Which scale each element of a contiguous tensor has.
private struct Channels {
  let outer: Int
  let count: Int
  let inner: Int

  init(_ sizes: [Int], _ quantizer: Quantizer) {
    let axis = quantizer.axis ?? 0
    outer = sizes.prefix(axis).reduce(1, *)
    count = sizes.indices.contains(axis) ? sizes[axis] : 1
    inner = sizes.dropFirst(axis + 1).reduce(1, *)
  }

  @inline(__always)
  func forEach(_ body: (_ element: Int, _ channel: Int) -> Void) {
    var element = 0
    for _ in 0..<outer {
      for channel in 0..<count {
        for _ in 0..<inner {
          body(element, channel)
          element += 1
        }
      }
    }
  }
}

extension Quantizer {
  /// - Throws: `MartletError` of kind `.shape` when the axis has a size other than the scales'.
  package func requireChannels(of sizes: [Int]) throws {
    guard let axis, let channelCount else { return }
    guard sizes.indices.contains(axis), sizes[axis] == channelCount else {
      throw MartletError(
        .shape,
        "length of scales must equal to channel, expected "
          + "\(sizes.indices.contains(axis) ? sizes[axis] : 0) got, \(channelCount)")
    }
  }

  /// The scales along the axis, as PyTorch's tensor of them.
  package func scaleTensor() throws -> Tensor {
    switch self {
    case .perTensor(let scale, _): try Tensor(scalar: scale)
    case .perChannel(let scales, _, _): try Tensor(scales)
    case .perChannelFloat(let scales, _, _): try Tensor(scales)
    }
  }

  /// The zero points along the axis, as PyTorch's tensor of them.
  package func zeroPointTensor() throws -> Tensor {
    switch self {
    case .perTensor(_, let point): try Tensor(scalar: Int64(point))
    case .perChannel(_, let points, _): try Tensor(points.map(Int64.init))
    case .perChannelFloat(_, let points, _): try Tensor(points)
    }
  }

  /// The scheme that tensors of scales and zero points state for an axis.
  package init(scales: Tensor, zeroPoints: Tensor, axis: Int) throws {
    if zeroPoints.dtype.isFloatingPoint {
      self = .perChannelFloat(
        scales: try scales.converted(to: .float32).elements(),
        zeroPoints: try zeroPoints.converted(to: .float32).elements(), axis: axis)
    } else {
      self = .perChannel(
        scales: try scales.converted(to: .float64).elements(),
        zeroPoints: try zeroPoints.converted(to: .int64).elements(as: Int64.self).map(Int.init),
        axis: axis)
    }
  }
}
