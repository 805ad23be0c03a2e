/// A truth value of two numbers. Comparisons with NaN are false but for `notEqual`.
package enum TruthFunction: Sendable, Hashable, CaseIterable {
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
  /// Of whether they are other than zero.
  case and, or, exclusiveOr
}

/// y ← 1 where the function is true of a and b, else 0, with broadcasting. Operands of the
/// geometry: y, a, b.
///
/// - Precondition: the operands lie in their memory; y is apart from them.
package func compare<Element: Numeric & Comparable & BitwiseCopyable & Sendable>(
  _ function: TruthFunction, _ a: MemorySlice<Element>, _ b: MemorySlice<Element>,
  into y: MemorySlice<UInt8>, geometry: StridedGeometry, threads: Int = 1
) {
  precondition(geometry.strides.count == 3, "three operands")
  precondition(
    geometry.reach(0) <= y.count && geometry.reach(1) <= a.count && geometry.reach(2) <= b.count,
    "operand outside its memory")
  let steps = (0..<3).map { geometry.innerStride($0) }
  let tiling = geometry.tiling
  ThreadPool.shared.run(tiles: tiling.count, threads: threads) { tile in
    tiling.forEachRow(of: tile) { row, start, count in
      let rows = unsafe TruthRow(
        to: y.base + geometry.start(of: row, 0) + start * steps[0], step: steps[0],
        a: a.base + geometry.start(of: row, 1) + start * steps[1], aStep: steps[1],
        b: b.base + geometry.start(of: row, 2) + start * steps[2], bStep: steps[2], count: count)
      switch function {
      case .equal: rows.run { $0 == $1 }
      case .notEqual: rows.run { $0 != $1 }
      case .less: rows.run { $0 < $1 }
      case .lessOrEqual: rows.run { $0 <= $1 }
      case .greater: rows.run { $0 > $1 }
      case .greaterOrEqual: rows.run { $0 >= $1 }
      case .and: rows.run { ($0 != .zero) && ($1 != .zero) }
      case .or: rows.run { ($0 != .zero) || ($1 != .zero) }
      case .exclusiveOr: rows.run { ($0 != .zero) != ($1 != .zero) }
      }
    }
  }
}

@safe
private struct TruthRow<Element: Numeric & Comparable & BitwiseCopyable> {
  let to: UnsafeMutablePointer<UInt8>
  let step: Int
  let a: UnsafeMutablePointer<Element>
  let aStep: Int
  let b: UnsafeMutablePointer<Element>
  let bStep: Int
  let count: Int

  /// Compilers make vectors of unit steps alone.
  @inline(__always)
  func run(_ function: (Element, Element) -> Bool) {
    switch (step, aStep, bStep) {
    case (1, 1, 1):
      for i in 0..<count { unsafe to[i] = function(a[i], b[i]) ? 1 : 0 }
    case (1, 1, 0):
      let other = unsafe b.pointee
      for i in 0..<count { unsafe to[i] = function(a[i], other) ? 1 : 0 }
    default:
      for i in 0..<count {
        unsafe to[i &* step] = function(a[i &* aStep], b[i &* bStep]) ? 1 : 0
      }
    }
  }
}
