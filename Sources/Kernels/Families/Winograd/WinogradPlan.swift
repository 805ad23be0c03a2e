/// A 3 × 3 convolution of stride 1 or 2 by Winograd's transforms: kernels, chunks of tiles and
/// where things lie in the scratch memory.
final class WinogradPlan: Sendable {
  let instructionSet: InstructionSet
  let tile: WinogradTile
  let grid: WinogradGrid
  let outChannels: Int
  /// Of the epilogue's operands.
  let broadcasts: [OperandBroadcast]
  let hasBias: Bool
  /// Tiles that are transformed and multiplied at once.
  let chunk: Int
  /// Products of a whole chunk and of the last.
  let products: TilePlan
  let lastProducts: TilePlan
  /// Nil where transformed weights are packed.
  let computedWeights: ComputedWeights?
  private let inputKernels: [Kernel]
  /// For whole blocks and for the last block where it differs.
  private let outputKernels: [Kernel]
  private let lastOutputKernels: [Kernel]
  let lanes, inBlocks, outBlocks: Int
  /// Floats from one element of a chunk's transformed input, of its products and of the packed
  /// weights to the next: odd numbers of cache lines, so that a tile's elements do not meet in
  /// one set.
  let inputStride, productStride, elementCount: Int

  var window: WindowGeometry { grid.window }
  var chunks: Int { (grid.count + chunk - 1) / chunk }

  /// Nil where the products have no kernel.
  init?(
    window: WindowGeometry, tile: WinogradTile, outChannels: Int, hasBias: Bool,
    epilogue: [EpilogueOperation], instructionSet: InstructionSet, chunk: Int,
    computesWeights: Bool
  ) throws {
    let grid = WinogradGrid(window, tile)
    let lanes = instructionSet.lanes
    self.grid = grid
    self.tile = tile
    self.lanes = lanes
    inBlocks = (window.channels + lanes - 1) / lanes
    outBlocks = (outChannels + lanes - 1) / lanes
    self.instructionSet = instructionSet
    self.outChannels = outChannels
    broadcasts = epilogue.operandBroadcasts
    self.hasBias = hasBias
    let chunk = min(chunk, grid.count)
    self.chunk = chunk
    func plan(_ tiles: Int, _ choice: TileChoice?) throws -> TilePlan? {
      let block = chunk * instructionSet.vectorBytes
      var geometry = TileGeometry(
        instructionSet: instructionSet, channels: window.channels, outChannels: outChannels,
        width: tiles, validPixels: [0..<tiles],
        blockChannels: min(instructionSet.lanes, window.channels), blockStride: block,
        pixelStride: instructionSet.vectorBytes, resultStride: instructionSet.vectorBytes,
        vectorStride: block)
      // Each weight serves a chunk's tiles only, so that they come from afar again and again.
      geometry.weightSource =
        computesWeights ? .computed(products: tile.elements, sources: 9) : .afar
      return try TilePlan(
        geometry, choice: choice ?? (computesWeights ? .computed(geometry, tile) : nil))
    }
    guard let products = try plan(chunk, nil) else { return nil }
    let rest = grid.count % chunk
    guard let last = rest == 0 ? products : try plan(rest, products.choice) else { return nil }
    self.products = products
    func stride(_ count: Int) -> Int { ((count + 15) / 16 | 1) * 16 }
    inputStride = stride(inBlocks * chunk * lanes)
    productStride = stride(outBlocks * chunk * lanes)
    elementCount = stride(products.weightCount)
    computedWeights = computesWeights ? try ComputedWeights(products, tile) : nil
    lastProducts = last
    inputKernels = try grid.segments.map {
      try KernelCache.shared.kernel(
        for: WinogradInputSpecification(
          instructionSet: instructionSet, tile: tile, columns: $0.inputColumns))
    }
    let readsChannels = broadcasts.contains(.channel)
    let lastLanes = readsChannels ? outChannels % instructionSet.lanes : 0
    func outputs(_ lanes: Int) throws -> [Kernel] {
      try grid.segments.map {
        try KernelCache.shared.kernel(
          for: WinogradOutputSpecification(
            instructionSet: instructionSet, tile: tile, columns: $0.outputColumns,
            hasBias: hasBias, epilogue: epilogue, lastLanes: lanes))
      }
    }
    outputKernels = try outputs(0)
    lastOutputKernels = lastLanes == 0 ? [] : try outputs(lastLanes)
  }

