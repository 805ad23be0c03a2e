/// y[N] ← epilogue(W[N, K] x + bias), W where it lies: a large matrix that serves one vector comes
/// from memory in either case, and packing it would take as long as dozens of runs.
package struct MatrixVectorKernel: Sendable {
  package let rows: Int
  package let columns: Int
  /// Elements from a row of W to the next.
  private let stride: Int
  private let broadcasts: [OperandBroadcast]
  private let hasBias: Bool
  private let kernel: Kernel
  /// For the rows past the last whole group.
  private let lastKernel: Kernel?

  package var kernelName: String { kernel.name }

  /// Nil where sizes are zero or the epilogue has operands by image or more than a call takes.
  ///
  /// - Throws: `KernelError`.
  package init?(
    rows: Int, columns: Int, stride: Int? = nil, hasBias: Bool, epilogue: [EpilogueOperation],
    instructionSet: InstructionSet
  ) throws {
    broadcasts = epilogue.operandBroadcasts
    guard rows > 0, columns > 0, !broadcasts.contains(.image),
      broadcasts.count <= TileSpecification.operandLimit
    else { return nil }
    self.rows = rows
    self.columns = columns
    self.stride = stride ?? columns
    self.hasBias = hasBias
    precondition(self.stride >= columns, "rows overlap")
    func kernel(_ count: Int) throws -> Kernel {
      try KernelCache.shared.kernel(
        for: MatrixVectorSpecification(
          instructionSet: instructionSet, rows: count, hasBias: hasBias, epilogue: epilogue))
    }
    let lanes = instructionSet.lanes
    self.kernel = try kernel(min(rows, lanes))
    lastKernel = rows > lanes && rows % lanes > 0 ? try kernel(rows % lanes) : nil
  }

  /// Whether so many bytes are better left where they lie: smaller matrices may stay in a cache,
  /// where order counts, and are packed in no time.
  package static func suits(byteCount: Int) -> Bool { byteCount >= 16 << 20 }

  private var lanes: Int { kernel.instructionSet.lanes }
  private var groups: Int { (rows + lanes - 1) / lanes }

  /// Fills y; it shares no memory with the others, but may be an operand of the epilogue.
  package func run(
    _ x: MemorySlice<Float>, matrix: MemorySlice<Float>, bias: MemorySlice<Float>? = nil,
    into y: MemorySlice<Float>, operands: [MemorySlice<Float>] = [], threads: Int = 1
  ) {
    precondition(
      x.count >= columns && (rows - 1) * stride + columns <= matrix.count && y.count >= rows
        && (bias != nil) == hasBias && bias.map { $0.count >= rows } ?? true,
      "sizes do not agree")
    for (number, broadcast) in broadcasts.enumerated() {
      precondition(
        number < operands.count && operands[number].count >= (broadcast == .scalar ? 1 : rows),
        "an operand of the epilogue is missing or too short")
    }
    let perTile = max(Self.tileBytes / (lanes * columns * 4), 1)
    let tiles = min((groups + perTile - 1) / perTile, 16 * max(threads, 1))
    ThreadPool.shared.run(
      Run(owner: self, x: x, matrix: matrix, bias: bias, y: y, operands: operands, tiles: tiles),
      tiles: tiles, threads: threads)
  }

  private static let tileBytes = 64 << 10

  private struct Run: TiledWork {
    let owner: MatrixVectorKernel
    let x, matrix: MemorySlice<Float>
    let bias: MemorySlice<Float>?
    let y: MemorySlice<Float>
    let operands: [MemorySlice<Float>]
    let tiles: Int

    func compute(_ tile: Int, slot: Int) {
      let groups = owner.groups
      let (first, end) = (groups * tile / tiles, groups * (tile + 1) / tiles)
      let whole = owner.lastKernel == nil ? end : min(end, groups - 1)
      call(owner.kernel, first..<max(first, whole))
      if let last = owner.lastKernel, end == groups { call(last, (groups - 1)..<groups) }
    }

    private func call(_ kernel: Kernel, _ range: Range<Int>) {
      if range.isEmpty { return }
      let row = range.lowerBound * owner.lanes
      let perRound = MatrixVectorSpecification.vectorsPerRound * owner.lanes
      let rest = owner.columns % perRound
      unsafe withUnsafeTemporaryAllocation(of: Int.self, capacity: 9 + operands.count) { call in
        unsafe call.initialize(repeating: 0)
        unsafe call[0] = range.count
        unsafe call[1] = Int(bitPattern: x.base)
        unsafe call[2] = Int(bitPattern: matrix.base + row * owner.stride)
        unsafe call[3] = Int(bitPattern: y.base + row)
        unsafe call[4] = bias.map { Int(bitPattern: unsafe $0.base + row) } ?? 0
        unsafe call[5] = owner.stride * 4
        unsafe call[6] = owner.columns / perRound
        unsafe call[7] = rest / owner.lanes
        unsafe call[8] = rest % owner.lanes
        for (number, broadcast) in owner.broadcasts.enumerated() {
          let base = unsafe Int(bitPattern: operands[number].base)
          unsafe call[9 + number] = base + (broadcast == .scalar ? 0 : row * 4)
        }
        unsafe kernel.call(UnsafePointer(call.baseAddress!))
      }
    }
  }
}
