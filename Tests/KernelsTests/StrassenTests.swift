import MartletKernels
import Testing

private struct Sizes: CustomStringConvertible, Sendable {
  let (rows, columns, depth): (Int, Int, Int)
  let rowsAtOnce: Int
  var batch = 1
  var result = ChannelLayout.last
  var description: String { "\(batch)x\(rows)x\(columns)x\(depth) by \(rowsAtOnce), \(result)" }

  init(
    _ rows: Int, _ columns: Int, _ depth: Int, by rowsAtOnce: Int, batch: Int = 1,
    _ result: ChannelLayout = .last
  ) {
    (self.rows, self.columns, self.depth) = (rows, columns, depth)
    self.rowsAtOnce = rowsAtOnce
    self.batch = batch
    self.result = result
  }
}

private let sizes = [
  Sizes(2, 256, 32, by: 256), Sizes(3, 256, 64, by: 256), Sizes(197, 256, 96, by: 256),
  Sizes(64, 384, 1312, by: 64), Sizes(101, 128, 160, by: 25), Sizes(29, 256, 32, by: 10, batch: 3),
  Sizes(45, 1000, 64, by: 23), Sizes(37, 128, 96, by: 16, .blocked),
  Sizes(49, 384, 64, by: 256, batch: 2, .blocked),
]

private let sets = KernelMode.available

/// A product and what it is computed from.
private struct Product {
  let size: Sizes
  let kernel: PackedGEMM
  let packed, input: MemorySlice<Float>
  let operands: [MemorySlice<Float>]
  let expected: [Float]

  /// Rows, columns and values that are changed come as `special`.
  init(
    _ size: Sizes, _ set: InstructionSet, special: [(row: Int, depth: Int, value: Float)] = [],
    specialWeights: [(column: Int, depth: Int, value: Float)] = []
  ) throws {
    self.size = size
    let (m, n, k) = (size.rows, size.columns, size.depth)
    var noise = Noise(UInt64(m * 7 + n + k))
    var x = noise.values(size.batch * m * k)
    var w = noise.values(n * k)
    for change in special { x[change.row * k + change.depth] = change.value }
    for change in specialWeights { w[change.column * k + change.depth] = change.value }
    let (bias, scale) = (noise.values(n), noise.values(n))
    kernel = try #require(
      try PackedGEMM(
        rows: m, columns: n, depth: k, result: size.result, hasBias: true,
        epilogue: [
          .multiply(operand: 0, .channel), .add(operand: 1, .full), .function(.relu),
        ], instructionSet: set, quarters: .always(rowsAtOnce: size.rowsAtOnce)))
    #expect(kernel.kernelName.hasPrefix("strassen "))
    let addend = noise.values(size.batch * kernel.resultCount)
    packed = try MemorySlice([Float](repeating: .nan, count: kernel.packedCount))
    kernel.pack(try MemorySlice(w), bias: try MemorySlice(bias), into: packed, threads: 2)
    input = try MemorySlice(x)
    operands = [try MemorySlice(scale), try MemorySlice(addend)]
    var expected = [Float](repeating: .nan, count: size.batch * kernel.resultCount)
    for item in 0..<size.batch {
      for row in 0..<m {
        for column in 0..<n {
          var sum = Double(bias[column])
          for d in 0..<k { sum += Double(x[(item * m + row) * k + d]) * Double(w[column * k + d]) }
          let place =
            size.result == .last
            ? row * n + column
            : (column / set.lanes * m + row) * set.lanes + column % set.lanes
          let at = item * m * n + place
          let value = Float(sum * Double(scale[column])) + addend[at]
          expected[at] = value.isNaN ? value : max(value, 0)
        }
      }
    }
    self.expected = expected
  }

  func run(into y: MemorySlice<Float>, operands: [MemorySlice<Float>], threads: Int) throws {
    let scratch = try MemorySlice(
      [Float](repeating: .nan, count: kernel.scratchCount(threads: threads)))
    kernel.run(
      input, packed: packed, into: y, operands: operands, scratch: scratch,
      batch: Batch(
        count: size.batch, aStride: size.rows * size.depth, cStride: kernel.resultCount),
      threads: threads)
  }

  func results() throws -> [Float] {
    try sameBits(count: expected.count) { y, threads in
      try run(into: y, operands: operands, threads: threads)
    }
  }
}

@Test(arguments: sizes, sets)
private func multipliesByQuarters(_ size: Sizes, _ set: InstructionSet) throws {
  let product = try Product(size, set)
  expectClose(try product.results(), product.expected, within: 5e-6, "\(size)")
}

