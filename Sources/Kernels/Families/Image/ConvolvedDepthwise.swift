/// A depthwise convolution of a convolution's result, which is never in memory as a whole: some
/// planes' rows of it are computed into scratch and used up while they are in the second-level
/// cache.
///
/// x: [N, C, H, W], both weights packed, y: [N, O, H'', W''] blocked. The same bits as one after
/// the other.
package struct ConvolvedDepthwise: Sendable {
  private let first: TileConvolution
  private let second: BlockedDepthwise
  /// Parts that a plane's rows are cut into.
  private let rowParts: Int
  /// Rows of the first result that a part reads at most.
  private let keptRows: Int

  /// One of the two convolutions; its epilogue takes no operands.
  package struct Layer {
    package var window: WindowGeometry
    package var hasBias: Bool
    package var epilogue: [EpilogueOperation]

    package init(window: WindowGeometry, hasBias: Bool, epilogue: [EpilogueOperation]) {
      self.window = window
      self.hasBias = hasBias
      self.epilogue = epilogue
    }
  }

  /// Nil where the kernels cannot take the sizes, and where it does not pay.
  ///
  /// - Parameter cacheByteCount: what scratch and the image between the two are held against; nil
  ///   for the processor's second-level cache.
  package init?(
    _ convolution: Layer, input: ImageFormat, _ depthwise: Layer,
    instructionSet: InstructionSet, cacheByteCount: Int? = nil
  ) throws {
    let (window, outer) = (convolution.window, depthwise.window)
    let cache = cacheByteCount ?? CacheSizes.second
    let channels = outer.channels
    let row =
      (channels + instructionSet.lanes - 1) / instructionSet.lanes * outer.width
      * instructionSet.vectorBytes
    guard convolution.epilogue.operandCount == 0, depthwise.epilogue.operandCount == 0,
      window.batch == outer.batch, window.outHeight == outer.height,
      window.outWidth == outer.width, row * outer.height > cache * 5 / 8
    else { return nil }
    func make(_ choice: TileChoice?, keptRows: Int) throws -> TileConvolution? {
      try TileConvolution(
        window: window, groups: 1, outChannels: channels, input: input,
        hasBias: convolution.hasBias, epilogue: convolution.epilogue,
        instructionSet: instructionSet, choice: choice, keptRows: keptRows)
    }
    guard let probe = try make(nil, keptRows: outer.height),
      let second = try BlockedDepthwise(
        window: outer, hasBias: depthwise.hasBias, epilogue: depthwise.epilogue,
        instructionSet: instructionSet)
    else { return nil }
    let panels = probe.plan.panels.count
    let vectors = probe.plan.panels[0].vectors
    // Rows at the border of two parts are computed twice.
    let room = cache * 2 / 5 / (vectors * outer.width * instructionSet.vectorBytes)
    let reach = (outer.kernelHeight - 1) * outer.dilationY + 1
    let most = (room - reach) / outer.strideY + 1
    guard room > reach, most * outer.strideY >= 3 * (reach - outer.strideY) else { return nil }
    var parts = (outer.outHeight + most - 1) / most
    // As many for each thread.
    while window.batch * panels * parts < 8 || window.batch * panels * parts % 2 != 0,
      outer.outHeight / (parts + 1) * outer.strideY >= 8 * (reach - outer.strideY)
    { parts += 1 }
    rowParts = parts
    keptRows = (0..<parts).reduce(1) {
      max($0, second.reach(of: Self.rows($1, of: parts, outer)).count)
    }
    guard let first = try make(probe.choice, keptRows: keptRows) else { return nil }
    self.first = first
    self.second = second
  }

  private static func rows(_ part: Int, of parts: Int, _ window: WindowGeometry) -> Range<Int> {
    window.outHeight * part / parts..<window.outHeight * (part + 1) / parts
  }

  package var kernelName: String {
    "\(first.plan.kernelNames[0]) \(second.kernelName)"
  }

  /// Equal for kernels that read the same packed weights of the first convolution alike.
  package var packing: String {
    let geometry = first.plan.geometry
    return "tiles \(geometry.instructionSet) \(first.choice.vectors) "
      + "\(geometry.blockChannels) \(first.input)"
  }

  /// Floats of packed weights and bias of either.
  package var packedCounts: (Int, Int) { (first.packedCount, second.packedCount) }

  /// Packs the weights [O, C, kh, kw] and bias [O] of the first.
  package func packFirst(
    weight: MemorySlice<Float>, bias: MemorySlice<Float>?, into packed: MemorySlice<Float>
  ) {
    first.pack(weight: weight, bias: bias, into: packed)
  }

  /// Packs the weights [O, 1, kh, kw] and bias [O] of the second.
  package func packSecond(
    weight: MemorySlice<Float>, bias: MemorySlice<Float>?, into packed: MemorySlice<Float>
  ) {
    second.pack(weight: weight, bias: bias, into: packed)
  }

  private var scratchPerThread: Int {
    first.plan.panels[0].vectors * first.plan.geometry.vectorStride / 4
  }

  /// Floats of scratch that a run needs.
  package func scratchCount(threads: Int) -> Int { scratchPerThread * max(threads, 1) }

  /// - Precondition: sizes as the windows say; y shares no memory with x.
  package func run(
    _ x: MemorySlice<Float>, packed: (MemorySlice<Float>, MemorySlice<Float>),
    into y: MemorySlice<Float>, scratch: MemorySlice<Float>, threads: Int
  ) {
    let window = first.window
    precondition(
      x.count
        >= first.input.count(
          batch: window.batch, channels: window.channels, height: window.height,
          width: window.width, lanes: second.input.lanes)
        && y.count >= second.output.count && packed.0.count >= first.packedCount
        && packed.1.count >= second.packedCount
        && scratch.count >= scratchCount(threads: threads),
      "sizes do not agree with the windows")
    ThreadPool.shared.run(
      unsafe Run(
        both: self, x: Int(bitPattern: x.base), y: Int(bitPattern: y.base),
        firstPacked: Int(bitPattern: packed.0.base),
        secondPacked: Int(bitPattern: packed.1.base), scratch: Int(bitPattern: scratch.base)),
      tiles: window.batch * rowParts * first.plan.panels.count, threads: threads)
  }

  /// Where a run's memory begins. Neighbouring tiles share rows of x.
  private struct Run: TiledWork {
    let both: ConvolvedDepthwise
    let x, y: Int
    let firstPacked, secondPacked: Int
    let scratch: Int

    func compute(_ tile: Int, slot: Int) {
      let (first, second, rowParts) = (both.first, both.second, both.rowParts)
      let panels = first.plan.panels
      let planeBytes = first.plan.geometry.vectorStride
      let rowBytes = first.plan.geometry.resultLineStride
      let (part, index) = tile.quotientAndRemainder(dividingBy: panels.count)
      let image = part / rowParts
      let rows = ConvolvedDepthwise.rows(part % rowParts, of: rowParts, second.window)
      let kept = second.reach(of: rows)
      let start = scratch + slot * both.scratchPerThread * 4 - kept.lowerBound * rowBytes
      let panel = panels[index]
      first.run(
        x, packed: firstPacked, image: image, panel: index, rows: kept,
        into: start - panel.firstVector * planeBytes)
      for vector in 0..<panel.vectors {
        second.run(
          plane: image * second.input.blocks + panel.firstVector + vector, rows: rows,
          x: start + vector * planeBytes, packed: secondPacked, into: y)
      }
    }
  }
}
