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
