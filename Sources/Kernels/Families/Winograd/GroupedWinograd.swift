/// A 3 × 3 convolution of stride 1 or 2 by Winograd's transforms whose groups are whole blocks of
/// channels: each group of each image is a convolution of its own.
///
/// x [N, C, H, W] and y [N, O, H', W'] blocked, padding 0 or 1.
struct GroupedWinograd: Sendable {
  /// That of one group of one image.
  let one: WinogradConvolution
  let groups: Int
  private let batch: Int
  private let input: BlockedShape
  private let output: BlockedShape

  /// Nil where groups cut through blocks, the sizes are not of this kind, or the epilogue takes
  /// operands.
  init?(
    window: WindowGeometry, groups: Int, outChannels: Int, hasBias: Bool,
    epilogue: [EpilogueOperation], instructionSet: InstructionSet, outputs: Int
  ) throws {
    guard epilogue.operandCount == 0,
      let inner = Self.part(window, groups, outChannels, instructionSet),
      let one = try WinogradConvolution(
        window: inner, outChannels: outChannels / groups, hasBias: hasBias, epilogue: epilogue,
        instructionSet: instructionSet, outputs: outputs)
    else { return nil }
    self.one = one
    self.groups = groups
    batch = window.batch
    let lanes = instructionSet.lanes
    input = BlockedShape(
      batch: 1, channels: inner.channels, height: window.height, width: window.width,
      lanes: lanes)
    output = BlockedShape(
      batch: 1, channels: outChannels / groups, height: window.outHeight,
      width: window.outWidth, lanes: lanes)
  }

  /// The window of one group of one image; nil where groups cut through blocks.
  static func part(
    _ window: WindowGeometry, _ groups: Int, _ outChannels: Int,
    _ instructionSet: InstructionSet
  ) -> WindowGeometry? {
    let whole = groups * instructionSet.lanes
    guard window.channels % whole == 0, outChannels % whole == 0 else { return nil }
    var part = window
    part.batch = 1
    part.channels /= groups
    return part
  }

  var packedCount: Int { groups * one.packedCount }

  /// Packs w [O, C / groups, 3, 3] and the bias [O].
  func pack(
    weight: MemorySlice<Float>, bias: MemorySlice<Float>?, into packed: MemorySlice<Float>,
    threads: Int
  ) {
    let outputs = output.channels
    let weights = outputs * input.channels * 9
    for group in 0..<groups {
      one.pack(
        weight: weight[from: group * weights, count: weights],
        bias: bias.map { $0[from: group * outputs, count: outputs] },
        into: packed[from: group * one.packedCount, count: one.packedCount], threads: threads)
    }
  }

  func run(
    _ x: MemorySlice<Float>, packed: MemorySlice<Float>, into y: MemorySlice<Float>,
    scratch: MemorySlice<Float>, threads: Int
  ) {
    for index in 0..<batch * groups {
      one.run(
        x[from: index * input.count, count: input.count],
        packed: packed[from: index % groups * one.packedCount, count: one.packedCount],
        into: y[from: index * output.count, count: output.count], operands: [],
        scratch: scratch, threads: threads)
    }
  }
}
