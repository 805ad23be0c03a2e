import MartletKernels
import Testing

/// A convolution's sizes and what its kernel is asked for.
private struct Case: CustomStringConvertible, Sendable {
  var batch = 1
  var channels: Int
  var out: Int
  var height: Int
  var width: Int
  var kernel = (1, 1)
  var stride = (1, 1)
  var pad = (0, 0)
  var dilation = (1, 1)
  var groups = 1
  var input = ImageFormat.blocked
  var bias = true
  var choice: TileChoice?
  var quarters = Quarters.never

  var description: String {
    "\(batch)x\(channels)x\(height)x\(width) to \(out) k\(kernel) s\(stride) p\(pad) d\(dilation)"
      + " g\(groups) \(input)"
  }

  var window: WindowGeometry {
    func size(_ input: Int, _ kernel: Int, _ stride: Int, _ pad: Int, _ dilation: Int) -> Int {
      (input + 2 * pad - dilation * (kernel - 1) - 1) / stride + 1
    }
    var window = WindowGeometry(
      batch: batch, channels: channels, height: height, width: width, kernelHeight: kernel.0,
      kernelWidth: kernel.1, outHeight: size(height, kernel.0, stride.0, pad.0, dilation.0),
      outWidth: size(width, kernel.1, stride.1, pad.1, dilation.1))
    (window.strideY, window.strideX) = stride
    (window.padY, window.padX) = pad
    (window.dilationY, window.dilationX) = dilation
    return window
  }
}

private let cases: [Case] = [
  Case(channels: 16, out: 32, height: 7, width: 7),
  Case(channels: 19, out: 21, height: 5, width: 9),
  Case(channels: 3, out: 40, height: 4, width: 31, bias: false),
  Case(batch: 2, channels: 64, out: 96, height: 14, width: 14),
  Case(channels: 32, out: 17, height: 1, width: 1),
  Case(channels: 16, out: 32, height: 9, width: 11, kernel: (3, 3), pad: (1, 1)),
  Case(channels: 33, out: 50, height: 14, width: 30, kernel: (3, 3), pad: (1, 1)),
  Case(batch: 2, channels: 32, out: 64, height: 56, width: 5, kernel: (3, 3), pad: (1, 1)),
  Case(channels: 24, out: 16, height: 15, width: 17, kernel: (3, 3), stride: (2, 2), pad: (1, 1)),
  Case(channels: 20, out: 16, height: 12, width: 13, kernel: (1, 1), stride: (2, 2)),
  Case(
    channels: 17, out: 33, height: 20, width: 18, kernel: (5, 3), stride: (1, 2), pad: (2, 0),
    dilation: (2, 3)),
  Case(channels: 16, out: 16, height: 3, width: 2, kernel: (5, 5), pad: (2, 2)),
  Case(channels: 16, out: 16, height: 2, width: 2, kernel: (3, 3), pad: (4, 4)),
  Case(channels: 16, out: 16, height: 6, width: 30, kernel: (3, 3), pad: (6, 6), dilation: (6, 6)),
  Case(
    channels: 32, out: 64, height: 8, width: 9, kernel: (3, 3), pad: (1, 1), groups: 2),
  Case(
    channels: 3, out: 64, height: 30, width: 33, kernel: (7, 7), stride: (2, 2), pad: (3, 3),
    input: .plain),
  Case(
    channels: 3, out: 24, height: 31, width: 28, kernel: (3, 3), stride: (2, 2), pad: (1, 1),
    input: .plain),
  Case(
    channels: 100, out: 48, height: 7, width: 7, kernel: (3, 3), pad: (1, 1),
    choice: TileChoice(vectors: 2, pixels: 4, blocksAtOnce: 2)),
  Case(
    channels: 96, out: 80, height: 7, width: 9,
    choice: TileChoice(vectors: 3, pixels: 5, blocksAtOnce: 1)),
  Case(
    channels: 16, out: 128, height: 2, width: 3,
    choice: TileChoice(vectors: 8, pixels: 1, blocksAtOnce: 9)),
  Case(
    channels: 40, out: 70, height: 9, width: 11,
    choice: TileChoice(vectors: 3, pixels: 4, blocksAtOnce: 9, inputFetch: .before)),
  Case(
    channels: 40, out: 20, height: 9, width: 11, kernel: (3, 3), stride: (2, 2), pad: (1, 1),
    choice: TileChoice(vectors: 2, pixels: 6, blocksAtOnce: 2, inputFetch: .beside)),
]

