/// A grouped convolution of rows of one block of channels, whose lanes belong to several groups.
///
/// A pass takes one input channel of every group: each vector of the image is permuted so that a
/// lane holds its own group's channel, and meets all the taps that it belongs to. A group of
/// output pixels stays in registers while the window's rows and the passes of each go by.
struct GroupedKernel: KernelSpecification {
  let instructionSet: InstructionSet
  let steps: WindowSteps
  let columns: WindowColumns
  let epilogue: [EpilogueOperation]
  /// Whether operands by channel end within the last block's vector.
  let masksChannels: Bool
  /// Whether some passes read two blocks of channels.
  let hasPairs: Bool

  /// Output pixels that are computed together at most.
  static func pixelLimit(_ instructionSet: InstructionSet) -> Int {
    instructionSet == .avx2 ? 8 : 14
  }

  /// The parameters of a call, in order; counts of repeated groups and operands follow.
  static let fixedParameterCount = WindowParameters.count + 4

  /// Of a pass: the bytes from the plane to that of the block it reads; of a pass that reads two
  /// blocks also those to the second, and how many lanes come from the first.
  static let singleEntry = 1
  static let pairEntry = 3

  var name: String {
    "grouped_f32_nchw\(instructionSet.lanes)c_\(steps.name)_t\(columns.name)"
      + (hasPairs ? "_pairs" : "") + (epilogue.isEmpty ? "" : "_e\(epilogue.count)")
  }

  func program() -> KernelProgram {
    var b = KernelBuilder(instructionSet)
    let writer = Writer(self, &b)
    b.loop(writer.parameters.rows) { b in writer.row(&b) }
    return b.finish(named: name)
  }

  private struct Writer {
    let kernel: GroupedKernel
    let parameters: WindowParameters
    let passes: ScalarRegister
    let choices: ScalarRegister
    let singles: ScalarRegister
    let pairs: ScalarRegister
    let counts: [ScalarRegister]
    let results: PixelResults

    init(_ kernel: GroupedKernel, _ b: inout KernelBuilder) {
      self.kernel = kernel
      parameters = WindowParameters(&b)
      passes = b.parameter()
      choices = b.parameter()
      singles = b.parameter()
      pairs = b.parameter()
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
      let sums = pixels.map { _ in b.load(Address(parameters.weight)) }
      let columns = kernel.steps.columns(of: pixels, spreads: kernel.instructionSet == .avx2)
      let row = b.copy(place.source)
      let weights = b.copy(place.firstWeight)
      let count = b.copy(place.taps)
      b.loop(count) { b in
        let entry = b.copy(passes)
        let choice = b.copy(choices)
        let single = b.copy(singles)
        b.loop(single) { b in
          let place = b.loadInteger(Address(entry))
          b.add(row, to: place)
          let chosen = b.load(Address(choice))
          multiply(columns, into: sums, weights, &b) { offset, b in
            b.permute(.memory(Address(place, offset: offset)), chosen)
          }
          advance(entry, GroupedKernel.singleEntry, choice, weights, &b)
        }
        if kernel.hasPairs {
          let pair = b.copy(pairs)
          b.loop(pair) { b in self.pair(entry, row, choice, columns, sums, weights, &b) }
        }
        b.add(parameters.rowStep, to: row)
      }
      results.store(sums, &b)
      b.add(pixels.count * kernel.steps.strideX * b.vectorBytes, to: place.source)
    }

    private func pair(
      _ entry: ScalarRegister, _ row: ScalarRegister, _ choice: ScalarRegister,
      _ columns: [WindowSteps.Column], _ sums: [VectorRegister], _ weights: ScalarRegister,
      _ b: inout KernelBuilder
    ) {
      let first = b.loadInteger(Address(entry))
      let second = b.loadInteger(Address(entry, offset: 8))
      b.add(row, to: first)
      b.add(row, to: second)
      let isFirst = b.maskFirst(b.loadInteger(Address(entry, offset: 16)))
      let chosen = b.load(Address(choice))
      multiply(columns, into: sums, weights, &b) { offset, b in
        let low = b.permute(.memory(Address(first, offset: offset)), chosen)
        let high = b.permute(.memory(Address(second, offset: offset)), chosen)
        return b.select(isFirst, low, else: high)
      }
      advance(entry, GroupedKernel.pairEntry, choice, weights, &b)
    }

    /// Adds one pass's products to the sums.
    private func multiply(
      _ columns: [WindowSteps.Column], into sums: [VectorRegister], _ weights: ScalarRegister,
      _ b: inout KernelBuilder, value: (Int, inout KernelBuilder) -> VectorRegister
    ) {
      var held: [Int: VectorRegister] = [:]
      // The accumulators, the choice, a mask and two inputs leave this many registers for weights.
      let room = kernel.instructionSet.vectorRegisterCount - sums.count - 4
      for (column, uses) in columns {
        let value = value((column - kernel.steps.padX) * b.vectorBytes, &b)
        for (pixel, tap) in uses {
          let address = Address(weights, offset: tap * b.vectorBytes)
          if held[tap] == nil, held.count < room { held[tap] = b.load(address) }
          if let factor = held[tap] {
            b.multiplyAdd(sums[pixel], value, factor)
          } else {
            b.multiplyAdd(sums[pixel], value, .memory(address))
          }
        }
      }
    }

    private func advance(
      _ entry: ScalarRegister, _ entryCount: Int, _ choice: ScalarRegister,
      _ weights: ScalarRegister, _ b: inout KernelBuilder
    ) {
      b.add(entryCount * 8, to: entry)
      b.add(b.vectorBytes, to: choice)
      b.add(kernel.steps.kernelWidth * b.vectorBytes, to: weights)
    }
  }
}
