import MartletTensor

/// How far a tensor is from what it should be, by the rule for whole models: the largest
/// difference over the largest magnitude, whole numbers exactly, NaN equal to NaN.
package struct TensorDifference: Sendable {
  /// The largest |got - expected|; infinite where one is NaN or infinite and the other is not.
  package private(set) var absolute = 0.0
  /// `absolute` over the largest finite |expected|; 0 when both are.
  package private(set) var relative = 0.0
  /// Where the largest difference lies, in row-major order; nil when all are equal.
  package private(set) var position: Int?
  /// That element, got and expected.
  package private(set) var elements: (got: String, expected: String)?
  /// Sizes or dtypes that differ, in words.
  package private(set) var mismatch: String?
  private let isExact: Bool

  /// - Throws: `MartletError` when the elements cannot be read.
  package init(_ got: Tensor, expected: Tensor) throws {
    isExact = !expected.dtype.isFloatingPoint && !expected.dtype.isComplex
    guard got.sizes == expected.sizes else {
      mismatch = "sizes \(got.sizes), expected \(expected.sizes)"
      return
    }
    guard got.dtype == expected.dtype else {
      mismatch = "\(got.dtype), expected \(expected.dtype)"
      return
    }
    if expected.dtype.isComplex {
      try compare(got.viewedAsReal(), expected.viewedAsReal(), scale: 2)
    } else if isExact {
      try compareExactly(got, expected)
    } else {
      try compare(got, expected, scale: 1)
    }
  }

  /// Whether it is within the tolerance of `relative`.
  package func isWithin(_ tolerance: Double) -> Bool {
    mismatch == nil && (isExact ? position == nil : relative <= tolerance)
  }

  private mutating func compareExactly(_ got: Tensor, _ expected: Tensor) throws {
    let a = try got.converted(to: .int64).elements(as: Int64.self)
    let b = try expected.converted(to: .int64).elements(as: Int64.self)
    var largest: UInt64 = 0
    var scale: UInt64 = 0
    for index in a.indices {
      scale = max(scale, b[index].magnitude)
      guard a[index] != b[index] else { continue }
      let (high, low) = (max(a[index], b[index]), min(a[index], b[index]))
      let difference = UInt64(bitPattern: high &- low)
      if difference > largest {
        largest = difference
        position = index
        elements = ("\(a[index])", "\(b[index])")
      }
    }
    absolute = Double(largest)
    relative = ratio(Double(scale))
  }

  private mutating func compare(_ got: Tensor, _ expected: Tensor, scale width: Int) throws {
    let a = try got.converted(to: .float64).elements(as: Double.self)
    let b = try expected.converted(to: .float64).elements(as: Double.self)
    var scale = 0.0
    for index in a.indices {
      if b[index].isFinite { scale = max(scale, abs(b[index])) }
      if a[index] == b[index] || (a[index].isNaN && b[index].isNaN) { continue }
      let difference = abs(a[index] - b[index])
      let distance = difference.isFinite ? difference : .infinity
      if position == nil || distance > absolute {
        absolute = distance
        position = index / width
        elements = ("\(a[index])", "\(b[index])")
      }
    }
    relative = ratio(scale)
  }

  private func ratio(_ scale: Double) -> Double {
    absolute == 0 ? 0 : scale == 0 ? .infinity : absolute / scale
  }
}
