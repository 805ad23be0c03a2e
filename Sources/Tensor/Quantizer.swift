/// What the whole numbers of a quantised tensor stand for: `(number − zero point) · scale`.
///
/// Boxed, so that a tensor without one pays for a null pointer and no more.
public indirect enum Quantizer: Sendable, Hashable {
  /// One scale and zero point for all elements (`torch.per_tensor_affine`).
  case perTensor(scale: Double, zeroPoint: Int)
  /// One of each for every entry along `axis` (`torch.per_channel_affine`).
  case perChannel(scales: [Double], zeroPoints: [Int], axis: Int)
  /// As `perChannel` with zero points that need not be whole numbers
  /// (`torch.per_channel_affine_float_qparams`).
  case perChannelFloat(scales: [Float], zeroPoints: [Float], axis: Int)
}

extension Quantizer {
  /// PyTorch's number of the scheme (`c10::QScheme`), as it stands in graphs and archives.
  public var schemeNumber: Int {
    switch self {
    case .perTensor: 0
    case .perChannel: 1
    case .perChannelFloat: 4
    }
  }

  /// The scheme's name as PyTorch prints it after `torch.`.
  public var schemeName: String {
    switch self {
    case .perTensor: "per_tensor_affine"
    case .perChannel: "per_channel_affine"
    case .perChannelFloat: "per_channel_affine_float_qparams"
    }
  }

  /// The axis along which scales differ, or nil.
  public var axis: Int? {
    switch self {
    case .perTensor: nil
    case .perChannel(_, _, let axis), .perChannelFloat(_, _, let axis): axis
    }
  }

  /// The number of scales along the axis; nil for one scale.
  package var channelCount: Int? {
    switch self {
    case .perTensor: nil
    case .perChannel(let scales, _, _): scales.count
    case .perChannelFloat(let scales, _, _): scales.count
    }
  }

  /// The same scales along another axis.
  package func moved(toAxis axis: Int) -> Quantizer {
    switch self {
    case .perTensor: self
    case .perChannel(let scales, let zeroPoints, _):
      .perChannel(scales: scales, zeroPoints: zeroPoints, axis: axis)
    case .perChannelFloat(let scales, let zeroPoints, _):
      .perChannelFloat(scales: scales, zeroPoints: zeroPoints, axis: axis)
    }
  }

  /// The scheme of one entry along the axis.
  package func channel(_ index: Int) -> Quantizer {
    switch self {
    case .perTensor, .perChannelFloat: self
    case .perChannel(let scales, let zeroPoints, _):
      .perTensor(scale: scales[index], zeroPoint: zeroPoints[index])
    }
  }

  /// The scheme of some entries along the axis; of a single one, it is one for all.
  package func channels(_ indices: some Sequence<Int>) -> Quantizer {
    switch self {
    case .perTensor: self
    case .perChannel(let scales, let zeroPoints, let axis):
      Quantizer.reduced(
        scales: indices.map { scales[$0] }, zeroPoints: indices.map { zeroPoints[$0] }, axis: axis)
    case .perChannelFloat(let scales, let zeroPoints, let axis):
      .perChannelFloat(
        scales: indices.map { scales[$0] }, zeroPoints: indices.map { zeroPoints[$0] }, axis: axis)
    }
  }
}

extension Quantizer {
  private static func reduced(scales: [Double], zeroPoints: [Int], axis: Int) -> Quantizer {
    scales.count == 1
      ? .perTensor(scale: scales[0], zeroPoint: zeroPoints[0])
      : .perChannel(scales: scales, zeroPoints: zeroPoints, axis: axis)
  }
}

extension DType {
  /// Whether elements are whole numbers that stand for others by a `Quantizer`.
  public var isQuantized: Bool { self == .qint8 || self == .quint8 || self == .qint32 }

  /// The whole numbers that a quantised type stores; other types store themselves.
  public var storedType: DType {
    switch self {
    case .qint8: .int8
    case .quint8: .uint8
    case .qint32: .int32
    default: self
    }
  }

  /// The quantised type that stores these whole numbers, or nil.
  package var quantizedType: DType? {
    switch self {
    case .int8: .qint8
    case .uint8: .quint8
    case .int32: .qint32
    default: nil
    }
  }

