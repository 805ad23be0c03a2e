/// A 3 × 3 convolution of stride 1 or 2 over NCHWc by Winograd's transforms.
///
/// x [N, C, H, W] and y [N, O, H', W'] blocked, padding 0 or 1.
package struct WinogradConvolution: Sendable {
  let plan: WinogradPlan

  /// Outputs along an edge of a tile: 2, 4 or 6, and 4 for a stride of 2.
  package var outputs: Int { plan.tile.outputs }

  /// Nil where the sizes are not of this kind.
  ///
  /// - Parameters:
  ///   - outputs: a tile's outputs along an edge: 2, 4 or 6, and 4 for a stride of 2.
  ///   - tilesAtOnce: how many tiles are transformed before they are multiplied; nil for as many
  ///     as suit the caches.
  ///   - computesWeights: whether weights are transformed during a run rather than before; nil
  ///     for what costs less.
  package init?(
    window: WindowGeometry, outChannels: Int, hasBias: Bool, epilogue: [EpilogueOperation],
    instructionSet: InstructionSet, outputs: Int, tilesAtOnce: Int? = nil,
    computesWeights: Bool? = nil
  ) throws {
    guard Self.takes(window), outChannels > 0,
      let tile = WinogradTile(outputs: outputs, stride: window.strideX)
    else { return nil }
    let best = WinogradModel(
      window: window, outChannels: outChannels, instructionSet: instructionSet, tile: tile
    ).best
    guard
      let plan = try WinogradPlan(
        window: window, tile: tile, outChannels: outChannels, hasBias: hasBias,
        epilogue: epilogue, instructionSet: instructionSet,
        chunk: max(tilesAtOnce ?? best.tilesAtOnce, 1),
        computesWeights: computesWeights ?? best.computesWeights)
    else { return nil }
    self.plan = plan
  }

  /// Whether the window is 3 × 3 with a stride of 1 or 2 both ways, dilation 1 and at most one row
  /// of padding.
  package static func takes(_ window: WindowGeometry) -> Bool {
    let stride = window.strideX
    return window.kernelHeight == 3 && window.kernelWidth == 3 && (1...2).contains(stride)
      && window.strideY == stride && window.dilationY == 1 && window.dilationX == 1
      && (0...1).contains(window.padY) && (0...1).contains(window.padX) && window.batch > 0
      && window.channels > 0 && window.outHeight > 0 && window.outWidth > 0
      && window.outHeight == (window.height + 2 * window.padY - 3) / stride + 1
      && window.outWidth == (window.width + 2 * window.padX - 3) / stride + 1
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
    plan.computedWeights == nil
      && (threads <= 1 || plan.chunks % threads == 0 || plan.chunks >= 6 * threads)
  }

  /// Floats of scratch that a run needs.
  package func scratchCount(threads: Int) -> Int {
    let threads = max(threads, 1)
    let chunks = dealsChunks(threads: threads) ? min(threads, plan.chunks) : 1
    return chunks * plan.chunkCount + threads * plan.ownCount
  }

  /// Family, type, instruction set and tile; then the products' kernel.
  package var kernelName: String {
    "winograd_f32_\(plan.instructionSet.rawValue)_\(plan.tile.name)"
      + (plan.computedWeights == nil ? " " : "_computed ") + plan.products.kernelNames[0]
  }

  /// Equal for kernels of one tile that read the same packed weights alike.
  package var packing: String {
    plan.computedWeights == nil
      ? "\(plan.instructionSet) \(plan.tile.name) \(plan.products.choice.vectors)"
      : "\(plan.instructionSet) plain"
  }

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
    let dealsChunks = dealsChunks(threads: threads)
    addresses.patch += (dealsChunks ? min(threads, plan.chunks) : 1) * plan.chunkCount * 4
    var run = WinogradRun(plan: plan, addresses: addresses, operands: operands, part: .chunks)
    if dealsChunks {
      ThreadPool.shared.run(run, tiles: plan.chunks, threads: threads)
      return
    }
    for chunk in 0..<plan.chunks {
      if let weights = plan.computedWeights {
        runByPanels(&run, weights, chunk: chunk, threads: threads)
      } else if plan.dealsTiles(ofChunk: chunk, threads: threads) {
        run.part = .beside(chunk: chunk, threads: threads)
        ThreadPool.shared.run(run, tiles: threads, threads: threads)
      } else {
        runTogether(&run, chunk: chunk, threads: threads)
      }
    }
  }

  /// All threads transform parts of a chunk's input, then take panels of its weights.
  private func runByPanels(
    _ run: inout WinogradRun, _ weights: ComputedWeights, chunk: Int, threads: Int
  ) {
    let inputs = WinogradParts(
      tiles: plan.tiles(ofChunk: chunk), blocks: plan.inBlocks, wanted: 4 * threads)
    run.part = .inputs(inputs)
    ThreadPool.shared.run(run, tiles: inputs.count, threads: threads)
    let panels = plan.products.panels.count
    let tileParts = max(min(threads / panels, plan.stripCount(ofChunk: chunk)), 1)
    run.part = .panels(weights, chunk: chunk, tileParts: tileParts)
    ThreadPool.shared.run(run, tiles: panels * tileParts, threads: threads)
  }

  /// All threads take parts of one chunk, in three steps.
  private func runTogether(_ run: inout WinogradRun, chunk: Int, threads: Int) {
    let tiles = plan.tiles(ofChunk: chunk)
    let inputs = WinogradParts(tiles: tiles, blocks: plan.inBlocks, wanted: 4 * threads)
    run.part = .inputs(inputs)
    ThreadPool.shared.run(run, tiles: inputs.count, threads: threads)
    // Elements are many beside few threads; beside many, panels are dealt too.
    let panelParts = threads > 4 ? min(plan.products.panels.count, 4) : 1
    run.part = .products(chunk: chunk, panelParts: panelParts)
    ThreadPool.shared.run(run, tiles: plan.tile.elements * panelParts, threads: threads)
    let outputs = WinogradParts(tiles: tiles, blocks: plan.outBlocks, wanted: 4 * threads)
    run.part = .outputs(outputs)
    ThreadPool.shared.run(run, tiles: outputs.count, threads: threads)
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
    for (number, broadcast) in plan.broadcasts.enumerated() {
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
