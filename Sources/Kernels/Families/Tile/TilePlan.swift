/// Everything that a run over one image and group needs: kernels, panels of weights, strips of
/// pixels.
final class TilePlan: Sendable {
  let geometry: TileGeometry
  let choice: TileChoice
  let panels: [TilePanel]
  var stripCount: Int { stripStarts.count - 1 }
  /// The first pixel of each strip, counted through all lines, and their end.
  let stripStarts: [Int]
  /// The strips' integers, as the kernels read them.
  private let strips: MemorySlice<Int>
  private let stripStride: Int
  let broadcasts: [OperandBroadcast]
  /// Runs of channel blocks, and whether the tail ends the last.
  private let depths: [Depth]
  /// Whether all panels take up a run of channels before the next: where x does not stay in the
  /// second-level cache, and reading the result again costs less than x.
  let depthsFirst: Bool
  /// Parts into which strips are cut so that x stays there.
  let stripParts: Int
  /// What each panel's calls have in common.
  private let calls: [PanelCall]
  /// Each panel's, then those that compute its weights.
  private let kernels: [Kernel]

  /// A panel's kernel, and in bytes: from the start of the weights to its own, a channel block of
  /// them, from the start of the result and of a bias to its own.
  private struct PanelCall: BitwiseCopyable {
    let kernel: KernelEntry
    /// The same that computes its weights as differences; nil where none does.
    let subtracting: KernelEntry?
    let weights, block, result, bias: Int
  }

  /// Channel blocks summed in one call, and 1 where the tail ends them.
  private struct Depth: BitwiseCopyable {
    let first: Int
    let blocks: Int
    var tail = 0
  }

  /// The order that brings the fewest bytes from beyond the second-level cache.
  private static func order(
    _ geometry: TileGeometry, panels: Int, strips: Int, depths: Int
  ) -> (stripParts: Int, depthsFirst: Bool) {
    let cache = Double(CacheSizes.second)
    let x = Double(geometry.inputBytes)
    let y = Double(geometry.resultBytes)
    let weights = Double(geometry.outVectors * geometry.vectorBlockBytes * geometry.blocks)
    if x <= cache / 3 { return (1, false) }
    let parts = min(Int((x / (cache / 3)).rounded(.up)), strips)
    let byPanels = x * Double(panels) + weights
    let byStrips =
      x + weights * (weights > cache / 2 ? Double(parts) : 1)
      + (x / Double(parts) > cache / 2 ? x * Double(panels - 1) : 0)
    let byDepths = depths > 1 ? x + weights + 2 * y * Double(depths) : .infinity
    if byDepths < min(byPanels, byStrips) { return (1, true) }
    // Weights that come again and again are harder to fetch ahead than x is.
    return (byStrips < byPanels * 0.6 ? parts : 1, false)
  }

  /// Nil where the kernels cannot name all kinds of tiles.
  init?(_ geometry: TileGeometry, choice: TileChoice? = nil) throws {
    let choice = choice ?? TileChoice(geometry)
    guard geometry.epilogue.operandCount <= TileSpecification.operandLimit,
      let cut = TileCut(geometry, limit: choice.pixels)
    else { return nil }
    self.geometry = geometry
    self.choice = choice
    stripStarts = cut.strips.reduce(into: [0]) { starts, strip in
      let pixels = zip(strip.counts, cut.segments).reduce(0) { $0 + $1.0 * $1.1.pixels }
      starts.append(starts[starts.count - 1] + pixels)
    }
    stripStride = TileSpecification.Strip.allCases.count + cut.segments.count
    strips = try MemorySlice(
      cut.strips.flatMap { strip in
        [
          strip.x, strip.result, strip.rows.lowerBound, strip.rows.count,
          geometry.kernelRows - strip.rows.count,
        ] + strip.counts
      })
    broadcasts = geometry.epilogue.operandBroadcasts
    panels = TileChoice.panels(geometry, vectors: choice.vectors)
    var depths: [Depth] = []
    var first = 0
    let step = max(choice.blocksAtOnce, 1)
    repeat {
      let blocks = min(step, geometry.blocks - first)
      depths.append(Depth(first: first, blocks: blocks))
      first += blocks
    } while first < geometry.blocks
    if geometry.tailChannels > 0 { depths[depths.count - 1].tail = 1 }
    self.depths = depths
    (stripParts, depthsFirst) = Self.order(
      geometry, panels: panels.count, strips: cut.strips.count, depths: depths.count)
    var calls: [PanelCall] = []
    var (kernels, subtractingKernels) = ([Kernel](), [Kernel]())
    var known: [TileSpecification: Kernel] = [:]
    // Of one call.
    let tiles = cut.strips.reduce(0) { $0 + $1.counts.reduce(0, +) } / stripParts
    for panel in panels {
      let isLast = panel.firstVector + panel.vectors == geometry.outVectors
      let needsLanes =
        isLast && (geometry.masksStores || broadcasts.contains(.channel))
      var specification = TileSpecification(
        instructionSet: geometry.instructionSet, vectors: panel.vectors, segments: cut.segments)
      specification.take(geometry)
      specification.isPartial = depths.count > 1
      specification.inputFetch = choice.inputFetch
      specification.lastLanes = needsLanes ? geometry.outChannels % geometry.lanes : 0
      specification.masksStores = isLast && geometry.masksStores
      specification.choosePrefetch(geometry, tiles: tiles, blocks: min(step, geometry.blocks))
      func kernel(_ specification: TileSpecification) throws -> Kernel {
        let kernel =
          try known[specification] ?? KernelCache.shared.kernel(for: specification)
        known[specification] = kernel
        return kernel
      }
      var subtracting = specification
      subtracting.subtractsWeights = true
      (subtracting.aheadBytes, subtracting.nextLines) = (0, 0)
      kernels.append(try kernel(specification))
      if geometry.computesWeights { subtractingKernels.append(try kernel(subtracting)) }
      calls.append(
        PanelCall(
          kernel: kernels[kernels.count - 1].entry, subtracting: subtractingKernels.last?.entry,
          weights: geometry.weightOffset(panel) * 4,
          block: geometry.vectorBlockBytes * panel.vectors,
          result: panel.firstVector * geometry.vectorStride,
          bias: panel.firstVector * geometry.vectorBytes))
    }
    self.calls = calls
    self.kernels = kernels + subtractingKernels
  }

