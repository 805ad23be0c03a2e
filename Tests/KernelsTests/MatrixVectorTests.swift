import MartletKernels
import Testing

/// Rows, columns and elements between rows: odd, single, longer than one round, in several tiles.
private let sizes = [
  (1, 1, 0), (7, 5, 0), (8, 8, 3), (16, 32, 0), (17, 33, 0), (31, 100, 1), (40, 257, 0),
  (64, 1000, 5), (133, 79, 0), (1000, 512, 0),
]

@Test(arguments: KernelMode.available)
private func multipliesByVectors(_ set: InstructionSet) throws {
  for (rows, columns, gap) in sizes {
    var noise = Noise(UInt64(rows * 7 + columns))
    let stride = columns + gap
    let x = noise.values(columns)
    let w = noise.values((rows - 1) * stride + columns)
    let (bias, scale, addend) = (noise.values(rows), noise.values(rows), noise.values(rows))
    let sums = (0..<rows).map { row in
      (0..<columns).reduce(0.0) { $0 + Double(x[$1]) * Double(w[row * stride + $1]) }
    }
    let (left, matrix) = (try Guarded(x).slice, try Guarded(w).slice)
    let plain = try #require(
      try MatrixVectorKernel(
        rows: rows, columns: columns, stride: stride, hasBias: false, epilogue: [],
        instructionSet: set))
    let product = try sameBits(count: rows) { y, threads in
      plain.run(left, matrix: matrix, into: y, threads: threads)
    }
    // Sums that cancel are as exact as their terms.
    let bound = Float(columns).squareRoot() * 1e-6
    let terms = sums.map(Float.init)
    for (got, expected) in zip(product, terms) {
      #expect(abs(got - expected) <= bound, "\(rows) x \(columns)")
    }
    let fused = try #require(
      try MatrixVectorKernel(
        rows: rows, columns: columns, stride: stride, hasBias: true,
        epilogue: [
          .multiply(operand: 0, .channel), .function(.relu), .add(operand: 1, .full),
          .add(operand: 2, .scalar),
        ], instructionSet: set))
    let operands = try [scale, addend, [0.5]].map { try Guarded($0).slice }
    let shift = try Guarded(bias).slice
    let result = try sameBits(count: rows) { y, threads in
      fused.run(
        left, matrix: matrix, bias: shift, into: y, operands: operands, threads: threads)
    }
    for row in 0..<rows {
      let expected = max((terms[row] + bias[row]) * scale[row], 0) + addend[row] + 0.5
      #expect(abs(result[row] - expected) <= bound + 1e-6, "\(rows) x \(columns), row \(row)")
    }
  }
}

@Test(arguments: KernelMode.available)
private func carriesNotANumber(_ set: InstructionSet) throws {
  var noise = Noise(3)
  let (rows, columns) = (19, 37)
  var w = noise.values(rows * columns)
  w[5 * columns + 36] = .nan
  let kernel = try #require(
    try MatrixVectorKernel(
      rows: rows, columns: columns, hasBias: false, epilogue: [], instructionSet: set))
  let y = try Guarded(count: rows)
  kernel.run(
    try MemorySlice(noise.values(columns)), matrix: try MemorySlice(w), into: y.slice)
  #expect(y.slice.values().indices.filter { y.slice.values()[$0].isNaN } == [5])
  #expect(y.isIntact)
}

@Test(arguments: [1, 5, 8, 16], InstructionSet.allCases)
private func interpretsProductsWithVectors(_ rows: Int, _ set: InstructionSet) throws {
  let rows = min(rows, set.lanes)
  let columns = 2 * set.lanes + set.lanes + 3
  var noise = Noise(17)
  let program = MatrixVectorSpecification(
    instructionSet: set, rows: rows, hasBias: true,
    epilogue: [.function(.sigmoid), .multiply(operand: 0, .full)]
  ).program()
  _ = try runEverywhere(
    program,
    [
      .integer(1), .address(buffer: 0, byteOffset: 0), .address(buffer: 1, byteOffset: 0),
      .address(buffer: 2, byteOffset: 0), .address(buffer: 3, byteOffset: 0),
      .integer(columns * 4), .integer(1), .integer(1), .integer(3),
      .address(buffer: 4, byteOffset: 0),
    ],
    [
      noise.values(columns), noise.values(rows * columns), [Float](repeating: 0, count: rows),
      noise.values(rows), noise.values(rows),
    ])
}
