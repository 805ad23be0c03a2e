/// Sums and maxima across the lanes of a vector, in an order of their own: halves, quarters, and
/// so on.
extension KernelBuilder {
  /// The operation over all lanes, in every lane.
  mutating func acrossLanes(
    _ operation: BinaryOperation, _ x: VectorRegister
  ) -> VectorRegister {
    var result = x
    // The other half's groups first, then the neighbouring group, then lanes two and one away.
    for choice: UInt8 in instructionSet == .avx2 ? [0x01] : [0x4E, 0xB1] {
      let swapped = permuteGroups(result, result, choice)
      result = binary(operation, result, swapped)
    }
    for choice: UInt8 in [0x4E, 0xB1] {
      let swapped = permuteWithin(result, choice)
      result = binary(operation, result, swapped)
    }
    return result
  }

  /// As `acrossLanes(.maximum, x)`, but NaN where a lane is.
  mutating func maximumAcrossLanes(_ x: VectorRegister) -> VectorRegister {
    let isNaN = compare(x, .unordered, x)
    let marks = select(isNaN, constant(.nan), else: zero())
    let anyNaN = acrossLanes(.or, marks)
    let largest = acrossLanes(.maximum, x)
    return binary(.or, anyNaN, .register(largest))
  }

  /// `largest ← the larger of both`, and NaN from the first one on.
  mutating func keepMaximum(_ x: VectorRegister, in largest: VectorRegister) {
    // The second operand wins where it is NaN; where the first is, it must be put back.
    let larger = binary(.maximum, x, largest)
    let isNaN = compare(x, .unordered, x)
    emit(.select(largest, isNaN, x, larger))
  }
}
