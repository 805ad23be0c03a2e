import MartletKernels
import Testing

@Suite struct LayoutConversionTests {
  /// Channels of the blocked and dense image, where the slices begin, and how many move.
  struct Slice: Sendable, CustomTestStringConvertible {
    var blocked: Int
    var blockedOffset = 0
    var plain: Int
    var plainOffset = 0
    var count: Int

    var testDescription: String { "\(blocked)@\(blockedOffset) \(plain)@\(plainOffset) \(count)" }
  }

  static let slices = [
    Slice(blocked: 1, plain: 1, count: 1), Slice(blocked: 3, plain: 3, count: 3),
    Slice(blocked: 16, plain: 16, count: 16), Slice(blocked: 40, plain: 40, count: 40),
    Slice(blocked: 17, plain: 17, count: 17),
    Slice(blocked: 40, blockedOffset: 16, plain: 20, plainOffset: 3, count: 15),
    Slice(blocked: 40, blockedOffset: 5, plain: 9, count: 2),
    Slice(blocked: 50, blockedOffset: 7, plain: 40, plainOffset: 1, count: 39),
    Slice(blocked: 30, blockedOffset: 25, plain: 5, count: 5),
  ]

  @Test(arguments: slices, KernelMode.available)
  func both(_ slice: Slice, set: InstructionSet) throws {
    for (batch, height, width) in [(1, 1, 1), (2, 5, 7), (1, 4, 16), (1, 33, 17)] {
      let shape = BlockedShape(
        batch: batch, channels: slice.blocked, height: height, width: width, lanes: set.lanes)
      for order in [LayoutConversion.PlainOrder.channelsFirst, .channelsLast] {
        for direction in [LayoutDirection.toBlocked, .fromBlocked] {
          try check(direction, order, slice, shape, set)
        }
      }
    }
  }

  private func check(
    _ direction: LayoutDirection, _ order: LayoutConversion.PlainOrder, _ slice: Slice,
    _ shape: BlockedShape, _ set: InstructionSet
  ) throws {
    let door = try LayoutConversion(
      direction, order, blocked: shape, blockedOffset: slice.blockedOffset,
      plainChannels: slice.plain, plainOffset: slice.plainOffset, count: slice.count,
      instructionSet: set)
    guard let door else {
      #expect(order == .channelsLast && slice.blockedOffset % set.lanes != 0)
      return
    }
    let pixels = shape.height * shape.width
    func plainIndex(_ image: Int, _ channel: Int, _ pixel: Int) -> Int {
      order == .channelsFirst
        ? (image * slice.plain + channel) * pixels + pixel
        : (image * pixels + pixel) * slice.plain + channel
    }
    var noise = Noise(21)
    let plain = noise.values(door.plainCount)
    let dense = noise.values(shape.batch * shape.channels * pixels)
    let block = blocked(dense, shape)
    var (expectedPlain, expectedDense) = (plain, dense)
    for image in 0..<shape.batch {
      for channel in 0..<slice.count {
        for pixel in 0..<pixels {
          let from = plainIndex(image, slice.plainOffset + channel, pixel)
          let channels = shape.channels
          let to = (image * channels + slice.blockedOffset + channel) * pixels + pixel
          expectedDense[to] = plain[from]
          expectedPlain[from] = dense[to]
        }
      }
    }
    let isTo = direction == .toBlocked
    let input = try Guarded(isTo ? plain : block)
    let result = try sameBits(initial: isTo ? block : plain) { y, threads in
      door.run(input.slice, into: y, threads: threads)
    }
    if isTo {
      #expect(KernelsTests.dense(result, shape) == expectedDense)
    } else {
      #expect(result == expectedPlain)
    }
    try expectInterpreted(door, x: plain, y: block, result: isTo ? 1 : 0, native: result)
  }
}

