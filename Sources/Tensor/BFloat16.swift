/// The upper half of a float32: 8 bits of exponent, 7 of fraction.
public struct BFloat16: Sendable, BitwiseCopyable, Equatable {
  public var bitPattern: UInt16

  @inlinable public init(bitPattern: UInt16) { self.bitPattern = bitPattern }

  /// Rounds to nearest, ties to even; any NaN becomes the quiet NaN.
  @inlinable public init(_ value: Float) {
    guard !value.isNaN else {
      bitPattern = 0x7FC0
      return
    }
    let bits = value.bitPattern
    let rounded = bits &+ 0x7FFF &+ ((bits >> 16) & 1)
    bitPattern = UInt16(truncatingIfNeeded: rounded >> 16)
  }

  @inlinable public static func == (a: BFloat16, b: BFloat16) -> Bool { Float(a) == Float(b) }
}

extension Float {
  @inlinable public init(_ value: BFloat16) {
    self.init(bitPattern: UInt32(value.bitPattern) << 16)
  }
}