  /// Vector registers that the kernels keep on the stack.
  var spillCount: Int { kernels.map(\.spillCount).max() ?? 0 }

  /// Of each panel.
  var kernelNames: [String] { kernels.prefix(panels.count).map(\.name) }

  /// Floats of packed weights, without the bias.
  var weightCount: Int {
    geometry.outVectors * geometry.lanes * geometry.storedChannels * geometry.kernelRows
      * geometry.taps
  }

  /// Floats of the packed bias.
  var biasCount: Int { geometry.hasBias ? geometry.outVectors * geometry.lanes : 0 }

  /// Runs of channels that are summed one after the other.
  var depthCount: Int { depths.count }

  /// The input channels of such a run.
  func channels(ofDepth index: Int) -> Range<Int> {
    let depth = depths[index]
    let first = depth.first * geometry.blockChannels
    let whole = first + depth.blocks * geometry.blockChannels
    return first..<(depth.tail > 0 ? geometry.channels : whole)
  }
}

extension TileSpecification {
  fileprivate mutating func take(_ geometry: TileGeometry) {
    blockChannels = geometry.blockChannels
    tailChannels = geometry.tailChannels
    hasRows = geometry.kernelRows > 1
    channelStride = geometry.channelStride
    pixelStride = geometry.pixelStride
    tapStride = geometry.tapStride
    tapOffset = geometry.tapOffset
    resultStride = geometry.resultStride
    hasBias = geometry.hasBias
    epilogue = geometry.epilogue
  }

  /// Weights that do not stay near are asked for ahead of their use.
  ///
  /// `blocks` are the channel blocks of a call, `tiles` those of all strips.
  fileprivate mutating func choosePrefetch(_ geometry: TileGeometry, tiles: Int, blocks: Int) {
    let panel = geometry.vectorBlockBytes * vectors * blocks
    let isShort = geometry.kernelRows * geometry.taps == 1
    if instructionSet.isFast, panel > (isShort ? CacheSizes.first / 2 : CacheSizes.first) {
      aheadBytes = 2048
    }
    let all = geometry.outVectors * geometry.vectorBlockBytes * max(geometry.blocks, 1)
    let rounds =
      blockChannels / channelStep(segments[0], of: blockChannels) * geometry.kernelRows * blocks
    let lines = panel / 64
    switch geometry.weightSource {
    case .memory: if all <= CacheSizes.second / 2 { return }
    case .afar: break
    case .computed(let products, let sources):
      if rounds == 0 { return }
      let parts = products * rounds * max(tiles, 1)
      nextLines = min((lines * sources + parts - 1) / parts, 8)
      return
    }
    if tiles <= 3 {
      aheadBytes = 4096
      return
    }
    let perRound = (lines + rounds * tiles - 1) / max(rounds * tiles, 1)
    // With more tiles the first one's wait is lost among them.
    if lines * 2 >= rounds * tiles { nextLines = perRound }
  }
}

/// Where a run reads and writes: addresses of the first element of an image and group.
struct TileAddresses {
  var x: Int
  var weights: Int
  var bias: Int
  var result: Int
}

