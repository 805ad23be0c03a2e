/// Writes an epilogue's operations for one vector of results.
///
/// They need at most four vector registers beside the value itself (and AVX2 one more for a
/// mask), so that they can follow a tile that fills most of them.
package enum EpilogueEmitter {
  /// - Parameters:
  ///   - value: the vector of results; its register is free afterwards.
  ///   - mask: lanes whose operands may be read; nil for all.
  ///   - operand: where the operand of that number and broadcast lies for this vector:
  ///     `.memory` for one float a lane, `.broadcast` for one float for all, or a register.
  /// - Returns: the register that holds what is to be stored.
  package static func emit(
    _ operations: [EpilogueOperation], on value: VectorRegister, in builder: inout KernelBuilder,
    mask: MaskRegister? = nil,
    operand: (Int, OperandBroadcast, inout KernelBuilder) -> VectorOperand
  ) -> VectorRegister {
    var value = value
    for operation in operations {
      switch operation {
      case .function(let function):
        value = builder.apply(function, to: value)
      case .combine(let combination, let number, let broadcast):
        var other = operand(number, broadcast, &builder)
        if let mask, case .memory(let address) = other {
          other = .register(builder.load(address, mask))
        }
        value = builder.combine(combination, value, other)
      }
    }
    return value
  }
}
