/// A convolution over NCHWc, by the algorithm that suits its sizes.
///
/// x [N, C, H, W] in the input's format, weights packed once, y [N, O, H', W'] blocked.
package struct BlockedConvolution: Sendable {
  package enum Algorithm: String, Sendable, Hashable, CaseIterable {
    /// Products of each kernel tap.
    case direct
    /// A 1×1 kernel over all pixels at once.
    case pointwise
    case winograd4, winograd6
    case depthwise
  }

  package let algorithm: Algorithm
  private let tiles: TileConvolution

  /// Nil where no kernel takes these sizes and formats.
  package init?(
    window: WindowGeometry, groups: Int, outChannels: Int, input: ImageFormat,
    output: ImageFormat, hasBias: Bool, epilogue: [EpilogueOperation],
    instructionSet: InstructionSet, algorithm: Algorithm? = nil
  ) throws {
    let suited: Algorithm = window.isPointwise ? .pointwise : .direct
    guard output == .blocked, (algorithm ?? suited) == suited,
      let tiles = try TileConvolution(
        window: window, groups: groups, outChannels: outChannels, input: input,
        hasBias: hasBias, epilogue: epilogue, instructionSet: instructionSet)
    else { return nil }
    self.algorithm = suited
    self.tiles = tiles
  }

  /// Floats of packed weights and bias.
  package var packedCount: Int { tiles.packedCount }

  /// Packs w [O, C / groups, kh, kw] and the bias [O].
  ///
  /// - Precondition: `packed` holds `packedCount` floats, and there is a bias where one was
  ///   announced.
  package func pack(
    weight: MemorySlice<Float>, bias: MemorySlice<Float>?, into packed: MemorySlice<Float>
  ) {
    tiles.pack(weight: weight, bias: bias, into: packed)
  }

  /// Floats of scratch that a run needs.
  package func scratchCount(threads: Int) -> Int { 0 }

  /// y ← epilogue(convolution of x + bias).
  ///
  /// - Precondition: sizes as announced, operands as the epilogue numbers them; y shares no
  ///   memory with x, but may be an operand laid out like it.
  package func run(
    _ x: MemorySlice<Float>, packed: MemorySlice<Float>, into y: MemorySlice<Float>,
    operands: [MemorySlice<Float>] = [], scratch: MemorySlice<Float>? = nil, threads: Int = 1
  ) {
    tiles.run(x, packed: packed, into: y, operands: operands, threads: threads)
  }

  package var kernelName: String { tiles.plan.kernelNames[0] }
}
