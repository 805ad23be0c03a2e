import MartletKernels
import Testing

private let windows: [WindowCase] = [
  WindowCase(channels: 1, height: 1, width: 1, kernel: (1, 1)),
  WindowCase(channels: 3, height: 1, width: 1, kernel: (3, 3), pad: (1, 1)),
  WindowCase(batch: 2, channels: 17, height: 5, width: 7, kernel: (3, 3), pad: (1, 1)),
  WindowCase(channels: 40, height: 7, width: 5, kernel: (3, 3), stride: (2, 2), pad: (1, 1)),
  WindowCase(channels: 8, height: 9, width: 70, kernel: (3, 3), pad: (1, 1)),
  WindowCase(channels: 20, height: 6, width: 61, kernel: (3, 3), stride: (2, 2), pad: (0, 0)),
  WindowCase(channels: 16, height: 7, width: 7, kernel: (7, 7), pad: (3, 3)),
  WindowCase(channels: 3, height: 14, width: 56, kernel: (7, 7), pad: (3, 3)),
  WindowCase(batch: 2, channels: 9, height: 12, width: 29, kernel: (5, 5), pad: (2, 2)),
  WindowCase(channels: 9, height: 12, width: 29, kernel: (5, 5), stride: (2, 2), pad: (2, 2)),
  WindowCase(channels: 5, height: 10, width: 13, kernel: (2, 3), stride: (1, 2), pad: (1, 0)),
  WindowCase(
    channels: 5, height: 11, width: 30, kernel: (3, 3), stride: (1, 1), pad: (2, 2),
    dilation: (2, 2)),
  WindowCase(
    channels: 4, height: 5, width: 4, kernel: (3, 3), stride: (3, 1), pad: (1, 1),
    dilation: (3, 4)),
  WindowCase(channels: 2, height: 20, width: 33, kernel: (1, 17), pad: (0, 8)),
]

