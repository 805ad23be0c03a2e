/// Moves channels between a dense image and one in NCHWc, or a slice of each.
package struct LayoutConversion: Sendable {
  /// How the dense image lies in memory.
  package enum PlainOrder: Sendable, Hashable {
    /// [N, C, H, W].
    case channelsFirst
    /// [N, H · W, C].
    case channelsLast
  }

  package let direction: LayoutDirection
  package let order: PlainOrder
  package let blocked: BlockedShape
  package let plainCount: Int
  /// The kernels for the blocks that the slice reaches, without repetition.
  package let kernels: [Kernel]
  private let specifications: [any KernelSpecification]
  private let slice: ChannelSlice
  private let plainChannels: Int
  private let pixelsPerTile: Int

  private struct ChannelSlice: Sendable {
    var blockedOffset: Int
    var plainOffset: Int
    var count: Int
  }

  /// - Parameters:
  ///   - blocked: the whole blocked image.
  ///   - blockedOffset: the channel of it at which the slice begins.
  ///   - plainChannels: the channels of the dense image; as many as the blocked one's unless said.
  ///   - plainOffset: the channel of the dense image at which the slice begins.
  ///   - count: the channels that move; all of the dense image's after its offset unless said.
  /// - Returns: nil for a dense image of tokens whose slice does not begin with a block.
  package init?(
    _ direction: LayoutDirection, _ order: PlainOrder, blocked: BlockedShape,
    blockedOffset: Int = 0, plainChannels: Int? = nil, plainOffset: Int = 0, count: Int? = nil,
    instructionSet: InstructionSet
  ) throws {
    precondition(blocked.lanes == instructionSet.lanes, "blocks of another width")
    let plainChannels = plainChannels ?? blocked.channels
    let count = count ?? plainChannels - plainOffset
    precondition(
      count >= 0 && plainOffset >= 0 && blockedOffset >= 0 && plainOffset + count <= plainChannels
        && blockedOffset + count <= blocked.channels, "channels outside the image")
    let lanes = blocked.lanes
    if order == .channelsLast, blockedOffset % lanes != 0 { return nil }
    self.direction = direction
    self.order = order
    self.blocked = blocked
    self.plainChannels = plainChannels
    slice = ChannelSlice(blockedOffset: blockedOffset, plainOffset: plainOffset, count: count)
    let pixels = blocked.height * blocked.width
    plainCount = blocked.batch * plainChannels * pixels
    let overwritesRest = blockedOffset + count == blocked.channels
    switch order {
    case .channelsFirst:
      let first = blockedOffset / lanes
      let last = count == 0 ? first : (blockedOffset + count - 1) / lanes
      let specifications = (first...last).map { block in
        PlaneLayoutKernel(
          instructionSet: instructionSet, direction: direction,
          lanes: max(
            blockedOffset - block * lanes, 0)..<max(
              min(blockedOffset + count - block * lanes, lanes), 0),
          overwritesRest: overwritesRest, tail: pixels % lanes)
      }
      self.specifications = specifications
      kernels = try specifications.map { try KernelCache.shared.kernel(for: $0) }
      pixelsPerTile = 512
    case .channelsLast:
      let specification = TokenLayoutKernel(
        instructionSet: instructionSet, direction: direction, tail: count % lanes,
        overwritesRest: overwritesRest)
      specifications = [specification]
      kernels = [try KernelCache.shared.kernel(for: specification)]
      // As many tokens as stay in the first-level cache, so that no line is fetched twice.
      pixelsPerTile = max(8192 / max(plainChannels, 1), 8)
    }
  }

  private var pixels: Int { blocked.height * blocked.width }
  private var partsPerPlane: Int { (pixels + pixelsPerTile - 1) / pixelsPerTile }
  private var tileCount: Int {
    if slice.count == 0 { return 0 }
    return blocked.batch * partsPerPlane * (order == .channelsFirst ? kernels.count : 1)
  }

  /// - Parameter x: the dense or the blocked image, as the direction says; `into` the other.
  package func run(_ x: MemorySlice<Float>, into y: MemorySlice<Float>, threads: Int = 1) {
    let (plain, block) = direction == .toBlocked ? (x, y) : (y, x)
    precondition(plain.count == plainCount && block.count == blocked.count, "sizes do not agree")
    // Addresses of the dense and of the blocked image, whichever is read.
    let bases = unsafe KernelBases(x: plain.base, y: block.base)
    ThreadPool.shared.run(
      Run(conversion: self, bases: bases), tiles: tileCount, threads: threads)
  }

  private struct Run: TiledWork {
    let conversion: LayoutConversion
    let bases: KernelBases

    func compute(_ tile: Int, slot: Int) {
      unsafe conversion.withCall(of: tile, bases) { kernel, list, _ in
        unsafe conversion.kernels[kernel].call(list)
      }
    }
  }

  @inline(__always)
  private func withCall(
    of tile: Int, _ bases: KernelBases, _ body: (Int, UnsafePointer<Int>, Int) -> Void
  ) {
    let lanes = blocked.lanes
    let part = tile % partsPerPlane
    let plane = tile / partsPerPlane
    let start = part * pixelsPerTile
    let count = min(pixelsPerTile, pixels - start)
    unsafe withUnsafeTemporaryAllocation(of: Int.self, capacity: 6) { buffer in
      guard let list = buffer.baseAddress else { return }
      switch order {
      case .channelsFirst:
        let image = plane / kernels.count
        let index = plane % kernels.count
        let block = slice.blockedOffset / lanes + index
        // The dense channel that the block's first lane would be.
        let channel = slice.plainOffset + block * lanes - slice.blockedOffset
        let blockStart = image * blocked.imageStride + block * blocked.blockStride
        unsafe list[0] = bases.x + ((image * plainChannels + channel) * pixels + start) * 4
        unsafe list[1] = bases.y + (blockStart + start * lanes) * 4
        unsafe list[2] = pixels * 4
        unsafe list[3] = count / lanes
        unsafe list[4] = count % lanes
        unsafe body(index, list, PlaneLayoutKernel.parameterCount)
      case .channelsLast:
        let token = (plane * pixels + start) * plainChannels + slice.plainOffset
        let blockStart = plane * blocked.imageStride + slice.blockedOffset * pixels
        unsafe list[0] = bases.x + token * 4
        unsafe list[1] = bases.y + (blockStart + start * lanes) * 4
        unsafe list[2] = plainChannels * 4
        unsafe list[3] = blocked.blockStride * 4
        unsafe list[4] = count
        unsafe list[5] = slice.count / lanes
        unsafe body(0, list, TokenLayoutKernel.parameterCount)
      }
    }
  }
}

extension LayoutConversion: InterpretedKernels {
  /// - Parameter bases: the dense image as `x` and the blocked one as `y`, whichever is read.
  package func calls(_ bases: KernelBases, operands: [Int]) -> [KernelCall] {
    var result: [KernelCall] = []
    for tile in 0..<tileCount {
      unsafe withCall(of: tile, bases) { kernel, list, count in
        result.append(unsafe KernelCall(specifications[kernel], list, count))
      }
    }
    return result
  }

  package var tables: [MemorySlice<Int>] { [] }
}
