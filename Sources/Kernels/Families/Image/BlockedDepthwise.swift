/// y ← epilogue(depthwise convolution of x with w + bias), images in NCHWc: each channel of the
/// result comes from the channel of the same number.
///
/// x: [N, C, H, W] blocked, w: [C, 1, kh, kw] packed, y: [N, C, H', W'] blocked.
package struct BlockedDepthwise: Sendable {
  package let window: WindowGeometry
  package let input: BlockedShape
  package let output: BlockedShape
  package let kernel: Kernel
  private let specification: DepthwiseKernel
  private var parameterCount: Int {
    DepthwiseKernel.fixedParameterCount + counts.count + broadcasts.count
  }
  package let packedCount: Int
  private let hasBias: Bool
  private let counts: [Int]
  private let table: MemorySlice<Int>
  private let broadcasts: [OperandBroadcast]
  private let tiling: PlaneTiling

  /// - Returns: nil for windows that no kernel is made for.
  package init?(
    window: WindowGeometry, hasBias: Bool, epilogue: [EpilogueOperation] = [],
    instructionSet: InstructionSet
  ) throws {
    window.check()
    guard window.kernelWidth <= 64 else { return nil }
    self.window = window
    self.hasBias = hasBias
    let lanes = instructionSet.lanes
    input = BlockedShape(
      batch: window.batch, channels: window.channels, height: window.height, width: window.width,
      lanes: lanes)
    output = BlockedShape(
      batch: window.batch, channels: window.channels, height: window.outHeight,
      width: window.outWidth, lanes: lanes)
    let limit = DepthwiseKernel.pixelLimit(instructionSet, kernelWidth: window.kernelWidth)
    let (columns, counts) = WindowColumns.plan(window, limit: limit)
    self.counts = counts
    broadcasts = epilogue.operandBroadcasts
    specification = DepthwiseKernel(
      instructionSet: instructionSet, steps: WindowSteps(window), columns: columns,
      epilogue: epilogue,
      masksChannels: broadcasts.contains(.channel) && window.channels % lanes != 0)
    kernel = try KernelCache.shared.kernel(for: specification)
    packedCount = input.blocks * (1 + window.kernelHeight * window.kernelWidth) * lanes
    table = try MemorySlice(window.rowTable(lanes: lanes, weightVectors: window.kernelWidth))
    tiling = PlaneTiling(
      planes: window.batch * input.blocks, images: window.batch, rows: window.outHeight,
      costPerRow: window.outWidth * (window.kernelHeight * window.kernelWidth + 2))
  }

  package var kernelName: String { kernel.name }

  /// Equal for kernels that read the same packed weights alike.
  package var packing: String { "\(specification.instructionSet)" }

  /// Bias and weights of each block of channels, one after the other; zeros past the last channel.
  package func pack(
    weight: MemorySlice<Float>, bias: MemorySlice<Float>?, into packed: MemorySlice<Float>
  ) {
    let taps = window.kernelHeight * window.kernelWidth
    precondition(
      weight.count == window.channels * taps && packed.count == packedCount
        && (bias != nil) == hasBias && bias?.count ?? window.channels == window.channels,
      "sizes do not agree with the window")
    let lanes = input.lanes
    for block in 0..<input.blocks {
      let to = unsafe packed.base + block * (1 + taps) * lanes
      for lane in 0..<lanes {
        let channel = block * lanes + lane
        let exists = channel < window.channels
        unsafe to[lane] = exists ? bias?.base[channel] ?? 0 : 0
        for tap in 0..<taps {
          unsafe to[(1 + tap) * lanes + lane] = exists ? weight.base[channel * taps + tap] : 0
        }
      }
    }
  }

  /// - Precondition: sizes as the shapes say, operands in the epilogue's order.
  package func run(
    _ x: MemorySlice<Float>, packed: MemorySlice<Float>, into y: MemorySlice<Float>,
    operands: [MemorySlice<Float>] = [], threads: Int = 1
  ) {
    precondition(
      x.count == input.count && y.count == output.count && packed.count == packedCount,
      "sizes do not agree with the window")
    checkOperands(operands, broadcasts, output)
    let bases = unsafe KernelBases(
      x: x.base, y: y.base, weight: packed.base, table: table.base)
    ThreadPool.shared.run(
      Run(depthwise: self, bases: bases, operands: operands), tiles: tiling.count,
      threads: threads)
  }

  private struct Run: TiledWork {
    let depthwise: BlockedDepthwise
    let bases: KernelBases
    let operands: [MemorySlice<Float>]

    func compute(_ tile: Int, slot: Int) {
      unsafe depthwise.forEachCall(
        of: tile, bases, operand: { unsafe Int(bitPattern: operands[$0].base) }
      ) { unsafe depthwise.kernel.call($0) }
    }
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
        var next = DepthwiseKernel.fixedParameterCount + counts.count
        for index in broadcasts.indices {
          unsafe list[next] =
            operand(index) + broadcasts[index].offset(ofPlane: plane, start: start, output)
          next += 1
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
    let taps = window.kernelHeight * window.kernelWidth
    let bytes = input.lanes * 4
    let block = plane % input.blocks
    let row = rows.lowerBound
    let start = (plane * window.outHeight + row) * window.outWidth * bytes
    unsafe list[0] = bases.x + plane * input.blockStride * 4
    unsafe list[1] = bases.y + start
    unsafe list[2] = bases.weight + block * (1 + taps) * bytes
    unsafe list[3] = bases.table + row * WindowRow.entry * 8
    unsafe list[4] = rows.count
    unsafe list[5] = window.dilationY * window.width * bytes
    unsafe list[6] = min(window.channels - block * input.lanes, input.lanes)
    for index in counts.indices {
      unsafe list[DepthwiseKernel.fixedParameterCount + index] = counts[index]
    }
    return start
  }

  /// Computes rows of one plane without operands; `x` is where the plane's row 0 would lie, of
  /// which those that the rows reach must be there.
  func run(plane: Int, rows: Range<Int>, x: Int, packed: Int, into y: Int) {
    unsafe withUnsafeTemporaryAllocation(of: Int.self, capacity: parameterCount) { buffer in
      guard let list = buffer.baseAddress else { return }
      let bases = unsafe KernelBases(
        x: x - plane * input.blockStride * 4, y: y, weight: packed,
        table: Int(bitPattern: table.base))
      _ = unsafe fill(list, bases, plane: plane, rows: rows)
      unsafe kernel.call(list)
    }
  }

  /// The rows of the input that rows of the result reach.
  func reach(of rows: Range<Int>) -> Range<Int> {
    let low = max(rows.lowerBound * window.strideY - window.padY, 0)
    let last = (rows.upperBound - 1) * window.strideY - window.padY
    let high = min(last + (window.kernelHeight - 1) * window.dilationY + 1, window.height)
    return low < high ? low..<high : 0..<0
  }
}

extension BlockedDepthwise: InterpretedKernels {
  package func calls(_ bases: KernelBases, operands: [Int]) -> [KernelCall] {
    var result: [KernelCall] = []
    let count = DepthwiseKernel.fixedParameterCount + counts.count + broadcasts.count
    for tile in 0..<tiling.count {
      unsafe forEachCall(of: tile, bases, operand: { operands[$0] }) { list in
        result.append(unsafe KernelCall(specification, list, count))
      }
    }
    return result
  }

  package var tables: [MemorySlice<Int>] { [table] }
}
