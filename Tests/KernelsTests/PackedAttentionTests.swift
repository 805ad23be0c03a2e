import MartletKernels
import Testing

/// The portable attention is the judge; a test of its own holds that against the formula.
@Suite struct PackedAttentionTests {
  struct Sizes: Sendable {
    var batch = 1
    var heads = 1
    var queries = 1
    var keys = 1
    var width = 4
    var valueWidth = 4
  }

  static let sizes = [
    Sizes(), Sizes(batch: 2, heads: 3, queries: 70, keys: 70, width: 8, valueWidth: 8),
    Sizes(heads: 2, queries: 5, keys: 17, width: 7, valueWidth: 3),
    Sizes(heads: 4, queries: 300, keys: 1200, width: 16, valueWidth: 20),
    Sizes(batch: 3, queries: 1, keys: 33, width: 64, valueWidth: 64),
    Sizes(heads: 12, queries: 197, keys: 197, width: 64, valueWidth: 64),
  ]

  @Test(arguments: sizes, KernelMode.available)
  func equalsPortableAttention(sizes: Sizes, instructionSet: InstructionSet) throws {
    for (isCausal, hasMask) in [(false, false), (true, false), (false, true)] {
      var noise = Noise(UInt64(sizes.queries + sizes.keys))
      // Memory holds [batch, length, heads, width].
      func operand(_ length: Int, _ width: Int) -> AttentionGeometry.Operand {
        .init(
          batchStride: length * sizes.heads * width, headStride: width,
          rowStride: sizes.heads * width)
      }
      let items = sizes.batch * sizes.heads
      let q = try Guarded(noise.values(items * sizes.queries * sizes.width))
      let k = try Guarded(noise.values(items * sizes.keys * sizes.width))
      let v = try Guarded(noise.values(items * sizes.keys * sizes.valueWidth))
      var hidden = noise.values(sizes.queries * sizes.keys)
      // The last query sees nothing.
      for key in 0..<sizes.keys { hidden[hidden.count - 1 - key] = -.infinity }
      let mask = hasMask ? try Guarded(hidden) : nil
      let geometry = AttentionGeometry(
        batch: sizes.batch, heads: sizes.heads, queries: sizes.queries, keys: sizes.keys,
        width: sizes.width, valueWidth: sizes.valueWidth, scale: 0.7, isCausal: isCausal,
        query: operand(sizes.queries, sizes.width), key: operand(sizes.keys, sizes.width),
        value: operand(sizes.keys, sizes.valueWidth),
        result: operand(sizes.queries, sizes.valueWidth),
        mask: hasMask ? .init(batchStride: 0, headStride: 0, rowStride: sizes.keys) : nil)
      let count = items * sizes.queries * sizes.valueWidth
      let expected = try Guarded(count: count)
      attention(
        geometry, query: q.slice, key: k.slice, value: v.slice, mask: mask?.slice,
        into: expected.slice,
        scratch: try Guarded(count: geometry.scratchPerThread).slice)
      let kernel = try #require(
        try PackedAttention(geometry, instructionSet: instructionSet))
      let y = try sameBits(count: count) { output, threads in
        kernel.run(
          query: q.slice, key: k.slice, value: v.slice, mask: mask?.slice, into: output,
          scratch: try Guarded(count: kernel.scratchCount(threads: threads)).slice, threads: threads
        )
      }
      expectClose(y, expected.slice.values(), within: 5e-6)
    }
  }

  @Test func refusesNothing() throws {
    let nowhere = AttentionGeometry.Operand(batchStride: 4, headStride: 4, rowStride: 4)
    let geometry = AttentionGeometry(
      batch: 1, heads: 0, queries: 1, keys: 1, width: 4, valueWidth: 4, scale: 1,
      isCausal: false, query: nowhere, key: nowhere, value: nowhere, result: nowhere)
    for instructionSet in KernelMode.available {
      #expect(try PackedAttention(geometry, instructionSet: instructionSet) == nil)
    }
  }

  /// Bands whose sizes differ by a row share what is packed, whatever tiles suit each alone.
  @Test(arguments: KernelMode.available)
  func takesBandsOfAllSizes(instructionSet: InstructionSet) throws {
    for queries in 57..<130 {
      func operand(_ width: Int) -> AttentionGeometry.Operand {
        .init(batchStride: 0, headStride: 0, rowStride: width)
      }
      let geometry = AttentionGeometry(
        batch: 1, heads: 1, queries: queries, keys: 1200, width: 16, valueWidth: 80, scale: 1,
        isCausal: false, query: operand(16), key: operand(16), value: operand(80),
        result: operand(80), mask: nil)
      let kernel = try PackedAttention(geometry, instructionSet: instructionSet)
      #expect(kernel != nil, "\(queries) queries")
    }
  }
}