  /// Floats of a chunk's transformed input and products.
  var chunkCount: Int { tile.elements * (inputStride + productStride) }
  /// Floats of a thread's own scratch.
  var patchCount: Int { (tile.elements * lanes + 15) / 16 * 16 }
  /// That and a panel's weights where they are computed.
  var ownCount: Int { patchCount + (computedWeights?.scratchCount ?? 0) }

  var biasCount: Int { hasBias ? outBlocks * instructionSet.lanes : 0 }
  var packedCount: Int {
    weightOffset + (computedWeights?.count ?? tile.weightElements * elementCount)
  }
  var weightOffset: Int { (biasCount + 15) / 16 * 16 }
}

/// Addresses of the first elements of what a run reads and writes.
struct WinogradAddresses: Sendable {
  var x: Int
  var packed: Int
  var y: Int
  /// A chunk's transformed input, then its products.
  var chunk: Int
  /// The thread's own.
  var patch: Int
}

extension WinogradPlan {
  func tiles(ofChunk index: Int) -> Range<Int> {
    index * chunk..<min((index + 1) * chunk, grid.count)
  }

  /// Bytes from a chunk's transformed input to its products.
  private var productOffset: Int { tile.elements * inputStride * 4 }

  /// Transforms the input's channel blocks for tiles of a chunk that begins at tile `first`.
  func transformInput(
    _ at: WinogradAddresses, tiles: Range<Int>, chunkStart first: Int, blocks: Range<Int>
  ) {
    typealias Parameter = WinogradInputSpecification.Parameter
    let pixel = lanes * 4
    let line = window.width * pixel
    let plane = window.height * line
    unsafe withUnsafeTemporaryAllocation(
      of: Int.self, capacity: Parameter.blockStride.rawValue + 1
    ) { call in
      unsafe call.initialize(repeating: 0)
      func set(_ parameter: Parameter, _ value: Int) { unsafe call[parameter.rawValue] = value }
      set(.scratch, at.patch)
      set(.blocks, blocks.count)
      set(.rowStride, line)
      set(.planeStride, plane)
      set(.elementStride, inputStride * 4)
      set(.blockStride, chunk * pixel)
      grid.forEachRun(in: tiles) { run in
        let rows = grid.rows(of: run.row)
        let image = (run.image * inBlocks + blocks.lowerBound) * plane
        set(
          .x,
          at.x + image + rows.first * line
            + (run.column * tile.step - window.padX) * pixel)
        set(.v, at.chunk + (blocks.lowerBound * chunk + run.first - first) * pixel)
        set(.tiles, run.count)
        set(.above, rows.above)
        set(.inside, rows.inside)
        set(.below, rows.below)
        unsafe inputKernels[run.segment].call(call.baseAddress!)
      }
    }
  }

  /// The products of all of a chunk's tiles.
  private func products(ofChunk index: Int) -> TilePlan {
    tiles(ofChunk: index).count == chunk ? products : lastProducts
  }

  /// Multiplies a chunk's elements by their weights, for all tiles or those of some strips.
  func multiply(
    _ at: WinogradAddresses, chunk index: Int, elements: Range<Int>, panels: Range<Int>,
    strips: Range<Int>? = nil
  ) {
    let plan = products(ofChunk: index)
    for element in elements {
      plan.run(
        TileAddresses(
          x: at.chunk + element * inputStride * 4,
          weights: at.packed
            + (weightOffset + tile.weight(ofElement: element) * elementCount) * 4, bias: 0,
          result: at.chunk + productOffset + element * productStride * 4), panels: panels,
        strips: strips ?? 0..<plan.stripCount
      ) { _, _, _ in 0 }
    }
  }

  /// Multiplies all elements of one panel by weights that are computed before, for some strips.
  func multiply(
    _ at: WinogradAddresses, chunk index: Int, panel: Int, strips: Range<Int>,
    by weights: ComputedWeights
  ) {
    let plan = products(ofChunk: index)
    let scratch = at.patch + patchCount * 4
    for depth in 0..<plan.depthCount {
      let packed = at.packed + weightOffset * 4
      weights.transform(
        packed, panel: panel, channels: plan.channels(ofDepth: depth), into: scratch)
      let isLast = depth + 1 == plan.depthCount
      let next = (
        panel: isLast ? (panel + 1) % plan.panels.count : panel,
        channels: plan.channels(ofDepth: isLast ? 0 : depth + 1)
      )
      plan.run(
        panel: panel, depth: depth, strips: strips, problems: 0..<tile.elements
      ) { element in
        (
          TileAddresses(
            x: at.chunk + element * inputStride * 4,
            weights: scratch + tile.weight(ofElement: element) * weights.elementStride, bias: 0,
            result: at.chunk + productOffset + element * productStride * 4),
          prefetched: weights.share(
            element, of: packed, panel: next.panel, channels: next.channels)
        )
      }
    }
  }

