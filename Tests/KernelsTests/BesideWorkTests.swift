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

/// Each piece is done once, in order where one thread does all.
@Test(arguments: [true, false]) private func besideQueueDoesEachPieceOnce(isBeside: Bool) {
  for count in [0, 1, 2, 100] {
    let done = Locked<[Int]>([])
    let queue = BesideQueue(isBeside: isBeside)
    for piece in 0..<count { queue.add { done.withLock { $0.append(piece) } } }
    queue.takeAll()
    if !isBeside { #expect(done.withLock { $0 } == Array(0..<count)) }
    while done.withLock({ $0.count }) < count {}
    #expect(done.withLock { $0.sorted() } == Array(0..<count))
  }
}

@Test private func besideQueueForgetsWhatIsDropped() {
  let done = Locked(0)
  let queue = BesideQueue(isBeside: false)
  for _ in 0..<3 { queue.add { done.withLock { $0 += 1 } } }
  queue.drop()
  queue.takeAll()
  #expect(done.withLock { $0 } == 0)
  queue.add { done.withLock { $0 += 1 } }
  queue.takeAll()
  #expect(done.withLock { $0 } == 1)
}
