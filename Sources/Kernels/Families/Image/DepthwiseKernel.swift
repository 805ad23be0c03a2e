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
    let widths = columns.groups.map { "\($0.pixels.count)\($0.repeats ? "r" : "")" }
    return "depthwise_f32_nchw\(instructionSet.lanes)c_k\(steps.kernelWidth)s\(steps.strideX)"
      + "p\(steps.padX)d\(steps.dilationX)_t\(widths.joined(separator: "x"))"
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
    let y: ScalarRegister
    let weight: ScalarRegister
    let table: ScalarRegister
    let rows: ScalarRegister
    let rowStep: ScalarRegister
    let lanes: ScalarRegister
    let counts: [ScalarRegister]
    let operands: [ScalarRegister]
    /// From where the result and operands laid out like it began, in bytes.
    let position: ScalarRegister
    let mask: MaskRegister?
    var taps: ScalarRegister
    var source: ScalarRegister
    var firstWeight: ScalarRegister

    init(_ kernel: DepthwiseKernel, _ b: inout KernelBuilder) {
      self.kernel = kernel
      x = b.parameter()
      y = b.parameter()
      weight = b.parameter()
      table = b.parameter()
      rows = b.parameter()
      rowStep = b.parameter()
      lanes = b.parameter()
      counts = (0..<kernel.columns.repeatedCount).map { _ in b.parameter() }
      operands = (0..<kernel.epilogue.operandCount).map { _ in b.parameter() }
      position = b.integer(0)
      mask = kernel.masksChannels ? b.maskFirst(lanes) : nil
      (taps, source, firstWeight) = (rows, rows, rows)
    }

    mutating func row(_ b: inout KernelBuilder) {
      taps = b.loadInteger(Address(table))
      source = b.loadInteger(Address(table, offset: 8))
      firstWeight = b.loadInteger(Address(table, offset: 16))
      b.add(DepthwiseKernel.rowEntry * 8, to: table)
      b.add(x, to: source)
      b.add(weight, to: firstWeight)
      var repeated = 0
      for group in kernel.columns.groups {
        if group.repeats {
          let count = b.copy(counts[repeated])
          repeated += 1
          b.loop(count) { b in pixels(group.pixels, &b) }
        } else {
          pixels(group.pixels, &b)
        }
      }
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
      for (pixel, sum) in sums.enumerated() {
        let value = EpilogueEmitter.emit(kernel.epilogue, on: sum, in: &b) { number, kind, b in
          operand(number, kind, pixel, &b)
        }
        b.store(value, to: Address(y, offset: pixel * bytes, index: position))
      }
      b.add(pixels.count * steps.strideX * bytes, to: source)
      b.add(pixels.count * bytes, to: position)
    }

    private func operand(
      _ number: Int, _ broadcast: OperandBroadcast, _ pixel: Int, _ b: inout KernelBuilder
    ) -> VectorOperand {
      let base = operands[number]
      switch broadcast {
      case .full:
        return .memory(Address(base, offset: pixel * b.vectorBytes, index: position))
      case .image: return .memory(Address(base))
      case .scalar: return .broadcast(Address(base))
      case .channel:
        guard let mask else { return .memory(Address(base)) }
        return .register(b.load(Address(base), mask))
      }
    }
  }
}
