import MartletTensor

/// Functions of each element of a quantised tensor.
enum QuantizedFunctions {
  /// What PyTorch's plain operators do with quantised tensors.
  static let rules: [(String, Operator.Evaluate)] = [
    ("relu", { [.tensor(try atLeastZero(try $0.quantized("self").tensor))] }),
    ("relu6", { try clamped($0, "self", 0, 6) }),
    (
      "clamp",
      { arguments in
        try clamped(
          arguments, "self", try arguments.optionalScalar("min")?.double,
          try arguments.optionalScalar("max")?.double)
      }
    ),
    (
      "hardtanh",
      { arguments in
        try clamped(
          arguments, "self", try arguments.scalar("min_val").double,
          try arguments.scalar("max_val").double)
      }
    ),
    ("sigmoid", { try onto($0, unsignedScale: 1.0 / 256, isSymmetric: false, Functions.sigmoid) }),
    (
      "hardsigmoid",
      { try onto($0, unsignedScale: 1.0 / 256, isSymmetric: false, Activations.hardsigmoid) }
    ),
    ("gelu", gelu),
    ("tanh", { try onto($0, unsignedScale: 2.0 / 256, isSymmetric: true, Functions.tanh) }),
  ]

  /// Onto the tensor's own scheme, with its scale as a float32.
  @Sendable private static func gelu(_ arguments: Arguments) throws -> [Value] {
    let (x, scale, zeroPoint) = try arguments.quantized("self")
    let values = try Activations.gelu(.tensor(try x.dequantized()), arguments["approximate"])
    let scheme = Quantizer.perTensor(scale: Double(Float(scale)), zeroPoint: zeroPoint)
    return [.tensor(try values.quantized(as: x.dtype, by: scheme, rounding: .distance))]
  }

  /// The stored numbers between those of two bounds; a missing bound is none.
  static func clamped(
    _ arguments: Arguments, _ name: String, _ low: Double?, _ high: Double?
  ) throws -> [Value] {
    let (x, scale, zeroPoint) = try arguments.quantized(name)
    func number(_ value: Double?) -> Value {
      value.map { .int(Dim(x.dtype.stored($0, scale: scale, zeroPoint: zeroPoint))) } ?? .none
    }
    return [.tensor(try clamped(x, number(low), number(high)))]
  }

  static func atLeastZero(_ x: Tensor) throws -> Tensor {
    guard case .perTensor(_, let zeroPoint)? = x.quantizer else {
      throw MartletError(.dtype, "expected one scale for all elements")
    }
    return try clamped(x, .int(Dim(zeroPoint)), .none)
  }

  private static func clamped(_ x: Tensor, _ low: Value, _ high: Value) throws -> Tensor {
    let numbers = try Clamping.clamp(.tensor(x.storedNumbers), low, high)
    return try x.quantizer.map { try numbers.quantized(by: $0) } ?? numbers
  }

  /// A function of bounded range, onto a scheme that spans it.
  private static func onto(
    _ arguments: Arguments, unsignedScale: Double, isSymmetric: Bool, _ function: Operator
  ) throws -> [Value] {
    let x = try arguments.quantized("self").tensor
    let scheme: Quantizer =
      switch (x.dtype, isSymmetric) {
      case (.qint32, _): .perTensor(scale: unsignedScale / Double(1 << 24), zeroPoint: 0)
      case (.qint8, false): .perTensor(scale: unsignedScale, zeroPoint: -128)
      case (.quint8, true): .perTensor(scale: unsignedScale, zeroPoint: 128)
      default: .perTensor(scale: unsignedScale, zeroPoint: 0)
      }
    let values = try function(.tensor(try x.dequantized()))
    return [.tensor(try values.quantized(as: x.dtype, by: scheme, rounding: .distance))]
  }
}

extension DType {
  /// The number of this quantised type nearest to a value.
  package func stored(_ value: Double, scale: Double, zeroPoint: Int) -> Int {
    let point = Double(zeroPoint)
    return switch self {
    case .qint8:
      Int(QuantizedGrid<Int8>(scale: scale, zeroPoint: point).nearest(Float(value)))
    case .quint8:
      Int(QuantizedGrid<UInt8>(scale: scale, zeroPoint: point).nearest(Float(value)))
    default: Int(QuantizedGrid<Int32>(scale: scale, zeroPoint: point).nearest(Float(value)))
    }
  }
}