  /// The least and the largest number that a quantised type stores.
  package var quantizedRange: ClosedRange<Int> {
    switch self {
    case .qint8: -128...127
    case .quint8: 0...255
    default: -0x8000_0000...0x7FFF_FFFF
    }
  }
}

extension DType {
  /// - Throws: `MartletError` of kind `.dtype` for a quantised type.
  package func requireUnquantized(_ use: String) throws {
    guard !isQuantized else {
      throw MartletError(
        .dtype,
        "\(use) takes no quantised type, got \(self); see quantizePerTensor and dequantize")
    }
  }
}

extension Tensor {
  /// Whether the elements are quantised.
  public var isQuantized: Bool { quantizer != nil }

  /// The stored whole numbers of a quantised tensor, as a tensor of them over the same storage.
  package var storedNumbers: Tensor {
    Tensor(storage: storage, layout: layout, dtype: dtype.storedType)
  }

  /// Whole numbers, of a type that a quantised one stores, as what they stand for.
  ///
  /// - Throws: `MartletError` of kind `.dtype` for other types, `.shape` or `.argument` where the
  ///   scheme does not fit the sizes or the type.
  package func quantized(by quantizer: Quantizer) throws -> Tensor {
    guard let type = dtype.quantizedType else {
      throw MartletError(
        .dtype, "quantised tensors store int8, uint8 or int32, got \(dtype)")
    }
    try quantizer.check(sizes, type)
    var result = Tensor(storage: storage, layout: layout, dtype: type)
    result.quantizer = quantizer
    return result
  }

  /// A quantised tensor whose numbers are not set yet; without values on `meta`.
  package static func allocate(
    _ sizes: [Int], _ dtype: DType, quantizer: Quantizer, meta: Bool = false
  ) throws -> Tensor {
    let numbers: Tensor =
      meta ? try .meta(sizes, dtype.storedType) : try .allocate(sizes, dtype.storedType)
    guard dtype.isQuantized else {
      throw MartletError(
        .dtype,
        "Creation of quantized tensor requires quantized dtype like torch.quint8, got \(dtype)")
    }
    return try numbers.quantized(by: quantizer)
  }

  /// A tensor of the same sizes, dtype and quantizer in row-major order, without values.
  package func placeholder() throws -> Tensor {
    var result = try Tensor.meta(sizes, dtype)
    result.quantizer = quantizer
    return result
  }
}

extension Quantizer {
  /// - Throws: `MartletError` as PyTorch's checks.
  fileprivate func check(_ sizes: [Int], _ dtype: DType) throws {
    func check(_ point: Int) throws {
      let range = dtype.quantizedRange
      guard point <= range.upperBound else {
        throw MartletError(
          .argument, "zero_point \(point) is above upper bound of \(dtype), \(range.upperBound)")
      }
      guard point >= range.lowerBound else {
        throw MartletError(
          .argument, "zero_point \(point) is below lower bound of \(dtype), \(range.lowerBound)")
      }
    }
    switch self {
    case .perTensor(_, let point): try check(point)
    case .perChannel(_, let points, _): for point in points { try check(point) }
    case .perChannelFloat: break
    }
    guard let axis, let channels = channelCount else { return }
    let points =
      switch self {
      case .perChannel(_, let points, _): points.count
      case .perChannelFloat(_, let points, _): points.count
      case .perTensor: channels
      }
    guard points == channels else {
      throw MartletError(
        .shape, "expected as many zero points as scales, got \(points) and \(channels)")
    }
    guard sizes.indices.contains(axis) else {
      throw MartletError(
        .argument, "Channel axis out of range in per channel affine quantization: \(axis)")
    }
  }
}

/// What becomes of the scheme in views.
extension Quantizer {
  /// With one entry of an axis selected, which goes.
  package func selecting(_ index: Int, ofAxis dim: Int) -> Quantizer {
    guard let axis else { return self }
    if axis == dim { return channel(index) }
    return moved(toAxis: axis > dim ? axis - 1 : axis)
  }

  /// With the axes in this order; an axis that goes has one entry.
  package func keeping(axes: [Int]) -> Quantizer {
    guard let axis else { return self }
    return axes.firstIndex(of: axis).map { moved(toAxis: $0) } ?? channel(0)
  }
}
