/// y[M, N] ← epilogue(x[M, K] · B + bias): rows in memory, B packed beforehand.
package struct PackedGEMM: Sendable {
  /// How the matrix that is packed lies in memory.
  package enum Layout: Sendable, Hashable {
    /// [K, N].
    case depthByColumns
    /// [N, K], as a linear layer's weight.
    case columnsByDepth
  }

  package let rows: Int
  package let columns: Int
  package let depth: Int
  /// How y lies: rows of it, or an image in NCHWc whose pixels are the rows.
  package let result: ChannelLayout
  private let xStride: Int
  private let yStride: Int
  private let layout: Layout
  private let plan: TilePlan
  private let packer: TilePacker
  /// Where seven products of quarters take less time.
  private let strassen: StrassenProduct?
  /// Where a word for each panel says that its weights' sums are finite.
  private let check: WeightCheck?

  /// Strides count elements from a row to the next; that of y only where it lies in rows. Nil where
  /// sizes are zero or the epilogue has operands by image.
  package init?(
    rows: Int, columns: Int, depth: Int, layout: Layout = .columnsByDepth, xStride: Int? = nil,
    yStride: Int? = nil, result: ChannelLayout = .last, hasBias: Bool,
    epilogue: [EpilogueOperation],
    instructionSet: InstructionSet, choice: TileChoice? = nil, quarters: Quarters = .never
  ) throws {
    guard rows > 0, columns > 0, depth > 0, !epilogue.operandBroadcasts.contains(.image) else {
      return nil
    }
    self.rows = rows
    self.columns = columns
    self.depth = depth
    self.xStride = xStride ?? depth
    self.yStride = result == .last ? yStride ?? columns : instructionSet.lanes
    self.result = result
    precondition(
      self.xStride >= depth && (result == .blocked || self.yStride >= columns), "rows overlap")
    let block = min(8, depth)
    var geometry = TileGeometry(
      instructionSet: instructionSet, channels: depth, outChannels: columns, width: rows,
      validPixels: [0..<rows], blockChannels: block, blockStride: block * 4,
      pixelStride: self.xStride * 4, resultStride: self.yStride * 4,
      vectorStride: instructionSet.vectorBytes * (result == .last ? 1 : rows))
    geometry.hasBias = hasBias
    geometry.epilogue = epilogue
    geometry.masksStores = result == .last
    guard let plan = try TilePlan(geometry, choice: choice) else { return nil }
    self.plan = plan
    self.layout = layout
    packer = try TilePacker(
      plan.geometry, panels: plan.panels, isTransposed: layout == .depthByColumns)
    // Of products by the same matrix some may be large enough.
    if case .never = quarters {
      check = nil
    } else {
      check = StrassenProduct.takes(plan) ? try WeightCheck(plan) : nil
    }
    strassen = try StrassenProduct.make(plan, quarters)
  }

  private var checkOffset: Int { plan.biasCount + plan.weightCount }

  /// Floats of packed weights and bias.
  package var packedCount: Int { checkOffset + (check == nil ? 0 : plan.panels.count) }

  /// Equal for kernels that read the same packed weights alike.
  package var packing: String { "\(plan.choice.vectors)\(check == nil ? "" : " checked")" }

  /// Packs B, whose rows in memory are `stride` elements apart, and the bias [N]; fast enough for
  /// matrices that are computed by each run. Of `batch`, `aStride` counts elements from a matrix
  /// to the next and `cStride` from one packed to the next.
  package func pack(
    _ matrix: MemorySlice<Float>, stride: Int? = nil, bias: MemorySlice<Float>?,
    into packed: MemorySlice<Float>, batch: Batch = Batch(), threads: Int = 1
  ) {
    let width = layout == .columnsByDepth ? depth : columns
    let height = layout == .columnsByDepth ? columns : depth
    let stride = stride ?? width
    if batch.count <= 0 { return }
    let last = batch.count - 1
    precondition(
      stride >= width && batch.aStride >= 0 && batch.cStride >= 0
        && last * batch.aStride + (height - 1) * stride + width <= matrix.count
        && last * batch.cStride + packedCount <= packed.count
        && (bias != nil) == plan.geometry.hasBias && bias.map { $0.count == columns } ?? true,
      "sizes do not agree with the plan")
    let panels = plan.panels.count
    // Small matrices are dealt one by one, large ones by panels.
    let step = batch.count >= threads ? panels : 1
    let parts = (panels + step - 1) / step
    ThreadPool.shared.run(
      Packing(
        gemm: self, matrix: matrix, bias: bias, packed: packed, stride: stride, batch: batch,
        parts: parts, step: step),
      tiles: batch.count * parts, threads: threads)
  }

  private struct Packing: TiledWork {
    let gemm: PackedGEMM
    let matrix: MemorySlice<Float>
    let bias: MemorySlice<Float>?
    let packed: MemorySlice<Float>
    let stride: Int
    let batch: Batch
    let parts, step: Int

    func compute(_ tile: Int, slot: Int) {
      let plan = gemm.plan
      let item = tile / parts
      let first = tile % parts * step
      let target = unsafe packed.base + item * batch.cStride
      if let bias, first == 0 {
        for column in 0..<plan.biasCount {
          unsafe target[column] = column < gemm.columns ? bias.base[column] : 0
        }
      }
      let panels = first..<min(first + step, plan.panels.count)
      unsafe gemm.packer.pack(
        matrix.base + item * batch.aStride, stride: stride, into: target + plan.biasCount,
        panels: panels)
      guard let check = gemm.check else { return }
      for panel in panels {
        unsafe target[gemm.checkOffset + panel] =
          check.isFinite(target + plan.biasCount, panel: panel) ? 1 : 0
      }
    }
  }

  /// Elements of y from its first one on.
  package var resultCount: Int {
    result == .last
      ? (rows - 1) * yStride + columns
      : plan.geometry.outVectors * plan.geometry.lanes * rows
  }

  /// Floats of scratch that a run needs.
  package func scratchCount(threads: Int) -> Int {
    strassen?.scratchCount(threads: threads) ?? 0
  }

  /// Products at equal distances: `aStride`, `bStride` and `cStride` count elements of x, the
  /// packed matrices and y.
  package func run(
    _ x: MemorySlice<Float>, packed: MemorySlice<Float>, into y: MemorySlice<Float>,
    operands: [MemorySlice<Float>] = [], scratch: MemorySlice<Float>? = nil,
    batch: Batch = Batch(), threads: Int = 1
  ) {
    if batch.count <= 0 { return }
    let last = batch.count - 1
    precondition(
      batch.aStride >= 0 && batch.bStride >= 0 && batch.cStride >= 0
        && last * batch.aStride + (rows - 1) * xStride + depth <= x.count
        && last * batch.bStride + packedCount <= packed.count
        && last * batch.cStride + resultCount <= y.count,
      "a product outside its memory")
    check(operands, count: last * batch.cStride + resultCount)
    if let strassen {
      precondition(
        scratch.map { $0.count >= scratchCount(threads: threads) } ?? false, "too little scratch")
      for item in 0..<batch.count {
        run(strassen, x, packed, y, operands, scratch, batch, item, max(threads, 1))
      }
      return
    }
    let pieces = TilePieces(plan, images: batch.count, threads: threads)
    ThreadPool.shared.run(
      Product(
        plan: plan, x: x, packed: packed, y: y, operands: operands, batch: batch, pieces: pieces),
      tiles: pieces.count, threads: pieces.threads)
  }

  /// One product of a batch by products of quarters, and plainly what is not finite.
  private func run(
    _ strassen: StrassenProduct, _ x: MemorySlice<Float>, _ packed: MemorySlice<Float>,
    _ y: MemorySlice<Float>, _ operands: [MemorySlice<Float>], _ scratch: MemorySlice<Float>?,
    _ batch: Batch, _ item: Int, _ threads: Int
  ) {
    let weights = unsafe packed.base + item * batch.bStride
    let isFinite = plan.panels.indices.allSatisfy { unsafe weights[checkOffset + $0] == 1 }
    let addresses = unsafe StrassenAddresses(
      x: Int(bitPattern: x.base + item * batch.aStride),
      weights: Int(bitPattern: weights + plan.biasCount), bias: Int(bitPattern: weights),
      y: Int(bitPattern: y.base + item * batch.cStride), operands: operands,
      item: item * batch.cStride * MemoryLayout<Float>.stride,
      scratch: Int(bitPattern: scratch?.base))
    strassen.run(addresses, isFinite: isFinite, threads: threads)
  }

  private struct Product: TiledWork {
    let plan: TilePlan
    let x, packed, y: MemorySlice<Float>
    let operands: [MemorySlice<Float>]
    let batch: Batch
    let pieces: TilePieces

    func compute(_ index: Int, slot: Int) {
      let piece = pieces[index]
      let item = piece.image
      let weights = unsafe Int(bitPattern: packed.base + item * batch.bStride)
      let addresses = unsafe TileAddresses(
        x: Int(bitPattern: x.base + item * batch.aStride), weights: weights + plan.biasCount * 4,
        bias: weights, result: Int(bitPattern: y.base + item * batch.cStride))
      // `self` in the closure would be copied, and what it holds counted by all threads at once.
      let (operands, result) = (operands, item * batch.cStride * 4)
      let (vectorStride, vectorBytes) = (plan.geometry.vectorStride, plan.geometry.vectorBytes)
      plan.run(addresses, panels: piece.panels, strips: piece.strips) {
        number, broadcast, panel in
        let base = unsafe Int(bitPattern: operands[number].base)
        switch broadcast {
        case .full: return base + result + panel.firstVector * vectorStride
        case .channel, .image: return base + panel.firstVector * vectorBytes
        case .scalar: return base
        }
      }
    }
  }

  private func check(_ operands: [MemorySlice<Float>], count: Int) {
    for (number, broadcast) in plan.broadcasts.enumerated() {
      let least = broadcast == .full ? count : broadcast == .scalar ? 1 : columns
      precondition(
        number < operands.count && operands[number].count >= least,
        "an operand of the epilogue is missing or too short")
    }
  }

  package var choice: TileChoice { plan.choice }
  package var kernelName: String { (strassen == nil ? "" : "strassen ") + plan.kernelNames[0] }
}
