/// Copies channels of an image in NCHWc into another, as concatenation and slicing do.
package struct BlockedChannelCopy: Sendable {
  package let input: BlockedShape
  package let output: BlockedShape
  private let inputOffset: Int
  private let outputOffset: Int
  private let channels: Int
  private let steps: [Step]
  private let pixelsPerTile: Int

  /// How one block of the output gets its channels.
  private enum Step: Sendable {
    /// A block as it is.
    case whole
    case shifted(Kernel, ChannelShiftKernel)
  }

  /// - Precondition: both images have the same sizes but for their channels.
  package init(
    from input: BlockedShape, at inputOffset: Int = 0, to output: BlockedShape,
    at outputOffset: Int = 0, channels: Int, instructionSet: InstructionSet
  ) throws {
    let lanes = instructionSet.lanes
    precondition(
      input.lanes == lanes && output.lanes == lanes && input.batch == output.batch
        && input.height == output.height && input.width == output.width && channels >= 0
        && inputOffset >= 0 && outputOffset >= 0 && inputOffset + channels <= input.channels
        && outputOffset + channels <= output.channels, "sizes do not agree")
    self.input = input
    self.output = output
    self.inputOffset = inputOffset
    self.outputOffset = outputOffset
    self.channels = channels
    let end = outputOffset + channels
    let shift =
      (inputOffset - outputOffset) - lanes * floorDivide(inputOffset - outputOffset, lanes)
    let first = outputOffset / lanes
    steps =
      try channels == 0
      ? []
      : (first...((end - 1) / lanes)).map { block in
        let low = max(outputOffset - block * lanes, 0)
        let high = min(end - block * lanes, lanes)
        let overwritesRest = end == output.channels
        if shift == 0, low == 0, high == lanes || overwritesRest { return .whole }
        let specification = ChannelShiftKernel(
          instructionSet: instructionSet, shift: shift, lanes: low..<high,
          overwritesRest: overwritesRest)
        return .shifted(try KernelCache.shared.kernel(for: specification), specification)
      }
    pixelsPerTile = 1024
  }

  /// Whether kernels do everything: no block is copied as it is, and none lacks the block before.
  package var usesKernelsAlone: Bool {
    inputOffset >= outputOffset % output.lanes
      && steps.allSatisfy { if case .whole = $0 { false } else { true } }
  }

  private var pixels: Int { input.height * input.width }
  private var parts: Int { (pixels + pixelsPerTile - 1) / pixelsPerTile }
  private var tileCount: Int { input.batch * steps.count * parts }

  /// - Precondition: sizes as the shapes say; the images do not overlap.
  package func run(_ x: MemorySlice<Float>, into y: MemorySlice<Float>, threads: Int = 1) {
    precondition(x.count == input.count && y.count == output.count, "sizes do not agree")
    let bases = unsafe KernelBases(x: x.base, y: y.base)
    ThreadPool.shared.run(
      Run(copy: self, x: x, y: y, bases: bases), tiles: tileCount, threads: threads)
  }

  private struct Run: TiledWork {
    let copy: BlockedChannelCopy
    let x, y: MemorySlice<Float>
    let bases: KernelBases

    func compute(_ tile: Int, slot: Int) {
      let (input, output) = (copy.input, copy.output)
      var place = copy.place(of: tile)
      switch copy.steps[place.step] {
      case .whole:
        unsafe (y.base + place.target).update(
          from: x.base + place.source, count: place.count * output.lanes)
      case .shifted(let kernel, let specification):
        if place.source == -input.blockStride {
          // The kernel would read before the image's first pixel.
          let first = output.lanes - specification.shift
          for lane in specification.lanes {
            unsafe y.base[place.target + lane] = x.base[lane - first]
          }
          place.skipPixel(output.lanes)
        }
        unsafe copy.withParameters(place, bases) { unsafe kernel.call($0) }
      }
    }
  }

  private struct Place {
    let step: Int
    /// Where the first source block's and the target block's pixels begin.
    var source: Int
    var target: Int
    var count: Int

    mutating func skipPixel(_ lanes: Int) {
      source += lanes
      target += lanes
      count -= 1
    }
  }

  @inline(__always)
  private func place(of tile: Int) -> Place {
    let lanes = output.lanes
    let start = tile % parts * pixelsPerTile
    let rest = tile / parts
    let step = rest % steps.count
    let image = rest / steps.count
    let block = outputOffset / lanes + step
    let channel = inputOffset + block * lanes - outputOffset
    return Place(
      step: step,
      source: image * input.imageStride + floorDivide(channel, lanes) * input.blockStride
        + start * lanes,
      target: image * output.imageStride + block * output.blockStride + start * lanes,
      count: min(pixelsPerTile, pixels - start))
  }

  @inline(__always)
  private func withParameters(
    _ place: Place, _ bases: KernelBases, _ body: (UnsafePointer<Int>) -> Void
  ) {
    unsafe withUnsafeTemporaryAllocation(
      of: Int.self, capacity: ChannelShiftKernel.parameterCount
    ) { buffer in
      guard let list = buffer.baseAddress else { return }
      unsafe list[0] = bases.x + place.source * 4
      unsafe list[1] = bases.x + (place.source + input.blockStride) * 4
      unsafe list[2] = bases.y + place.target * 4
      unsafe list[3] = place.count
      unsafe body(list)
    }
  }
}

/// The quotient, rounded down.
func floorDivide(_ a: Int, _ b: Int) -> Int { a >= 0 ? a / b : -((b - 1 - a) / b) }

extension BlockedChannelCopy: InterpretedKernels {
  /// The calls for blocks that are not copied whole.
  package func calls(_ bases: KernelBases, operands: [Int]) -> [KernelCall] {
    var result: [KernelCall] = []
    for tile in 0..<tileCount {
      let place = place(of: tile)
      guard case .shifted(_, let specification) = steps[place.step] else { continue }
      unsafe withParameters(place, bases) {
        result.append(
          unsafe KernelCall(specification, $0, ChannelShiftKernel.parameterCount))
      }
    }
    return result
  }

  package var tables: [MemorySlice<Int>] { [] }
}
