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
  pages.collect([memory, small])
  func isWhole() -> Bool {
    memory.withSpan(of: UInt8.self, offset: 0, count: count) { bytes in
      bytes.indices.allSatisfy { bytes[$0] == UInt8(truncatingIfNeeded: $0 &* 31) }
    }
  }
  while !pages.isIdle { #expect(isWhole()) }
  #expect(isWhole())
}
