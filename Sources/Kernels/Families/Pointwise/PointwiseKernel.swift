/// A fused chain of pointwise operations over one dense result and any number of inputs, each as
/// large as the result or broadcast to it.
///
/// Made at plan time; running it allocates nothing.
package struct PointwiseKernel: Sendable {
  private let geometry: StridedGeometry
  private let kernel: Kernel
  /// Elements that each input must have.
  package let inputCounts: [Int]
  /// Elements of the result.
  package let count: Int
  /// Parts of the pixels of one image in NCHWc, all blocks of channels together, as convolutions
  /// deal them to threads; 0 where tiles are rows.
  private var pixelParts = 0

  package var kernelName: String { kernel.name }

  /// Inputs in strides beside a dense result, as broadcasting gives them.
  ///
  /// - Parameters:
  ///   - steps: the operations; the last one's result is stored.
  ///   - sizes: the result's.
  ///   - strides: for each input one for each axis, in elements; 0 repeats an element.
  /// - Returns: nil where an input's elements do not lie densely along the innermost axis.
  package init?(
    steps: [PointwiseStep], sizes: [Int], strides: [[Int]], instructionSet: InstructionSet
  ) throws(KernelError) {
    var dense = [Int](repeating: 1, count: sizes.count)
    for axis in sizes.indices.dropLast().reversed() {
      dense[axis] = dense[axis + 1] * sizes[axis + 1]
    }
    let geometry = StridedGeometry(sizes: sizes, strides: [dense] + strides)
    try self.init(
      steps: steps, geometry: geometry, isVector: strides.map { _ in false },
      instructionSet: instructionSet)
  }

  /// Inputs beside a result in NCHWc, or in plain NCHW.
  ///
  /// - Parameters:
  ///   - spatial: height · width.
  ///   - inputs: how each lies beside the result. In NCHWc one that has a float for each channel
  ///     is padded to whole blocks.
  package init?(
    steps: [PointwiseStep], format: ImageFormat, batch: Int, channels: Int, spatial: Int,
    inputs: [OperandBroadcast], instructionSet: InstructionSet
  ) throws(KernelError) {
    if format == .plain {
      try self.init(
        steps: steps, sizes: [batch, channels, spatial],
        strides: inputs.map { input in
          switch input {
          case .full: [channels * spatial, spatial, 1]
          case .channel: [0, 1, 0]
          case .image: [channels, 1, 0]
          case .scalar: [0, 0, 0]
          }
        }, instructionSet: instructionSet)
      return
    }
    let lanes = instructionSet.lanes
    let blocks = (channels + lanes - 1) / lanes
    // With one pixel an image the inputs of one float a channel lie as the result does.
    let inner = spatial == 1 ? 1 : 0
    let strides = inputs.map { input in
      switch input {
      case .full: [blocks * spatial * lanes, spatial * lanes, 1]
      case .channel: [0, lanes, inner]
      case .image: [blocks * lanes, lanes, inner]
      case .scalar: [0, 0, 0]
      }
    }
    let dense = [blocks * spatial * lanes, spatial * lanes, 1]
    try self.init(
      steps: steps,
      geometry: StridedGeometry(
        sizes: [batch, blocks, spatial * lanes], strides: [dense] + strides),
      isVector: inputs.map { spatial != 1 && ($0 == .channel || $0 == .image) },
      instructionSet: instructionSet)
    if geometry.sizes == [blocks, spatial * lanes], spatial >= 144, count >= 1 << 15 {
      pixelParts = count >= 1 << 18 ? 8 : 4
    }
  }

  private init?(
    steps: [PointwiseStep], geometry: StridedGeometry, isVector: [Bool],
    instructionSet: InstructionSet
  ) throws(KernelError) {
    precondition(steps.isValid(inputCount: isVector.count), "a step uses what is not there")
    var forms: [PointwiseSpecification.Form] = []
    for (index, isVector) in isVector.enumerated() {
      switch geometry.innerStride(index + 1) {
      case 1: forms.append(.dense)
      case 0: forms.append(isVector ? .vector : .scalar)
      case _ where geometry.inner == 1: forms.append(.dense)
      default: return nil
      }
    }
    self.geometry = geometry
    count = geometry.count
    inputCounts = forms.indices.map { index in
      let reach = geometry.reach(index + 1)
      return reach > 0 && forms[index] == .vector ? reach + instructionSet.lanes - 1 : reach
    }
    kernel = try KernelCache.shared.kernel(
      for: PointwiseSpecification(instructionSet: instructionSet, steps: steps, inputs: forms))
  }

  /// Fills the result; it may be one of the inputs that lie as it does, or apart from them.
  package func run(
    _ inputs: [MemorySlice<Float>], into y: MemorySlice<Float>, threads: Int = 1
  ) {
    precondition(inputs.count == inputCounts.count, "as many inputs as the kernel has")
    precondition(y.count == count, "the result has another size")
    for index in inputs.indices {
      precondition(inputs[index].count >= inputCounts[index], "an input is too short")
    }
    let tiling = geometry.tiling
    ThreadPool.shared.run(
      Run(owner: self, inputs: inputs, y: y, tiling: tiling),
      tiles: pixelParts > 0 ? pixelParts : tiling.count, threads: threads)
  }

  private struct Run: TiledWork {
    let owner: PointwiseKernel
    let inputs: [MemorySlice<Float>]
    let y: MemorySlice<Float>
    let tiling: RowTiling

    func compute(_ tile: Int, slot: Int) {
      let (geometry, pixelParts) = (owner.geometry, owner.pixelParts)
      let kernel = owner.kernel
      unsafe withUnsafeTemporaryAllocation(
        of: Int.self,
        capacity: PointwiseSpecification.parameterCount(inputs: inputs.count)
      ) { buffer in
        guard let parameters = buffer.baseAddress else { return }
        let lanes = kernel.instructionSet.lanes
        func run(_ row: Int, _ rows: Int, _ start: Int, _ count: Int) {
          let block = lanes * PointwiseSpecification.unrolling
          unsafe parameters[0] = count / block
          unsafe parameters[1] = count % block / lanes
          unsafe parameters[2] = count % lanes
          unsafe parameters[3] = rows
          for index in 0...inputs.count {
            let base = unsafe index == 0 ? y.base : inputs[index - 1].base
            let step = geometry.innerStride(index)
            let first = unsafe base + geometry.start(of: row, index) + start * step
            unsafe parameters[4 + 2 * index] = Int(bitPattern: first)
            unsafe parameters[5 + 2 * index] = 4 * geometry.lastOuterStride(index)
          }
          unsafe kernel.call(parameters)
        }
        if pixelParts > 0 {
          let pixels = geometry.inner / lanes
          let first = pixels * tile / pixelParts
          let end = pixels * (tile + 1) / pixelParts
          run(0, geometry.outer, first * lanes, (end - first) * lanes)
        } else {
          tiling.forEachRun(of: tile, within: geometry.lastOuterSize, run)
        }
      }
    }
  }
}

extension StridedGeometry {
  /// The size of the axis outside the innermost one; 1 when there is none.
  var lastOuterSize: Int { sizes.count > 1 ? sizes[sizes.count - 2] : 1 }

  func lastOuterStride(_ operand: Int) -> Int {
    sizes.count > 1 ? strides[operand][sizes.count - 2] : 0
  }
}

extension RowTiling {
  /// Calls the body with each run of rows of the tile that belong to one index of all axes but
  /// the last two, `size` being the last but one's, and the part of those rows that belongs to
  /// the tile.
  @inline(__always)
  func forEachRun(
    of tile: Int, within size: Int,
    _ body: (_ row: Int, _ rows: Int, _ start: Int, _ count: Int) -> Void
  ) {
    var (first, rows, from, length) = (0, 0, 0, 0)
    forEachRow(of: tile) { row, start, count in
      if rows > 0, row % size != 0 {
        rows += 1
        return
      }
      if rows > 0 { body(first, rows, from, length) }
      (first, rows, from, length) = (row, 1, start, count)
    }
    if rows > 0 { body(first, rows, from, length) }
  }
}
