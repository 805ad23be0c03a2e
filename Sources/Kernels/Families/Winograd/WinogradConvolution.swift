/// A 3 × 3 convolution of stride 1 over NCHWc by Winograd's transforms.
///
/// x [N, C, H, W] and y [N, O, H', W'] blocked, padding 0 or 1.
package struct WinogradConvolution: Sendable {
  let plan: WinogradPlan

  /// Outputs along an edge of a tile: 2, 4 or 6.
  package var outputs: Int { plan.tile.outputs }

  /// Nil where the sizes are not of this kind.
  ///
  /// - Parameters:
  ///   - outputs: a tile's outputs along an edge: 2, 4 or 6.
  ///   - tilesAtOnce: how many tiles are transformed before they are multiplied; nil for as many
  ///     as suit the caches.
  package init?(
    window: WindowGeometry, outChannels: Int, hasBias: Bool, epilogue: [EpilogueOperation],
    instructionSet: InstructionSet, outputs: Int, tilesAtOnce: Int? = nil
  ) throws {
    guard let tile = WinogradTile(rawValue: outputs), Self.takes(window), outChannels > 0
    else { return nil }
    let chunk =
      tilesAtOnce
      ?? WinogradModel(
        window: window, outChannels: outChannels, instructionSet: instructionSet, tile: tile
      ).best.tilesAtOnce
    guard
      let plan = try WinogradPlan(
        window: window, tile: tile, outChannels: outChannels, hasBias: hasBias,
        epilogue: epilogue, instructionSet: instructionSet, chunk: max(chunk, 1))
    else { return nil }
    self.plan = plan
  }

  /// Whether the window is 3 × 3 with stride and dilation 1 and at most one row of padding.
  package static func takes(_ window: WindowGeometry) -> Bool {
    window.kernelHeight == 3 && window.kernelWidth == 3 && window.strideY == 1
      && window.strideX == 1 && window.dilationY == 1 && window.dilationX == 1
      && (0...1).contains(window.padY) && (0...1).contains(window.padX) && window.batch > 0
      && window.channels > 0 && window.outHeight > 0 && window.outWidth > 0
      && window.outHeight == window.height + 2 * window.padY - 2
      && window.outWidth == window.width + 2 * window.padX - 2
  }

  /// Floats of packed weights and bias.
  package var packedCount: Int { plan.packedCount }

  /// Packs w [O, C, 3, 3], transformed, and the bias [O].
  package func pack(
    weight w: MemorySlice<Float>, bias: MemorySlice<Float>?, into packed: MemorySlice<Float>,
    threads: Int = 1
  ) {
    precondition(
      w.count == plan.outChannels * plan.window.channels * 9 && packed.count >= packedCount
        && (bias != nil) == plan.hasBias && bias.map { $0.count == plan.outChannels } ?? true,
      "sizes do not agree with the plan")
    plan.pack(weight: w, bias: bias, into: packed, threads: threads)
  }

  /// Whether each thread takes chunks of its own, rather than all a part of each chunk.
  private func dealsChunks(threads: Int) -> Bool {
    threads <= 1 || plan.chunks % threads == 0 || plan.chunks >= 6 * threads
  }

  /// Floats of scratch that a run needs.
  package func scratchCount(threads: Int) -> Int {
    let threads = max(threads, 1)
    let chunks = dealsChunks(threads: threads) ? min(threads, plan.chunks) : 1
    return chunks * plan.chunkCount + threads * plan.patchCount
  }

  /// Family, type, instruction set and tile; then the products' kernel.
  package var kernelName: String {
    "winograd_f32_\(plan.instructionSet.rawValue)_\(outputs)x3 \(plan.products.kernelNames[0])"
  }

  /// Equal for kernels of one tile that read the same packed weights alike.
  package var packing: String { "\(plan.instructionSet) \(plan.products.choice.vectors)" }

  /// y ← epilogue(convolution of x + bias).
  ///
  /// - Precondition: sizes as announced, operands as the epilogue numbers them; y shares no
  ///   memory with x, but may be an operand laid out like it.
  package func run(
    _ x: MemorySlice<Float>, packed: MemorySlice<Float>, into y: MemorySlice<Float>,
    operands: [MemorySlice<Float>], scratch: MemorySlice<Float>, threads: Int
  ) {
    let threads = max(threads, 1)
    check(x, packed, y, operands)
    precondition(scratch.count >= scratchCount(threads: threads), "too little scratch")
    let memory = unsafe Int(bitPattern: scratch.base)
    var addresses = unsafe WinogradAddresses(
      x: Int(bitPattern: x.base), packed: Int(bitPattern: packed.base),
      y: Int(bitPattern: y.base), chunk: memory, patch: memory)
    if dealsChunks(threads: threads) {
      addresses.patch += min(threads, plan.chunks) * plan.chunkCount * 4
      runChunks(addresses, operands, threads: threads)
    } else {
      addresses.patch += plan.chunkCount * 4
      for chunk in 0..<plan.chunks {
        if plan.dealsTiles(ofChunk: chunk, threads: threads) {
          runBeside(addresses, operands, chunk: chunk, threads: threads)
        } else {
          runTogether(addresses, operands, chunk: chunk, threads: threads)
        }
      }
    }
  }

  private func runChunks(
    _ addresses: WinogradAddresses, _ operands: [MemorySlice<Float>], threads: Int
  ) {
    let plan = self.plan
    ThreadPool.shared.run(tiles: plan.chunks, threads: threads) { chunk, slot in
      var at = addresses
      at.chunk += slot * plan.chunkCount * 4
      at.patch += slot * plan.patchCount * 4
      let tiles = plan.tiles(ofChunk: chunk)
      plan.transformInput(
        at, tiles: tiles, chunkStart: tiles.lowerBound, blocks: 0..<plan.inBlocks)
      plan.multiply(
        at, chunk: chunk, elements: 0..<plan.tile.elements,
        panels: plan.products.panels.indices)
      plan.transformOutput(
        at, operands: operands, tiles: tiles, chunkStart: tiles.lowerBound,
        blocks: 0..<plan.outBlocks)
    }
  }

  /// Each thread takes some of a chunk's tiles from their input to their output.
  private func runBeside(
    _ addresses: WinogradAddresses, _ operands: [MemorySlice<Float>], chunk: Int, threads: Int
  ) {
    let plan = self.plan
    let first = plan.tiles(ofChunk: chunk).lowerBound
    ThreadPool.shared.run(tiles: threads, threads: threads) { part, slot in
      var at = addresses
      at.patch += slot * plan.patchCount * 4
      let (tiles, strips) = plan.part(part, of: threads, chunk: chunk)
      plan.transformInput(at, tiles: tiles, chunkStart: first, blocks: 0..<plan.inBlocks)
      plan.multiply(
        at, chunk: chunk, elements: 0..<plan.tile.elements,
        panels: plan.products.panels.indices, strips: strips)
      plan.transformOutput(
        at, operands: operands, tiles: tiles, chunkStart: first, blocks: 0..<plan.outBlocks)
    }
  }

  /// All threads take parts of one chunk, in three steps.
  private func runTogether(
    _ addresses: WinogradAddresses, _ operands: [MemorySlice<Float>], chunk: Int, threads: Int
  ) {
    let plan = self.plan
    let tiles = plan.tiles(ofChunk: chunk)
    let first = tiles.lowerBound
    let inputs = WinogradParts(tiles: tiles, blocks: plan.inBlocks, wanted: 4 * threads)
    ThreadPool.shared.run(tiles: inputs.count, threads: threads) { index, slot in
      var at = addresses
      at.patch += slot * plan.patchCount * 4
      let (tiles, blocks) = inputs[index]
      plan.transformInput(at, tiles: tiles, chunkStart: first, blocks: blocks)
    }
    // Elements are many beside few threads; beside many, panels are dealt too.
    let panels = plan.products.panels.count
    let panelParts = threads > 4 ? min(panels, 4) : 1
    ThreadPool.shared.run(
      tiles: plan.tile.elements * panelParts, threads: threads
    ) { index, _ in
      let element = index / panelParts
      let part = index % panelParts
      plan.multiply(
        addresses, chunk: chunk, elements: element..<(element + 1),
        panels: panels * part / panelParts..<panels * (part + 1) / panelParts)
    }
    let outputs = WinogradParts(tiles: tiles, blocks: plan.outBlocks, wanted: 4 * threads)
    ThreadPool.shared.run(tiles: outputs.count, threads: threads) { index, slot in
      var at = addresses
      at.patch += slot * plan.patchCount * 4
      let (tiles, blocks) = outputs[index]
      plan.transformOutput(
        at, operands: operands, tiles: tiles, chunkStart: first, blocks: blocks)
    }
  }

  private func check(
    _ x: MemorySlice<Float>, _ packed: MemorySlice<Float>, _ y: MemorySlice<Float>,
    _ operands: [MemorySlice<Float>]
  ) {
    let window = plan.window
    let perImage = plan.outBlocks * plan.lanes
    let outputs = window.batch * perImage * window.outPixels
    precondition(
      x.count >= window.batch * plan.inBlocks * plan.lanes * window.height * window.width
        && y.count >= outputs && packed.count >= packedCount,
      "sizes do not agree with the plan")
    for (number, broadcast) in plan.epilogue.operandBroadcasts.enumerated() {
      let least =
        switch broadcast {
        case .full: outputs
        case .channel: plan.outChannels
        case .image: window.batch * perImage
        case .scalar: 1
        }
      precondition(
        number < operands.count && operands[number].count >= least,
        "an operand of the epilogue is missing or too short")
    }
  }
}

/// A chunk's tiles and channel blocks cut into parts for the threads.
private struct WinogradParts: Sendable {
  let tiles: Range<Int>
  let blocks: Int
  let tileParts: Int
  let blockParts: Int

  init(tiles: Range<Int>, blocks: Int, wanted: Int) {
    self.tiles = tiles
    self.blocks = blocks
    blockParts = min(blocks, wanted)
    tileParts = min(tiles.count, max(wanted / blockParts, 1))
  }

  var count: Int { tileParts * blockParts }

  subscript(index: Int) -> (tiles: Range<Int>, blocks: Range<Int>) {
    let part = index / blockParts
    let block = index % blockParts
    let first = tiles.lowerBound
    return (
      first + tiles.count * part / tileParts..<first + tiles.count * (part + 1) / tileParts,
      blocks * block / blockParts..<blocks * (block + 1) / blockParts
    )
  }
}
