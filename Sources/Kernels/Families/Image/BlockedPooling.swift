/// Pools images in NCHWc: sliding windows, even parts (adaptive), or whole planes.
///
/// x: [N, C, H, W] blocked → y: [N, C, H', W'] blocked, which for whole planes is [N][C / c][c].
package struct BlockedPooling: Sendable {
  package let input: BlockedShape
  package let output: BlockedShape
  package let kernel: Kernel
  private let method: Method
  private let table: MemorySlice<Int>
  private let columnTable: MemorySlice<Int>
  private let divisors: MemorySlice<Float>
  private let tiling: PlaneTiling

  fileprivate enum Method: Sendable {
    case rows(PoolingKernel, counts: [Int], rowStep: Int)
    case tabled(TabledPoolingKernel, rowStep: Int, columnStep: Int)
    case global(GlobalPoolingKernel)

    var specification: any KernelSpecification {
      switch self {
      case .rows(let kernel, _, _): kernel
      case .tabled(let kernel, _, _): kernel
      case .global(let kernel): kernel
      }
    }

    var parameterCount: Int {
      switch self {
      case .rows(_, let counts, _): PoolingKernel.fixedParameterCount + counts.count
      case .tabled: TabledPoolingKernel.parameterCount
      case .global: GlobalPoolingKernel.parameterCount
      }
    }
  }

  /// Sliding windows, as `pool` has them on dense images.
  package init(
    _ function: PoolFunction, _ window: WindowGeometry, instructionSet: InstructionSet
  ) throws {
    window.check()
    let lanes = instructionSet.lanes
    let bytes = lanes * 4
    let steps = WindowSteps(window)
    let limit = PoolingKernel.pixelLimit(instructionSet, steps)
    let (join, divisor) = function.parts
    let coversPlane =
      window.kernelHeight == window.height && window.kernelWidth == window.width
      && window.padY == 0 && window.padX == 0 && window.outHeight == 1 && window.outWidth == 1
      && window.dilationX == 1 && window.dilationY == 1
    let rows = (0..<window.outHeight).map { PoolExtent(rows: window, $0) }
    let columns = (0..<window.outWidth).map { PoolExtent(columns: window, $0) }
    let input = BlockedShape(
      batch: window.batch, channels: window.channels, height: window.height, width: window.width,
      lanes: lanes)
    let output = BlockedShape(
      batch: window.batch, channels: window.channels, height: window.outHeight,
      width: window.outWidth, lanes: lanes)
    let taps = window.kernelHeight * window.kernelWidth
    let rowBytes = window.width * bytes
    if coversPlane {
      let count = divisor?.count(rows[0], columns[0]) ?? 1
      try self.init(
        method: .global(GlobalPoolingKernel(instructionSet: instructionSet, join: join)),
        input: input, output: output, table: [], columnTable: [], divisors: [Float(count)],
        taps: taps)
    } else if limit > 0 {
      let (groups, counts) = WindowColumns.plan(
        window, limit: limit, countsPadding: divisor == .paddedWindow)
      let kernel = PoolingKernel(
        instructionSet: instructionSet, join: join, steps: steps, columns: groups)
      let extents = window.kernelWidth + 1
      try self.init(
        method: .rows(kernel, counts: counts, rowStep: window.dilationY * rowBytes), input: input,
        output: output,
        table: rows.enumerated().flatMap { [$1.count, $1.first * rowBytes, $0 * extents * 4] },
        columnTable: [],
        divisors: rows.flatMap { row in
          (0..<extents).map { Float(divisor?.count(row, counted: $0) ?? 1) }
        }, taps: taps)
    } else {
      let kernel = TabledPoolingKernel(instructionSet: instructionSet, join: join)
      try self.init(
        method: .tabled(
          kernel, rowStep: window.dilationY * rowBytes, columnStep: window.dilationX * bytes),
        input: input, output: output,
        table: rows.flatMap { [$0.count, $0.first * rowBytes] },
        columnTable: columns.flatMap { [$0.count, $0.first * bytes] },
        divisors: rows.flatMap { row in columns.map { Float(divisor?.count(row, $0) ?? 1) } },
        taps: taps)
    }
  }

  /// The mean or maximum of each of `outHeight × outWidth` even parts, which may overlap by an
  /// element, as in PyTorch's adaptive pooling.
  package init(
    adaptive function: PoolFunction, batch: Int, channels: Int, height: Int, width: Int,
    outHeight: Int, outWidth: Int, instructionSet: InstructionSet
  ) throws {
    if outHeight == 1, outWidth == 1 {
      let window = WindowGeometry(
        batch: batch, channels: channels, height: height, width: width, kernelHeight: height,
        kernelWidth: width, outHeight: 1, outWidth: 1)
      try self.init(function, window, instructionSet: instructionSet)
      return
    }
    let lanes = instructionSet.lanes
    let bytes = lanes * 4
    let (join, divisor) = function.parts
    let rows = (0..<outHeight).map { PoolExtent(part: $0, of: outHeight, size: height) }
    let columns = (0..<outWidth).map { PoolExtent(part: $0, of: outWidth, size: width) }
    try self.init(
      method: .tabled(
        TabledPoolingKernel(instructionSet: instructionSet, join: join), rowStep: width * bytes,
        columnStep: bytes),
      input: BlockedShape(
        batch: batch, channels: channels, height: height, width: width, lanes: lanes),
      output: BlockedShape(
        batch: batch, channels: channels, height: outHeight, width: outWidth, lanes: lanes),
      table: rows.flatMap { [$0.count, $0.first * width * bytes] },
      columnTable: columns.flatMap { [$0.count, $0.first * bytes] },
      divisors: rows.flatMap { row in columns.map { Float(divisor?.count(row, $0) ?? 1) } },
      taps: (rows.map(\.count).max() ?? 0) * (columns.map(\.count).max() ?? 0))
  }

  private init(
    method: Method, input: BlockedShape, output: BlockedShape, table: [Int], columnTable: [Int],
    divisors: [Float], taps: Int
  ) throws {
    self.method = method
    self.input = input
    self.output = output
    self.table = try MemorySlice(table)
    self.columnTable = try MemorySlice(columnTable)
    self.divisors = try MemorySlice(divisors)
    kernel = try method.makeKernel()
    tiling = PlaneTiling(
      planes: input.batch * input.blocks, images: input.batch, rows: output.height,
      costPerRow: output.width * (taps + 2))
  }

  package var kernelName: String { kernel.name }

  /// - Precondition: sizes as the shapes say.
  package func run(_ x: MemorySlice<Float>, into y: MemorySlice<Float>, threads: Int = 1) {
    precondition(x.count == input.count && y.count == output.count, "sizes do not agree")
    let bases = unsafe KernelBases(
      x: x.base, y: y.base, weight: divisors.base, table: table.base,
      secondTable: columnTable.base)
    ThreadPool.shared.run(
      Run(pooling: self, bases: bases), tiles: tiling.count, threads: threads)
  }

  private struct Run: TiledWork {
    let pooling: BlockedPooling
    let bases: KernelBases

    func compute(_ tile: Int, slot: Int) {
      unsafe pooling.forEachCall(of: tile, bases) { unsafe pooling.kernel.call($0) }
    }
  }

  @inline(__always)
  private func forEachCall(
    of tile: Int, _ bases: KernelBases, _ body: (UnsafePointer<Int>) -> Void
  ) {
    unsafe withUnsafeTemporaryAllocation(of: Int.self, capacity: method.parameterCount) { list in
      guard let start = list.baseAddress else { return }
      let part = tiling.part(tile)
      if case .global = method {
        unsafe fill(start, part.planes.lowerBound, part, bases)
        return unsafe body(start)
      }
      for plane in part.planes {
        unsafe fill(start, plane, part, bases)
        unsafe body(start)
      }
    }
  }

  @inline(__always)
  private func fill(
    _ list: UnsafeMutablePointer<Int>, _ plane: Int, _ part: (planes: Range<Int>, rows: Range<Int>),
    _ bases: KernelBases
  ) {
    let bytes = input.lanes * 4
    let row = part.rows.lowerBound
    unsafe list[0] = bases.x + plane * input.blockStride * 4
    unsafe list[1] = bases.y + (plane * output.height + row) * output.width * bytes
    switch method {
    case .rows(_, let counts, let rowStep):
      unsafe list[2] = bases.table + row * PoolingKernel.rowEntry * 8
      unsafe list[3] = bases.weight
      unsafe list[4] = part.rows.count
      unsafe list[5] = rowStep
      for index in counts.indices {
        unsafe list[PoolingKernel.fixedParameterCount + index] = counts[index]
      }
    case .tabled(_, let rowStep, let columnStep):
      unsafe list[2] = bases.table + row * TabledPoolingKernel.entry * 8
      unsafe list[3] = bases.secondTable
      unsafe list[4] = bases.weight + row * output.width * 4
      unsafe list[5] = part.rows.count
      unsafe list[6] = output.width
      unsafe list[7] = rowStep
      unsafe list[8] = columnStep
    case .global:
      let pixels = input.height * input.width
      unsafe list[2] = part.planes.count
      unsafe list[3] = pixels / 8
      unsafe list[4] = pixels % 8
      unsafe list[5] = bases.weight
    }
  }
}

extension BlockedPooling.Method {
  fileprivate func makeKernel() throws -> Kernel {
    switch self {
    case .rows(let kernel, _, _): try KernelCache.shared.kernel(for: kernel)
    case .tabled(let kernel, _, _): try KernelCache.shared.kernel(for: kernel)
    case .global(let kernel): try KernelCache.shared.kernel(for: kernel)
    }
  }
}

extension BlockedPooling: InterpretedKernels {
  package func calls(_ bases: KernelBases, operands: [Int]) -> [KernelCall] {
    var result: [KernelCall] = []
    for tile in 0..<tiling.count {
      unsafe forEachCall(of: tile, bases) { list in
        result.append(unsafe KernelCall(method.specification, list, method.parameterCount))
      }
    }
    return result
  }

  package var tables: [MemorySlice<Int>] { [table, columnTable] }

  /// What sums are divided by, which the kernels read as their weights.
  package var weights: MemorySlice<Float> { divisors }
}