@Suite struct BlockedDepthwiseTests {
  @Test(arguments: windows, KernelMode.available)
  func agreesWithLoops(_ sizes: WindowCase, set: InstructionSet) throws {
    let window = sizes.window
    let taps = sizes.kernel.0 * sizes.kernel.1
    var noise = Noise(7)
    let x = noise.values(window.inputCount)
    let weight = noise.values(window.channels * taps)
    let bias = noise.values(window.channels)
    for (hasBias, relu) in [(false, false), (true, true)] {
      let door = try #require(
        try BlockedDepthwise(
          window: window, hasBias: hasBias, epilogue: relu ? [.function(.relu)] : [],
          instructionSet: set))
      var expected = [Float](
        repeating: 0, count: window.batch * window.channels * window.outPixels)
      for plane in 0..<(window.batch * window.channels) where hasBias {
        for out in 0..<window.outPixels {
          expected[plane * window.outPixels + out] = bias[plane % window.channels]
        }
      }
      sizes.forEachTap { plane, out, tap, pixel in
        let place = plane * window.outPixels + out
        expected[place] +=
          x[plane * window.height * window.width + pixel]
          * weight[plane % window.channels * taps + tap]
      }
      if relu { expected = expected.map { max($0, 0) } }
      try check(door, x, weight, hasBias ? bias : nil, expected, [])
    }
  }

  @Test(arguments: KernelMode.available)
  func combinesOperands(set: InstructionSet) throws {
    let sizes = WindowCase(
      batch: 2, channels: 13, height: 6, width: 31, kernel: (3, 3), pad: (1, 1))
    let window = sizes.window
    var noise = Noise(3)
    let x = noise.values(window.inputCount)
    let weight = noise.values(window.channels * 9)
    let full = noise.values(x.count)
    let channel = noise.values(window.channels)
    let scalar = noise.values(1)
    let door = try #require(
      try BlockedDepthwise(
        window: window, hasBias: false,
        epilogue: [
          .add(operand: 0, .full), .multiply(operand: 1, .channel), .function(.relu),
          .add(operand: 2, .scalar), .multiply(operand: 3, .image),
        ], instructionSet: set))
    let imageShape = BlockedShape(
      batch: 2, channels: 13, height: 1, width: 1, lanes: set.lanes)
    let image = noise.values(26)
    var expected = [Float](repeating: 0, count: x.count)
    sizes.forEachTap { plane, out, tap, pixel in
      expected[plane * window.outPixels + out] +=
        x[plane * window.outPixels + pixel] * weight[plane % 13 * 9 + tap]
    }
    for index in expected.indices {
      let plane = index / window.outPixels
      let value = max((expected[index] + full[index]) * channel[plane % 13], 0)
      expected[index] = (value + scalar[0]) * image[plane]
    }
    try check(
      door, x, weight, nil, expected,
      [blocked(full, door.output), channel, scalar, blocked(image, imageShape)])
  }

  @Test(arguments: KernelMode.available)
  func keepsInfinities(set: InstructionSet) throws {
    let sizes = WindowCase(channels: 2, height: 4, width: 30, kernel: (3, 3), pad: (1, 1))
    let window = sizes.window
    var x = [Float](repeating: 1, count: window.inputCount)
    x[40] = .nan
    x[130] = .infinity
    let weight = [Float](repeating: 0.5, count: 18)
    let door = try #require(
      try BlockedDepthwise(window: window, hasBias: false, instructionSet: set))
    var expected = [Float](repeating: 0, count: x.count)
    sizes.forEachTap { plane, out, tap, pixel in
      expected[plane * 120 + out] += x[plane * 120 + pixel] * 0.5
    }
    try check(door, x, weight, nil, expected, [])
  }

  @Test(arguments: KernelMode.available)
  func isChosenByConvolution(set: InstructionSet) throws {
    let sizes = WindowCase(channels: 20, height: 6, width: 9, kernel: (3, 3), pad: (1, 1))
    let window = sizes.window
    func make(_ input: ImageFormat, groups: Int) throws -> BlockedConvolution? {
      try BlockedConvolution(
        window: window, groups: groups, outChannels: 20, input: input, output: .blocked,
        hasBias: true, epilogue: [], instructionSet: set)
    }
    #expect(try make(.plain, groups: 20) == nil)
    let door = try #require(try make(.blocked, groups: 20))
    #expect(door.algorithm == .depthwise && door.scratchCount(threads: 2) == 0)
    let alone = try #require(
      try BlockedDepthwise(window: window, hasBias: true, instructionSet: set))
    var noise = Noise(5)
    let x = try MemorySlice(blocked(noise.values(window.inputCount), alone.input))
    let weight = try MemorySlice(noise.values(180))
    let bias = try MemorySlice(noise.values(20))
    let packed = try MemorySlice([Float](repeating: 0, count: door.packedCount))
    door.pack(weight: weight, bias: bias, into: packed)
    let results = try (0..<2).map { index in
      let y = try MemorySlice([Float](repeating: .nan, count: alone.output.count))
      if index == 0 {
        door.run(x, packed: packed, into: y, threads: 2)
      } else {
        alone.run(x, packed: packed, into: y)
      }
      return dense(y.values(), alone.output)
    }
    #expect(results[0] == results[1])
  }

  @Test func refusesHugeKernels() throws {
    let set = try #require(KernelMode.available.first)
    let sizes = WindowCase(channels: 1, height: 1, width: 100, kernel: (1, 90))
    #expect(
      try BlockedDepthwise(window: sizes.window, hasBias: false, instructionSet: set) == nil)
  }

  private func check(
    _ door: BlockedDepthwise, _ x: [Float], _ weight: [Float], _ bias: [Float]?,
    _ expected: [Float], _ operands: [[Float]]
  ) throws {
    let source = blocked(x, door.input)
    let packed = try MemorySlice([Float](repeating: .nan, count: door.packedCount))
    door.pack(
      weight: try MemorySlice(weight), bias: try bias.map { try MemorySlice($0) }, into: packed)
    let input = try Guarded(source)
    let slices = try operands.map { try MemorySlice($0) }
    let initial = [Float](repeating: .nan, count: door.output.count)
    let result = try sameBits(initial: initial) { y, threads in
      door.run(input.slice, packed: packed, into: y, operands: slices, threads: threads)
    }
    expectClose(dense(result, door.output), expected, within: 2e-6)
    try expectInterpreted(
      door, x: source, y: initial, weight: packed.values(), operands: operands, native: result)
  }
}

