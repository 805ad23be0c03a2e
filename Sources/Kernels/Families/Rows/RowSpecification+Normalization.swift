extension RowSpecification {
  /// Layer norm, or RMS norm when the mean is not taken off. The variance is from deviations, in
  /// a pass of its own.
  func normalize(_ row: Row, isCentred: Bool, _ builder: inout KernelBuilder) {
    var source = row.x
    var mean: VectorRegister?
    if isCentred {
      let sum = row.loop.sum(&builder) { builder, place, sum in
        let value = valueWithAddend(row, place, &builder)
        builder.emit(.binary(.add, sum, sum, .register(value)))
      }
      mean = builder.divide(sum, row.size(&builder))
      if operation.hasOperand { source = row.y }
    }
    let squares = row.loop.sum(&builder) { builder, place, sum in
      var value =
        isCentred ? place.load(source, &builder) : valueWithAddend(row, place, &builder)
      if let mean {
        value = place.padded(builder.subtract(value, mean), with: 0, &builder)
      }
      builder.multiplyAdd(sum, value, value)
    }
    if operation.hasOperand { source = row.y }
    let variance = builder.divide(squares, row.size(&builder))
    let deviation = builder.unary(
      .squareRoot, builder.binary(.add, variance, row.epsilon))
    let scale = builder.divide(builder.constant(1), deviation)
    row.loop.emit(&builder) { builder, place in
      var value = place.load(source, &builder)
      if let mean { value = builder.subtract(value, mean) }
      value = builder.multiply(value, scale)
      if operation.hasWeight, operation.hasBias {
        let weight = place.load(row.weight, &builder)
        builder.multiply(value, by: weight, thenAdd: place.operand(row.bias, &builder))
      } else if operation.hasWeight {
        value = builder.binary(.multiply, value, place.operand(row.weight, &builder))
      } else if operation.hasBias {
        value = builder.binary(.add, value, place.operand(row.bias, &builder))
      }
      place.store(value, row.y, &builder)
    }
  }

  /// x, or x plus the addend, which is then kept in y for the passes that follow.
  private func valueWithAddend(
    _ row: Row, _ place: RowLoop.Place, _ builder: inout KernelBuilder
  ) -> VectorRegister {
    let value = place.load(row.x, &builder)
    guard operation.hasOperand else { return value }
    let sum = builder.binary(.add, value, place.operand(row.operand, &builder))
    place.store(sum, row.y, &builder)
    return sum
  }
}
