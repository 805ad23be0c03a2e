/// Shuffles the channels of an image in NCHWc in two groups: channel 2i + g of the result is the
/// i-th of group g.
package struct BlockedChannelShuffle: Sendable {
  package let shape: BlockedShape
  private let kernels: [Kernel]
  private let specifications: [ChannelShuffleKernel]
  private let pixelsPerTile = 1024

  /// - Returns: nil but for two groups.
  package init?(shape: BlockedShape, groups: Int, instructionSet: InstructionSet) throws {
    guard groups == 2, shape.channels % 2 == 0 else { return nil }
    let lanes = instructionSet.lanes
    precondition(shape.lanes == lanes, "blocks of another width")
    self.shape = shape
    let half = shape.channels / 2
    let shift = half % lanes
    specifications = (0..<((half + lanes - 1) / lanes)).map { block in
      ChannelShuffleKernel(
        instructionSet: instructionSet, shift: shift,
        readsNext: shift > 0 && half + block * lanes + lanes - shift < shape.channels,
        writesSecond: 2 * block + 1 < shape.blocks)
    }
    kernels = try specifications.map { try KernelCache.shared.kernel(for: $0) }
  }

  private var pixels: Int { shape.height * shape.width }
  private var parts: Int { (pixels + pixelsPerTile - 1) / pixelsPerTile }
  private var tileCount: Int { shape.batch * kernels.count * parts }

  /// - Precondition: sizes as the shape says; the images do not overlap.
  package func run(_ x: MemorySlice<Float>, into y: MemorySlice<Float>, threads: Int = 1) {
    precondition(x.count == shape.count && y.count == shape.count, "sizes do not agree")
    let bases = unsafe KernelBases(x: x.base, y: y.base)
    ThreadPool.shared.run(
      Run(shuffle: self, bases: bases), tiles: tileCount, threads: threads)
  }

  private struct Run: TiledWork {
    let shuffle: BlockedChannelShuffle
    let bases: KernelBases

    func compute(_ tile: Int, slot: Int) {
      unsafe shuffle.withCall(of: tile, bases) { index, list in
        unsafe shuffle.kernels[index].call(list)
      }
    }
  }

  @inline(__always)
  private func withCall(
    of tile: Int, _ bases: KernelBases, _ body: (Int, UnsafePointer<Int>) -> Void
  ) {
    let start = tile % parts * pixelsPerTile
    let index = tile / parts % kernels.count
    let image = tile / parts / kernels.count
    let lanes = shape.lanes
    let origin = (image * shape.imageStride + start * lanes) * 4
    let block = shape.blockStride * 4
    let other = (shape.channels / 2 + index * lanes) / lanes
    unsafe withUnsafeTemporaryAllocation(
      of: Int.self, capacity: ChannelShuffleKernel.parameterCount
    ) { buffer in
      guard let list = buffer.baseAddress else { return }
      unsafe list[0] = bases.x + origin + index * block
      unsafe list[1] = bases.x + origin + other * block
      unsafe list[2] = bases.x + origin + (other + 1) * block
      unsafe list[3] = bases.y + origin + 2 * index * block
      unsafe list[4] = bases.y + origin + (2 * index + 1) * block
      unsafe list[5] = min(pixelsPerTile, pixels - start)
      unsafe body(index, list)
    }
  }
}

extension BlockedChannelShuffle: InterpretedKernels {
  package func calls(_ bases: KernelBases, operands: [Int]) -> [KernelCall] {
    var result: [KernelCall] = []
    for tile in 0..<tileCount {
      unsafe withCall(of: tile, bases) { index, list in
        result.append(
          unsafe KernelCall(specifications[index], list, ChannelShuffleKernel.parameterCount))
      }
    }
    return result
  }

  package var tables: [MemorySlice<Int>] { [] }
}
