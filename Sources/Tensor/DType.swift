/// The type of a tensor's elements, in PyTorch's words.
public enum DType: UInt8, Sendable, Hashable, CaseIterable {
  case float32, float64, float16, bfloat16, int8, int16, int32, int64, uint8, bool
  case complex64, complex128
  /// Quantised: int8, uint8 and int32 that stand for other numbers by the tensor's `Quantizer`.
  case qint8, quint8, qint32

  /// The bytes one element takes.
  public var byteCount: Int {
    switch self {
    case .int8, .uint8, .bool, .qint8, .quint8: 1
    case .float16, .bfloat16, .int16: 2
    case .float32, .int32, .qint32: 4
    case .float64, .int64, .complex64: 8
    case .complex128: 16
    }
  }

  public var isFloatingPoint: Bool {
    switch self {
    case .float32, .float64, .float16, .bfloat16: true
    default: false
    }
  }

  public var isComplex: Bool { self == .complex64 || self == .complex128 }

  /// The type of the parts of complex numbers; of the others, themselves.
  public var componentType: DType {
    switch self {
    case .complex64: .float32
    case .complex128: .float64
    default: self
    }
  }

  /// The least type of complex numbers with parts of this type. float16 gives complex64: there is
  /// no complex32 here.
  public var complexType: DType {
    self == .float64 || self == .complex128 ? .complex128 : .complex64
  }

  public var isSigned: Bool { self != .uint8 && self != .bool && self != .quint8 }

  /// Whole numbers; `bool` is not one of them, as in PyTorch's categories.
  public var isInteger: Bool { !isFloatingPoint && !isComplex && !isQuantized && self != .bool }

  /// The name PyTorch prints after `torch.`.
  public var name: String { "\(self)" }

  /// PyTorch's number for this type (`c10::ScalarType`), as it stands in schemas and archives.
  public var scalarType: Int {
    switch self {
    case .uint8: 0
    case .int8: 1
    case .int16: 2
    case .int32: 3
    case .int64: 4
    case .float16: 5
    case .float32: 6
    case .float64: 7
    case .complex64: 9
    case .complex128: 10
    case .bool: 11
    case .qint8: 12
    case .quint8: 13
    case .qint32: 14
    case .bfloat16: 15
    }
  }

  /// The type behind PyTorch's number, or nil when Martlet has no such type.
  public init?(scalarType: Int) {
    guard let match = Self.allCases.first(where: { $0.scalarType == scalarType }) else {
      return nil
    }
    self = match
  }

  /// The least type that both promote to, by `torch.promote_types`, which knows no rule for
  /// quantised types: they stay themselves.
  public static func promote(_ a: DType, _ b: DType) -> DType {
    if a == b { return a }
    if a == .bool { return b }
    if b == .bool { return a }
    if a.isQuantized || b.isQuantized { return a.isQuantized ? a : b }
    if a.isComplex || b.isComplex {
      let isWide = [a, b].contains { $0 == .complex128 || $0 == .float64 }
      return isWide ? .complex128 : .complex64
    }
    switch (a.isFloatingPoint, b.isFloatingPoint) {
    case (true, false): return a
    case (false, true): return b
    case (true, true):
      if a == .float64 || b == .float64 { return .float64 }
      // float16 with bfloat16 meet in float32.
      return .float32
    case (false, false):
      if a == .uint8 || b == .uint8 {
        let other = a == .uint8 ? b : a
        return other == .int8 ? .int16 : other
      }
      return a.byteCount > b.byteCount ? a : b
    }
  }
}

/// A Swift type that a tensor's elements can be read as.
public protocol TensorElement: BitwiseCopyable, Sendable {
  static var dtype: DType { get }
  /// The nearest value to a double, as PyTorch's cast gives it.
  init(rounding value: Double)
  init(truncating value: Int64)
  var double: Double { get }
  var int64: Int64 { get }
}

extension Float: TensorElement {
  public static var dtype: DType { .float32 }
  @inlinable public init(rounding value: Double) { self = Float(value) }
  @inlinable public init(truncating value: Int64) { self = Float(value) }
  @inlinable public var double: Double { Double(self) }
  @inlinable public var int64: Int64 { Int64(saturating: Double(self)) }
}

extension Double: TensorElement {
  public static var dtype: DType { .float64 }
  @inlinable public init(rounding value: Double) { self = value }
  @inlinable public init(truncating value: Int64) { self = Double(value) }
  @inlinable public var double: Double { self }
  @inlinable public var int64: Int64 { Int64(saturating: self) }
}

extension Float16: TensorElement {
  public static var dtype: DType { .float16 }
  // PyTorch narrows through float32.
  @inlinable public init(rounding value: Double) { self = Float16(Float(value)) }
  @inlinable public init(truncating value: Int64) { self = Float16(Float(value)) }
  @inlinable public var double: Double { Double(self) }
  @inlinable public var int64: Int64 { Int64(saturating: Double(self)) }
}

extension BFloat16: TensorElement {
  public static var dtype: DType { .bfloat16 }
  @inlinable public init(rounding value: Double) { self.init(Float(value)) }
  @inlinable public init(truncating value: Int64) { self.init(Float(value)) }
  @inlinable public var double: Double { Double(Float(self)) }
  @inlinable public var int64: Int64 { Int64(saturating: double) }
}

extension FixedWidthInteger where Self: TensorElement {
  // PyTorch reaches the narrow signed types through 32 bits, the others through 64.
  @inlinable public init(rounding value: Double) {
    if Self.isSigned, Self.bitWidth <= 32 {
      self.init(truncatingIfNeeded: Int32(saturating: value))
    } else {
      self.init(truncatingIfNeeded: Int64(saturating: value))
    }
  }
  @inlinable public init(truncating value: Int64) { self.init(truncatingIfNeeded: value) }
  @inlinable public var double: Double { Double(self) }
  @inlinable public var int64: Int64 { Int64(truncatingIfNeeded: self) }
}

extension Int8: TensorElement { public static var dtype: DType { .int8 } }
extension Int16: TensorElement { public static var dtype: DType { .int16 } }
extension Int32: TensorElement { public static var dtype: DType { .int32 } }
extension Int64: TensorElement { public static var dtype: DType { .int64 } }
extension UInt8: TensorElement { public static var dtype: DType { .uint8 } }

extension Bool: TensorElement {
  public static var dtype: DType { .bool }
  @inlinable public init(rounding value: Double) { self = value != 0 }
  @inlinable public init(truncating value: Int64) { self = value != 0 }
  @inlinable public var double: Double { self ? 1 : 0 }
  @inlinable public var int64: Int64 { self ? 1 : 0 }
}

extension Int64 {
  /// The double cut towards zero; what does not fit gives the least value, as the x86
  /// conversion that PyTorch compiles to.
  @inlinable public init(saturating value: Double) {
    if value >= -9_223_372_036_854_775_808, value < 9_223_372_036_854_775_808 {
      self = Int64(value)
    } else {
      self = .min
    }
  }
}

extension Int32 {
  /// The double cut towards zero; what does not fit gives the least value.
  @inlinable public init(saturating value: Double) {
    if value > -2_147_483_649, value < 2_147_483_648 {
      self = Int32(value)
    } else {
      self = .min
    }
  }
}
