/// What the encodings of a vector instruction with VEX and with EVEX prefixes share.
package struct VectorOpcode: Sendable, Hashable {
  /// 0: none, 1: 66, 2: F3, 3: F2.
  let prefix: UInt8
  /// 1: 0F, 2: 0F 38, 3: 0F 3A.
  let map: UInt8
  let code: UInt8
  /// The W bit with EVEX; with VEX it is always 0 here.
  var isWide = false
  /// The part of the code in the ModRM byte's register field.
  var digit: UInt8?
  var role = Role.define
  /// Bytes of its memory operand; nil: a whole vector.
  var memoryByteCount: UInt8?
  /// Works on 128 bits whatever the instruction set.
  var isShort = false
  var takesMemory = true
  /// Takes one float from memory for all lanes (EVEX).
  package var takesBroadcast = true

  /// Which of its registers an instruction writes.
  package enum Role: Sendable, Hashable {
    /// The one of the ModRM byte's register field.
    case define
    /// The same, which is also read.
    case accumulate
    /// None: its register field goes to memory.
    case store
    /// The one of the prefix, because the register field holds the digit.
    case definePrefixed
  }
}

extension VectorOpcode {
  package static let load = Self(prefix: 0, map: 1, code: 0x10, takesBroadcast: false)
  package static let store = Self(
    prefix: 0, map: 1, code: 0x11, role: .store, takesBroadcast: false)
  package static let move = Self(prefix: 0, map: 1, code: 0x28, takesBroadcast: false)
  package static let storeFirst = Self(
    prefix: 2, map: 1, code: 0x11, role: .store, memoryByteCount: 4, isShort: true,
    takesBroadcast: false)
  package static let broadcast = Self(
    prefix: 1, map: 2, code: 0x18, memoryByteCount: 4, takesBroadcast: false)
  package static let fromInteger = Self(
    prefix: 1, map: 1, code: 0x6E, isShort: true, takesMemory: false, takesBroadcast: false)
  /// The low float of an integer register or of another vector register to every lane.
  package static let broadcastInteger = Self(
    prefix: 1, map: 2, code: 0x58, memoryByteCount: 4, takesBroadcast: false)

  /// With a mask in a vector register (VEX alone).
  package static let loadMasked = Self(prefix: 1, map: 2, code: 0x2C, takesBroadcast: false)
  package static let storeMasked = Self(
    prefix: 1, map: 2, code: 0x2E, role: .store, takesBroadcast: false)
  package static let blendByVector = Self(prefix: 1, map: 3, code: 0x4A)
  package static let compareEqualIntegers = Self(prefix: 1, map: 1, code: 0x76)
  package static let compareGreaterIntegers = Self(prefix: 1, map: 1, code: 0x66)

  /// With a mask register (EVEX alone).
  package static let blendByMask = Self(prefix: 1, map: 2, code: 0x65)
  package static let ternaryLogic = Self(prefix: 1, map: 3, code: 0x25, role: .accumulate)

  package static let compare = Self(prefix: 0, map: 1, code: 0xC2)
  package static let multiplyAdd = Self(prefix: 1, map: 2, code: 0xB8, role: .accumulate)
  package static let multiplySubtract = Self(prefix: 1, map: 2, code: 0xBC, role: .accumulate)
  package static let multiplyThenAdd = Self(prefix: 1, map: 2, code: 0xA8, role: .accumulate)
  package static let permuteWithin = Self(prefix: 1, map: 3, code: 0x04)
  package static let permuteHalves = Self(prefix: 1, map: 3, code: 0x06)
  package static let permuteQuarters = Self(prefix: 1, map: 3, code: 0x23)
  package static let round = Self(prefix: 1, map: 3, code: 0x08)

  /// Between mask registers, memory and integer registers (VEX alone, 16 bits).
  package static let loadMask = Self(
    prefix: 0, map: 1, code: 0x90, memoryByteCount: 2, isShort: true, takesBroadcast: false)
  package static let storeMask = Self(
    prefix: 0, map: 1, code: 0x91, role: .store, memoryByteCount: 2, isShort: true,
    takesBroadcast: false)
  package static let maskFromInteger = Self(
    prefix: 0, map: 1, code: 0x92, isShort: true, takesMemory: false, takesBroadcast: false)
  /// Clears the upper bits of an integer, from the number given on.
  package static let zeroHighBits = Self(
    prefix: 0, map: 2, code: 0xF5, memoryByteCount: 4, isShort: true, takesBroadcast: false)

  package static func of(_ operation: BinaryOperation) -> VectorOpcode {
    switch operation {
    case .add: Self(prefix: 0, map: 1, code: 0x58)
    case .subtract: Self(prefix: 0, map: 1, code: 0x5C)
    case .multiply: Self(prefix: 0, map: 1, code: 0x59)
    case .divide: Self(prefix: 0, map: 1, code: 0x5E)
    case .minimum: Self(prefix: 0, map: 1, code: 0x5D)
    case .maximum: Self(prefix: 0, map: 1, code: 0x5F)
    case .and: Self(prefix: 0, map: 1, code: 0x54)
    case .andNot: Self(prefix: 0, map: 1, code: 0x55)
    case .or: Self(prefix: 0, map: 1, code: 0x56)
    case .xor: Self(prefix: 0, map: 1, code: 0x57)
    case .addInteger: Self(prefix: 1, map: 1, code: 0xFE)
    case .subtractInteger: Self(prefix: 1, map: 1, code: 0xFA)
    case .unpackLow: Self(prefix: 0, map: 1, code: 0x14)
    case .unpackHigh: Self(prefix: 0, map: 1, code: 0x15)
    // Its broadcasts are of 64 bits.
    case .unpackLowPairs:
      Self(prefix: 1, map: 1, code: 0x14, isWide: true, takesBroadcast: false)
    case .unpackHighPairs:
      Self(prefix: 1, map: 1, code: 0x15, isWide: true, takesBroadcast: false)
    case .permute: Self(prefix: 1, map: 2, code: 0x16)
    case .scale: Self(prefix: 1, map: 2, code: 0x2C)
    }
  }

  /// The instruction and its immediate byte.
  package static func of(_ operation: UnaryOperation) -> (VectorOpcode, UInt8?) {
    // Bit 3: does not raise the inexact flag.
    switch operation {
    case .squareRoot: (Self(prefix: 0, map: 1, code: 0x51), nil)
    case .roundToNearest: (round, 8)
    case .floor: (round, 9)
    case .ceiling: (round, 10)
    case .truncate: (round, 11)
    case .toInteger: (Self(prefix: 1, map: 1, code: 0x5B), nil)
    case .toFloat: (Self(prefix: 0, map: 1, code: 0x5B), nil)
    }
  }

  package static func of(_ operation: ShiftOperation) -> VectorOpcode {
    let digit: UInt8 =
      switch operation {
      case .left: 6
      case .rightLogical: 2
      case .rightArithmetic: 4
      }
    return Self(
      prefix: 1, map: 1, code: 0x72, digit: digit, role: .definePrefixed, takesMemory: false,
      takesBroadcast: false)
  }
}

extension Comparison {
  /// The processor's number for the comparison; none of them signals on quiet NaN.
  package var predicate: UInt8 {
    switch self {
    case .equal: 0x00
    case .less: 0x11
    case .lessOrEqual: 0x12
    case .greater: 0x1E
    case .greaterOrEqual: 0x1D
    case .notEqual: 0x04
    case .unordered: 0x03
    }
  }
}
