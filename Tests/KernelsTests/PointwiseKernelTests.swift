import MartletKernels
import Testing

struct PointwiseKernelTests {
  /// x · sigmoid (x), then + b, then · relu6 (x + 3) / 6, then the larger of that and 2 − x.
  static let steps: [PointwiseStep] = [
    .function(.sigmoid, .input(0)), .combine(.multiply, .input(0), .step(0)),
    .combine(.add, .step(1), .input(1)), .combine(.add, .input(0), .constant(3)),
    .function(.clamp(low: 0, high: 6), .step(3)), .combine(.multiply, .step(2), .step(4)),
    .combine(.divide, .step(5), .constant(6)), .combine(.subtract, .constant(2), .input(0)),
    .combine(.maximum, .step(6), .step(7)), .combine(.multiply, .step(8), .input(2)),
  ]

  static func expected(_ x: Float, _ b: Float, _ c: Float) -> Float {
    let gated = (PointwiseTests.reference(.silu, x) + b) * min(max(x + 3, 0), 6) / 6
    return (x.isNaN || b.isNaN ? .nan : max(gated, 2 - x)) * c
  }

  /// Sizes of the result, then strides of the two inputs that are broadcast.
  static let forms: [([Int], [Int], [Int])] = [
    ([0], [1], [1]), ([1], [1], [1]), ([17], [1], [0]), ([127], [0], [1]), ([], [], []),
    ([2, 3, 35], [105, 35, 1], [0, 1, 0]), ([2, 5, 64], [0, 0, 1], [5, 1, 0]),
    ([3, 1, 9], [9, 9, 1], [0, 3, 0]), ([2, 40_000], [40_000, 1], [1, 0]),
    ([300, 100], [0, 1], [1, 0]), ([7, 3, 5, 4], [3, 1, 0, 0], [0, 0, 4, 1]),
  ]