@Test(arguments: sets)
private func addsToItsOwnMemory(_ set: InstructionSet) throws {
  let product = try Product(Sizes(53, 256, 64, by: 20), set)
  let y = product.operands[1]
  try product.run(into: y, operands: [product.operands[0], y], threads: 2)
  expectClose(y.values(), product.expected, within: 5e-6)
}

@Test(arguments: sets)
private func keepsToRowsThatAreNotFinite(_ set: InstructionSet) throws {
  let size = Sizes(61, 128, 64, by: 31)
  // The first chunk alone is multiplied plainly.
  let product = try Product(
    size, set, special: [(3, 40, .nan), (20, 5, .infinity), (21, 63, -3e38), (5, 60, 3e38)])
  let got = try product.results()
  expectClose(
    Array(got.suffix(30 * size.columns)), Array(product.expected.suffix(30 * size.columns)),
    within: 5e-6)
  for row in 0..<31 where ![3, 20, 21, 5].contains(row) {
    let range = row * size.columns..<(row + 1) * size.columns
    expectClose(Array(got[range]), Array(product.expected[range]), within: 5e-6, "row \(row)")
  }
  for row in [3, 20] {
    let range = row * size.columns..<(row + 1) * size.columns
    for (value, expected) in zip(got[range], product.expected[range]) {
      #expect(value.isNaN == expected.isNaN && (value.isNaN || value == expected), "row \(row)")
    }
  }
}

@Test(arguments: sets)
private func keepsToColumnsThatAreNotFinite(_ set: InstructionSet) throws {
  let size = Sizes(16, 128, 32, by: 16)
  // Sums of the last two would be infinite.
  let product = try Product(
    size, set,
    specialWeights: [(7, 3, .nan), (90, 31, .infinity), (33, 2, 3e38), (97, 2, -3e38)])
  let got = try product.results()
  func values(_ results: [Float], _ isIncluded: (Int) -> Bool) -> [Float] {
    results.indices.filter { isIncluded($0 % size.columns) }.map { results[$0] }
  }
  for isIncluded: (Int) -> Bool in [{ ![7, 33, 90, 97].contains($0) }, { [33, 97].contains($0) }] {
    expectClose(values(got, isIncluded), values(product.expected, isIncluded), within: 5e-6)
  }
}

@Test(arguments: sets)
private func leavesOtherSizesToThePlainProduct(_ set: InstructionSet) throws {
  for (columns, depth) in [(set.lanes + 1, 64), (128, 40), (64, 65)] {
    let kernel = try #require(
      try PackedGEMM(
        rows: 64, columns: columns, depth: depth, hasBias: false, epilogue: [],
        instructionSet: set, quarters: .always(rowsAtOnce: 64)))
    #expect(!kernel.kernelName.hasPrefix("strassen ") && kernel.scratchCount(threads: 2) == 0)
  }
}

@Test(arguments: sets)
private func takesQuartersWhereRowsAreMany(_ set: InstructionSet) throws {
  let kernels = try [12, 250].map { rows in
    try #require(
      try PackedGEMM(
        rows: rows, columns: 2048, depth: 2048, hasBias: false, epilogue: [], instructionSet: set,
        choice: TileChoice(vectors: 4, pixels: 3, blocksAtOnce: 64), quarters: .whereFaster))
  }
  #expect(kernels.map { $0.kernelName.hasPrefix("strassen ") } == [false, true])
  // They read the same packed weights.
  #expect(kernels[0].packing == kernels[1].packing)
  #expect(kernels[0].packedCount == kernels[1].packedCount)
}

@Test(arguments: sets)
private func findsWeightsThatAreTooLarge(_ set: InstructionSet) throws {
  let program = WeightCheckSpecification(instructionSet: set).program()
  let round = WeightCheckSpecification.vectors * set.lanes
  var noise = Noise(9)
  let most = Float.greatestFiniteMagnitude / 4
  for (value, isFine) in [
    (0, true), (most, true), (-most, true), (most.nextUp, false), (-.infinity, false),
    (.nan, false),
  ] as [(Float, Bool)] {
    var weights = noise.values(3 * round)
    weights[Int(abs(noise.next()) * Float(weights.count - 1))] = value
    let check = try runEverywhere(
      program,
      [
        .address(buffer: 0, byteOffset: 0), .integer(3), .address(buffer: 1, byteOffset: 0),
      ], [weights, [Float](repeating: 1, count: set.lanes)])[1]
    #expect(check.allSatisfy { $0 == 0 } == isFine, "\(value)")
  }
}
