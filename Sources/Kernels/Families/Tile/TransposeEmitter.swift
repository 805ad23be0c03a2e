/// Writes the transpose of a square of vectors in registers.
enum TransposeEmitter {
  /// The columns of `rows`, of which there are as many as a vector has lanes.
  static func emit(_ rows: [VectorRegister], _ b: inout KernelBuilder) -> [VectorRegister] {
    precondition(rows.count == b.lanes, "not a square")
    // Four rows at a time: vector j of a quad holds, in group g, column 4 g + j of its rows.
    var quads: [[VectorRegister]] = []
    for quad in 0..<(rows.count / 4) {
      let row = rows[(4 * quad)..<(4 * quad + 4)]
      let first = row.startIndex
      let low = b.binary(.unpackLow, row[first], row[first + 1])
      let high = b.binary(.unpackHigh, row[first], row[first + 1])
      let low2 = b.binary(.unpackLow, row[first + 2], row[first + 3])
      let high2 = b.binary(.unpackHigh, row[first + 2], row[first + 3])
      quads.append([
        b.binary(.unpackLowPairs, low, low2), b.binary(.unpackHighPairs, low, low2),
        b.binary(.unpackLowPairs, high, high2), b.binary(.unpackHighPairs, high, high2),
      ])
    }
    var columns = rows
    for j in 0..<4 {
      if b.instructionSet == .avx2 {
        columns[j] = b.permuteGroups(quads[0][j], quads[1][j], 0x20)
        columns[4 + j] = b.permuteGroups(quads[0][j], quads[1][j], 0x31)
        continue
      }
      let even = b.permuteGroups(quads[0][j], quads[1][j], 0x88)
      let odd = b.permuteGroups(quads[0][j], quads[1][j], 0xDD)
      let even2 = b.permuteGroups(quads[2][j], quads[3][j], 0x88)
      let odd2 = b.permuteGroups(quads[2][j], quads[3][j], 0xDD)
      columns[j] = b.permuteGroups(even, even2, 0x88)
      columns[4 + j] = b.permuteGroups(odd, odd2, 0x88)
      columns[8 + j] = b.permuteGroups(even, even2, 0xDD)
      columns[12 + j] = b.permuteGroups(odd, odd2, 0xDD)
    }
    return columns
  }
}