  @Test(arguments: forms, KernelMode.available)
  func broadcasting(form: ([Int], [Int], [Int]), instructionSet: InstructionSet) throws {
    let (sizes, bStrides, cStrides) = form
    func extent(_ strides: [Int]) -> Int {
      zip(sizes, strides).reduce(1) { $0 + max($1.0 - 1, 0) * $1.1 }
    }
    var noise = Noise()
    let count = sizes.reduce(1, *)
    var xs = noise.values(count).map { $0 * 6 }
    if count > 3 { (xs[1], xs[2], xs[3]) = (.nan, .infinity, -8) }
    let x = try Guarded(xs)
    let (b, c) = (
      try Guarded(noise.values(extent(bStrides))), try Guarded(noise.values(extent(cStrides)))
    )
    var dense = [Int](repeating: 1, count: sizes.count)
    for d in sizes.indices.dropLast().reversed() { dense[d] = dense[d + 1] * sizes[d + 1] }
    let (bs, cs) = (b.slice.values(), c.slice.values())
    let expected = (0..<count).map { index in
      var (i, j, rest) = (0, 0, index)
      for d in sizes.indices.reversed() {
        i += rest % sizes[d] * bStrides[d]
        j += rest % sizes[d] * cStrides[d]
        rest /= sizes[d]
      }
      return Self.expected(xs[index], bs[i], cs[j])
    }
    let kernel = try #require(
      try PointwiseKernel(
        steps: Self.steps, sizes: sizes, strides: [dense, bStrides, cStrides],
        instructionSet: instructionSet))
    let y = try sameBits(count: count) {
      kernel.run([x.slice, b.slice, c.slice], into: $0, threads: $1)
    }
    expectClose(y, expected, within: 2e-6)
    // In place.
    kernel.run([x.slice, b.slice, c.slice], into: x.slice)
    #expect(x.slice.values().map(\.bitPattern) == y.map(\.bitPattern) && x.isIntact)
  }

  @Test(arguments: [1, 7, 16, 35, 4096], KernelMode.available)
  func blocked(spatial: Int, instructionSet: InstructionSet) throws {
    let (batch, channels, lanes) = (2, 21, instructionSet.lanes)
    let padded = (channels + lanes - 1) / lanes * lanes
    for format in [ImageFormat.plain, .blocked] {
      let width = format == .plain ? channels : padded
      var noise = Noise()
      let x = try Guarded(noise.values(batch * width * spatial))
      for forms in [[OperandBroadcast.channel, .image], [.scalar, .channel], [.image, .full]] {
        let operands = try forms.map { form in
          let counts: [OperandBroadcast: Int] = [
            .full: batch * width * spatial, .channel: width, .image: batch * width, .scalar: 1,
          ]
          return try Guarded(noise.values(counts[form] ?? 0))
        }
        let values = operands.map { $0.slice.values() }
        let xs = x.slice.values()
        let expected = xs.indices.map { index in
          let (image, channel) =
            format == .plain
            ? (index / (width * spatial), index / spatial % width)
            : (
              index / (width * spatial),
              index / (spatial * lanes) % (width / lanes) * lanes + index % lanes
            )
          let chosen = zip(forms, values).map { form, values in
            switch form {
            case .full: values[index]
            case .channel: values[channel]
            case .image: values[image * width + channel]
            case .scalar: values[0]
            }
          }
          return Self.expected(xs[index], chosen[0], chosen[1])
        }
        let kernel = try #require(
          try PointwiseKernel(
            steps: Self.steps, format: format, batch: batch, channels: channels,
            spatial: spatial, inputs: [.full] + forms, instructionSet: instructionSet))
        let y = try sameBits(count: xs.count) {
          kernel.run([x.slice] + operands.map(\.slice), into: $0, threads: $1)
        }
        expectClose(y, expected, within: 2e-6, "\(format) \(forms)")
      }
    }
  }

  /// Natively and interpreted, with several rows and every form of input.
  @Test(arguments: InstructionSet.allCases, [1, 15, 16, 64, 77])
  func sameBitsInterpreted(instructionSet: InstructionSet, count: Int) throws {
    let program = PointwiseSpecification(
      instructionSet: instructionSet, steps: Self.steps, inputs: [.dense, .scalar, .vector]
    ).program()
    let lanes = instructionSet.lanes
    let block = lanes * PointwiseSpecification.unrolling
    var noise = Noise()
    _ = try runEverywhere(
      program,
      [
        .integer(count / block), .integer(count % block / lanes), .integer(count % lanes),
        .integer(3), .address(buffer: 3, byteOffset: 0), .integer(count * 4),
        .address(buffer: 0, byteOffset: 0), .integer(count * 4),
        .address(buffer: 1, byteOffset: 0), .integer(4),
        .address(buffer: 2, byteOffset: 0), .integer(lanes * 4),
      ],
      [
        noise.values(count * 3), noise.values(3), noise.values(lanes * 3),
        [Float](repeating: 0, count: count * 3),
      ])
  }

  static func combined(_ combination: OperandCombination, _ a: Float, _ b: Float) -> Float {
    switch combination {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .maximum: a.isNaN || b.isNaN ? .nan : max(a, b)
    case .minimum: a.isNaN || b.isNaN ? .nan : min(a, b)
    case .subtractReversed: b - a
    case .divideReversed: b / a
    case .prelu: a > 0 ? a : a * b
    }
  }

  @Test(arguments: OperandCombination.allCases, InstructionSet.allCases)
  func combinations(combination: OperandCombination, instructionSet: InstructionSet) throws {
    let special: [Float] = [.nan, .infinity, -.infinity, 0, 1.5, -2.5, .leastNonzeroMagnitude]
    let a = special.flatMap { value in special.map { _ in value } }
    let b = special.flatMap { _ in special }
    let expected = zip(a, b).map { Self.combined(combination, $0, $1) }
    let lanes = instructionSet.lanes
    let block = 4 * lanes
    let program = PointwiseSpecification(
      instructionSet: instructionSet,
      steps: [.combine(combination, .input(0), .input(1))], inputs: [.dense, .dense]
    ).program()
    let y = try runEverywhere(
      program,
      [
        .integer(a.count / block), .integer(a.count % block / lanes),
        .integer(a.count % lanes), .integer(1), .address(buffer: 2, byteOffset: 0),
        .integer(0), .address(buffer: 0, byteOffset: 0), .integer(0),
        .address(buffer: 1, byteOffset: 0), .integer(0),
      ], [a, b, [Float](repeating: 7, count: a.count)])[2]
    expectClose(y, expected, within: 0)
  }
}
