import MartletKernels
import Testing

private struct Sizes: CustomStringConvertible, Sendable {
  let (m, n, k): (Int, Int, Int)
  var batch = 1
  var layout = PackedGEMM.Layout.columnsByDepth
  var description: String { "\(batch)x\(m)x\(n)x\(k) \(layout)" }
  init(
    _ m: Int, _ n: Int, _ k: Int, batch: Int = 1,
    _ layout: PackedGEMM.Layout = .columnsByDepth
  ) {
    (self.m, self.n, self.k) = (m, n, k)
    self.batch = batch
    self.layout = layout
  }
}

private let sizes = [
  Sizes(1, 1, 1), Sizes(1, 1000, 512), Sizes(2, 100, 77), Sizes(7, 33, 16), Sizes(16, 16, 16),
  Sizes(17, 31, 300, .depthByColumns), Sizes(197, 65, 129), Sizes(128, 256, 64),
  Sizes(50, 48, 200, batch: 3, .depthByColumns), Sizes(29, 7, 5, batch: 4), Sizes(113, 3, 8),
  Sizes(64, 20, 700),
]

private let sets = KernelMode.available

@Test(arguments: sizes, sets)
private func multipliesPacked(_ size: Sizes, _ set: InstructionSet) throws {
  let (m, n, k) = (size.m, size.n, size.k)
  var noise = Noise(UInt64(m * 7 + n))
  let (xStride, yStride) = (k + 5, n + 3)
  let x = noise.values(size.batch * m * xStride)
  let b = noise.values(size.batch * n * k)
  let bias = noise.values(n)
  let addend = noise.values(size.batch * m * yStride)
  let scale = noise.values(n)
  let gemm = try #require(
    try PackedGEMM(
      rows: m, columns: n, depth: k, layout: size.layout, xStride: xStride, yStride: yStride,
      hasBias: true,
      epilogue: [
        .multiply(operand: 0, .channel), .add(operand: 1, .full), .function(.relu),
      ], instructionSet: set))
  let packed = try MemorySlice(
    [Float](repeating: .nan, count: gemm.packedCount * size.batch))
  let matrix = try MemorySlice(b)
  gemm.pack(
    matrix, bias: try MemorySlice(bias), into: packed,
    batch: Batch(count: size.batch, aStride: n * k, cStride: gemm.packedCount), threads: 2)
  let operands = [try MemorySlice(scale), try MemorySlice(addend)]
  let input = try MemorySlice(x)
  let got = try sameBits(count: size.batch * m * yStride) { y, threads in
    gemm.run(
      input, packed: packed, into: y, operands: operands,
      batch: Batch(
        count: size.batch, aStride: m * xStride, bStride: gemm.packedCount, cStride: m * yStride),
      threads: threads)
  }
  var expected = [Float](repeating: .nan, count: got.count)
  for item in 0..<size.batch {
    for row in 0..<m {
      for column in 0..<n {
        var sum = Double(bias[column])
        for d in 0..<k {
          let index = size.layout == .columnsByDepth ? column * k + d : d * n + column
          sum += Double(x[(item * m + row) * xStride + d]) * Double(b[item * n * k + index])
        }
        let at = (item * m + row) * yStride + column
        expected[at] = Float(max(sum * Double(scale[column]) + Double(addend[at]), 0))
      }
    }
  }
  // What lies between the rows is not written.
  expectClose(got, expected, within: 1e-5, "\(size)")
}
