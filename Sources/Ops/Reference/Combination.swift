import MartletTensor

/// How values that are written to one place go together.
package struct Combination: Sendable {
  /// Nil where the last one replaces what was there.
  private let function: BinaryFunction?
  /// Whether sums are divided by how many values went into them.
  let isMean: Bool

  package init(function: BinaryFunction?, isMean: Bool = false) {
    self.function = function
    self.isMean = isMean
  }

  package static let replace = Combination(function: nil)
  package static let sum = Combination(function: addition)
  package static let mean = Combination(function: addition, isMean: true)
  package static let product = Combination(
    function: BinaryFunction(
      float: { $0 * $1 }, double: { $0 * $1 }, integer: { $0 &* $1 }, complex: { $0 * $1 }))
  package static let largest = Combination(
    function: BinaryFunction(
      float: { larger($0, $1) }, double: { larger($0, $1) }, integer: { max($0, $1) }))
  package static let smallest = Combination(
    function: BinaryFunction(
      float: { smaller($0, $1) }, double: { smaller($0, $1) }, integer: { min($0, $1) }))

  private static let addition = BinaryFunction(
    float: { $0 + $1 }, double: { $0 + $1 }, integer: { $0 &+ $1 }, complex: { $0 + $1 })

  /// Fills the contiguous `result` with `x`'s elements, then combines, in order, each of `source`'s
  /// at storage places `from` into the result's place in `targets`.
  ///
  /// - Parameter includesSelf: whether `x`'s own element takes part where others are combined.
  package func apply(
    _ x: Tensor, at targets: [Int], _ source: Tensor, at from: [Int], includesSelf: Bool = true,
    into result: Tensor
  ) throws {
    guard let function else {
      try result.overwrite(result.layout, with: x)
      return try result.overwrite(at: targets, with: source, at: from)
    }
    let places = (targets: targets, from: from)
    if result.dtype.isComplex {
      guard let complex = function.complex else {
        throw MartletError(.dtype, "complex numbers have no order, got \(result.dtype)")
      }
      return try fold(x, source, places, includesSelf, result, complex) { $0 * (1 / Double($1)) }
    }
    switch result.dtype.computeType {
    case .float32:
      try fold(x, source, places, includesSelf, result, function.float) { $0 / Float($1) }
    case .float64:
      try fold(x, source, places, includesSelf, result, function.double) { $0 / Double($1) }
    default:
      try fold(x, source, places, includesSelf, result, function.integer ?? { $1 }) {
        // Whole numbers divide downwards.
        let (quotient, remainder) = $0.quotientAndRemainder(dividingBy: Int64($1))
        return remainder < 0 ? quotient - 1 : quotient
      }
    }
  }

  private func fold<T: TensorElement>(
    _ x: Tensor, _ source: Tensor, _ places: (targets: [Int], from: [Int]),
    _ includesSelf: Bool, _ result: Tensor, _ function: (T, T) -> T, _ divide: (T, Int) -> T
  ) throws {
    // Places are those of the source's own storage, which a conversion would rearrange.
    let values = try source.storageConverted(to: T.dtype)
    var counts = [Int](repeating: 0, count: isMean || !includesSelf ? result.count : 0)
    try x.withElements(as: T.self) { own in
      try values.readStorage(as: T.self) { from in
        try result.fill(as: T.self) { to in
          for i in own.indices { to[i] = own[i] }
          for n in places.targets.indices {
            let (place, value) = (places.targets[n], from[places.from[n]])
            let isFirst = !includesSelf && counts[place] == 0
            to[place] = isFirst ? value : function(to[place], value)
            if !counts.isEmpty { counts[place] += 1 }
          }
          if isMean {
            for i in counts.indices where counts[i] > 0 {
              to[i] = divide(to[i], counts[i] + (includesSelf ? 1 : 0))
            }
          }
        }
      }
    }
  }
}

/// The larger of two numbers; NaN where one of them is.
package func larger<T: Comparable>(_ a: T, _ b: T) -> T { a != a || a > b ? a : b }

/// The smaller of two numbers; NaN where one of them is.
package func smaller<T: Comparable>(_ a: T, _ b: T) -> T { a != a || a < b ? a : b }

extension Tensor {
  /// The whole storage in another dtype, under the same layout.
  package func storageConverted(to target: DType) throws -> Tensor {
    if target == dtype { return self }
    let whole = viewed(Layout(contiguous: [storage.byteCount / dtype.byteCount]))
    return try whole.converted(to: target).viewed(layout)
  }
}
