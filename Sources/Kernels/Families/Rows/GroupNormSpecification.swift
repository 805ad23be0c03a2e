/// Normalises one group of channels, whose elements lie one behind another, and scales and shifts
/// them channel by channel.
///
/// Parameters: the group's three counts (`RowLoop`), a channel's three counts (in NCHWc a
/// block's), channels (blocks); bytes from one to the next; the addresses of x, y, weight, bias
/// and of two floats: the group's elements and ε.
package struct GroupNormSpecification: KernelSpecification {
  package let instructionSet: InstructionSet
  /// Whether channels lie in blocks.
  package let isBlocked: Bool
  package let hasWeight: Bool
  package let hasBias: Bool

  package init(
    instructionSet: InstructionSet, isBlocked: Bool, hasWeight: Bool, hasBias: Bool
  ) {
    self.instructionSet = instructionSet
    self.isBlocked = isBlocked
    self.hasWeight = hasWeight
    self.hasBias = hasBias
  }

  package func program() -> KernelProgram {
    var builder = KernelBuilder(instructionSet)
    let group = RowLoop(&builder)
    let channel = RowLoop(&builder)
    let (channels, stride) = (builder.parameter(), builder.parameter())
    let (x, y) = (builder.parameter(), builder.parameter())
    let (weight, bias) = (builder.parameter(), builder.parameter())
    let numbers = builder.parameter()
    let sum = group.sum(&builder) { builder, place, sum in
      builder.emit(.binary(.add, sum, sum, place.operand(x, &builder)))
    }
    let mean = builder.divide(sum, builder.broadcast(Address(numbers)))
    let squares = group.sum(&builder) { builder, place, sum in
      let deviation = builder.subtract(place.load(x, &builder), mean)
      let padded = place.padded(deviation, with: 0, &builder)
      builder.multiplyAdd(sum, padded, padded)
    }
    let variance = builder.divide(squares, builder.broadcast(Address(numbers)))
    let shifted = builder.binary(.add, variance, .broadcast(Address(numbers, offset: 4)))
    let scale = builder.divide(builder.constant(1), builder.unary(.squareRoot, shifted))
    builder.loop(channels) { builder in
      func own(_ base: ScalarRegister) -> VectorOperand {
        isBlocked ? .memory(Address(base)) : .broadcast(Address(base))
      }
      let factor = hasWeight ? builder.binary(.multiply, scale, own(weight)) : scale
      let shift = hasBias ? builder.register(own(bias)) : builder.zero()
      channel.emit(&builder) { builder, place in
        let value = builder.subtract(place.load(x, &builder), mean)
        builder.multiply(value, by: factor, thenAdd: .register(shift))
        place.store(value, y, &builder)
      }
      builder.add(stride, to: x)
      builder.add(stride, to: y)
      let step = isBlocked ? builder.vectorBytes : 4
      if hasWeight { builder.add(step, to: weight) }
      if hasBias { builder.add(step, to: bias) }
    }
    return builder.finish(
      named: "groupnorm_f32_\(isBlocked ? "blocked" : "plain")_\(instructionSet.rawValue)")
  }
}
