import MartletKernels
import Testing

/// Memory that moves into large pages keeps its bytes, whoever reads it meanwhile.
@Test private func largePagesKeepBytes() async throws {
  let count = 3 << 20
  let memory = try AlignedMemory(keptByteCount: count)
  memory.withMutableSpan(of: UInt8.self, offset: 0, count: count) { bytes in
    for index in 0..<count { bytes[index] = UInt8(truncatingIfNeeded: index &* 31) }
  }
  let small = try AlignedMemory(keptByteCount: 1 << 16)
  let pages = LargePages()
  pages.collect(memory)
  pages.collect(small)
  func isWhole() -> Bool {
    memory.withSpan(of: UInt8.self, offset: 0, count: count) { bytes in
      bytes.indices.allSatisfy { bytes[$0] == UInt8(truncatingIfNeeded: $0 &* 31) }
    }
  }
  while !pages.isIdle { #expect(isWhole()) }
  #expect(isWhole())
}

/// Parts of memory give their own pages back, and leave their neighbours' bytes alone.
@Test func partsGiveTheirPagesBack() throws {
  let count = 1 << 20
  let whole = try AlignedMemory(keptByteCount: count)
  let ends = [0, 64, 4096, 100_032, 100_096, 600_000, 1 << 20]
  var parts: [AlignedMemory?] = zip(ends, ends.dropFirst()).map {
    AlignedMemory(cut: $0..<$1, from: whole)
  }
  whole.withMutableSpan(of: UInt8.self, offset: 0, count: count) { bytes in
    for index in 0..<count { bytes[index] = UInt8(truncatingIfNeeded: index % 251 + 1) }
  }
  func value(_ index: Int) -> UInt8 {
    whole.withSpan(of: UInt8.self, offset: index, count: 1) { $0[0] }
  }
  for freed in [2, 0, 4] {
    parts[freed] = nil
    for (part, (start, end)) in zip(parts, zip(ends, ends.dropFirst())) where part != nil {
      #expect((start..<end).allSatisfy { value($0) == UInt8(truncatingIfNeeded: $0 % 251 + 1) })
    }
  }
  #if os(Linux)
    #expect(value(50_000) == 0)
  #endif
  withExtendedLifetime(parts) {}
}
