import MartletTensor

/// What stands beside a tensor in arithmetic: another tensor, or a number.
public protocol TensorOperand: ValueConvertible {}

/// A number beside a tensor. Whole ones keep a whole tensor's dtype, others make it floating.
public protocol NumberOperand: TensorOperand {}

extension Tensor: TensorOperand {}
extension Int: NumberOperand {}
extension Double: NumberOperand {}
extension Dim: NumberOperand {}
extension Bool: NumberOperand {}
extension Complex: NumberOperand {}

extension Float: NumberOperand {
  public init(_ value: Value) throws { self = Float(try Double(value)) }
  public var value: Value { .double(Double(self)) }
}

/// Sums, differences, products and quotients; shapes broadcast, dtypes promote.
extension Tensor {
  /// `self + alpha * other` (`torch.add`).
  ///
  /// - Throws: `MartletError` of kind `.shape` when the shapes do not broadcast.
  public func add(
    _ other: some TensorOperand, alpha: Double = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Arithmetic.scaledCall(
      Arithmetic.add, .tensor(self), other.value, .number(alpha), at: SourceLocation(file, line))
  }

  /// `self - alpha * other` (`torch.sub`).
  public func sub(
    _ other: some TensorOperand, alpha: Double = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Arithmetic.scaledCall(
      Arithmetic.sub, .tensor(self), other.value, .number(alpha), at: SourceLocation(file, line))
  }

  /// `self * other` (`torch.mul`).
  public func mul(
    _ other: some TensorOperand, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Arithmetic.mul(.tensor(self), other.value, at: SourceLocation(file, line))
  }

  /// `self / other`, rounded as asked; without rounding whole numbers become float32
  /// (`torch.div`).
  public func div(
    _ other: some TensorOperand, roundingMode: RoundingMode? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    let location = SourceLocation(file, line)
    guard let roundingMode else {
      return try Arithmetic.div(.tensor(self), other.value, at: location)
    }
    return try Arithmetic.scaledCall(
      Arithmetic.divMode, .tensor(self), other.value, .string(roundingMode.rawValue), at: location)
  }

  /// `floor(self / other)` (`torch.floor_divide`).
  public func floorDivide(
    _ other: some TensorOperand, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Arithmetic.floorDivide(.tensor(self), other.value, at: SourceLocation(file, line))
  }

  /// `self - floor(self / other) * other` (`torch.remainder`).
  public func remainder(
    _ other: some TensorOperand, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Arithmetic.remainder(.tensor(self), other.value, at: SourceLocation(file, line))
  }

  /// `self - trunc(self / other) * other` (`torch.fmod`).
  public func fmod(
    _ other: some TensorOperand, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try Arithmetic.fmod(.tensor(self), other.value, at: SourceLocation(file, line))
  }

  /// `self + value * tensor1 * tensor2` (`torch.addcmul`).
  public func addcmul(
    _ tensor1: Tensor, _ tensor2: Tensor, value: Double = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Arithmetic.addcmul(
      .tensor(self), .tensor(tensor1), .tensor(tensor2), .number(value),
      at: SourceLocation(file, line))
  }

  /// `self + value * tensor1 / tensor2` (`torch.addcdiv`).
  public func addcdiv(
    _ tensor1: Tensor, _ tensor2: Tensor, value: Double = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Arithmetic.addcdiv(
      .tensor(self), .tensor(tensor1), .tensor(tensor2), .number(value),
      at: SourceLocation(file, line))
  }
}

/// How `div` rounds a quotient.
public enum RoundingMode: String, Sendable {
  case floor, trunc
}

extension Tensor {
  public static func + (a: Tensor, b: Tensor) throws -> Tensor {
    try Arithmetic.add[0](.tensor(a), .tensor(b), 1)
  }

  public static func + (a: Tensor, b: some NumberOperand) throws -> Tensor {
    try Arithmetic.add[1](.tensor(a), b.value, 1)
  }

  public static func + (a: some NumberOperand, b: Tensor) throws -> Tensor {
    try Arithmetic.add[1](.tensor(b), a.value, 1)
  }

  public static func - (a: Tensor, b: Tensor) throws -> Tensor {
    try Arithmetic.sub[0](.tensor(a), .tensor(b), 1)
  }

  public static func - (a: Tensor, b: some NumberOperand) throws -> Tensor {
    try Arithmetic.sub[1](.tensor(a), b.value, 1)
  }

  public static func - (a: some NumberOperand, b: Tensor) throws -> Tensor {
    try Arithmetic.rsub[1](.tensor(b), a.value, 1)
  }

  public static func * (a: Tensor, b: Tensor) throws -> Tensor {
    try Arithmetic.mul(.tensor(a), .tensor(b))
  }

  public static func * (a: Tensor, b: some NumberOperand) throws -> Tensor {
    try Arithmetic.mul(.tensor(a), b.value)
  }

  public static func * (a: some NumberOperand, b: Tensor) throws -> Tensor {
    try Arithmetic.mul(.tensor(b), a.value)
  }

  public static func / (a: Tensor, b: Tensor) throws -> Tensor {
    try Arithmetic.div(.tensor(a), .tensor(b))
  }

  public static func / (a: Tensor, b: some NumberOperand) throws -> Tensor {
    try Arithmetic.div(.tensor(a), b.value)
  }

  public static func / (a: some NumberOperand, b: Tensor) throws -> Tensor {
    try Arithmetic.mul(.tensor(try Functions.reciprocal(.tensor(b))), a.value)
  }

  public static func % (a: Tensor, b: Tensor) throws -> Tensor {
    try Arithmetic.remainder(.tensor(a), .tensor(b))
  }

  public static func % (a: Tensor, b: some NumberOperand) throws -> Tensor {
    try Arithmetic.remainder(.tensor(a), b.value)
  }

  public static func % (a: some NumberOperand, b: Tensor) throws -> Tensor {
    try Arithmetic.remainder(a.value, .tensor(b))
  }
}

extension Arithmetic {
  /// The first operator takes two tensors, the second a tensor and a number.
  static func scaledCall(
    _ overloads: [Operator], _ a: Value, _ b: Value, _ option: Value, at location: SourceLocation
  ) throws -> Tensor {
    if case .tensor = b { return try overloads[0](a, b, option, at: location) }
    return try overloads[1](a, b, option, at: location)
  }
}

extension Value {
  /// A number, whole ones as `int`, as Python's literals would be.
  package static func number(_ value: Double) -> Value {
    if let whole = Int(exactly: value) { .int(Dim(whole)) } else { .double(value) }
  }
}
