/// y ← a where the condition is not zero, b elsewhere, with broadcasting. Operands of the geometry:
/// y, the condition, a, b. Elements move as bits.
///
/// - Precondition: the operands lie in their memory; y is apart from them.
package func select<Bits: FixedWidthInteger & UnsignedInteger & BitwiseCopyable & Sendable>(
  _ condition: MemorySlice<UInt8>, _ a: MemorySlice<Bits>, _ b: MemorySlice<Bits>,
  into y: MemorySlice<Bits>, geometry: StridedGeometry, threads: Int = 1
) {
  precondition(geometry.strides.count == 4, "four operands")
  precondition(
    geometry.reach(0) <= y.count && geometry.reach(1) <= condition.count
      && geometry.reach(2) <= a.count && geometry.reach(3) <= b.count,
    "operand outside its memory")
  let steps = (0..<4).map { geometry.innerStride($0) }
  let (yStep, cStep, aStep, bStep) = (steps[0], steps[1], steps[2], steps[3])
  let tiling = geometry.tiling
  ThreadPool.shared.run(tiles: tiling.count, threads: threads) { tile in
    tiling.forEachRow(of: tile) { row, start, count in
      let to = unsafe y.base + geometry.start(of: row, 0) + start * yStep
      let c = unsafe condition.base + geometry.start(of: row, 1) + start * cStep
      let p = unsafe a.base + geometry.start(of: row, 2) + start * aStep
      let q = unsafe b.base + geometry.start(of: row, 3) + start * bStep
      if cStep == 0 {
        let (from, step) = unsafe c.pointee != 0 ? (p, aStep) : (q, bStep)
        for i in 0..<count { unsafe to[i &* yStep] = from[i &* step] }
        return
      }
      // Compilers make vectors of unit steps alone.
      switch (yStep, cStep, aStep, bStep) {
      case (1, 1, 0, 1):
        let value = unsafe p.pointee
        for i in 0..<count { unsafe to[i] = chosen(c[i], value, q[i]) }
      case (1, 1, 1, 0):
        let value = unsafe q.pointee
        for i in 0..<count { unsafe to[i] = chosen(c[i], p[i], value) }
      case (1, 1, 1, 1):
        for i in 0..<count { unsafe to[i] = chosen(c[i], p[i], q[i]) }
      case (1, 1, 0, 0):
        let (value, other) = unsafe (p.pointee, q.pointee)
        for i in 0..<count { unsafe to[i] = chosen(c[i], value, other) }
      default:
        for i in 0..<count {
          unsafe to[i &* yStep] = chosen(c[i &* cStep], p[i &* aStep], q[i &* bStep])
        }
      }
    }
  }
}

/// Both are read and one is masked out: branches on truth values would often be guessed wrong.
@inline(__always)
private func chosen<Bits: FixedWidthInteger & UnsignedInteger>(
  _ condition: UInt8, _ a: Bits, _ b: Bits
) -> Bits {
  let mask: Bits = condition != 0 ? .max : 0
  return b ^ ((a ^ b) & mask)
}
