/// Group norm of plain NCHW or of NCHWc; with as many groups as channels instance norm.
///
/// Made at plan time; running it allocates nothing.
package struct GroupNormKernel: Sendable {
  package let format: ImageFormat
  package let batch, channels, spatial, groups: Int
  private let kernel: Kernel
  private let hasWeight, hasBias: Bool
  private let numbers: MemorySlice<Float>

  package var kernelName: String { kernel.name }

  /// - Parameter spatial: height · width.
  /// - Returns: nil where groups do not fill whole blocks of NCHWc.
  /// - Throws: `KernelError` or `AllocationError`.
  package init?(
    format: ImageFormat, batch: Int, channels: Int, spatial: Int, groups: Int, epsilon: Double,
    hasWeight: Bool, hasBias: Bool, instructionSet: InstructionSet
  ) throws {
    precondition(
      batch >= 0 && channels > 0 && spatial >= 0 && groups > 0 && channels % groups == 0,
      "no such groups")
    let perGroup = channels / groups
    if format == .blocked, perGroup % instructionSet.lanes != 0 { return nil }
    self.format = format
    self.batch = batch
    self.channels = channels
    self.spatial = spatial
    self.groups = groups
    self.hasWeight = hasWeight
    self.hasBias = hasBias
    numbers = try MemorySlice([Float(perGroup * spatial), Float(epsilon)])
    kernel = try KernelCache.shared.kernel(
      for: GroupNormSpecification(
        instructionSet: instructionSet, isBlocked: format == .blocked, hasWeight: hasWeight,
        hasBias: hasBias))
  }

  /// Fills y, which may be x.
  package func run(
    _ x: MemorySlice<Float>, weight: MemorySlice<Float>? = nil,
    bias: MemorySlice<Float>? = nil, into y: MemorySlice<Float>, threads: Int = 1
  ) {
    let perGroup = channels / groups
    let size = perGroup * spatial
    precondition(x.count == batch * groups * size && y.count == x.count, "sizes do not agree")
    precondition(
      (weight?.count ?? -1) == (hasWeight ? channels : -1)
        && (bias?.count ?? -1) == (hasBias ? channels : -1), "weights of another size")
    if size == 0 { return }
    ThreadPool.shared.run(
      Run(norm: self, x: x, weight: weight, bias: bias, y: y), tiles: batch * groups,
      threads: threads)
  }

  private struct Run: TiledWork {
    let norm: GroupNormKernel
    let x: MemorySlice<Float>
    let weight, bias: MemorySlice<Float>?
    let y: MemorySlice<Float>

    func compute(_ tile: Int, slot: Int) {
      let (kernel, numbers, spatial) = (norm.kernel, norm.numbers, norm.spatial)
      let perGroup = norm.channels / norm.groups
      let size = perGroup * spatial
      let lanes = kernel.instructionSet.lanes
      let width = norm.format == .blocked ? lanes : 1
      let group = RowLoop.counts(size, lanes: lanes)
      let channel = RowLoop.counts(spatial * width, lanes: lanes)
      let first = tile % norm.groups * perGroup
      func place(_ slice: MemorySlice<Float>?, _ offset: Int) -> Int {
        guard let slice else { return 0 }
        return Int(bitPattern: unsafe slice.base + offset)
      }
      unsafe kernel.call(
        with: (
          group.blocks, group.vectors, group.tail, channel.blocks, channel.vectors,
          channel.tail, perGroup / width, 4 * spatial * width, place(x, tile * size),
          place(y, tile * size), place(weight, first), place(bias, first),
          Int(bitPattern: numbers.base)
        ))
    }
  }
}
