import MartletKernels
import Testing

private struct Case: CustomStringConvertible, Sendable {
  var batch = 1
  var channels: Int
  var out: Int
  var height: Int
  var width: Int
  var pad = (1, 1)
  var stride = 1
  var tilesAtOnce: Int?

  var description: String {
    "\(batch)x\(channels)x\(height)x\(width) to \(out), padding \(pad), stride \(stride), "
      + "\(tilesAtOnce ?? 0) at once"
  }

  var window: WindowGeometry {
    var window = WindowGeometry(
      batch: batch, channels: channels, height: height, width: width, kernelHeight: 3,
      kernelWidth: 3, outHeight: (height + 2 * pad.0 - 3) / stride + 1,
      outWidth: (width + 2 * pad.1 - 3) / stride + 1)
    (window.padY, window.padX) = pad
    (window.strideY, window.strideX) = (stride, stride)
    return window
  }

  func with(_ tile: WinogradTile) -> Case {
    var result = self
    result.stride = tile.stride
    return result
  }
}

private let cases = [
  Case(channels: 1, out: 1, height: 1, width: 1),
  Case(channels: 3, out: 17, height: 5, width: 7),
  Case(channels: 17, out: 3, height: 7, width: 5, pad: (0, 0)),
  Case(channels: 40, out: 40, height: 6, width: 3, pad: (0, 1)),
  Case(channels: 16, out: 32, height: 3, width: 13, pad: (1, 0)),
  Case(batch: 2, channels: 40, out: 17, height: 9, width: 14),
  Case(batch: 2, channels: 17, out: 40, height: 14, width: 31, tilesAtOnce: 7),
  Case(batch: 3, channels: 32, out: 16, height: 8, width: 8, tilesAtOnce: 1),
  Case(channels: 24, out: 64, height: 2, width: 1),
  Case(channels: 33, out: 65, height: 25, width: 19, tilesAtOnce: 5),
  Case(channels: 200, out: 150, height: 14, width: 9),
]

/// Plain loops, in Double.
private func convolve(
  _ item: Case, _ x: [Float], _ w: [Float], _ bias: [Float]
) -> [Float] {
  let window = item.window
  var result: [Float] = []
  for image in 0..<item.batch {
    for o in 0..<item.out {
      for y in 0..<window.outHeight {
        for column in 0..<window.outWidth {
          var sum = Double(bias[o])
          for c in 0..<item.channels {
            for tap in 0..<9 {
              let iy = y * item.stride + tap / 3 - item.pad.0
              let ix = column * item.stride + tap % 3 - item.pad.1
              guard (0..<item.height).contains(iy), (0..<item.width).contains(ix) else { continue }
              let at = ((image * item.channels + c) * item.height + iy) * item.width + ix
              sum += Double(x[at]) * Double(w[(o * item.channels + c) * 9 + tap])
            }
          }
          result.append(Float(sum))
        }
      }
    }
  }
  return result
}

/// Where NCHW's elements lie in NCHWc, in order.
private func places(_ shape: BlockedShape) -> [Int] {
  let plane = shape.height * shape.width
  return (0..<shape.batch).flatMap { n in
    (0..<shape.channels).flatMap { c in
      (0..<plane).map { pixel in
        n * shape.imageStride + c / shape.lanes * shape.blockStride + pixel * shape.lanes
          + c % shape.lanes
      }
    }
  }
}

/// The values in NCHWc; lanes that are no channels are NaN.
private func block(_ values: [Float], _ shape: BlockedShape) -> [Float] {
  var result = [Float](repeating: .nan, count: shape.count)
  for (value, place) in zip(values, places(shape)) { result[place] = value }
  return result
}

private func result(
  of item: Case, _ set: InstructionSet, outputs: Int, _ x: [Float], _ w: [Float],
  _ bias: [Float]?, computesWeights: Bool, epilogue: [EpilogueOperation] = [],
  operands: [[Float]] = []
) throws -> [Float] {
  let window = item.window
  let convolution = try #require(
    try WinogradConvolution(
      window: window, outChannels: item.out, hasBias: bias != nil, epilogue: epilogue,
      instructionSet: set, outputs: outputs, tilesAtOnce: item.tilesAtOnce,
      computesWeights: computesWeights), "\(item)")
  let input = BlockedShape(
    batch: item.batch, channels: item.channels, height: item.height, width: item.width,
    lanes: set.lanes)
  let output = BlockedShape(
    batch: item.batch, channels: item.out, height: window.outHeight, width: window.outWidth,
    lanes: set.lanes)
  let image = try MemorySlice(block(x, input))
  let packed = try MemorySlice([Float](repeating: .nan, count: convolution.packedCount))
  convolution.pack(
    weight: try MemorySlice(w), bias: try bias.map { try MemorySlice($0) }, into: packed)
  let extra = try operands.map { try MemorySlice($0) }
  let y = try sameBits(count: output.count) { y, threads in
    let count = convolution.scratchCount(threads: threads)
    guard let scratch = try? MemorySlice([Float](repeating: .nan, count: count)) else { return }
    convolution.run(
      image, packed: packed, into: y, operands: extra, scratch: scratch, threads: threads)
  }
  return places(output).map { y[$0] }
}

