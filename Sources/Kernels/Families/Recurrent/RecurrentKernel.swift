/// One layer of a recurrent network in one direction or both, behind the product of all steps'
/// inputs with their weights.
///
/// Steps follow each other; directions and parts of the batch run beside each other.
package struct RecurrentKernel: Sendable {
  package let unit: RecurrentUnit
  package let steps: Int
  package let batch: Int
  package let width: Int
  package let directions: Int
  /// Whether rows are [B, T] rather than [T, B].
  private let isBatchFirst: Bool
  private let kernel: Kernel
  private let specification: RecurrentSpecification
  private let product: PackedGEMM
  /// That of the batch's last part, where it has fewer rows.
  private let lastProduct: PackedGEMM
  private let rowsAtOnce: Int

  /// One direction's operands.
  package struct Pass: Sendable {
    /// x's part of the gates, [T, B, gates · H] or [B, T, gates · H].
    package var inputs: MemorySlice<Float>
    package var packed: MemorySlice<Float>
    /// [B, H]: the states before the first step.
    package var hiddenStart: MemorySlice<Float>
    package var cellStart: MemorySlice<Float>?
    /// [B, H]: the states after the last step.
    package var hidden: MemorySlice<Float>
    package var cell: MemorySlice<Float>?

    package init(
      inputs: MemorySlice<Float>, packed: MemorySlice<Float>, hiddenStart: MemorySlice<Float>,
      cellStart: MemorySlice<Float>?, hidden: MemorySlice<Float>, cell: MemorySlice<Float>?
    ) {
      self.inputs = inputs
      self.packed = packed
      self.hiddenStart = hiddenStart
      self.cellStart = cellStart
      self.hidden = hidden
      self.cell = cell
    }
  }

  /// Nil where a size is zero.
  ///
  /// - Throws: `KernelError`.
  package init?(
    _ unit: RecurrentUnit, steps: Int, batch: Int, width: Int, directions: Int = 1,
    isBatchFirst: Bool = false, hasBias: Bool, instructionSet: InstructionSet
  ) throws {
    precondition((1...2).contains(directions), "one direction or two")
    guard steps > 0, batch > 0, width > 0 else { return nil }
    self.unit = unit
    self.steps = steps
    self.batch = batch
    self.width = width
    self.directions = directions
    self.isBatchFirst = isBatchFirst
    let parts = (batch + Self.rowLimit - 1) / Self.rowLimit
    rowsAtOnce = (batch + parts - 1) / parts
    func product(_ rows: Int, _ choice: TileChoice?) throws -> PackedGEMM? {
      try PackedGEMM(
        rows: rows, columns: unit.gates * width, depth: width, hasBias: hasBias, epilogue: [],
        instructionSet: instructionSet, choice: choice)
    }
    guard let whole = try product(rowsAtOnce, nil) else { return nil }
    let rest = batch % rowsAtOnce
    guard let last = rest == 0 ? whole : try product(rest, whole.choice),
      last.packing == whole.packing
    else { return nil }
    self.product = whole
    lastProduct = last
    specification = RecurrentSpecification(
      instructionSet: instructionSet, unit: unit, width: width)
    kernel = try KernelCache.shared.kernel(for: specification)
  }

  /// Beyond it weights are read again for other rows, by another thread where there is one.
  private static let rowLimit = 16

  package var kernelName: String { "\(kernel.name) \(product.kernelName)" }

  /// Floats of one direction's packed weights and bias.
  package var packedCount: Int { product.packedCount }

  /// Equal for kernels that read the same packed weights alike.
  package var packing: String { product.packing }

  /// Packs w_hh [gates · H, H] and b_hh of one direction.
  package func pack(
    weight: MemorySlice<Float>, bias: MemorySlice<Float>?, into packed: MemorySlice<Float>,
    threads: Int = 1
  ) {
    product.pack(weight, bias: bias, into: packed, threads: threads)
  }

  /// Floats of scratch that a run needs.
  package var scratchCount: Int { directions * batch * unit.gates * width }

  /// Fills y, [T, B, directions · H] or [B, T, directions · H], and the last states.
  ///
  /// - Parameter y: nil where the states alone are asked for, of one step in one direction.
  /// - Precondition: sizes as announced; no operand shares memory with another.
  package func run(
    _ forward: Pass, _ backward: Pass? = nil, into y: MemorySlice<Float>?,
    scratch: MemorySlice<Float>, threads: Int = 1
  ) {
    precondition((backward != nil) == (directions == 2), "as many passes as directions")
    precondition(y != nil || (steps == 1 && directions == 1), "several states need a result")
    check(forward)
    if let backward { check(backward) }
    precondition(
      y.map { $0.count >= steps * batch * directions * width } ?? true
        && scratch.count >= scratchCount, "sizes do not agree with the layer")
    let parts = (batch + rowsAtOnce - 1) / rowsAtOnce
    ThreadPool.shared.run(
      Run(layer: self, forward: forward, backward: backward, y: y, scratch: scratch),
      tiles: directions * parts, threads: threads)
  }

  private func check(_ pass: Pass) {
    let states = batch * width
    precondition(
      pass.inputs.count >= steps * batch * unit.gates * width && pass.packed.count >= packedCount
        && pass.hiddenStart.count >= states && pass.hidden.count >= states
        && (unit != .lstm
          || (pass.cell.map { $0.count >= states } ?? false
            && pass.cellStart.map { $0.count >= states } ?? false)),
      "sizes do not agree with the layer")
  }

  private struct Run: TiledWork {
    let layer: RecurrentKernel
    let forward: Pass
    let backward: Pass?
    let y: MemorySlice<Float>?
    let scratch: MemorySlice<Float>

    func compute(_ tile: Int, slot: Int) {
      let (direction, part) = (tile % layer.directions, tile / layer.directions)
      let first = part * layer.rowsAtOnce
      let pass = direction == 0 ? forward : backward ?? forward
      layer.run(
        pass, direction, rows: first..<min(first + layer.rowsAtOnce, layer.batch), y, scratch)
    }
  }

  private func run(
    _ pass: Pass, _ direction: Int, rows: Range<Int>, _ y: MemorySlice<Float>?,
    _ scratch: MemorySlice<Float>
  ) {
    let gates = unit.gates * width
    let product = rows.count == rowsAtOnce ? product : lastProduct
    let states = (from: rows.lowerBound * width, count: rows.count * width)
    let hidden = pass.hidden[from: states.from, count: states.count]
    let start = pass.hiddenStart[from: states.from, count: states.count]
    unsafe hidden.base.update(from: start.base, count: states.count)
    let cell = pass.cell?[from: states.from, count: states.count]
    if let cell, let start = pass.cellStart?[from: states.from, count: states.count] {
      unsafe cell.base.update(from: start.base, count: states.count)
    }
    let fromHidden = scratch[
      from: (direction * batch + rows.lowerBound) * gates, count: rows.count * gates]
    for index in 0..<steps {
      let step = direction == 0 ? index : steps - 1 - index
      product.run(hidden, packed: pass.packed, into: fromHidden)
      unsafe withCall(
        Int(bitPattern: pass.inputs.base), Int(bitPattern: fromHidden.base),
        Int(bitPattern: hidden.base), Int(bitPattern: cell?.base ?? hidden.base),
        Int(bitPattern: y?.base), direction, step: step, rows: rows
      ) { unsafe kernel.call($0) }
    }
  }

  /// Calls the body with the parameters of the call that computes the rows' states after one step;
  /// y is 0 where there is none.
  private func withCall(
    _ inputs: Int, _ fromHidden: Int, _ hidden: Int, _ cell: Int, _ y: Int, _ direction: Int,
    step: Int, rows: Range<Int>, _ body: (UnsafePointer<Int>) -> Void
  ) {
    let bytes = width * 4
    let row = isBatchFirst ? rows.lowerBound * steps + step : step * batch + rows.lowerBound
    let distance = isBatchFirst ? steps : 1
    let counts = RowLoop.counts(width, lanes: kernel.instructionSet.lanes)
    unsafe withUnsafeTemporaryAllocation(
      of: Int.self, capacity: RecurrentSpecification.parameterCount
    ) { list in
      guard let call = list.baseAddress else { return }
      unsafe call[0] = counts.blocks
      unsafe call[1] = counts.vectors
      unsafe call[2] = counts.tail
      unsafe call[3] = rows.count
      unsafe call[4] = inputs + row * unit.gates * bytes
      unsafe call[5] = distance * unit.gates * bytes
      unsafe call[6] = fromHidden
      unsafe call[7] = hidden
      unsafe call[8] = cell
      // Without a result the states are written twice.
      unsafe call[9] = y == 0 ? hidden : y + (row * directions + direction) * bytes
      unsafe call[10] = (y == 0 ? 1 : distance * directions) * bytes
      unsafe body(call)
    }
  }
}

extension RecurrentKernel: InterpretedKernels {
  /// The first step's call of one direction: x is its part of the gates, the weights are the
  /// state's part, the operands h and c.
  package func calls(_ bases: KernelBases, operands: [Int]) -> [KernelCall] {
    var result: [KernelCall] = []
    unsafe withCall(
      bases.x, bases.weight, operands[0], operands[1], bases.y, 0, step: 0, rows: 0..<batch
    ) { call in
      result.append(
        unsafe KernelCall(specification, call, RecurrentSpecification.parameterCount))
    }
    return result
  }

  package var tables: [MemorySlice<Int>] { [] }
}
