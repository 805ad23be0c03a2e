/// Softmax, its logarithm or a reduction along the middle axis of dense [outer, size, inner].
///
/// With `inner` the vector's lanes and `size` the pixels of an image it reduces NCHWc's pixels.
/// Made at plan time; running it allocates nothing.
package struct ColumnKernel: Sendable {
  package let operation: ColumnOperation
  package let outer, size, inner: Int
  private let kernel: Kernel
  private let number: MemorySlice<Float>

  package var kernelName: String { kernel.name }
  /// Elements of the result.
  package var count: Int {
    if case .reduce = operation { outer * inner } else { outer * size * inner }
  }

  /// - Throws: `KernelError` or `AllocationError`.
  package init(
    _ operation: ColumnOperation, outer: Int, size: Int, inner: Int,
    instructionSet: InstructionSet
  ) throws {
    precondition(outer >= 0 && size >= 0 && inner >= 0, "sizes are not negative")
    if operation == .reduce(.maximum) { precondition(size > 0, "nothing to choose from") }
    self.operation = operation
    self.outer = outer
    self.size = size
    self.inner = inner
    number = try MemorySlice([Float(size)])
    kernel = try KernelCache.shared.kernel(
      for: ColumnSpecification(instructionSet: instructionSet, operation: operation))
  }

  /// Fills y; softmax's may be x itself.
  package func run(
    _ x: MemorySlice<Float>, into y: MemorySlice<Float>, threads: Int = 1
  ) {
    precondition(x.count == outer * size * inner && y.count == count, "sizes do not agree")
    if count == 0 { return }
    // Whole cache lines of columns, several where they are short.
    let band = max(elementsPerTile / max(size, 1) / 16 * 16, 16)
    let bands = (inner + band - 1) / band
    let planes = bands > 1 ? 1 : max(elementsPerTile / max(size * inner, 1), 1)
    let tiles = bands > 1 ? outer * bands : (outer + planes - 1) / planes
    let isReduction = count == outer * inner && operation != .softmax && operation != .logSoftmax
    ThreadPool.shared.run(
      Run(
        owner: self, x: x, y: y, band: band, bands: bands, planes: planes,
        isReduction: isReduction), tiles: tiles, threads: threads)
  }

  private struct Run: TiledWork {
    let owner: ColumnKernel
    let x, y: MemorySlice<Float>
    let band, bands, planes: Int
    let isReduction: Bool

    func compute(_ tile: Int, slot: Int) {
      let (outer, size, inner) = (owner.outer, owner.size, owner.inner)
      let number = owner.number
      let kernel = owner.kernel
      let lanes = kernel.instructionSet.lanes
      let first = bands > 1 ? tile / bands : tile * planes
      let start = bands > 1 ? tile % bands * band : 0
      let columns = min(band, inner - start)
      for plane in first..<min(first + planes, outer) {
        let from = unsafe x.base + plane * size * inner + start
        let to = unsafe y.base + plane * (isReduction ? inner : size * inner) + start
        unsafe kernel.call(
          with: (
            columns / lanes, columns % lanes,
            size / ColumnSpecification.unrolling, size % ColumnSpecification.unrolling, size,
            4 * inner, Int(bitPattern: from), Int(bitPattern: to), Int(bitPattern: number.base)
          ))
      }
    }
  }
}
