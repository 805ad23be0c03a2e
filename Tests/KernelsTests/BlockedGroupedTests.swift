import MartletKernels
import Testing

/// Groups of several widths, so that blocks of channels hold some, one or parts of two.
private let groupings: [WindowCase] = [
  WindowCase(
    channels: 32, outChannels: 32, groups: 4, height: 5, width: 31, kernel: (3, 3), pad: (1, 1)),
  WindowCase(
    channels: 40, outChannels: 40, groups: 10, height: 6, width: 9, kernel: (3, 3),
    stride: (2, 2), pad: (1, 1)),
  WindowCase(
    batch: 2, channels: 36, outChannels: 36, groups: 3, height: 4, width: 15, kernel: (3, 3),
    pad: (1, 1)),
  WindowCase(
    channels: 72, outChannels: 72, groups: 3, height: 3, width: 30, kernel: (3, 3), pad: (1, 1)),
  WindowCase(
    channels: 15, outChannels: 15, groups: 5, height: 7, width: 8, kernel: (3, 2), pad: (2, 2),
    dilation: (2, 3)),
  WindowCase(channels: 22, outChannels: 22, groups: 2, height: 4, width: 5, kernel: (1, 1)),
  WindowCase(
    channels: 6, outChannels: 30, groups: 6, height: 6, width: 44, kernel: (5, 5), pad: (2, 2)),
  WindowCase(
    batch: 2, channels: 7, outChannels: 14, groups: 7, height: 1, width: 1, kernel: (3, 3),
    pad: (1, 1)),
  WindowCase(
    channels: 20, outChannels: 60, groups: 5, height: 5, width: 17, kernel: (1, 3),
    stride: (1, 2), pad: (0, 1)),
  WindowCase(
    batch: 0, channels: 8, outChannels: 8, groups: 2, height: 5, width: 7, kernel: (3, 3)),
]

@Suite struct BlockedGroupedTests {
  @Test(arguments: groupings, KernelMode.available)
  func agreesWithLoops(_ sizes: WindowCase, set: InstructionSet) throws {
    let window = sizes.window
    let depth = sizes.channels / sizes.groups
    var noise = Noise(17)
    let x = noise.values(window.inputCount)
    let weight = noise.values(sizes.outChannels * depth * sizes.kernel.0 * sizes.kernel.1)
    let bias = noise.values(sizes.outChannels)
    for (hasBias, relu) in [(false, false), (true, true)] {
      let door = try make(sizes, hasBias, relu ? [.function(.relu)] : [], set)
      var expected = convolved(sizes, x, weight)
      for index in expected.indices where hasBias {
        expected[index] += bias[index / window.outPixels % sizes.outChannels]
      }
      if relu { expected = expected.map { max($0, 0) } }
      try check(door, x, weight, hasBias ? bias : nil, expected, [])
    }
  }

  @Test(arguments: KernelMode.available)
  func combinesOperands(set: InstructionSet) throws {
    let sizes = WindowCase(
      batch: 2, channels: 12, outChannels: 18, groups: 3, height: 6, width: 31, kernel: (3, 3),
      pad: (1, 1))
    let pixels = sizes.window.outPixels
    var noise = Noise(18)
    let x = noise.values(sizes.window.inputCount)
    let weight = noise.values(18 * 4 * 9)
    let full = noise.values(36 * pixels)
    let channel = noise.values(18)
    let scalar = noise.values(1)
    let image = noise.values(36)
    let door = try make(
      sizes, false,
      [
        .add(operand: 0, .full), .multiply(operand: 1, .channel), .function(.relu),
        .add(operand: 2, .scalar), .multiply(operand: 3, .image),
      ], set)
    var expected = convolved(sizes, x, weight)
    for index in expected.indices {
      let plane = index / pixels
      let value = max((expected[index] + full[index]) * channel[plane % 18], 0)
      expected[index] = (value + scalar[0]) * image[plane]
    }
    let imageShape = BlockedShape(batch: 2, channels: 18, height: 1, width: 1, lanes: set.lanes)
    try check(
      door, x, weight, nil, expected,
      [blocked(full, door.output), channel, scalar, blocked(image, imageShape)])
  }

  /// What one group holds reaches no other, though they share vectors.
  @Test(arguments: [(12, 3), (32, 8), (40, 2)], KernelMode.available)
  func keepsInfinitiesInTheirGroup(_ channels: (Int, Int), set: InstructionSet) throws {
    let sizes = WindowCase(
      channels: channels.0, outChannels: channels.0, groups: channels.1, height: 3, width: 20,
      kernel: (3, 3), pad: (1, 1))
    let depth = channels.0 / channels.1
    var noise = Noise(19)
    var x = noise.values(sizes.window.inputCount)
    x[depth * 60 + 25] = .nan
    x[(depth + 1) * 60 + 47] = .infinity
    let weight = noise.values(channels.0 * depth * 9)
    try check(
      try make(sizes, false, [], set), x, weight, nil, convolved(sizes, x, weight), [])
  }

