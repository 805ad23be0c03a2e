import MartletKernels
import Testing

/// Memory that takes over pages shares them with nobody while it is there.
@Test private func passingMemoryIsAlone() throws {
  let wrong = Locked(0)
  ThreadPool.shared.run(tiles: 4, threads: 4) { tile in
    var held: [(memory: AlignedMemory, mark: Float)] = []
    for round in 0..<40 {
      let count = (1 << 14) * (1 + (round * 7 + tile * 3) % 11) + round
      guard let memory = try? AlignedMemory(passingByteCount: count * 4) else {
        wrong.withLock { $0 += 1 }
        return
      }
      let mark = Float(tile * 100 + round)
      memory.withMutableSpan(of: Float.self, offset: 0, count: count) { span in
        for index in 0..<count { span[index] = mark }
      }
      held.append((memory, mark))
      if held.count > 2 { held.removeFirst() }
      for (memory, mark) in held {
        let count = memory.byteCount / 4
        let isWhole = memory.withSpan(of: Float.self, offset: 0, count: count) { span in
          span.indices.allSatisfy { span[$0] == mark }
        }
        if !isWhole { wrong.withLock { $0 += 1 } }
      }
    }
  }
  #expect(wrong.withLock { $0 } == 0)
  ProcessHeap.trim()
}

@Test private func passingMemoryTellsWhatItCannotHave() throws {
  #expect(throws: AllocationError.self) { try AlignedMemory(passingByteCount: -1) }
  #expect(throws: AllocationError.self) { try AlignedMemory(passingByteCount: 1 << 55) }
  #expect(try AlignedMemory(passingByteCount: 0).byteCount == 0)
}