@Suite struct BlockedResizeTests {
  @Test(arguments: KernelMode.available)
  func agreesWithDense(set: InstructionSet) throws {
    for (size, out) in [((1, 1), (3, 2)), ((5, 7), (10, 14)), ((4, 3), (7, 11)), ((9, 8), (4, 3))] {
      let axes = [
        (
          ResamplingAxis(nearest: size.0, to: out.0), ResamplingAxis(nearest: size.1, to: out.1)
        ),
        (
          ResamplingAxis(linear: size.0, to: out.0, alignsCorners: false),
          ResamplingAxis(linear: size.1, to: out.1, alignsCorners: false)
        ),
        (
          ResamplingAxis(linear: size.0, to: out.0, alignsCorners: true),
          ResamplingAxis(linear: size.1, to: out.1, alignsCorners: true)
        ),
      ]
      for (vertical, horizontal) in axes {
        let door = try BlockedResize(
          batch: 2, channels: 17, vertical: vertical, horizontal: horizontal, instructionSet: set)
        var noise = Noise(31)
        var x = noise.values(34 * size.0 * size.1)
        x[5] = .infinity
        let expected = try MemorySlice([Float](repeating: 0, count: 34 * out.0 * out.1))
        resize(
          planes: 34, vertical: vertical, horizontal: horizontal, try MemorySlice(x),
          into: expected)
        let source = blocked(x, door.input)
        let input = try Guarded(source)
        let initial = [Float](repeating: .nan, count: door.output.count)
        let result = try sameBits(initial: initial) { y, threads in
          door.run(input.slice, into: y, threads: threads)
        }
        expectClose(dense(result, door.output), expected.values(), within: 1e-6)
        try expectInterpreted(door, x: source, y: initial, native: result)
      }
    }
  }
}

@Suite struct BlockedChannelTests {
  @Test(arguments: KernelMode.available)
  func copies(set: InstructionSet) throws {
    for (from, at, to, into, count) in [
      (16, 0, 48, 16, 16), (32, 16, 16, 0, 16), (24, 3, 40, 0, 20), (58, 29, 29, 0, 29),
      (29, 0, 58, 29, 29), (5, 1, 20, 6, 3), (40, 9, 31, 30, 1), (17, 16, 17, 0, 1),
    ] {
      for (batch, height, width) in [(2, 3, 5), (1, 40, 33)] {
        let input = BlockedShape(
          batch: batch, channels: from, height: height, width: width, lanes: set.lanes)
        let output = BlockedShape(
          batch: batch, channels: to, height: height, width: width, lanes: set.lanes)
        let door = try BlockedChannelCopy(
          from: input, at: at, to: output, at: into, channels: count, instructionSet: set)
        var noise = Noise(41)
        let pixels = height * width
        let x = noise.values(batch * from * pixels)
        let y = noise.values(batch * to * pixels)
        var expected = y
        for image in 0..<batch {
          for channel in 0..<count {
            for pixel in 0..<pixels {
              expected[(image * to + into + channel) * pixels + pixel] =
                x[(image * from + at + channel) * pixels + pixel]
            }
          }
        }
        let source = try Guarded(blocked(x, input))
        let result = try sameBits(initial: blocked(y, output)) { y, threads in
          door.run(source.slice, into: y, threads: threads)
        }
        #expect(dense(result, output) == expected)
        if door.usesKernelsAlone {
          try expectInterpreted(door, x: blocked(x, input), y: blocked(y, output), native: result)
        }
      }
    }
  }

  @Test(arguments: [2, 6, 16, 32, 58, 64, 116], KernelMode.available)
  func shuffles(channels: Int, set: InstructionSet) throws {
    let shape = BlockedShape(batch: 2, channels: channels, height: 5, width: 7, lanes: set.lanes)
    let door = try #require(
      try BlockedChannelShuffle(shape: shape, groups: 2, instructionSet: set))
    var noise = Noise(42)
    let x = noise.values(2 * channels * 35)
    let expected = (0..<x.count).map { index in
      let (image, rest) = index.quotientAndRemainder(dividingBy: channels * 35)
      let (channel, pixel) = rest.quotientAndRemainder(dividingBy: 35)
      return x[(image * channels + channel % 2 * (channels / 2) + channel / 2) * 35 + pixel]
    }
    let source = try Guarded(blocked(x, shape))
    let initial = [Float](repeating: .nan, count: shape.count)
    let result = try sameBits(initial: initial) { y, threads in
      door.run(source.slice, into: y, threads: threads)
    }
    #expect(dense(result, shape) == expected)
    try expectInterpreted(door, x: blocked(x, shape), y: initial, native: result)
  }
}
