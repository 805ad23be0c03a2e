/// y ← epilogue(W x + bias) for groups of as many rows of W as a vector has lanes.
///
/// Parameters: groups; the addresses of x, W, y and bias; bytes from a row of W to the next;
/// rounds of two vectors of a row, whole vectors that are left of it and elements that are left
/// then; the operands of the epilogue.
package struct MatrixVectorSpecification: KernelSpecification {
  package let instructionSet: InstructionSet
  /// Rows of a group that exist.
  package let rows: Int
  package let hasBias: Bool
  package let epilogue: [EpilogueOperation]

  package init(
    instructionSet: InstructionSet, rows: Int, hasBias: Bool, epilogue: [EpilogueOperation]
  ) {
    self.instructionSet = instructionSet
    self.rows = rows
    self.hasBias = hasBias
    self.epilogue = epilogue
  }

  /// Rows that are read side by side: as many streams as memory serves best. Asking ahead for lines
  /// takes from what it gives.
  private static let streams = 4
  /// Vectors of each row that a round of the inner loop takes, each with a sum of its own.
  static let vectorsPerRound = 2

  package func program() -> KernelProgram {
    var b = KernelBuilder(instructionSet)
    let groups = b.parameter()
    let (x, matrix, y, bias) = (b.parameter(), b.parameter(), b.parameter(), b.parameter())
    let stride = b.parameter()
    let row = Row(rounds: b.parameter(), vectors: b.parameter(), rest: b.parameter())
    let operands = epilogue.operandBroadcasts.map { ($0, b.parameter()) }
    let mask = rows < b.lanes ? b.maskFirst(b.integer(rows)) : nil
    b.loop(groups) { b in
      var sums: [VectorRegister] = []
      for first in Swift.stride(from: 0, to: b.lanes, by: Self.streams) {
        let count = min(max(rows - first, 0), Self.streams)
        sums += multiply(x, matrix, stride, count, row, &b)
        sums += (count..<Self.streams).map { _ in b.zero() }
        for _ in 0..<Self.streams { b.add(stride, to: matrix) }
      }
      var value = sum(TransposeEmitter.emit(sums, &b), &b)
      if hasBias {
        value = b.add(value, mask.map { b.load(Address(bias), $0) } ?? b.load(Address(bias)))
        b.add(b.vectorBytes, to: bias)
      }
      value = EpilogueEmitter.emit(epilogue, on: value, in: &b, mask: mask) { number, kind, _ in
        kind == .scalar
          ? .broadcast(Address(operands[number].1)) : .memory(Address(operands[number].1))
      }
      if let mask {
        b.store(value, to: Address(y), mask)
      } else {
        b.store(value, to: Address(y))
      }
      b.add(b.vectorBytes, to: y)
      for (kind, pointer) in operands where kind != .scalar { b.add(b.vectorBytes, to: pointer) }
    }
    return b.finish(
      named: "matrixvector_f32_\(instructionSet.rawValue)_rows\(rows)"
        + (hasBias ? "_bias" : "") + (epilogue.isEmpty ? "" : "_epilogue\(epilogue.count)"))
  }

  private struct Row {
    let rounds, vectors, rest: ScalarRegister
  }

  private func sum(_ values: [VectorRegister], _ b: inout KernelBuilder) -> VectorRegister {
    var values = values
    while values.count > 1 {
      let half = values.count / 2
      values = (0..<half).map { b.add(values[$0], values[half + $0]) }
    }
    return values[0]
  }

  /// The products of `count` rows with x, summed lane by lane.
  private func multiply(
    _ x: ScalarRegister, _ matrix: ScalarRegister, _ stride: ScalarRegister, _ count: Int,
    _ row: Row, _ b: inout KernelBuilder
  ) -> [VectorRegister] {
    if count == 0 { return [] }
    let sums = (0..<count).map { _ in (0..<Self.vectorsPerRound).map { _ in b.zero() } }
    let x = b.copy(x)
    let place = b.copy(matrix)
    let stride3 = b.copy(stride)
    b.multiply(stride3, by: 3)
    func address(_ row: Int, _ offset: Int) -> Address {
      switch row {
      case 0: Address(place, offset: offset)
      case 3: Address(place, offset: offset, index: stride3)
      default: Address(place, offset: offset, index: stride, scale: row)
      }
    }
    func advance(_ bytes: Int, _ b: inout KernelBuilder) {
      b.add(bytes, to: x)
      b.add(bytes, to: place)
    }
    let vector = b.vectorBytes
    b.loop(b.copy(row.rounds)) { b in
      for index in 0..<Self.vectorsPerRound {
        let value = b.load(Address(x, offset: index * vector))
        for (row, sums) in sums.enumerated() {
          b.multiplyAdd(sums[index], value, .memory(address(row, index * vector)))
        }
      }
      advance(Self.vectorsPerRound * vector, &b)
    }
    b.loop(b.copy(row.vectors)) { b in
      let value = b.load(Address(x))
      for (row, sums) in sums.enumerated() {
        b.multiplyAdd(sums[0], value, .memory(address(row, 0)))
      }
      advance(vector, &b)
    }
    b.ifPositive(row.rest) { b in
      let mask = b.maskFirst(row.rest)
      let value = b.load(Address(x), mask)
      for (row, sums) in sums.enumerated() {
        b.multiplyAdd(sums[0], value, .register(b.load(address(row, 0), mask)))
      }
    }
    return sums.map { sum($0, &b) }
  }
}
