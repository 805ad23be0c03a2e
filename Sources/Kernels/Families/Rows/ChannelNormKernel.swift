/// How the channels of pixels lie.
package enum ChannelLayout: Sendable, Hashable {
  /// NCHWc: [N, ⌈C / c⌉, H · W, c].
  case blocked
  /// NHWC: [N, H · W, C].
  case last
}

/// Layer norm over the channels of each pixel of an image, which may come and go in NCHWc or
/// NHWC: the change of layout costs nothing.
///
/// Made at plan time; running it allocates nothing.
package struct ChannelNormKernel: Sendable {
  package let batch, channels, spatial: Int
  package let input, output: ChannelLayout
  private let kernel: Kernel
  private let hasWeight, hasBias: Bool
  private let numbers: MemorySlice<Float>

  package var kernelName: String { kernel.name }

  /// - Parameter spatial: height · width.
  /// - Throws: `KernelError` or `AllocationError`.
  package init(
    batch: Int, channels: Int, spatial: Int, input: ChannelLayout, output: ChannelLayout,
    epsilon: Double, hasWeight: Bool, hasBias: Bool, instructionSet: InstructionSet
  ) throws {
    precondition(batch >= 0 && channels > 0 && spatial >= 0, "no such image")
    self.batch = batch
    self.channels = channels
    self.spatial = spatial
    self.input = input
    self.output = output
    self.hasWeight = hasWeight
    self.hasBias = hasBias
    numbers = try MemorySlice([Float(channels), Float(epsilon)])
    kernel = try KernelCache.shared.kernel(
      for: ChannelNormSpecification(
        instructionSet: instructionSet, hasWeight: hasWeight, hasBias: hasBias))
  }

  private var lanes: Int { kernel.instructionSet.lanes }

  /// Elements of an image of the layout.
  private func imageCount(_ layout: ChannelLayout) -> Int {
    let width = layout == .last ? channels : (channels + lanes - 1) / lanes * lanes
    return width * spatial
  }

  package var inputCount: Int { batch * imageCount(input) }
  package var outputCount: Int { batch * imageCount(output) }

  /// Fills y, which may be x where their layouts are the same; the lanes past the last channel
  /// stay as they are.
  package func run(
    _ x: MemorySlice<Float>, weight: MemorySlice<Float>? = nil,
    bias: MemorySlice<Float>? = nil, into y: MemorySlice<Float>, threads: Int = 1
  ) {
    precondition(x.count == inputCount && y.count == outputCount, "sizes do not agree")
    precondition(
      (weight?.count ?? -1) == (hasWeight ? channels : -1)
        && (bias?.count ?? -1) == (hasBias ? channels : -1), "weights of another size")
    let unrolling = ChannelNormSpecification.unrolling
    let perTile = max(elementsPerTile / 2 / channels / unrolling * unrolling, unrolling)
    let parts = (spatial + perTile - 1) / perTile
    ThreadPool.shared.run(
      Run(norm: self, x: x, weight: weight, bias: bias, y: y, parts: parts, perTile: perTile),
      tiles: batch * parts, threads: threads)
  }

  /// Elements from a pixel to the next and from a block of channels to the next.
  private func strides(_ layout: ChannelLayout) -> (pixel: Int, block: Int) {
    layout == .last ? (channels, lanes) : (lanes, spatial * lanes)
  }

  private struct Run: TiledWork {
    let norm: ChannelNormKernel
    let x: MemorySlice<Float>
    let weight, bias: MemorySlice<Float>?
    let y: MemorySlice<Float>
    let parts, perTile: Int

    func compute(_ tile: Int, slot: Int) {
      let (kernel, numbers, lanes) = (norm.kernel, norm.numbers, norm.lanes)
      let unrolling = ChannelNormSpecification.unrolling
      let channels = norm.channels
      let (from, to) = (norm.strides(norm.input), norm.strides(norm.output))
      let (image, first) = (tile / parts, tile % parts * perTile)
      let count = min(perTile, norm.spatial - first)
      let start = unsafe x.base + image * norm.imageCount(norm.input) + first * from.pixel
      let target = unsafe y.base + image * norm.imageCount(norm.output) + first * to.pixel
      unsafe kernel.call(
        with: (
          count / unrolling, count % unrolling, channels / lanes, channels % lanes,
          Int(bitPattern: start), 4 * from.pixel, 4 * from.block,
          Int(bitPattern: target), 4 * to.pixel, 4 * to.block,
          Int(bitPattern: weight?.base), Int(bitPattern: bias?.base),
          Int(bitPattern: numbers.base)
        ))
    }
  }
}