private let sets = KernelMode.available

@Test(arguments: WinogradTile.allCases, sets)
private func convolvesByTransforms(_ tile: WinogradTile, _ set: InstructionSet) throws {
  for item in cases.map({ $0.with(tile) }) {
    var noise = Noise(UInt64(item.channels * 31 + item.out))
    let x = noise.values(item.window.inputCount)
    let w = noise.values(item.out * item.channels * 9)
    let bias = noise.values(item.out)
    let expected = convolve(item, x, w, bias)
    for computes in [false, true] {
      let got = try result(
        of: item, set, outputs: tile.outputs, x, w, bias, computesWeights: computes)
      expectClose(
        got, expected, within: tile == .six ? 2e-5 : 5e-6,
        "\(item) in tiles of \(tile), weights computed: \(computes)")
    }
  }
}

@Test(arguments: [WinogradTile.four, .six, .strided], sets)
private func runsEpiloguesAfterTransforms(_ tile: WinogradTile, _ set: InstructionSet) throws {
  let item = Case(batch: 2, channels: 19, out: 37, height: 9, width: 11).with(tile)
  var noise = Noise(3)
  let x = noise.values(item.window.inputCount)
  let w = noise.values(item.out * item.channels * 9)
  let plain = convolve(item, x, w, [Float](repeating: 0, count: item.out))
  let addend = noise.values(plain.count)
  let scale = noise.values(item.out)
  let plane = item.window.outPixels
  let shape = BlockedShape(
    batch: item.batch, channels: item.out, height: item.window.outHeight,
    width: item.window.outWidth, lanes: set.lanes)
  let gate = noise.values(item.batch * item.out)
  var gateShape = shape
  (gateShape.height, gateShape.width) = (1, 1)
  let expected = plain.indices.map { i in
    max(plain[i] * scale[i / plane % item.out] * gate[i / plane] + addend[i], 0) + 2.5
  }
  let got = try result(
    of: item, set, outputs: tile.outputs, x, w, nil, computesWeights: tile == .four,
    epilogue: [
      .multiply(operand: 0, .channel), .multiply(operand: 1, .image), .add(operand: 2, .full),
      .function(.relu), .add(operand: 3, .scalar),
    ], operands: [scale, block(gate, gateShape), block(addend, shape), [2.5]])
  expectClose(got, expected, within: 2e-5, "tiles of \(tile)")
}

/// The most channels that the model gives to a tile, of normal numbers.
@Test(arguments: WinogradTile.allCases, sets)
private func roundsLittle(_ tile: WinogradTile, _ set: InstructionSet) throws {
  let item = Case(channels: tile == .six ? 256 : 512, out: 16, height: 18, width: 18).with(tile)
  var noise = Noise(5)
  func normal(_ count: Int) -> [Float] {
    // Sums of twelve uniform numbers.
    (0..<count).map { _ in (0..<12).reduce(0) { sum, _ in sum + noise.next() } / 2 }
  }
  let x = normal(item.window.inputCount)
  let w = normal(item.out * item.channels * 9)
  let bias = [Float](repeating: 0, count: item.out)
  let expected = convolve(item, x, w, bias)
  let got = try result(of: item, set, outputs: tile.outputs, x, w, bias, computesWeights: true)
  let bound: Float = tile == .six ? 2e-5 : tile == .two ? 2e-6 : 5e-6
  let difference = relativeDifference(got, expected)
  #expect(difference < bound, "\(difference)")
}