/// Plain loops, in Double.
private func convolve(
  _ window: WindowGeometry, groups: Int, out: Int, _ x: [Float], _ w: [Float], _ bias: [Float]?
) -> [Float] {
  let perGroup = window.channels / groups
  var result: [Float] = []
  for n in 0..<window.batch {
    for o in 0..<out {
      let group = o / (out / groups)
      for oy in 0..<window.outHeight {
        for ox in 0..<window.outWidth {
          var sum = Double(bias?[o] ?? 0)
          for c in 0..<perGroup {
            let plane = (n * window.channels + group * perGroup + c) * window.height
            for ky in 0..<window.kernelHeight {
              let y = oy * window.strideY - window.padY + ky * window.dilationY
              if y < 0 || y >= window.height { continue }
              for kx in 0..<window.kernelWidth {
                let at = ox * window.strideX - window.padX + kx * window.dilationX
                if at < 0 || at >= window.width { continue }
                let weight =
                  w[((o * perGroup + c) * window.kernelHeight + ky) * window.kernelWidth + kx]
                sum += Double(x[(plane + y) * window.width + at]) * Double(weight)
              }
            }
          }
          result.append(Float(sum))
        }
      }
    }
  }
  return result
}

/// NCHW to NCHWc; lanes that are no channels are NaN.
private func block(_ x: [Float], _ shape: BlockedShape) -> [Float] {
  var result = [Float](repeating: .nan, count: shape.count)
  let plane = shape.height * shape.width
  for n in 0..<shape.batch {
    for c in 0..<shape.channels {
      for pixel in 0..<plane {
        let to =
          n * shape.imageStride + c / shape.lanes * shape.blockStride + pixel * shape.lanes
          + c % shape.lanes
        result[to] = x[(n * shape.channels + c) * plane + pixel]
      }
    }
  }
  return result
}

private func unblock(_ x: [Float], _ shape: BlockedShape) -> [Float] {
  var result: [Float] = []
  let plane = shape.height * shape.width
  for n in 0..<shape.batch {
    for c in 0..<shape.channels {
      for pixel in 0..<plane {
        result.append(
          x[
            n * shape.imageStride + c / shape.lanes * shape.blockStride + pixel * shape.lanes
              + c % shape.lanes])
      }
    }
  }
  return result
}

private struct Run {
  let item: Case
  let set: InstructionSet
  let x: [Float]
  let w: [Float]
  let bias: [Float]?
  let expected: [Float]
  let outShape: BlockedShape

  init(_ item: Case, _ set: InstructionSet, x given: [Float]? = nil, w weights: [Float]? = nil) {
    self.item = item
    self.set = set
    let window = item.window
    var noise = Noise(UInt64(item.channels * 31 + item.out))
    let (values, kernel) = (
      noise.values(window.inputCount),
      noise.values(
        item.out * item.channels / item.groups * window.kernelHeight * window.kernelWidth)
    )
    (x, w) = (given ?? values, weights ?? kernel)
    bias = item.bias ? noise.values(item.out) : nil
    expected = convolve(window, groups: item.groups, out: item.out, x, w, bias)
    outShape = BlockedShape(
      batch: item.batch, channels: item.out, height: window.outHeight, width: window.outWidth,
      lanes: set.lanes)
  }

  func check(
    _ epilogue: [EpilogueOperation], _ operands: [[Float]], _ expected: [Float]
  ) throws {
    let window = item.window
    let convolution = try #require(
      try TileConvolution(
        window: window, groups: item.groups, outChannels: item.out, input: item.input,
        hasBias: item.bias, epilogue: epilogue, instructionSet: set, choice: item.choice,
        quarters: item.quarters),
      "\(item)")
    if case .always = item.quarters { #expect(convolution.kernelName.hasPrefix("strassen ")) }
    let inShape = BlockedShape(
      batch: item.batch, channels: item.channels, height: item.height, width: item.width,
      lanes: set.lanes)
    let input = try MemorySlice(item.input == .plain ? x : block(x, inShape))
    let packed = try MemorySlice([Float](repeating: .nan, count: convolution.packedCount))
    convolution.pack(
      weight: try MemorySlice(w), bias: try bias.map { try MemorySlice($0) }, into: packed)
    let extra = try operands.map { try MemorySlice($0) }
    let got = try sameBits(count: outShape.count) { y, threads in
      let scratch = try MemorySlice(
        [Float](repeating: .nan, count: convolution.scratchCount(threads: threads)))
      convolution.run(
        input, packed: packed, into: y, operands: extra, scratch: scratch, threads: threads)
    }
    expectClose(unblock(got, outShape), expected, within: 1e-5, "\(item)")
  }
}

