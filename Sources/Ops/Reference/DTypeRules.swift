import MartletTensor

/// The dtypes that an elementwise operator takes, as PyTorch's dispatch groups them. Complex dtypes
/// reach a check only in operators that take them; there they count as floating.
package enum DTypeGroup: Sendable {
  case any, numbers, floating, integers, integersAndBool

  package func contains(_ dtype: DType) -> Bool {
    switch self {
    case .any: true
    case .numbers: dtype != .bool
    case .floating: dtype.isFloatingPoint || dtype.isComplex
    case .integers: dtype.isInteger
    case .integersAndBool: dtype.isInteger || dtype == .bool
    }
  }

  /// - Throws: `MartletError` of kind `.dtype` that names the operator and the dtype.
  package func check(_ dtype: DType, for name: String) throws {
    guard contains(dtype) else {
      throw MartletError(.dtype, "\(name) is not implemented for \(dtype), it takes \(self)")
    }
  }
}

extension DTypeGroup: CustomStringConvertible {
  package var description: String {
    switch self {
    case .any: "every dtype"
    case .numbers: "every dtype but bool"
    case .floating: "floating-point dtypes"
    case .integers: "integer dtypes"
    case .integersAndBool: "integer dtypes and bool"
    }
  }
}

/// How an elementwise operator's result dtype follows from what its operands promote to.
package enum ResultRule: Sendable {
  /// The operands' common dtype.
  case same
  /// The common dtype; float32 for whole numbers and truth values.
  case floating
  /// Truth values, computed in the common dtype.
  case truth
  /// The common dtype; of complex numbers, that of their parts.
  case part

  package func computed(from common: DType) -> DType {
    self == .floating && !common.isFloatingPoint && !common.isComplex ? .float32 : common
  }

  package func result(from common: DType) -> DType {
    switch self {
    case .truth: .bool
    case .part: common.componentType
    default: computed(from: common)
    }
  }
}

extension DType {
  /// A number as a whole one of this dtype: the fraction cut, what does not fit wrapped around.
  package func wrapping(_ value: Double) -> Int64 {
    switch self {
    case .int8: Int64(Int8(rounding: value))
    case .int16: Int64(Int16(rounding: value))
    case .int32: Int64(Int32(rounding: value))
    case .uint8: Int64(UInt8(rounding: value))
    case .bool: value != 0 ? 1 : 0
    default: Int64(saturating: value)
    }
  }
}