  /// Transforms products of output channel blocks for tiles of a chunk that begins at `first`,
  /// and stores them.
  func transformOutput(
    _ at: WinogradAddresses, operands: [MemorySlice<Float>], tiles: Range<Int>,
    chunkStart first: Int, blocks: Range<Int>
  ) {
    if !lastOutputKernels.isEmpty && blocks.upperBound == outBlocks {
      let whole = blocks.lowerBound..<(outBlocks - 1)
      if !whole.isEmpty {
        storeOutput(at, operands, tiles, first, whole, outputKernels)
      }
      storeOutput(at, operands, tiles, first, (outBlocks - 1)..<outBlocks, lastOutputKernels)
    } else {
      storeOutput(at, operands, tiles, first, blocks, outputKernels)
    }
  }

  private func storeOutput(
    _ at: WinogradAddresses, _ operands: [MemorySlice<Float>], _ tiles: Range<Int>,
    _ first: Int, _ blocks: Range<Int>, _ kernels: [Kernel]
  ) {
    typealias Parameter = WinogradOutputSpecification.Parameter
    let pixel = lanes * 4
    let line = window.outWidth * pixel
    let plane = window.outHeight * line
    unsafe withUnsafeTemporaryAllocation(
      of: Int.self, capacity: Parameter.operands.rawValue + broadcasts.count
    ) { call in
      unsafe call.initialize(repeating: 0)
      func set(_ parameter: Parameter, _ value: Int) { unsafe call[parameter.rawValue] = value }
      set(.scratch, at.patch)
      set(.blocks, blocks.count)
      set(.bias, at.packed + blocks.lowerBound * pixel)
      set(.rowStride, line)
      set(.planeStride, plane)
      set(.elementStride, productStride * 4)
      set(.blockStride, chunk * pixel)
      grid.forEachRun(in: tiles) { run in
        let block = run.image * outBlocks + blocks.lowerBound
        let offset =
          block * plane + run.row * tile.outputs * line + run.column * tile.outputs * pixel
        set(
          .products,
          at.chunk + productOffset + (blocks.lowerBound * chunk + run.first - first) * pixel)
        set(.y, at.y + offset)
        set(.rows, grid.rows(of: run.row).result)
        set(.tiles, run.count)
        for (index, broadcast) in broadcasts.enumerated() {
          let base = unsafe Int(bitPattern: operands[index].base)
          let place =
            switch broadcast {
            case .full: offset
            case .channel: blocks.lowerBound * pixel
            case .image: block * pixel
            case .scalar: 0
            }
          unsafe call[Parameter.operands.rawValue + index] = base + place
        }
        unsafe kernels[run.segment].call(call.baseAddress!)
      }
    }
  }
}

extension WinogradPlan {
  /// Whether threads take tiles of a chunk, as neighbours do: where weights that all of them read
  /// are few beside what they would read of each other's.
  func dealsTiles(ofChunk index: Int, threads: Int) -> Bool {
    let strips = products(ofChunk: index).stripCount
    guard strips % threads == 0 || strips >= 8 * threads else { return false }
    let tiles = tiles(ofChunk: index).count
    return outBlocks * lanes * window.channels <= tiles * (inBlocks + outBlocks) * lanes * 2
  }

  func stripCount(ofChunk index: Int) -> Int { products(ofChunk: index).stripCount }

  /// The tiles of a chunk that are one thread's, and the strips in which they are multiplied.
  func part(
    _ part: Int, of parts: Int, chunk index: Int
  ) -> (tiles: Range<Int>, strips: Range<Int>) {
    let plan = products(ofChunk: index)
    let strips = plan.stripCount * part / parts..<plan.stripCount * (part + 1) / parts
    let first = tiles(ofChunk: index).lowerBound
    return (
      first + plan.stripStarts[strips.lowerBound]..<first + plan.stripStarts[strips.upperBound],
      strips
    )
  }
}