private let sets = KernelMode.available

@Test(arguments: cases, sets)
private func convolvesTiles(_ item: Case, _ set: InstructionSet) throws {
  let run = Run(item, set)
  try run.check([], [], run.expected)
}

@Test(arguments: [cases[1], cases[6], cases[17]], sets)
private func runsEpilogues(_ item: Case, _ set: InstructionSet) throws {
  let run = Run(item, set)
  var noise = Noise(7)
  let addend = noise.values(run.expected.count)
  let scale = noise.values(item.out)
  let plane = item.window.outPixels
  let expected = run.expected.indices.map { i in
    max(run.expected[i] * scale[i / plane % item.out] + addend[i], 0)
  }
  try run.check(
    [.multiply(operand: 0, .channel), .add(operand: 1, .full), .function(.relu)],
    [scale, block(addend, run.outShape)], expected)
}

/// Of all pixels at once and of some, even and odd numbers, one and more runs of depth, with panels
/// that make no pair.
private let quartered = [
  Case(channels: 32, out: 256, height: 1, width: 2, quarters: .always(rowsAtOnce: 256)),
  Case(
    batch: 2, channels: 64, out: 128, height: 7, width: 7, quarters: .always(rowsAtOnce: 256)),
  Case(
    batch: 3, channels: 96, out: 256, height: 5, width: 13, bias: false,
    quarters: .always(rowsAtOnce: 21)),
  Case(channels: 1056, out: 128, height: 4, width: 8, quarters: .always(rowsAtOnce: 16)),
  Case(batch: 2, channels: 64, out: 1000, height: 3, width: 7, quarters: .always(rowsAtOnce: 12)),
]

@Test(arguments: quartered, sets)
private func convolvesByQuarters(_ item: Case, _ set: InstructionSet) throws {
  let run = Run(item, set)
  var noise = Noise(9)
  let addend = noise.values(run.expected.count)
  let scale = noise.values(item.batch * item.out)
  let scaleShape = BlockedShape(
    batch: item.batch, channels: item.out, height: 1, width: 1, lanes: set.lanes)
  let plane = item.window.outPixels
  let expected = run.expected.indices.map { i in
    max(run.expected[i] * scale[i / plane] + addend[i], 0)
  }
  try run.check(
    [.multiply(operand: 0, .image), .add(operand: 1, .full), .function(.relu)],
    [block(scale, scaleShape), block(addend, run.outShape)], expected)
}

/// A number that is not finite keeps to its pixel, or to its channel.
@Test(arguments: sets)
private func keepsToPixelsThatAreNotFinite(_ set: InstructionSet) throws {
  let item = Case(channels: 64, out: 128, height: 6, width: 7, quarters: .always(rowsAtOnce: 20))
  for (pixel, weight) in [(17, nil), (41, nil), (nil, 5), (3, 64 * 100)] as [(Int?, Int?)] {
    var noise = Noise(3)
    var x = noise.values(item.window.inputCount)
    var w = noise.values(64 * 128)
    if let pixel { x[9 * 42 + pixel] = .infinity }
    if let weight { w[weight] = .nan }
    let run = Run(item, set, x: x, w: w)
    try run.check([], [], run.expected)
  }
}

@Test func refusesGroupsThatCutBlocks() throws {
  var item = Case(channels: 24, out: 24, height: 4, width: 4, kernel: (3, 3), groups: 2)
  item.pad = (1, 1)
  for set in sets {
    let made = try TileConvolution(
      window: item.window, groups: 2, outChannels: 24, input: .blocked, hasBias: false,
      epilogue: [], instructionSet: set)
    #expect(made == nil)
  }
}
