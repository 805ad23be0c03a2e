/// Where a kernel over rows of a plane writes its pixels, and the operands that their epilogue
/// takes.
struct PixelResults {
  private let epilogue: [EpilogueOperation]
  private let y: ScalarRegister
  private let operands: [ScalarRegister]
  /// From where the result and operands laid out like it began, in bytes.
  private let position: ScalarRegister
  private let mask: MaskRegister?

  /// Reads a parameter for each operand.
  ///
  /// - Parameter lanes: those that operands by channel have; nil where they have all.
  init(
    _ epilogue: [EpilogueOperation], y: ScalarRegister, lanes: ScalarRegister?,
    _ b: inout KernelBuilder
  ) {
    self.epilogue = epilogue
    self.y = y
    operands = (0..<epilogue.operandCount).map { _ in b.parameter() }
    position = b.integer(0)
    mask = lanes.map { b.maskFirst($0) }
  }

  /// Writes the next pixels.
  func store(_ sums: [VectorRegister], _ b: inout KernelBuilder) {
    let bytes = b.vectorBytes
    for (pixel, sum) in sums.enumerated() {
      let value = EpilogueEmitter.emit(epilogue, on: sum, in: &b) { number, kind, b in
        operand(number, kind, pixel, &b)
      }
      b.store(value, to: Address(y, offset: pixel * bytes, index: position))
    }
    b.add(sums.count * bytes, to: position)
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
