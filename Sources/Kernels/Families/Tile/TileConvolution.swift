/// A convolution by tiles, without unfolding: x blocked (or plain with few channels), y blocked.
package struct TileConvolution: Sendable {
  let window: WindowGeometry
  let groups: Int
  let outChannels: Int
  let input: ImageFormat
  let plan: TilePlan
  private let packer: TilePacker
  /// Where seven products of quarters take less time: of all pixels of one group.
  private let strassen: StrassenProduct?
  /// Where there is such a product.
  private let check: WeightCheck?

  /// Nil where groups cut through channel blocks or the kernels cannot take the sizes.
  ///
  /// - Parameter keptRows: how many rows of a plane the result has room for, where other kernels
  ///   read them at once: pixels are cut by rows then.
  package init?(
    window: WindowGeometry, groups: Int, outChannels: Int, input: ImageFormat, hasBias: Bool,
    epilogue: [EpilogueOperation], instructionSet: InstructionSet, choice: TileChoice? = nil,
    keptRows: Int? = nil, quarters: Quarters = .never
  ) throws {
    window.check()
    let lanes = instructionSet.lanes
    let channels = window.channels / groups
    guard window.channels > 0, outChannels > 0, window.outPixels > 0 else { return nil }
    if groups > 1 {
      guard input == .blocked, channels % lanes == 0, outChannels / groups % lanes == 0 else {
        return nil
      }
    }
    if input == .plain && channels > lanes { return nil }
    self.window = window
    self.groups = groups
    self.outChannels = outChannels
    self.input = input
    let pixel = input == .plain ? 4 : lanes * 4
    let isFlat = window.isPointwise && keptRows == nil
    let line = window.width * pixel
    let plane = window.height * line
    let outPixels = window.outPixels
    var geometry = TileGeometry(
      instructionSet: instructionSet, channels: channels, outChannels: outChannels / groups,
      kernelRows: window.kernelHeight, taps: window.kernelWidth,
      width: isFlat ? outPixels : window.outWidth, lines: isFlat ? 1 : window.outHeight,
      validPixels: isFlat
        ? [0..<outPixels] : (0..<window.kernelWidth).map { window.validColumns($0) },
      blockChannels: min(lanes, channels), blockStride: plane,
      pixelStride: window.strideX * pixel, resultStride: lanes * 4,
      vectorStride: outPixels * lanes * 4)
    geometry.channelStride = input == .plain ? plane : 4
    geometry.tapStride = window.dilationX * pixel
    geometry.tapOffset = -window.padX * pixel
    geometry.rowStride = window.dilationY * line
    geometry.lineStride = window.strideY * line
    geometry.lineOffset = -window.padY * line
    geometry.resultLineStride = window.outWidth * lanes * 4
    geometry.hasBias = hasBias
    geometry.epilogue = epilogue
    if let keptRows { geometry.vectorStride = keptRows * geometry.resultLineStride }
    if !isFlat {
      geometry.validRows = (0..<window.outHeight).map { window.validRows(at: $0) }
    }
    guard let plan = try TilePlan(geometry, choice: choice) else { return nil }
    self.plan = plan
    packer = try TilePacker(plan.geometry, panels: plan.panels, isTransposed: false)
    strassen =
      isFlat && groups == 1 && input == .blocked
      ? try StrassenProduct.make(plan, quarters) : nil
    check = strassen == nil ? nil : try WeightCheck(plan)
  }

  private var checkOffset: Int { plan.biasCount + plan.weightCount }
  private var groupCount: Int { checkOffset + (check == nil ? 0 : plan.panels.count) }

  package var choice: TileChoice { plan.choice }

  /// Floats of packed weights and bias.
  package var packedCount: Int { groups * groupCount }

  /// Whether a word for each panel follows, which says that its weights' sums are finite.
  package var checksPanels: Bool { check != nil }

  package var kernelName: String { (strassen == nil ? "" : "strassen ") + plan.kernelNames[0] }

  /// Floats of scratch that a run needs.
  package func scratchCount(threads: Int) -> Int { strassen?.scratchCount(threads: threads) ?? 0 }

  /// Packs w [O, C / groups, kh, kw] and the bias [O].
  package func pack(
    weight w: MemorySlice<Float>, bias: MemorySlice<Float>?, into packed: MemorySlice<Float>,
    threads: Int = 1
  ) {
    let geometry = plan.geometry
    let outPerGroup = geometry.outChannels
    let taps = geometry.kernelRows * geometry.taps
    precondition(
      w.count == outChannels * geometry.channels * taps && packed.count >= packedCount
        && (bias != nil) == geometry.hasBias && bias.map { $0.count == outChannels } ?? true,
      "sizes do not agree with the plan")
    let panels = plan.panels.count
    ThreadPool.shared.run(tiles: groups * panels, threads: threads) { tile in
      let (group, panel) = (tile / panels, tile % panels)
      let target = unsafe packed.base + group * groupCount
      if let bias, panel == 0 {
        for channel in 0..<plan.biasCount {
          unsafe target[channel] =
            channel < outPerGroup ? bias.base[group * outPerGroup + channel] : 0
        }
      }
      let source = unsafe w.base + group * outPerGroup * geometry.channels * taps
      unsafe packer.pack(
        source, stride: geometry.channels * taps, into: target + plan.biasCount,
        panels: panel..<panel + 1)
      if let check {
        unsafe target[checkOffset + panel] =
          check.isFinite(target + plan.biasCount, panel: panel) ? 1 : 0
      }
    }
  }

  /// Computes rows of one panel's planes for an image of one group; the first panel's row 0 would
  /// lie at `result`.
  func run(
    _ x: Int, packed: Int, image: Int, panel: Int, rows: Range<Int>, into result: Int
  ) {
    let imageBytes =
      4
      * input.count(
        batch: 1, channels: window.channels, height: window.height, width: window.width,
        lanes: plan.geometry.lanes)
    plan.run(
      TileAddresses(
        x: x + image * imageBytes, weights: packed + plan.biasCount * 4, bias: packed,
        result: result),
      panels: panel..<(panel + 1), strips: rows
    ) { _, _, _ in 0 }
  }

  package func run(
    _ x: MemorySlice<Float>, packed: MemorySlice<Float>, into y: MemorySlice<Float>,
    operands: [MemorySlice<Float>], scratch: MemorySlice<Float>? = nil, threads: Int
  ) {
    let geometry = plan.geometry
    let lanes = geometry.lanes
    let inputImage = input.count(
      batch: 1, channels: window.channels, height: window.height, width: window.width,
      lanes: lanes)
    let outBlocks = (outChannels + lanes - 1) / lanes
    let outputImage = outBlocks * window.outPixels * lanes
    precondition(
      x.count >= window.batch * inputImage && y.count >= window.batch * outputImage
        && packed.count >= packedCount, "sizes do not agree with the plan")
    check(operands, count: window.batch * outputImage, outBlocks: outBlocks)
    if let strassen {
      precondition(
        scratch.map { $0.count >= scratchCount(threads: threads) } ?? false, "too little scratch")
      let isFinite = plan.panels.indices.allSatisfy { unsafe packed.base[checkOffset + $0] == 1 }
      for image in 0..<window.batch {
        let addresses = unsafe StrassenAddresses(
          x: Int(bitPattern: x.base + image * inputImage),
          weights: Int(bitPattern: packed.base + plan.biasCount),
          bias: Int(bitPattern: packed.base),
          y: Int(bitPattern: y.base + image * outputImage), operands: operands,
          item: image * outputImage * MemoryLayout<Float>.stride,
          image: image * outBlocks * geometry.vectorBytes,
          scratch: Int(bitPattern: scratch?.base))
        strassen.run(addresses, isFinite: isFinite, threads: max(threads, 1))
      }
      return
    }
    let pieces = TilePieces(plan, images: window.batch * groups, threads: threads)
    ThreadPool.shared.run(
      Run(
        convolution: self, x: x, packed: packed, y: y, operands: operands, pieces: pieces,
        inputImage: inputImage, outBlocks: outBlocks),
      tiles: pieces.count, threads: pieces.threads)
  }

  private struct Run: TiledWork {
    let convolution: TileConvolution
    let x, packed, y: MemorySlice<Float>
    let operands: [MemorySlice<Float>]
    let pieces: TilePieces
    /// Floats of one image of x.
    let inputImage: Int
    let outBlocks: Int

    func compute(_ index: Int, slot: Int) {
      let (groups, plan) = (convolution.groups, convolution.plan)
      // Neither the geometry whole nor `self` in the closure: what a copy of either holds would be
      // counted by all threads at once.
      let (operands, outBlocks) = (operands, outBlocks)
      let (lanes, vectorStride) = (plan.geometry.lanes, plan.geometry.vectorStride)
      let piece = pieces[index]
      let image = piece.image / groups
      let group = piece.image % groups
      let weights = unsafe Int(bitPattern: packed.base + group * convolution.groupCount)
      let groupBlocks = groups > 1 ? plan.geometry.outChannels / lanes : 0
      let result = (image * outBlocks + group * groupBlocks) * convolution.window.outPixels * lanes
      let addresses = unsafe TileAddresses(
        x: Int(bitPattern: x.base) + image * inputImage * 4
          + (groups > 1 ? group * plan.geometry.blocks * plan.geometry.blockStride : 0),
        weights: weights + plan.biasCount * 4, bias: weights,
        result: Int(bitPattern: y.base) + result * 4)
      plan.run(addresses, panels: piece.panels, strips: piece.strips) {
        number, broadcast, panel in
        let base = unsafe Int(bitPattern: operands[number].base)
        let vector = group * groupBlocks + panel.firstVector
        switch broadcast {
        case .full: return base + result * 4 + panel.firstVector * vectorStride
        case .channel: return base + vector * lanes * 4
        case .image: return base + (image * outBlocks + vector) * lanes * 4
        case .scalar: return base
        }
      }
    }
  }

  private func check(_ operands: [MemorySlice<Float>], count: Int, outBlocks: Int) {
    for (number, broadcast) in plan.broadcasts.enumerated() {
      let least =
        switch broadcast {
        case .full: count
        case .channel: outChannels
        case .image: window.batch * outBlocks * plan.geometry.lanes
        case .scalar: 1
        }
      precondition(
        number < operands.count && operands[number].count >= least,
        "an operand of the epilogue is missing or too short")
    }
  }
}

extension WindowGeometry {
  /// The kernel rows that fall inside the image for an output row.
  func validRows(at row: Int) -> Range<Int> {
    let top = row * strideY - padY
    let low = top >= 0 ? 0 : (dilationY - 1 - top) / dilationY
    let high = min(kernelHeight, height <= top ? 0 : (height - top + dilationY - 1) / dilationY)
    return low < high ? low..<high : 0..<0
  }
}
