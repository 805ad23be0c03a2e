import MartletKernels
import MartletRuntime
import Testing

struct WeightMemoryTests {
  private static let block = AlignedMemory.fillBlockByteCount

  /// Weights lie apart, and all of their pages are asked for, once.
  @Test(arguments: [UInt64](1...8))
  func weightsLieApart(_ seed: UInt64) throws {
    var random = Numbers(state: seed)
    let sizes = (0..<200).map { _ in
      let limit = [1 << 10, 1 << 20, 40 << 20][Int.random(in: 0..<10, using: &random) / 4]
      return Int.random(in: 1...limit, using: &random)
    }
    var memory = WeightMemory(expecting: sizes.reduce(0, +))
    var parts: [AlignedMemory] = []
    var filled: [ObjectIdentifier: [Range<Int>]] = [:]
    for size in sizes {
      memory.meet(size)
      let part = try memory.take(size)
      #expect(part.byteCount == size && part.isAligned(to: AlignedMemory.alignment))
      parts.append(part)
      for (piece, range) in memory.takeUnfilled() {
        #expect(range.upperBound <= piece.byteCount)
        filled[ObjectIdentifier(piece), default: []].append(range)
      }
    }
    var used = 0
    for piece in memory.pieces {
      used += piece.used
      let ranges = filled[ObjectIdentifier(piece.memory)] ?? []
      #expect(ranges.first?.lowerBound == 0)
      for (one, next) in zip(ranges, ranges.dropFirst()) {
        #expect(one.upperBound == next.lowerBound)
      }
      // A large page's end at most beyond what is used: only where more was to come.
      let end = ranges.last?.upperBound ?? 0
      #expect(end >= piece.used && end - piece.used < Self.block)
    }
    #expect(used >= sizes.reduce(0, +))
    // Written one by one, none changes another.
    for (index, part) in parts.enumerated() where part.byteCount < 1 << 20 {
      part.withMutableSpan(of: UInt8.self, offset: 0, count: part.byteCount) {
        $0[0] = UInt8(index)
        $0[part.byteCount - 1] = UInt8(index)
      }
    }
    for (index, part) in parts.enumerated() where part.byteCount < 1 << 20 {
      part.withSpan(of: UInt8.self, offset: 0, count: part.byteCount) {
        #expect($0[0] == UInt8(index) && $0[part.byteCount - 1] == UInt8(index))
      }
    }
  }

  /// Nothing is filled for weights that do not come.
  @Test func theLastBlockIsFilledAsFarAsItIsUsed() throws {
    var memory = WeightMemory(expecting: 3 << 20)
    func add() throws -> [Range<Int>] {
      memory.meet(1 << 20)
      _ = try memory.take(1 << 20)
      return memory.takeUnfilled().map(\.range)
    }
    #expect(try add() == [0..<2 << 20])
    #expect(try add() == [])
    #expect(try add() == [2 << 20..<3 << 20])
    #expect(memory.pieces.count == 1)
  }
}
