/// y ← a where the condition is not zero, b elsewhere, with broadcasting. Operands of the geometry:
/// y, the condition, a, b. Elements move as bits.
///
/// - Precondition: the operands lie in their memory; y is apart from them.
package func select<Element: BitwiseCopyable & Sendable>(
  _ condition: MemorySlice<UInt8>, _ a: MemorySlice<Element>, _ b: MemorySlice<Element>,
  into y: MemorySlice<Element>, geometry: StridedGeometry, threads: Int = 1
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
      } else if yStep == 1, cStep == 1, aStep == 0, bStep == 1 {
        let value = unsafe p.pointee
        for i in 0..<count { unsafe to[i] = c[i] != 0 ? value : q[i] }
      } else if yStep == 1, cStep == 1, aStep == 1, bStep == 0 {
        let value = unsafe q.pointee
        for i in 0..<count { unsafe to[i] = c[i] != 0 ? p[i] : value }
      } else {
        for i in 0..<count {
          unsafe to[i &* yStep] = c[i &* cStep] != 0 ? p[i &* aStep] : q[i &* bStep]
        }
      }
    }
  }
}
