/// Mirrors squares of a matrix at its diagonal: y[c · yStep + r] ← x[r · xStep + c], for up to a
/// vector's lanes of rows and any number of columns.
struct MirrorKernel: KernelSpecification {
  let instructionSet: InstructionSet
  /// 1 to a vector's lanes.
  let rows: Int
  /// Columns beyond the last whole square.
  let tail: Int

  /// x, y, bytes from row to row of x and from column to column of y, whole squares, and whether
  /// the tail follows.
  static let parameterCount = 6

  var name: String { "mirror_f32_\(instructionSet.rawValue)_\(rows)rows_r\(tail)" }

  func program() -> KernelProgram {
    var b = KernelBuilder(instructionSet)
    let (x, y) = (b.parameter(), b.parameter())
    let (xStep, yStep) = (b.parameter(), b.parameter())
    let (squares, hasTail) = (b.parameter(), b.parameter())
    let ySquare = b.copy(yStep)
    b.multiply(ySquare, by: b.lanes)
    let written = rows < b.lanes ? b.maskFirst(b.integer(rows)) : nil
    func square(_ b: inout KernelBuilder, columns: Int) {
      let mask = columns < b.lanes ? b.maskFirst(b.integer(columns)) : nil
      let from = b.copy(x)
      var vectors: [VectorRegister] = []
      for row in 0..<b.lanes {
        guard row < rows else {
          vectors.append(b.zero())
          continue
        }
        vectors.append(mask.map { b.load(Address(from), $0) } ?? b.load(Address(from)))
        if row + 1 < rows { b.add(xStep, to: from) }
      }
      let mirrored = TransposeEmitter.emit(vectors, &b)
      let to = b.copy(y)
      for column in 0..<columns {
        if let written {
          b.store(mirrored[column], to: Address(to), written)
        } else {
          b.store(mirrored[column], to: Address(to))
        }
        if column + 1 < columns { b.add(yStep, to: to) }
      }
    }
    b.loop(squares) { b in
      square(&b, columns: b.lanes)
      b.add(b.vectorBytes, to: x)
      b.add(ySquare, to: y)
    }
    if tail > 0 { b.ifPositive(hasTail) { b in square(&b, columns: tail) } }
    return b.finish(named: name)
  }
}
