extension WinogradConvolution {
  package var chunkInfo: (Int, Int) { (plan.chunk, plan.grid.count) }
  package var gemmFlops: Double {
    Double(plan.grid.count * plan.tile.elements * plan.window.channels * plan.outChannels * 2)
  }
  package func phaseTimes(
    _ x: MemorySlice<Float>, packed: MemorySlice<Float>, into y: MemorySlice<Float>,
    scratch: MemorySlice<Float>, now: () -> Double
  ) -> (Double, Double, Double) {
    var best = (1e9, 1e9, 1e9)
    for _ in 0..<15 {
      var r = (0.0, 0.0, 0.0)
      let memory = unsafe Int(bitPattern: scratch.base)
      let at = unsafe WinogradAddresses(
        x: Int(bitPattern: x.base), packed: Int(bitPattern: packed.base),
        y: Int(bitPattern: y.base), chunk: memory, patch: memory + plan.chunkCount * 4)
      for chunk in 0..<plan.chunks {
        let tiles = plan.tiles(ofChunk: chunk)
        let t0 = now()
        plan.transformInput(
          at, tiles: tiles, chunkStart: tiles.lowerBound, blocks: 0..<plan.inBlocks)
        let t1 = now()
        plan.multiply(
          at, tiles: tiles.count, elements: 0..<plan.tile.elements,
          panels: plan.products.panels.indices)
        let t2 = now()
        plan.transformOutput(
          at, operands: [], tiles: tiles, chunkStart: tiles.lowerBound, blocks: 0..<plan.outBlocks)
        let t3 = now()
        r.0 += t1 - t0; r.1 += t2 - t1; r.2 += t3 - t2
      }
      best.0 = min(best.0, r.0); best.1 = min(best.1, r.1); best.2 = min(best.2, r.2)
    }
    return best
  }
}
extension AlignedMemory { package var address: UnsafeMutableRawPointer { unsafe base } }
