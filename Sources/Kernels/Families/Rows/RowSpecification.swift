/// What is done to each row of an array's last axis.
package enum RowOperation: Sendable, Hashable {
  /// e^v over its sum, or its logarithm, where v = x · scale + mask; the scale is positive.
  case softmax(isLogarithmic: Bool, isScaled: Bool, hasMask: Bool)
  /// e^v over its sum, where v = x + mask; zeros where a mask of −∞ hides the whole row.
  case attentionSoftmax
  /// (v − mean) / √(variance + ε) · weight + bias, where v = x + addend.
  case layerNorm(hasWeight: Bool, hasBias: Bool, hasAddend: Bool)
  /// v / √(mean of v² + ε) · weight, where v = x + addend.
  case rmsNorm(hasWeight: Bool, hasAddend: Bool)
  case reduce(RowReduction)

  /// Whether a second array of rows is read: the mask or the addend.
  package var hasOperand: Bool {
    switch self {
    case .softmax(_, _, let hasMask): hasMask
    case .attentionSoftmax: true
    case .layerNorm(_, _, let hasAddend), .rmsNorm(_, let hasAddend): hasAddend
    case .reduce: false
    }
  }

  package var hasWeight: Bool {
    switch self {
    case .layerNorm(let hasWeight, _, _), .rmsNorm(let hasWeight, _): hasWeight
    case .softmax, .attentionSoftmax, .reduce: false
    }
  }

  package var hasBias: Bool {
    if case .layerNorm(_, let hasBias, _) = self { hasBias } else { false }
  }

  var name: String {
    switch self {
    case .softmax(let isLogarithmic, let isScaled, let hasMask):
      (isLogarithmic ? "logsoftmax" : "softmax") + (isScaled ? "_scaled" : "")
        + (hasMask ? "_masked" : "")
    case .attentionSoftmax: "softmax_hiding"
    case .layerNorm(_, _, let hasAddend): "layernorm" + (hasAddend ? "_add" : "")
    case .rmsNorm(_, let hasAddend): "rmsnorm" + (hasAddend ? "_add" : "")
    case .reduce(let reduction): "\(reduction)"
    }
  }
}

/// A kernel over rows of the last axis.
///
/// Parameters: rows; the row's three counts (`RowLoop`); the address and the bytes from row to
/// row of x, y and the operand; addresses of weight and bias; the address of three floats: the
/// row's size, ε and the scale.
package struct RowSpecification: KernelSpecification {
  package let instructionSet: InstructionSet
  package let operation: RowOperation

  package init(instructionSet: InstructionSet, operation: RowOperation) {
    self.instructionSet = instructionSet
    self.operation = operation
  }

  static let parameterCount = 13

  /// What the body of a row has at hand.
  struct Row {
    let loop: RowLoop
    let x, y, operand, weight, bias: ScalarRegister
    let numbers: ScalarRegister

    func size(_ builder: inout KernelBuilder) -> VectorRegister {
      builder.broadcast(Address(numbers))
    }
    var epsilon: VectorOperand { .broadcast(Address(numbers, offset: 4)) }
    var scale: VectorOperand { .broadcast(Address(numbers, offset: 8)) }
  }

  package func program() -> KernelProgram {
    var builder = KernelBuilder(instructionSet)
    let rows = builder.parameter()
    let loop = RowLoop(&builder)
    let (x, xStride) = (builder.parameter(), builder.parameter())
    let (y, yStride) = (builder.parameter(), builder.parameter())
    let (operand, operandStride) = (builder.parameter(), builder.parameter())
    let row = Row(
      loop: loop, x: x, y: y, operand: operand, weight: builder.parameter(),
      bias: builder.parameter(), numbers: builder.parameter())
    builder.loop(rows) { builder in
      switch operation {
      case .softmax(let isLogarithmic, let isScaled, let hasMask):
        softmax(
          row, isLogarithmic: isLogarithmic, isScaled: isScaled, hasMask: hasMask, &builder)
      case .attentionSoftmax:
        softmax(
          row, isLogarithmic: false, isScaled: false, hasMask: true, mayHideAll: true, &builder)
      case .layerNorm: normalize(row, isCentred: true, &builder)
      case .rmsNorm: normalize(row, isCentred: false, &builder)
      case .reduce(let reduction): reduce(row, reduction, &builder)
      }
      builder.add(xStride, to: x)
      builder.add(yStride, to: y)
      if operation.hasOperand { builder.add(operandStride, to: operand) }
    }
    return builder.finish(named: "row_f32_\(operation.name)_\(instructionSet.rawValue)")
  }

  private func reduce(
    _ row: Row, _ reduction: RowReduction, _ builder: inout KernelBuilder
  ) {
    if reduction == .maximum {
      let tops = (0..<RowLoop.unrolling).map { _ in builder.constant(-.infinity) }
      row.loop.emit(&builder) { builder, place in
        let value = place.padded(place.load(row.x, &builder), with: -.infinity, &builder)
        builder.keepMaximum(value, in: tops[place.slot])
      }
      for top in tops.dropFirst() { builder.keepMaximum(top, in: tops[0]) }
      builder.storeFirst(builder.maximumAcrossLanes(tops[0]), to: Address(row.y))
      return
    }
    var sum = row.loop.sum(&builder) { builder, place, sum in
      builder.emit(.binary(.add, sum, sum, place.operand(row.x, &builder)))
    }
    if reduction == .mean { sum = builder.divide(sum, row.size(&builder)) }
    builder.storeFirst(sum, to: Address(row.y))
  }
}
