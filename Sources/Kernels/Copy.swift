/// Moves elements from one strided place to another, once; `StridedCopy` is for what is done again
/// and again.
///
/// - Precondition: both operands lie in their memory and do not overlap.
package func copy<Element: BitwiseCopyable & Sendable>(
  _ x: MemorySlice<Element>, into y: MemorySlice<Element>, geometry: StridedGeometry,
  threads: Int = 1
) {
  StridedCopy(geometry).run(x, into: y, threads: threads)
}

/// y ← the value, everywhere.
package func fill(_ y: MemorySlice<Float>, with value: Float) {
  unsafe y.base.update(repeating: value, count: y.count)
}
