/// Resizes rows of one block of channels, by tables of where rows and columns come from.
struct ResizeKernel: KernelSpecification {
  enum Method: Sendable, Hashable {
    /// Every column several times.
    case repeated(Int)
    case nearest
    case bilinear
  }

  let instructionSet: InstructionSet
  let method: Method

  /// Plane, result, row table, rows, column table, columns (of the image where they repeat), four
  /// at a time, and the rest.
  static let parameterCount = 7

  /// A row's or column's entry: the first neighbour's place in bytes, the second's, and both
  /// shares as floats.
  static let entry = 3

  /// Columns that are made in one round.
  static let unroll = 4

  var name: String {
    let block = "nchw\(instructionSet.lanes)c"
    return switch method {
    case .repeated(let factor): "resize_nearest_f32_\(block)_x\(factor)"
    case .nearest: "resize_nearest_f32_\(block)"
    case .bilinear: "resize_bilinear_f32_\(block)"
    }
  }

  func program() -> KernelProgram {
    var b = KernelBuilder(instructionSet)
    let x = b.parameter()
    let y = b.parameter()
    let rowTable = b.parameter()
    let rows = b.parameter()
    let columnTable = b.parameter()
    let groups = b.parameter()
    let rest = b.parameter()
    b.loop(rows) { b in
      let row = Row(
        top: b.loadInteger(Address(rowTable)), second: secondRow(rowTable, &b))
      b.add(x, to: row.top)
      if let second = row.second { b.add(x, to: second.bottom) }
      b.add(ResizeKernel.entry * 8, to: rowTable)
      let column = b.copy(columnTable)
      for (count, width) in [(b.copy(groups), ResizeKernel.unroll), (b.copy(rest), 1)] {
        b.loop(count) { b in
          for index in 0..<width { pixel(index, row, column, y, &b) }
          b.add(width * ResizeKernel.entry * 8, to: column)
          var vectors = width
          if case .repeated(let factor) = method {
            b.add(width * b.vectorBytes, to: row.top)
            vectors *= factor
          }
          b.add(vectors * b.vectorBytes, to: y)
        }
      }
    }
    return b.finish(named: name)
  }

  private struct Row {
    let top: ScalarRegister
    let second: Second?

    struct Second {
      let bottom: ScalarRegister
      let above: VectorRegister
      let below: VectorRegister
    }
  }

  private func secondRow(_ table: ScalarRegister, _ b: inout KernelBuilder) -> Row.Second? {
    guard method == .bilinear else { return nil }
    return Row.Second(
      bottom: b.loadInteger(Address(table, offset: 8)),
      above: b.broadcast(Address(table, offset: 16)),
      below: b.broadcast(Address(table, offset: 20)))
  }

  private func pixel(
    _ index: Int, _ row: Row, _ column: ScalarRegister, _ y: ScalarRegister,
    _ b: inout KernelBuilder
  ) {
    let bytes = b.vectorBytes
    let entry = index * ResizeKernel.entry * 8
    switch method {
    case .repeated(let factor):
      let value = b.load(Address(row.top, offset: index * bytes))
      for copy in 0..<factor {
        b.store(value, to: Address(y, offset: (index * factor + copy) * bytes))
      }
    case .nearest:
      let place = b.loadInteger(Address(column, offset: entry))
      b.store(b.load(Address(row.top, index: place)), to: Address(y, offset: index * bytes))
    case .bilinear:
      guard let second = row.second else { return }
      let left = b.loadInteger(Address(column, offset: entry))
      let right = b.loadInteger(Address(column, offset: entry + 8))
      let leftShare = b.broadcast(Address(column, offset: entry + 16))
      let rightShare = b.broadcast(Address(column, offset: entry + 20))
      func across(_ line: ScalarRegister) -> VectorRegister {
        let sum = b.binary(.multiply, leftShare, .memory(Address(line, index: left)))
        b.multiplyAdd(sum, rightShare, .memory(Address(line, index: right)))
        return sum
      }
      let top = across(row.top)
      let bottom = across(second.bottom)
      let sum = b.multiply(top, second.above)
      b.multiplyAdd(sum, bottom, second.below)
      b.store(sum, to: Address(y, offset: index * bytes))
    }
  }
}
