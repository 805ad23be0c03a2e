extension KernelBuilder {
  /// Combines a value with an operand, as PyTorch does where one is NaN.
  mutating func combine(
    _ combination: OperandCombination, _ x: VectorRegister, _ operand: VectorOperand
  ) -> VectorRegister {
    switch combination {
    case .add: return binary(.add, x, operand)
    case .subtract: return binary(.subtract, x, operand)
    case .multiply: return binary(.multiply, x, operand)
    case .divide: return binary(.divide, x, operand)
    case .subtractReversed: return binary(.subtract, register(operand), .register(x))
    case .divideReversed: return binary(.divide, register(operand), .register(x))
    case .maximum: return extremum(.maximum, x, operand)
    case .minimum: return extremum(.minimum, x, operand)
    case .prelu:
      let product = binary(.multiply, x, operand)
      let isPositive = compare(x, .greater, zero())
      return select(isPositive, x, else: product)
    }
  }

  /// The larger or smaller one; NaN when either is.
  mutating func extremum(
    _ operation: BinaryOperation, _ x: VectorRegister, _ operand: VectorOperand
  ) -> VectorRegister {
    // The processor gives its second operand where one is NaN.
    if case .constant(let bits) = operand, !Float(bitPattern: bits).isNaN {
      return binary(operation, constant(bits: bits), x)
    }
    let chosen = binary(operation, x, operand)
    let isNaN = compare(x, .unordered, x)
    return select(isNaN, x, else: chosen)
  }

  /// The operand in a register.
  mutating func register(_ operand: VectorOperand) -> VectorRegister {
    switch operand {
    case .register(let register): register
    case .memory(let address): load(address)
    case .broadcast(let address): broadcast(address)
    case .constant(let bits): constant(bits: bits)
    }
  }
}