@Suite struct BlockedPoolingTests {
  @Test(arguments: windows, KernelMode.available)
  func maximum(_ sizes: WindowCase, set: InstructionSet) throws {
    var noise = Noise(11)
    var x = noise.values(sizes.window.inputCount)
    if x.count > 50 {
      x[7] = .nan
      x[20] = .infinity
      x[30] = -.infinity
    }
    try check(.maximum, sizes, x, set)
  }

  @Test(
    arguments: windows, [AverageDivisor.paddedWindow, .insideImage, .fixed(5)])
  func average(_ sizes: WindowCase, divisor: AverageDivisor) throws {
    var noise = Noise(12)
    var x = noise.values(sizes.window.inputCount)
    if x.count > 50 { x[17] = .infinity }
    for set in KernelMode.available where sizes.dilation == (1, 1) {
      try check(.average(divisor), sizes, x, set)
    }
  }

  @Test(arguments: [true, false], KernelMode.available)
  func roundsUp(maximum: Bool, set: InstructionSet) throws {
    let function: PoolFunction = maximum ? .maximum : .average(.paddedWindow)
    for width in [6, 7, 8, 40] {
      let sizes = WindowCase(
        channels: 5, height: 9, width: width, kernel: (3, 3), stride: (2, 2), pad: (1, 1),
        ceil: true)
      var noise = Noise(13)
      try check(function, sizes, noise.values(sizes.window.inputCount), set)
    }
  }

  @Test(arguments: [true, false], KernelMode.available)
  func wholePlanes(maximum: Bool, set: InstructionSet) throws {
    for (height, width) in [(1, 1), (5, 7), (7, 7), (14, 31)] {
      let sizes = WindowCase(
        batch: 2, channels: 17, height: height, width: width, kernel: (height, width))
      var noise = Noise(14)
      let x = noise.values(sizes.window.inputCount)
      try check(maximum ? .maximum : .average(.insideImage), sizes, x, set)
    }
  }

  @Test(arguments: KernelMode.available)
  func adaptive(set: InstructionSet) throws {
    for (size, out) in [((7, 7), (7, 7)), ((5, 9), (3, 4)), ((13, 6), (2, 6)), ((3, 2), (5, 5))] {
      let door = try BlockedPooling(
        adaptive: .average(.insideImage), batch: 2, channels: 9, height: size.0, width: size.1,
        outHeight: out.0, outWidth: out.1, instructionSet: set)
      var noise = Noise(15)
      let x = noise.values(18 * size.0 * size.1)
      let expected = try MemorySlice([Float](repeating: 0, count: 18 * out.0 * out.1))
      adaptiveAveragePool(
        planes: 18, height: size.0, width: size.1, outHeight: out.0, outWidth: out.1,
        try MemorySlice(x), into: expected)
      try check(door, x, expected.values())
    }
  }

  private func check(
    _ function: PoolFunction, _ sizes: WindowCase, _ x: [Float], _ set: InstructionSet
  ) throws {
    let window = sizes.window
    let door = try BlockedPooling(function, window, instructionSet: set)
    let expected = try MemorySlice(
      [Float](repeating: 0, count: window.batch * window.channels * window.outPixels))
    pool(function, window, try MemorySlice(x), into: expected)
    try check(door, x, expected.values())
  }

  private func check(_ door: BlockedPooling, _ x: [Float], _ expected: [Float]) throws {
    let source = blocked(x, door.input)
    let input = try Guarded(source)
    let initial = [Float](repeating: .nan, count: door.output.count)
    let result = try sameBits(initial: initial) { y, threads in
      door.run(input.slice, into: y, threads: threads)
    }
    expectClose(dense(result, door.output), expected, within: 2e-6)
    try expectInterpreted(
      door, x: source, y: initial, weight: door.weights.values(), native: result)
  }
}
