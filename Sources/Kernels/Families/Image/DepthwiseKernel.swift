/// A depthwise convolution of rows of one block of channels.
///
/// A group of output pixels stays in registers while the window's rows pass by; each input vector
/// is loaded once a row and meets all the taps that it belongs to.
struct DepthwiseKernel: KernelSpecification {
  let instructionSet: InstructionSet
  let steps: WindowSteps
  let columns: WindowColumns
  let epilogue: [EpilogueOperation]
  /// Whether operands by channel end within the last block's vector.
  let masksChannels: Bool

  /// Output pixels that are computed together at most.
  static func pixelLimit(_ instructionSet: InstructionSet, kernelWidth: Int) -> Int {
    instructionSet == .avx2 ? max(15 - kernelWidth, 8) : max(20 - kernelWidth, 14)
  }

  /// The parameters of a call, in order; counts of repeated groups and operands follow.
  static let fixedParameterCount = WindowParameters.count

  var name: String {
    "depthwise_f32_nchw\(instructionSet.lanes)c_\(steps.name)_t\(columns.name)"
      + (epilogue.isEmpty ? "" : "_e\(epilogue.count)")
  }

  func program() -> KernelProgram {
    var b = KernelBuilder(instructionSet)
    let writer = Writer(self, &b)
    b.loop(writer.parameters.rows) { b in writer.row(&b) }
    return b.finish(named: name)
  }

  private struct Writer {
    let kernel: DepthwiseKernel
    let parameters: WindowParameters
    let counts: [ScalarRegister]
    let results: PixelResults

    init(_ kernel: DepthwiseKernel, _ b: inout KernelBuilder) {
      self.kernel = kernel
      parameters = WindowParameters(&b)
      counts = (0..<kernel.columns.repeatedCount).map { _ in b.parameter() }
      results = PixelResults(
        kernel.epilogue, y: parameters.y, lanes: kernel.masksChannels ? parameters.lanes : nil, &b)
    }

    func row(_ b: inout KernelBuilder) {
      let row = WindowRow(parameters, &b)
      kernel.columns.forEachGroup(counts, &b) { pixels, b in self.pixels(pixels, row, &b) }
    }

    private func pixels(
      _ pixels: [WindowColumns.Pixel], _ place: WindowRow, _ b: inout KernelBuilder
    ) {
      let steps = kernel.steps
      let bytes = b.vectorBytes
      let sums = pixels.map { _ in b.load(Address(parameters.weight)) }
      // Where there are few accumulators they had better rest between their taps.
      let columns = steps.columns(of: pixels, spreads: kernel.instructionSet == .avx2)
      let row = b.copy(place.source)
      let weights = b.copy(place.firstWeight)
      let count = b.copy(place.taps)
      // The accumulators and one input leave this many registers for weights.
      let room = kernel.instructionSet.vectorRegisterCount - sums.count - 1
      b.loop(count) { b in
        var held: [Int: VectorRegister] = [:]
        for (column, uses) in columns {
          let place = Address(row, offset: (column - steps.padX) * bytes)
          let value = b.load(place)
          for (pixel, tap) in uses {
            let address = Address(weights, offset: tap * bytes)
            if held[tap] == nil, held.count < room { held[tap] = b.load(address) }
            if let factor = held[tap] {
              b.multiplyAdd(sums[pixel], value, factor)
            } else {
              b.multiplyAdd(sums[pixel], value, .memory(address))
            }
          }
        }
        b.add(parameters.rowStep, to: row)
        b.add(steps.kernelWidth * bytes, to: weights)
      }
      results.store(sums, &b)
      b.add(pixels.count * steps.strideX * bytes, to: place.source)
    }
  }
}