  @Test(arguments: KernelMode.available)
  func isChosenByConvolution(set: InstructionSet) throws {
    func algorithm(_ channels: Int, _ outChannels: Int, groups: Int) throws
      -> BlockedConvolution.Algorithm?
    {
      let sizes = WindowCase(channels: channels, height: 6, width: 9, kernel: (3, 3))
      return try BlockedConvolution(
        window: sizes.window, groups: groups, outChannels: outChannels, input: .blocked,
        output: .blocked, hasBias: true, epilogue: [], instructionSet: set)?.algorithm
    }
    #expect(try algorithm(24, 24, groups: 6) == .grouped)
    #expect(try algorithm(24, 48, groups: 24) == .grouped)
    #expect(try algorithm(64, 64, groups: 2) != .grouped)
    #expect(try algorithm(24, 24, groups: 24) == .depthwise)
    // One vector of the result would read four or more of the image.
    #expect(try algorithm(512, 8, groups: 8) == nil)
    // Too many channels for what a vector's lanes share.
    #expect(try algorithm(600, 600, groups: 2) == nil)
  }

  /// Groups of whole blocks by Winograd's transforms, each a convolution of its own.
  @Test(arguments: [1, 3], KernelMode.available)
  func transformsEachGroup(batch: Int, set: InstructionSet) throws {
    let sizes = WindowCase(
      batch: batch, channels: 96, outChannels: 64, groups: 2, height: 28, width: 29,
      kernel: (3, 3), pad: (1, 1))
    func made(_ epilogue: [EpilogueOperation]) throws -> BlockedConvolution {
      try #require(
        try BlockedConvolution(
          window: sizes.window, groups: 2, outChannels: 64, input: .blocked, output: .blocked,
          hasBias: true, epilogue: epilogue, instructionSet: set))
    }
    #expect(try made([.add(operand: 0, .full)]).algorithm == .direct)
    let door = try made([.function(.relu)])
    #expect([.winograd4, .winograd6].contains(door.algorithm))
    let pixels = sizes.window.outPixels
    let (input, output) = (
      BlockedShape(batch: batch, channels: 96, height: 28, width: 29, lanes: set.lanes),
      BlockedShape(batch: batch, channels: 64, height: 28, width: 29, lanes: set.lanes)
    )
    var noise = Noise(23)
    let x = noise.values(sizes.window.inputCount)
    let weight = noise.values(64 * 48 * 9)
    let bias = noise.values(64)
    let packed = try MemorySlice([Float](repeating: .nan, count: door.packedCount))
    door.pack(weight: try MemorySlice(weight), bias: try MemorySlice(bias), into: packed)
    let image = try MemorySlice(blocked(x, input))
    let result = try sameBits(count: output.count) { y, threads in
      let scratch = try MemorySlice(
        [Float](repeating: .nan, count: door.scratchCount(threads: threads)))
      door.run(image, packed: packed, into: y, scratch: scratch, threads: threads)
    }
    var expected = convolved(sizes, x, weight)
    for index in expected.indices {
      expected[index] = max(expected[index] + bias[index / pixels % 64], 0)
    }
    expectClose(dense(result, output), expected, within: 3e-5)
  }

  private func make(
    _ sizes: WindowCase, _ hasBias: Bool, _ epilogue: [EpilogueOperation], _ set: InstructionSet
  ) throws -> BlockedGrouped {
    try #require(
      try BlockedGrouped(
        window: sizes.window, groups: sizes.groups, outChannels: sizes.outChannels,
        hasBias: hasBias, epilogue: epilogue, instructionSet: set))
  }

  private func convolved(_ sizes: WindowCase, _ x: [Float], _ weight: [Float]) -> [Float] {
    let window = sizes.window
    let (depth, outputs) = (sizes.channels / sizes.groups, sizes.outChannels / sizes.groups)
    let taps = sizes.kernel.0 * sizes.kernel.1
    var y = [Float](repeating: 0, count: window.batch * sizes.outChannels * window.outPixels)
    sizes.forEachTap { plane, out, tap, pixel in
      let (image, channel) = (plane / sizes.channels, plane % sizes.channels)
      let value = x[plane * window.height * window.width + pixel]
      for output in (channel / depth * outputs)..<((channel / depth + 1) * outputs) {
        y[(image * sizes.outChannels + output) * window.outPixels + out] +=
          value * weight[(output * depth + channel % depth) * taps + tap]
      }
    }
    return y
  }

  private func check(
    _ door: BlockedGrouped, _ x: [Float], _ weight: [Float], _ bias: [Float]?,
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
    expectClose(dense(result, door.output), expected, within: 1e-5)
    try expectInterpreted(
      door, x: source, y: initial, weight: packed.values(), operands: operands, native: result)
  }
}
