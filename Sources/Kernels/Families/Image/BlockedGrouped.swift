/// y ← epilogue(grouped convolution of x with w + bias), images in NCHWc, where groups begin or
/// end within a block of channels.
///
/// x: [N, C, H, W] blocked, w: [O, C / groups, kh, kw] packed, y: [N, O, H', W'] blocked.
package struct BlockedGrouped: Sendable {
  package let input: BlockedShape
  package let output: BlockedShape
  private let window: WindowGeometry
  private let groups: Int
  private let kernel: Kernel
  private let specification: GroupedKernel
  package let packedCount: Int
  private let hasBias: Bool
  private let counts: [Int]
  private let passes: GroupPasses
  private let rowTable: MemorySlice<Int>
  private let passTable: MemorySlice<Int>
  private let broadcasts: [OperandBroadcast]
  private let tiling: PlaneTiling

  /// - Returns: nil for windows and groups that no kernel is made for.
  package init?(
    window: WindowGeometry, groups: Int, outChannels: Int, hasBias: Bool,
    epilogue: [EpilogueOperation] = [], instructionSet: InstructionSet
  ) throws {
    window.check()
    guard groups > 0, window.channels >= groups, window.channels % groups == 0,
      outChannels >= groups, outChannels % groups == 0, window.kernelWidth <= 64,
      window.channels / groups <= Self.depthLimit
    else { return nil }
    let lanes = instructionSet.lanes
    input = BlockedShape(
      batch: window.batch, channels: window.channels, height: window.height, width: window.width,
      lanes: lanes)
    output = BlockedShape(
      batch: window.batch, channels: outChannels, height: window.outHeight,
      width: window.outWidth, lanes: lanes)
    guard
      let passes = GroupPasses(
        groups: groups, channels: window.channels, outChannels: outChannels, lanes: lanes,
        planeBytes: input.blockStride * 4)
    else { return nil }
    self.window = window
    self.groups = groups
    self.hasBias = hasBias
    self.passes = passes
    let (columns, counts) = WindowColumns.plan(
      window, limit: GroupedKernel.pixelLimit(instructionSet))
    self.counts = counts
    broadcasts = epilogue.operandBroadcasts
    specification = GroupedKernel(
      instructionSet: instructionSet, steps: WindowSteps(window), columns: columns,
      epilogue: epilogue,
      masksChannels: broadcasts.contains(.channel) && outChannels % lanes != 0,
      hasPairs: passes.hasPairs)
    kernel = try KernelCache.shared.kernel(for: specification)
    let depth = window.channels / groups
    packedCount = output.blocks * (1 + window.kernelHeight * depth * window.kernelWidth) * lanes
    rowTable = try MemorySlice(
      window.rowTable(lanes: lanes, weightVectors: depth * window.kernelWidth))
    passTable = try MemorySlice(passes.table)
    tiling = PlaneTiling(
      planes: window.batch * output.blocks, images: window.batch, rows: window.outHeight,
      costPerRow: window.outWidth * (window.kernelHeight * window.kernelWidth * depth + 2))
  }

  /// Beyond it a pixel's channels leave the first-level cache before the next row of the window.
  private static let depthLimit = 256

  package var kernelName: String { kernel.name }

  /// Equal for kernels that read the same packed weights alike.
  package var packing: String { "\(specification.instructionSet) \(groups)" }

  private var depth: Int { window.channels / groups }

  /// Vectors of a block's weights, without its bias.
  private var weightVectors: Int { window.kernelHeight * depth * window.kernelWidth }

  /// Bias and weights of each block of channels, one after the other, by the window's rows, passes
  /// and columns; zeros past the last channel.
  package func pack(
    weight: MemorySlice<Float>, bias: MemorySlice<Float>?, into packed: MemorySlice<Float>
  ) {
    let (height, width) = (window.kernelHeight, window.kernelWidth)
    precondition(
      weight.count == output.channels * weightVectors && packed.count == packedCount
        && (bias != nil) == hasBias && bias?.count ?? output.channels == output.channels,
      "sizes do not agree with the window")
    let lanes = output.lanes
    for block in 0..<output.blocks {
      var to = unsafe packed.base + block * (1 + weightVectors) * lanes
      let channels = block * lanes..<min((block + 1) * lanes, output.channels)
      unsafe to.update(repeating: 0, count: (1 + weightVectors) * lanes)
      for channel in channels {
        unsafe to[channel - channels.lowerBound] = bias?.base[channel] ?? 0
      }
      unsafe to += lanes
      for row in 0..<height {
        for inner in passes.patterns[passes.blocks[block].pattern].channels {
          for column in 0..<width {
            let tap = (inner * height + row) * width + column
            for channel in channels {
              unsafe to[channel - channels.lowerBound] =
                weight.base[channel * weightVectors + tap]
            }
            unsafe to += lanes
          }
        }
      }
    }
  }

  /// - Precondition: sizes as the shapes say, operands in the epilogue's order; y shares no memory
  ///   with x.
  package func run(
    _ x: MemorySlice<Float>, packed: MemorySlice<Float>, into y: MemorySlice<Float>,
    operands: [MemorySlice<Float>] = [], threads: Int = 1
  ) {
    precondition(
      x.count == input.count && y.count == output.count && packed.count == packedCount,
      "sizes do not agree with the window")
    checkOperands(operands, broadcasts, output)
    let bases = unsafe KernelBases(
      x: x.base, y: y.base, weight: packed.base, table: rowTable.base,
      secondTable: passTable.base)
    ThreadPool.shared.run(
      Run(grouped: self, bases: bases, operands: operands), tiles: tiling.count,
      threads: threads)
  }

  private struct Run: TiledWork {
    let grouped: BlockedGrouped
    let bases: KernelBases
    let operands: [MemorySlice<Float>]

    func compute(_ tile: Int, slot: Int) {
      unsafe grouped.forEachCall(
        of: tile, bases, operand: { unsafe Int(bitPattern: operands[$0].base) }
      ) { unsafe grouped.kernel.call($0) }
    }
  }

  private var parameterCount: Int {
    GroupedKernel.fixedParameterCount + counts.count + broadcasts.count
  }

  /// Calls the body with the parameters of each of the tile's calls.
  @inline(__always)
  private func forEachCall(
    of tile: Int, _ bases: KernelBases, operand: (Int) -> Int, _ body: (UnsafePointer<Int>) -> Void
  ) {
    unsafe withUnsafeTemporaryAllocation(of: Int.self, capacity: parameterCount) { buffer in
      guard let list = buffer.baseAddress else { return }
      let part = tiling.part(tile)
      for plane in part.planes {
        let start = unsafe fill(list, bases, plane: plane, rows: part.rows)
        let first = GroupedKernel.fixedParameterCount + counts.count
        for index in broadcasts.indices {
          unsafe list[first + index] =
            operand(index) + broadcasts[index].offset(ofPlane: plane, start: start, output)
        }
        unsafe body(list)
      }
    }
  }

  /// Sets the parameters of a call but for its operands; gives the bytes from the result's start
  /// to the call's.
  @inline(__always)
  private func fill(
    _ list: UnsafeMutablePointer<Int>, _ bases: KernelBases, plane: Int, rows: Range<Int>
  ) -> Int {
    let bytes = output.lanes * 4
    let (image, block) = plane.quotientAndRemainder(dividingBy: output.blocks)
    let (pattern, source) = passes.blocks[block]
    let passes = passes.patterns[pattern]
    let start = (plane * window.outHeight + rows.lowerBound) * window.outWidth * bytes
    unsafe list[0] = bases.x + (image * input.blocks + source) * input.blockStride * 4
    unsafe list[1] = bases.y + start
    unsafe list[2] = bases.weight + block * (1 + weightVectors) * bytes
    unsafe list[3] = bases.table + rows.lowerBound * WindowRow.entry * 8
    unsafe list[4] = rows.count
    unsafe list[5] = window.dilationY * window.width * bytes
    unsafe list[6] = min(output.channels - block * output.lanes, output.lanes)
    unsafe list[7] = bases.secondTable + passes.entries * 8
    unsafe list[8] = bases.secondTable + passes.choices * 8
    unsafe list[9] = passes.singles
    unsafe list[10] = passes.pairs
    for index in counts.indices {
      unsafe list[GroupedKernel.fixedParameterCount + index] = counts[index]
    }
    return start
  }
}

extension BlockedGrouped: InterpretedKernels {
  package func calls(_ bases: KernelBases, operands: [Int]) -> [KernelCall] {
    var result: [KernelCall] = []
    for tile in 0..<tiling.count {
      unsafe forEachCall(of: tile, bases, operand: { operands[$0] }) { list in
        result.append(unsafe KernelCall(specification, list, parameterCount))
      }
    }
    return result
  }

  package var tables: [MemorySlice<Int>] { [rowTable, passTable] }
}
