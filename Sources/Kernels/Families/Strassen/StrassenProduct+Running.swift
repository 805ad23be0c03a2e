extension StrassenProduct {
  /// Computes all chunks: plainly those where x has numbers that are not finite, and all of them
  /// where the matrix has.
  func run(_ addresses: StrassenAddresses, isFinite: Bool, threads: Int) {
    for chunk in chunks {
      if isFinite,
        let run = StrassenRun(self, addresses, chunk: chunk, threads: threads), run.run()
      {
        continue
      }
      guard let plan = plain(rows: chunk.count) else { continue }
      runPlainly(
        plan, addresses, first: chunk.lowerBound, TilePieces(plan, images: 1, threads: threads))
    }
    if single.isEmpty { return }
    runPlainly(
      whole, addresses, first: 0, TilePieces(whole, panels: single, images: 1, threads: threads))
  }

  private func runPlainly(
    _ plan: TilePlan, _ addresses: StrassenAddresses, first: Int, _ pieces: TilePieces
  ) {
    ThreadPool.shared.run(
      PlainRows(plan: plan, addresses: addresses, first: first, pieces: pieces),
      tiles: pieces.count, threads: pieces.threads)
  }

  private struct PlainRows: TiledWork {
    let plan: TilePlan
    let addresses: StrassenAddresses
    let first: Int
    let pieces: TilePieces

    func compute(_ index: Int, slot: Int) {
      let (piece, geometry) = (pieces[index], plan.geometry)
      plan.run(
        TileAddresses(
          x: addresses.x + first * geometry.pixelStride, weights: addresses.weights,
          bias: addresses.bias, result: addresses.y + first * geometry.resultStride),
        panels: piece.panels, strips: piece.strips
      ) { number, broadcast, panel in
        addresses.operand(number, broadcast, panel, row: first, geometry)
      }
    }
  }
}

extension TilePlan {
  /// Whether sums of a panel's packed weights are finite.
  func hasFiniteSums(_ weights: UnsafePointer<Float>, panel: Int) -> Bool {
    let count = panels[panel].vectors * geometry.lanes * geometry.storedChannels
    let first = unsafe UnsafeRawPointer(weights + geometry.weightOffset(panels[panel]))
    typealias Vector = SIMD8<Float>
    let most = Vector(repeating: Float.greatestFiniteMagnitude / 4)
    var isFinite = SIMDMask<SIMD8<Int32>>(repeating: true)
    for offset in stride(from: 0, to: count * 4, by: MemoryLayout<Vector>.size) {
      let value = unsafe first.loadUnaligned(fromByteOffset: offset, as: Vector.self)
      isFinite .&= (value .<= most) .& (value .>= -most)
    }
    return all(isFinite)
  }
}
