import MartletRuntime
import Testing

/// Numbers that are the same in every run.
struct Numbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 33
  }
}

/// Buffers that live at the same time lie apart, in no less than lives at once.
@Test(arguments: 1...200) private func arenasKeepApartWhatLivesAtOnce(seed: UInt64) {
  var numbers = Numbers(state: seed)
  let buffers = (0..<Int.random(in: 0...40, using: &numbers)).map { _ in
    let first = Int.random(in: 0...20, using: &numbers)
    return PlannedBuffer(
      byteCount: Int.random(in: 0...5000, using: &numbers), place: .arena, firstStep: first,
      lastStep: first + Int.random(in: 0...6, using: &numbers))
  }
  let arena = ArenaPlan(buffers)
  func range(_ index: Int) -> Range<Int> {
    let start = arena.offsets[index] ?? -1
    return start..<start + buffers[index].byteCount
  }
  for index in buffers.indices {
    #expect(range(index).lowerBound >= 0 && range(index).upperBound <= arena.byteCount)
    for other in 0..<index
    where buffers[index].firstStep <= buffers[other].lastStep
      && buffers[other].firstStep <= buffers[index].lastStep
    {
      #expect(!range(index).overlaps(range(other)))
    }
  }
  for step in 0..<27 {
    let live = buffers.filter { $0.firstStep <= step && step <= $0.lastStep }
    #expect(live.reduce(0) { $0 + $1.byteCount } <= arena.byteCount)
  }
}

/// Largest first leaves a gap here that placing the busiest step's buffers first does not.
@Test private func arenasTakeTheBestOrder() {
  func buffer(_ units: Int, _ steps: ClosedRange<Int>) -> PlannedBuffer {
    PlannedBuffer(
      byteCount: units * 64, place: .arena, firstStep: steps.lowerBound,
      lastStep: steps.upperBound)
  }
  // Largest first takes 12 units, one after the other 11.
  let buffers = [buffer(4, 3...4), buffer(2, 2...3), buffer(5, 1...1), buffer(5, 1...2)]
  #expect(ArenaPlan(buffers).byteCount == 10 * 64)
}

@Test private func unusedBuffersNeedNoPlace() {
  let unused = PlannedBuffer(byteCount: 64, place: .arena, firstStep: .max, lastStep: -1)
  #expect(ArenaPlan([]).byteCount == 0)
  #expect(ArenaPlan([unused, unused]).byteCount == 64)
  let input = PlannedBuffer(byteCount: 64, place: .input(0), firstStep: 0, lastStep: 3)
  #expect(ArenaPlan([input]).offsets == [nil])
}