@Test(arguments: WinogradTile.allCases, InstructionSet.allCases)
private func interpretsTransforms(_ tile: WinogradTile, _ set: InstructionSet) throws {
  let (n, outputs) = (tile.inputs, tile.outputs)
  let lanes = set.lanes
  let vector = set.vectorBytes
  let (tiles, blocks) = (2, 2)
  var noise = Noise(9)
  let line = (tile.step + n) * lanes
  let image = noise.values(blocks * n * line)
  let elements = [Float](repeating: 0, count: tile.elements * blocks * tiles * lanes)
  let input = WinogradInputSpecification(
    instructionSet: set, tile: tile, columns: 1..<(n - 1)
  ).program()
  let v = try runEverywhere(
    input,
    [
      .address(buffer: 0, byteOffset: 0), .address(buffer: 1, byteOffset: 0),
      .address(buffer: 2, byteOffset: 0), .integer(tiles), .integer(blocks), .integer(1),
      .integer(n - 2), .integer(1), .integer(line * 4), .integer(n * line * 4),
      .integer(blocks * tiles * vector), .integer(tiles * vector),
    ], [image, elements, [Float](repeating: 0, count: tile.elements * lanes)])[1]
  let output = WinogradOutputSpecification(
    instructionSet: set, tile: tile, columns: outputs - 1, hasBias: true,
    epilogue: [.function(.relu), .add(operand: 0, .full)], lastLanes: 0
  ).program()
  let row = tiles * outputs * lanes
  let y = [Float](repeating: 0, count: blocks * outputs * row)
  _ = try runEverywhere(
    output,
    [
      .address(buffer: 0, byteOffset: 0), .address(buffer: 1, byteOffset: 0),
      .address(buffer: 2, byteOffset: 0), .address(buffer: 3, byteOffset: 0),
      .integer(outputs - 1), .integer(tiles), .integer(blocks), .integer(row * 4),
      .integer(outputs * row * 4), .integer(blocks * tiles * vector), .integer(tiles * vector),
      .address(buffer: 4, byteOffset: 0),
    ],
    [
      v, y, [Float](repeating: 0, count: tile.elements * lanes), noise.values(blocks * lanes),
      noise.values(y.count),
    ])
}

@Test(arguments: WinogradTile.allCases, InstructionSet.allCases)
private func interpretsTransformsOfWeights(_ tile: WinogradTile, _ set: InstructionSet) throws {
  let channels = 3
  let width = set.lanes
  var noise = Noise(13)
  let w = noise.values(channels * 9 * width)
  let stride = channels * width + 16
  let program = WinogradWeightSpecification(
    instructionSet: set, tile: tile, elementStride: stride * 4
  ).program()
  let got = try runEverywhere(
    program,
    [
      .address(buffer: 0, byteOffset: 0), .address(buffer: 1, byteOffset: 0), .integer(channels),
      .integer(set.vectorBytes),
    ],
    [w, [Float](repeating: 0, count: tile.elements * stride)])[1]
  // Element j n + i holds Σ G[i, y] w[y, x] G[j, x].
  let matrix = tile.weightMatrix
  for (j, columns) in matrix.enumerated() {
    for (i, rows) in matrix.enumerated() {
      for channel in 0..<channels {
        for lane in 0..<width {
          let expected = (0..<9).reduce(0.0) { sum, tap in
            sum + rows[tap / 3] * columns[tap % 3] * Double(w[(channel * 9 + tap) * width + lane])
          }
          let value = got[(j * tile.weights + i) * stride + channel * width + lane]
          #expect(abs(Double(value) - expected) < 2e-6, "\(i) \(j) \(channel) \(lane)")
        }
      }
    }
  }
}

@Test func refusesOtherWindows() throws {
  var window = Case(channels: 8, out: 8, height: 8, width: 8).window
  window.strideX = 2
  #expect(!WinogradConvolution.takes(window))
  window = Case(channels: 8, out: 8, height: 8, width: 8, pad: (2, 1)).window
  #expect(!WinogradConvolution.takes(window))
}

@Test(arguments: [1, 2], sets)
private func dispatchesToTransforms(_ stride: Int, _ set: InstructionSet) throws {
  let item =
    stride == 1
    ? Case(channels: 40, out: 48, height: 28, width: 28)
    : Case(channels: 128, out: 128, height: 56, width: 56, stride: 2)
  let made = try BlockedConvolution(
    window: item.window, groups: 1, outChannels: item.out, input: .blocked, output: .blocked,
    hasBias: true, epilogue: [.function(.relu)], instructionSet: set)
  let convolution = try #require(made)
  #expect([.winograd4, .winograd6].contains(convolution.algorithm))
  var noise = Noise(11)
  let x = noise.values(item.window.inputCount)
  let w = noise.values(item.out * item.channels * 9)
  let bias = noise.values(item.out)
  let input = BlockedShape(
    batch: 1, channels: item.channels, height: item.height, width: item.width, lanes: set.lanes)
  let output = BlockedShape(batch: 1, channels: item.out, height: 28, width: 28, lanes: set.lanes)
  let image = try MemorySlice(block(x, input))
  let packed = try MemorySlice([Float](repeating: 0, count: convolution.packedCount))
  convolution.pack(weight: try MemorySlice(w), bias: try MemorySlice(bias), into: packed)
  let y = try sameBits(count: output.count) { y, threads in
    let count = convolution.scratchCount(threads: threads)
    guard let scratch = try? MemorySlice([Float](repeating: .nan, count: count)) else { return }
    convolution.run(image, packed: packed, into: y, scratch: scratch, threads: threads)
  }
  let expected = convolve(item, x, w, bias).map { max($0, 0) }
  expectClose(places(output).map { y[$0] }, expected, within: 2e-5, "dispatched")
}