extension TilePlan {
  /// Computes the given panels for the given strips.
  ///
  /// `operand` gives the address of an epilogue's operand for a panel: for one laid out as the
  /// result, the address that corresponds to the panel's first result.
  func run(
    _ addresses: TileAddresses, panels range: Range<Int>, strips stripRange: Range<Int>,
    operand: (_ index: Int, _ broadcast: OperandBroadcast, _ panel: TilePanel) -> Int
  ) {
    var call = call(stripRange)
    if depthsFirst {
      for depth in depths {
        for index in range { run(&call, index, depth, addresses, operand) }
      }
    } else {
      for index in range {
        for depth in depths { run(&call, index, depth, addresses, operand) }
      }
    }
  }

  /// Sums one run of channels of one panel for each of some problems alike, whose weights for
  /// this panel and run lie where `addresses` says, as does what is asked for beside them.
  func run(
    panel: Int, depth: Int, strips stripRange: Range<Int>, problems: Range<Int>,
    addresses: (_ problem: Int) -> (TileAddresses, prefetched: Int)
  ) {
    var call = call(stripRange)
    for problem in problems {
      let (at, prefetched) = addresses(problem)
      run(
        &call, panel, depths[depth], at, by: calls[panel].kernel, weights: at.weights,
        prefetched: prefetched
      ) { _, _, _ in 0 }
    }
  }

  /// Sums one run of channels of one panel, whose weights for this panel and run lie where
  /// `addresses` says.
  ///
  /// - Parameters:
  ///   - blockStride: from one block of x to the next, in bytes.
  ///   - prefetched: what is asked for beside the products.
  ///   - difference: where the weights are to be differences, which the first strip computes: what
  ///     is subtracted, and where they go.
  func run(
    _ addresses: TileAddresses, blockStride: Int, panel: Int, depth: Int,
    strips stripRange: Range<Int>, prefetched: Int,
    difference: (subtrahend: Int, target: Int)? = nil
  ) {
    var (at, rest) = (addresses, stripRange)
    at.x += depths[depth].first * (blockStride - geometry.blockStride)
    func run(_ strips: Range<Int>, by kernel: KernelEntry) {
      var call = call(strips)
      call.blockStride = blockStride
      if let difference {
        (call.subtrahend, call.difference) = (difference.subtrahend, difference.target)
      }
      self.run(
        &call, panel, depths[depth], at, by: kernel, weights: at.weights, prefetched: prefetched
      ) { _, _, _ in 0 }
    }
    if let difference, let kernel = calls[panel].subtracting, !rest.isEmpty {
      run(rest.prefix(1), by: kernel)
      rest = rest.dropFirst()
      at.weights = difference.target
    }
    if !rest.isEmpty { run(rest, by: calls[panel].kernel) }
  }

  /// What calls over the strips share.
  @inline(__always)
  private func call(_ stripRange: Range<Int>) -> TileCall {
    precondition(
      stripRange.lowerBound >= 0 && stripRange.upperBound <= stripCount, "no such strips")
    var call = TileCall()
    call.strips = unsafe Int(bitPattern: strips.base + stripRange.lowerBound * stripStride)
    call.stripCount = stripRange.count
    call.blockStride = geometry.blockStride
    call.rowStride = geometry.rowStride
    call.vectorStride = geometry.vectorStride
    return call
  }

  @inline(__always)
  private func run(
    _ call: inout TileCall, _ index: Int, _ depth: Depth, _ addresses: TileAddresses,
    _ operand: (_ index: Int, _ broadcast: OperandBroadcast, _ panel: TilePanel) -> Int
  ) {
    let shared = calls[index]
    let all = addresses.weights + shared.weights
    var prefetched = all + (depth.first + depth.blocks) * shared.block
    if depthsFirst && index + 1 < calls.count {
      let next = calls[index + 1]
      prefetched = addresses.weights + next.weights + depth.first * next.block
    }
    run(
      &call, index, depth, addresses, by: shared.kernel, weights: all + depth.first * shared.block,
      prefetched: prefetched, operand)
  }

  @inline(__always)
  private func run(
    _ call: inout TileCall, _ index: Int, _ depth: Depth, _ addresses: TileAddresses,
    by kernel: KernelEntry, weights: Int, prefetched: Int,
    _ operand: (_ index: Int, _ broadcast: OperandBroadcast, _ panel: TilePanel) -> Int
  ) {
    let shared = calls[index]
    call.x = addresses.x + depth.first * geometry.blockStride
    call.result = addresses.result + shared.result
    call.bias = addresses.bias + shared.bias
    for number in broadcasts.indices {
      call.setOperand(number, operand(number, broadcasts[number], panels[index]))
    }
    call.weights = weights
    call.prefetched = prefetched
    call.blocks = depth.blocks
    call.tail = depth.tail
    call.continues = depth.first > 0 ? 1 : 0
    call.ends = depth.first + depth.blocks == geometry.blocks ? 1 : 0
    call.run(kernel)
  }
}
