/// Resizes images in NCHWc: x [N, C, H, W] → y [N, C, H', W'], both blocked.
package struct BlockedResize: Sendable {
  package let input: BlockedShape
  package let output: BlockedShape
  package let kernel: Kernel
  private let specification: ResizeKernel
  private let rowTable: MemorySlice<Int>
  private let columnTable: MemorySlice<Int>
  private let columns: Int
  private let tiling: PlaneTiling

  /// - Parameters:
  ///   - vertical: where rows come from, nearest or linear.
  ///   - horizontal: where columns come from; nearest where `vertical` is.
  package init(
    batch: Int, channels: Int, vertical: ResamplingAxis, horizontal: ResamplingAxis,
    instructionSet: InstructionSet
  ) throws {
    precondition(vertical.isNearest == horizontal.isNearest, "one axis nearest, the other not")
    let lanes = instructionSet.lanes
    let bytes = lanes * 4
    input = BlockedShape(
      batch: batch, channels: channels, height: vertical.size, width: horizontal.size, lanes: lanes)
    output = BlockedShape(
      batch: batch, channels: channels, height: vertical.outSize, width: horizontal.outSize,
      lanes: lanes)
    let method: ResizeKernel.Method
    if !horizontal.isNearest {
      method = .bilinear
    } else if let factor = horizontal.factor {
      method = .repeated(factor)
    } else {
      method = .nearest
    }
    specification = ResizeKernel(instructionSet: instructionSet, method: method)
    kernel = try KernelCache.shared.kernel(for: specification)
    rowTable = try MemorySlice(vertical.entries(step: horizontal.size * bytes))
    columnTable = try MemorySlice(horizontal.entries(step: bytes))
    if case .repeated = method {
      columns = horizontal.size
    } else {
      columns = horizontal.outSize
    }
    tiling = PlaneTiling(
      planes: batch * input.blocks, images: batch, rows: output.height,
      costPerRow: output.width * 4)
  }

  package var kernelName: String { kernel.name }

  /// - Precondition: sizes as the shapes say.
  package func run(_ x: MemorySlice<Float>, into y: MemorySlice<Float>, threads: Int = 1) {
    precondition(x.count == input.count && y.count == output.count, "sizes do not agree")
    let bases = unsafe KernelBases(
      x: x.base, y: y.base, table: rowTable.base, secondTable: columnTable.base)
    ThreadPool.shared.run(
      Run(resize: self, bases: bases), tiles: tiling.count, threads: threads)
  }

  private struct Run: TiledWork {
    let resize: BlockedResize
    let bases: KernelBases

    func compute(_ tile: Int, slot: Int) {
      unsafe resize.forEachCall(of: tile, bases) { unsafe resize.kernel.call($0) }
    }
  }

  @inline(__always)
  private func forEachCall(
    of tile: Int, _ bases: KernelBases, _ body: (UnsafePointer<Int>) -> Void
  ) {
    unsafe withUnsafeTemporaryAllocation(of: Int.self, capacity: ResizeKernel.parameterCount) {
      buffer in
      guard let list = buffer.baseAddress else { return }
      let part = tiling.part(tile)
      let row = part.rows.lowerBound
      for plane in part.planes {
        let start = (plane * output.height + row) * output.width * output.lanes
        unsafe list[0] = bases.x + plane * input.blockStride * 4
        unsafe list[1] = bases.y + start * 4
        unsafe list[2] = bases.table + row * ResizeKernel.entry * 8
        unsafe list[3] = part.rows.count
        unsafe list[4] = bases.secondTable
        unsafe list[5] = columns / ResizeKernel.unroll
        unsafe list[6] = columns % ResizeKernel.unroll
        unsafe body(list)
      }
    }
  }
}

extension ResamplingAxis {
  /// How often each element is repeated, where that is the same for all.
  fileprivate var factor: Int? {
    guard size > 0, outSize > 0, outSize % size == 0, outSize / size <= 8 else { return nil }
    let factor = outSize / size
    return low.indices.allSatisfy { low[$0] == $0 / factor } ? factor : nil
  }

  /// The kernel's table: both neighbours' places, and their shares.
  ///
  /// - Parameter step: bytes from element to element.
  fileprivate func entries(step: Int) -> [Int] {
    low.indices.flatMap { index in
      let shares = [1 - share[index], share[index]].map { UInt64($0.bitPattern) }
      return [
        low[index] * step, high[index] * step, Int(truncatingIfNeeded: shares[0] | shares[1] << 32),
      ]
    }
  }
}

extension BlockedResize: InterpretedKernels {
  package func calls(_ bases: KernelBases, operands: [Int]) -> [KernelCall] {
    var result: [KernelCall] = []
    for tile in 0..<tiling.count {
      unsafe forEachCall(of: tile, bases) { list in
        result.append(unsafe KernelCall(specification, list, ResizeKernel.parameterCount))
      }
    }
    return result
  }

  package var tables: [MemorySlice<Int>] { [rowTable, columnTable] }
}
