import MartletKernels
import Testing

private let sets = KernelMode.available

private func tile(
  _ set: InstructionSet, _ pixels: Int, _ vectors: Int,
  epilogue: [EpilogueOperation] = [.function(.relu)]
) -> TileSpecification {
  var tile = TileSpecification(
    instructionSet: set, vectors: vectors,
    segments: [
      .init(pixels: pixels, taps: [min(1, pixels)..<pixels, 0..<pixels, 0..<pixels]),
      .init(pixels: max(pixels - 1, 1), taps: [0..<1, 0..<1, 0..<0]),
    ])
  tile.blockChannels = set.lanes
  tile.tailChannels = 3
  tile.hasRows = true
  tile.pixelStride = set.vectorBytes
  tile.tapStride = set.vectorBytes
  tile.tapOffset = -set.vectorBytes
  tile.hasBias = true
  tile.isPartial = true
  tile.inputFetch = .beside
  tile.epilogue = epilogue
  return tile
}

@Test(arguments: sets)
private func tilesStayInRegisters(_ set: InstructionSet) throws {
  let sizes =
    set == .avx2
    ? [(6, 2), (4, 3), (3, 4), (12, 1), (2, 6), (1, 8), (5, 2)]
    : [(14, 2), (9, 3), (7, 4), (28, 1), (4, 7), (3, 8), (1, 8), (13, 2)]
  for (pixels, vectors) in sizes {
    for epilogue in [
      [.function(.relu)], [.add(operand: 0, .full), .function(.relu)],
    ] as [[EpilogueOperation]] {
      let kernel = try Kernel(tile(set, pixels, vectors, epilogue: epilogue).program())
      #expect(kernel.spillCount == 0, "\(pixels) × \(vectors)")
      #expect(kernel.integerSpillCount == 0, "\(pixels) × \(vectors)")
    }
  }
}

/// The interpreter and the processor give the same bits, and the interpreter sees no access
/// outside the operands.
@Test(arguments: sets, [(4, 2), (3, 3), (1, 5), (12, 1)])
private func interpretsTiles(_ instructions: InstructionSet, _ size: (Int, Int)) throws {
  let (pixels, vectors) = size
  var tile = tile(
    instructions, pixels, vectors,
    epilogue: [.multiply(operand: 0, .channel), .add(operand: 1, .full), .function(.relu)])
  tile.lastLanes = 3
  tile.masksStores = true
  let lanes = instructions.lanes
  let width = pixels + max(pixels - 1, 1)
  let line = width * lanes
  let (blocks, rows) = (2, 3)
  var noise = Noise(5)
  // Blocks of rows, with a pixel to either side of the whole.
  let x = noise.values((blocks + 1) * rows * line + 2 * lanes)
  let weights = noise.values((blocks + 1) * 3 * lanes * 3 * vectors * lanes)
  let real = (vectors - 1) * lanes + 3
  let bias = noise.values(vectors * lanes)
  let scale = noise.values(real)
  let outCount = (vectors - 1) * line + (width - 1) * lanes + 3
  let y = noise.values(outCount)
  let addend = noise.values(outCount)
  // Two strips: all rows, and the last two.
  let strips = [0, 0, 0, 3, 0, 1, 1, line * 4, 0, 1, 2, 1, 1, 1]
  let table = strips.flatMap { [Float(bitPattern: UInt32($0)), Float(0)] }
  let buffers = [x, weights, y, bias, table, scale, addend]
  var parameters = [KernelParameter](
    repeating: .integer(0), count: TileSpecification.parameterCount)
  func set(_ parameter: TileSpecification.Parameter, _ value: KernelParameter) {
    parameters[parameter.rawValue] = value
  }
  set(.x, .address(buffer: 0, byteOffset: lanes * 4))
  set(.weights, .address(buffer: 1, byteOffset: 0))
  set(.result, .address(buffer: 2, byteOffset: 0))
  set(.bias, .address(buffer: 3, byteOffset: 0))
  set(.strips, .address(buffer: 4, byteOffset: 0))
  set(.stripCount, .integer(2))
  set(.blocks, .integer(blocks))
  set(.tail, .integer(1))
  set(.blockStride, .integer(rows * line * 4))
  set(.rowStride, .integer(line * 4))
  set(.vectorStride, .integer(line * 4))
  parameters[TileSpecification.parameter(operand: 0)] = .address(buffer: 5, byteOffset: 0)
  parameters[TileSpecification.parameter(operand: 1)] = .address(buffer: 6, byteOffset: 0)
  for (continues, ends) in [(0, 1), (1, 0), (1, 1)] {
    set(.continues, .integer(continues))
    set(.ends, .integer(ends))
    _ = try runEverywhere(tile.program(), parameters, buffers)
  }
}

/// Differences of weights are stored, and multiplied by as if they had been there.
@Test(arguments: sets, [(4, 2), (6, 2), (3, 4), (2, 5), (1, 4), (12, 1)])
private func tilesSubtractWeights(_ instructions: InstructionSet, _ size: (Int, Int)) throws {
  let (pixels, vectors) = size
  let lanes = instructions.lanes
  let (blocks, blockChannels) = (3, 8)
  let depth = blocks * blockChannels
  var tile = TileSpecification(
    instructionSet: instructions, vectors: vectors,
    segments: [.init(pixels: pixels, taps: [0..<pixels])])
  tile.blockChannels = blockChannels
  tile.pixelStride = depth * 4
  tile.isPartial = true
  var noise = Noise(11)
  let x = noise.values(2 * pixels * depth)
  let (left, right) = (
    noise.values(depth * vectors * lanes), noise.values(depth * vectors * lanes)
  )
  let y = noise.values(2 * pixels * vectors * lanes)
  let empty = [Float](repeating: .nan, count: left.count)
  // Two strips of a tile each.
  let strips = [0, 0, 0, 1, 0, 1, pixels * depth * 4, pixels * lanes * 4, 0, 1, 0, 1]
  let table = strips.flatMap { [Float(bitPattern: UInt32($0)), Float(0)] }
  var parameters = [KernelParameter](
    repeating: .integer(0), count: TileSpecification.parameterCount)
  func set(_ parameter: TileSpecification.Parameter, _ value: KernelParameter) {
    parameters[parameter.rawValue] = value
  }
  set(.x, .address(buffer: 0, byteOffset: 0))
  set(.weights, .address(buffer: 1, byteOffset: 0))
  set(.result, .address(buffer: 2, byteOffset: 0))
  set(.strips, .address(buffer: 3, byteOffset: 0))
  set(.stripCount, .integer(2))
  set(.blocks, .integer(blocks))
  set(.blockStride, .integer(blockChannels * 4))
  set(.vectorStride, .integer(2 * pixels * lanes * 4))
  set(.continues, .integer(1))
  set(.subtrahend, .address(buffer: 4, byteOffset: 0))
  set(.difference, .address(buffer: 5, byteOffset: 0))
  let differences = zip(left, right).map { $0 - $1 }
  let plain = try runEverywhere(
    tile.program(), parameters, [x, differences, y, table, right, empty])
  tile.subtractsWeights = true
  #expect(try Kernel(tile.program()).spillCount == 0)
  let results = try runEverywhere(tile.program(), parameters, [x, left, y, table, right, empty])
  #expect(results[2] == plain[2])
  #expect(results[5] == differences)
}
