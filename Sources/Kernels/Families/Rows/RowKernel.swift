/// Softmax, layer norm, RMS norm or a reduction along the last axis.
///
/// Made at plan time; running it allocates nothing.
package struct RowKernel: Sendable {
  package let operation: RowOperation
  /// Elements in a row.
  package let size: Int
  /// Elements of the result, and of x.
  package let count: Int
  private let inputCount: Int
  private let rows: StridedGeometry
  private let kernel: Kernel
  private let numbers: MemorySlice<Float>

  package var kernelName: String { kernel.name }

  /// - Parameters:
  ///   - outer: the sizes of the axes outside the last one, along which x and y are dense.
  ///   - rowStride: elements from a row of x to the next, and of y where it has as many; `size`
  ///     unless given.
  ///   - operandStrides: where the mask's or addend's rows lie, one stride for each outer axis
  ///     in elements (0 repeats a row); dense rows when nil.
  ///   - scale: what softmax multiplies x with if its operation says so.
  /// - Throws: `KernelError` or `AllocationError`.
  package init(
    _ operation: RowOperation, outer: [Int], size: Int, rowStride: Int? = nil,
    operandStrides: [Int]? = nil, epsilon: Double = 0, scale: Float = 1,
    instructionSet: InstructionSet
  ) throws {
    let stride = rowStride ?? size
    precondition(size >= 0 && scale > 0 && stride >= size, "no such row")
    if case .reduce(.maximum) = operation { precondition(size > 0, "nothing to choose from") }
    self.operation = operation
    self.size = size
    let width = if case .reduce = operation { 1 } else { stride }
    var dense = [Int](repeating: 1, count: outer.count)
    for axis in outer.indices.dropLast().reversed() {
      dense[axis] = dense[axis + 1] * outer[axis + 1]
    }
    rows = StridedGeometry(
      sizes: outer,
      strides: [dense.map { $0 * width }, dense.map { $0 * stride }]
        + [operandStrides ?? dense.map { $0 * size }])
    count = rows.count * width
    inputCount = rows.count * stride
    numbers = try MemorySlice([Float(size), Float(epsilon), scale])
    kernel = try KernelCache.shared.kernel(
      for: RowSpecification(instructionSet: instructionSet, operation: operation))
  }

  /// Fills y, which may be x or a dense operand itself, or apart from them.
  ///
  /// - Parameter operand: softmax's mask or the norm's addend, if the operation has one.
  package func run(
    _ x: MemorySlice<Float>, operand: MemorySlice<Float>? = nil,
    weight: MemorySlice<Float>? = nil, bias: MemorySlice<Float>? = nil,
    into y: MemorySlice<Float>, threads: Int = 1
  ) {
    precondition(x.count == inputCount && y.count == count, "sizes do not agree")
    precondition((operand != nil) == operation.hasOperand, "the operation has another operand")
    precondition(
      (weight?.count ?? -1) == (operation.hasWeight ? size : -1)
        && (bias?.count ?? -1) == (operation.hasBias ? size : -1), "weights of another size")
    if let operand, rows.count > 0 {
      precondition(operand.count >= rows.reach(2) - 1 + size, "the operand is too short")
    }
    if count == 0 { return }
    let perTile = max(elementsPerTile / 2 / max(size, 1), 1)
    ThreadPool.shared.run(
      Run(
        owner: self, x: x, operand: operand, weight: weight, bias: bias, y: y, perTile: perTile),
      tiles: (rows.count + perTile - 1) / perTile, threads: threads)
  }

  private struct Run: TiledWork {
    let owner: RowKernel
    let x: MemorySlice<Float>
    let operand, weight, bias: MemorySlice<Float>?
    let y: MemorySlice<Float>
    let perTile: Int

    func compute(_ tile: Int, slot: Int) {
      let (rows, size, numbers) = (owner.rows, owner.size, owner.numbers)
      let kernel = owner.kernel
      let counts = RowLoop.counts(size, lanes: kernel.instructionSet.lanes)
      var row = tile * perTile
      let end = min(row + perTile, rows.count)
      while row < end {
        // As many as lie in one stride.
        let run = min(end - row, rows.inner - row % rows.inner)
        let index = row / rows.inner
        let within = row % rows.inner
        func place(_ slice: MemorySlice<Float>?, _ number: Int) -> Int {
          guard let slice else { return 0 }
          let offset = rows.start(of: index, number) + within * rows.innerStride(number)
          return Int(bitPattern: unsafe slice.base + offset)
        }
        unsafe kernel.call(
          with: (
            run, counts.blocks, counts.vectors, counts.tail,
            place(x, 1), 4 * rows.innerStride(1), place(y, 0), 4 * rows.innerStride(0),
            place(operand, 2), 4 * rows.innerStride(2),
            Int(bitPattern: weight?.base), Int(bitPattern: bias?.base),
            Int(bitPattern: numbers.base)
          ))
        row += run
      }
    }
  }
}
