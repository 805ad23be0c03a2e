import MartletKernels
import Testing

/// Each tile is done once, whoever does it, before `finish` comes back.
@Test(arguments: [0, 1, 2, 100]) private func besideWorkDoesEachTileOnce(tiles: Int) {
  for _ in 0..<20 {
    let counts = Locked([Int](repeating: 0, count: tiles))
    let work = BesideWork.begin(tiles: tiles) { tile in counts.withLock { $0[tile] += 1 } }
    work.finish()
    #expect(counts.withLock { $0 } == [Int](repeating: 1, count: tiles))
  }
}
