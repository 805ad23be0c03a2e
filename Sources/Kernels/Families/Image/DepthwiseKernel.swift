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
  static let fixedParameterCount = 7

  /// A row's entry in the table: the window's rows inside the image, and where the first of them
  /// begins in the plane and in the weights, in bytes.
  static let rowEntry = 3

  var name: String {
    "depthwise_f32_nchw\(instructionSet.lanes)c_\(steps.name)_t\(columns.name)"
      + (epilogue.isEmpty ? "" : "_e\(epilogue.count)")
  }

  func program() -> KernelProgram {
    var b = KernelBuilder(instructionSet)
    var writer = Writer(self, &b)
    b.loop(writer.rows) { b in writer.row(&b) }
    return b.finish(named: name)
  }

  private struct Writer {
    let kernel: DepthwiseKernel
    let x: ScalarRegister
    let weight: ScalarRegister
    let table: ScalarRegister
    let rows: ScalarRegister
    let rowStep: ScalarRegister
    let counts: [ScalarRegister]
    let results: PixelResults
    var taps: ScalarRegister
    var source: ScalarRegister
    var firstWeight: ScalarRegister

    init(_ kernel: DepthwiseKernel, _ b: inout KernelBuilder) {
      self.kernel = kernel
      x = b.parameter()
      let y = b.parameter()
      weight = b.parameter()
      table = b.parameter()
      rows = b.parameter()
      rowStep = b.parameter()
      let lanes = b.parameter()
      counts = (0..<kernel.columns.repeatedCount).map { _ in b.parameter() }
      results = PixelResults(
        kernel.epilogue, y: y, lanes: kernel.masksChannels ? lanes : nil, &b)
      (taps, source, firstWeight) = (rows, rows, rows)
    }

    mutating func row(_ b: inout KernelBuilder) {
      taps = b.loadInteger(Address(table))
      source = b.loadInteger(Address(table, offset: 8))
      firstWeight = b.loadInteger(Address(table, offset: 16))
      b.add(DepthwiseKernel.rowEntry * 8, to: table)
      b.add(x, to: source)
      b.add(weight, to: firstWeight)
      kernel.columns.forEachGroup(counts, &b) { pixels, b in self.pixels(pixels, &b) }
    }

    private func pixels(_ pixels: [WindowColumns.Pixel], _ b: inout KernelBuilder) {
      let steps = kernel.steps
      let bytes = b.vectorBytes
      let sums = pixels.map { _ in b.load(Address(weight)) }
      // Where there are few accumulators they had better rest between their taps.
      let columns = steps.columns(of: pixels, spreads: kernel.instructionSet == .avx2)
      let row = b.copy(source)
      let weights = b.copy(firstWeight)
      let count = b.copy(taps)
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
        b.add(rowStep, to: row)
        b.add(steps.kernelWidth * bytes, to: weights)
      }
      results.store(sums, &b)
      b.add(pixels.count * steps.strideX * bytes, to: source)
    }
  }
}
