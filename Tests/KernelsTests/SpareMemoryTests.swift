import MartletKernels
import Testing

/// Parts that are held lie apart; what nobody holds is used again.
@Test private func spareMemoryIsUsedAgainOnceNobodyHoldsIt() throws {
  let spare = SpareMemory()
  func write(_ value: UInt8, _ memory: AlignedMemory) {
    memory.withMutableSpan(of: UInt8.self, offset: 0, count: memory.byteCount) { bytes in
      for index in bytes.indices { bytes[index] = value }
    }
  }
  func first(_ memory: AlignedMemory) -> UInt8 {
    memory.withSpan(of: UInt8.self, offset: 0, count: 1) { $0[0] }
  }
  // Smaller ones, larger ones, and those beside one that is held.
  var held: [AlignedMemory] = []
  for (index, byteCount) in [100_000, 70_000, 5_000_000, 64, 3_000_000].enumerated() {
    let memory = try spare.part(byteCount: byteCount)
    #expect(memory.byteCount == byteCount)
    write(UInt8(index), memory)
    held.append(memory)
  }
  #expect(held.map(first) == [0, 1, 2, 3, 4])
  held = []
  var again: AlignedMemory? = try spare.part(byteCount: 4_000_000)
  // What the third left there.
  #expect(again.map(first) == 2)
  spare.drop()
  if let again { write(9, again) }
  #expect(again.map(first) == 9)
  again = nil
  #expect(throws: AllocationError.self) { try spare.part(byteCount: -1) }
}
