/// y ← 0 where the truth value is true, -∞ elsewhere: what attention adds to its scores.
package func addendOfMask(
  _ x: MemorySlice<UInt8>, into y: MemorySlice<Float>, threads: Int = 1
) {
  precondition(x.count == y.count, "sizes do not agree")
  let tiles = (x.count + elementsPerTile - 1) / elementsPerTile
  ThreadPool.shared.run(tiles: tiles, threads: threads) { tile in
    for i in (tile * elementsPerTile)..<min((tile + 1) * elementsPerTile, x.count) {
      unsafe y.base[i] = unsafe x.base[i] == 0 ? -.infinity : 0
    }
  }
}
