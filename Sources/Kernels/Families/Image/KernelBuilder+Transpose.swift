extension KernelBuilder {
  /// The square of as many vectors as a vector has lanes, mirrored: lane i of vector j becomes
  /// lane j of vector i.
  mutating func transpose(_ rows: [VectorRegister]) -> [VectorRegister] {
    precondition(rows.count == lanes, "not a square")
    // Quads of rows: quads[q][k] has, in each group g of four lanes, column 4g + k of the rows
    // 4q ..< 4q + 4.
    let quads = stride(from: 0, to: rows.count, by: 4).map { first in
      transposeGroups(rows[first], rows[first + 1], rows[first + 2], rows[first + 3])
    }
    var columns = rows
    for k in 0..<4 {
      switch instructionSet {
      case .avx2:
        columns[k] = permuteGroups(quads[0][k], quads[1][k], 0x20)
        columns[4 + k] = permuteGroups(quads[0][k], quads[1][k], 0x31)
      case .avx512:
        let low = permuteGroups(quads[0][k], quads[1][k], 0x44)
        let high = permuteGroups(quads[0][k], quads[1][k], 0xEE)
        let otherLow = permuteGroups(quads[2][k], quads[3][k], 0x44)
        let otherHigh = permuteGroups(quads[2][k], quads[3][k], 0xEE)
        columns[k] = permuteGroups(low, otherLow, 0x88)
        columns[4 + k] = permuteGroups(low, otherLow, 0xDD)
        columns[8 + k] = permuteGroups(high, otherHigh, 0x88)
        columns[12 + k] = permuteGroups(high, otherHigh, 0xDD)
      }
    }
    return columns
  }

  /// The squares of four lanes within each group, mirrored.
  private mutating func transposeGroups(
    _ a: VectorRegister, _ b: VectorRegister, _ c: VectorRegister, _ d: VectorRegister
  ) -> [VectorRegister] {
    let low = binary(.unpackLow, a, b)
    let high = binary(.unpackHigh, a, b)
    let otherLow = binary(.unpackLow, c, d)
    let otherHigh = binary(.unpackHigh, c, d)
    return [
      binary(.unpackLowPairs, low, otherLow), binary(.unpackHighPairs, low, otherLow),
      binary(.unpackLowPairs, high, otherHigh), binary(.unpackHighPairs, high, otherHigh),
    ]
  }

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
