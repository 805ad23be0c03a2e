extension KernelBuilder {
  /// Both vectors' lanes in turn: a₀ b₀ a₁ b₁ …, in two vectors.
  mutating func interleave(_ a: VectorRegister, _ b: VectorRegister)
    -> (VectorRegister, VectorRegister)
  {
    // Group g of `low` has the pairs 4g and 4g + 1, of `high` 4g + 2 and 4g + 3.
    let low = binary(.unpackLow, a, b)
    let high = binary(.unpackHigh, a, b)
    switch instructionSet {
    case .avx2: return (permuteGroups(low, high, 0x20), permuteGroups(low, high, 0x31))
    case .avx512:
      // [l0 l1 h0 h1] → [l0 h0 l1 h1], which takes two steps.
      let first = permuteGroups(low, high, 0x44)
      let second = permuteGroups(low, high, 0xEE)
      return (permuteGroups(first, first, 0xD8), permuteGroups(second, second, 0xD8))
    }
  }
}
