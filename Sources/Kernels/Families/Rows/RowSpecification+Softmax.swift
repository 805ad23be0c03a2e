extension RowSpecification {
  /// The maximum, then the exponentials and their sum, then the quotients.
  ///
  /// With a mask the first pass keeps x · scale + mask in y; with a scale alone the maximum is
  /// scaled, as scales are positive. A NaN need not reach the maximum: it reaches the sum. Rows of
  /// −∞ alone give NaN, or zeros where `mayHideAll`.
  func softmax(
    _ row: Row, isLogarithmic: Bool, isScaled: Bool, hasMask: Bool, mayHideAll: Bool = false,
    _ builder: inout KernelBuilder
  ) {
    let tops = (0..<RowLoop.unrolling).map { _ in builder.constant(-.infinity) }
    row.loop.emit(&builder) { builder, place in
      var value = place.load(row.x, &builder)
      if hasMask {
        if isScaled {
          builder.emit(
            .multiplyThenAdd(
              value, builder.register(row.scale), place.operand(row.operand, &builder)))
        } else {
          value = builder.binary(.add, value, place.operand(row.operand, &builder))
        }
        place.store(value, row.y, &builder)
      }
      let padded = place.padded(value, with: -.infinity, &builder)
      let top = tops[place.slot]
      builder.emit(.binary(.maximum, top, top, .register(padded)))
    }
    let pairs = (
      builder.binary(.maximum, tops[0], tops[1]), builder.binary(.maximum, tops[2], tops[3])
    )
    var top = builder.acrossLanes(.maximum, builder.binary(.maximum, pairs.0, pairs.1))
    if mayHideAll {
      top = builder.binary(.maximum, top, .constant((-Float.greatestFiniteMagnitude).bitPattern))
    }
    let source = hasMask ? row.y : row.x
    let scales = isScaled && !hasMask
    if scales { top = builder.binary(.multiply, top, row.scale) }
    // v − top, at most 0.
    func shifted(_ place: RowLoop.Place, _ builder: inout KernelBuilder) -> VectorRegister {
      let value = place.load(source, &builder)
      let scaled = scales ? builder.binary(.multiply, value, row.scale) : value
      return builder.subtract(scaled, top)
    }
    let sum = row.loop.sum(&builder) { builder, place, sum in
      let power = builder.exponentialOfNonPositive(shifted(place, &builder))
      if !isLogarithmic { place.store(power, row.y, &builder) }
      let padded = place.padded(power, with: 0, &builder)
      builder.emit(.binary(.add, sum, sum, .register(padded)))
    }
    if isLogarithmic {
      let logarithm = builder.logarithm(sum)
      row.loop.emit(&builder) { builder, place in
        let difference = builder.subtract(shifted(place, &builder), logarithm)
        place.store(difference, row.y, &builder)
      }
    } else {
      var scale = builder.divide(builder.constant(1), sum)
      if mayHideAll {
        let isEmpty = builder.compare(sum, .equal, builder.zero())
        scale = builder.select(isEmpty, builder.zero(), else: scale)
      }
      row.loop.emit(&builder) { builder, place in
        let quotient = builder.binary(.multiply, scale, place.operand(row.y, &builder))
        place.store(quotient, row.y, &builder)
      }
    }
  }
}
