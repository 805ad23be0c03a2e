/// What a pool joins elements by.
enum PoolJoin: Sendable, Hashable {
  case maximum, sum

  var start: Float { self == .maximum ? -.infinity : 0 }
}

extension KernelBuilder {
  /// `sum ← sum + x` or the larger of both, NaN where either is.
  mutating func join(_ sum: VectorRegister, _ x: VectorRegister, by join: PoolJoin) {
    switch join {
    case .sum: emit(.binary(.add, sum, sum, .register(x)))
    case .maximum:
      // Both orders give the same number, but where one is NaN one order gives it: of a number's
      // bits and NaN's together NaN comes out.
      let one = binary(.maximum, x, sum)
      let other = binary(.maximum, sum, x)
      emit(.binary(.or, sum, one, .register(other)))
    }
  }
}

/// Pools rows of one block of channels: first each input column over the window's rows, then the
/// columns of each window.
struct PoolingKernel: KernelSpecification {
  let instructionSet: InstructionSet
  let join: PoolJoin
  let steps: WindowSteps
  let columns: WindowColumns

  static let fixedParameterCount = 6

  /// A row's entry in the table: the window's rows inside the image, and where the first of them
  /// begins in the plane and the row's divisors in theirs, in bytes.
  static let rowEntry = 3

  /// Output pixels that are computed together at most; zero where a window is too wide.
  static func pixelLimit(_ instructionSet: InstructionSet, _ steps: WindowSteps) -> Int {
    let room = instructionSet == .avx2 ? 13 : 28
    var pixels = 0
    var columns: Set<Int> = []
    while pixels < 16 {
      columns.formUnion((0..<steps.kernelWidth).map { steps.column(pixel: pixels, tap: $0) })
      if columns.count > room { break }
      pixels += 1
    }
    return pixels
  }

  var name: String {
    "\(join == .maximum ? "max" : "avg")pool_f32_nchw\(instructionSet.lanes)c"
      + "_\(steps.name)_t\(columns.name)"
  }

  func program() -> KernelProgram {
    var b = KernelBuilder(instructionSet)
    let x = b.parameter()
    let y = b.parameter()
    let table = b.parameter()
    let divisors = b.parameter()
    let rows = b.parameter()
    let rowStep = b.parameter()
    let counts = (0..<columns.repeatedCount).map { _ in b.parameter() }
    b.loop(rows) { b in
      let taps = b.loadInteger(Address(table))
      let source = b.loadInteger(Address(table, offset: 8))
      let divisor = b.loadInteger(Address(table, offset: 16))
      b.add(PoolingKernel.rowEntry * 8, to: table)
      b.add(x, to: source)
      b.add(divisors, to: divisor)
      columns.forEachGroup(counts, &b) { pixels, b in
        let row = b.copy(source)
        let count = b.copy(taps)
        emit(pixels, row, count, rowStep, divisor, y, &b)
        b.add(pixels.count * steps.strideX * b.vectorBytes, to: source)
        b.add(pixels.count * b.vectorBytes, to: y)
      }
    }
    return b.finish(named: name)
  }

  private func emit(
    _ pixels: [WindowColumns.Pixel], _ row: ScalarRegister, _ count: ScalarRegister,
    _ rowStep: ScalarRegister, _ divisor: ScalarRegister, _ y: ScalarRegister,
    _ b: inout KernelBuilder
  ) {
    let bytes = b.vectorBytes
    var sums: [Int: VectorRegister] = [:]
    let columns = steps.columns(of: pixels).map(\.column)
    for column in columns { sums[column] = b.constant(join.start) }
    b.loop(count) { b in
      for column in columns {
        guard let sum = sums[column] else { continue }
        let place = Address(row, offset: (column - steps.padX) * bytes)
        if join == .sum {
          b.emit(.binary(.add, sum, sum, .memory(place)))
        } else {
          b.join(sum, b.load(place), by: join)
        }
      }
      b.add(rowStep, to: row)
    }
    for (index, pixel) in pixels.enumerated() {
      var result: VectorRegister?
      for tap in pixel.taps {
        guard let sum = sums[steps.column(pixel: index, tap: tap)] else { continue }
        if let result { b.join(result, sum, by: join) } else { result = b.copy(sum) }
      }
      var value = result ?? b.constant(join.start)
      if join == .sum {
        value = b.binary(.divide, value, .broadcast(Address(divisor, offset: pixel.extent * 4)))
      }
      b.store(value, to: Address(y, offset: index * bytes))
    }
  }
}

/// Pools windows whose places and sizes stand in tables, one by one: adaptive pools, and windows
/// that are too wide for registers.
struct TabledPoolingKernel: KernelSpecification {
  let instructionSet: InstructionSet
  let join: PoolJoin

  static let parameterCount = 9

  /// A row's or column's entry: how many elements of the window lie inside the image, and where
  /// the first begins from the plane's or the row's start, in bytes.
  static let entry = 2

  var name: String {
    "\(join == .maximum ? "max" : "avg")pool_f32_nchw\(instructionSet.lanes)c_tabled"
  }

  func program() -> KernelProgram {
    var b = KernelBuilder(instructionSet)
    let x = b.parameter()
    let y = b.parameter()
    let rowTable = b.parameter()
    let columnTable = b.parameter()
    let divisors = b.parameter()
    let rows = b.parameter()
    let columns = b.parameter()
    let rowStep = b.parameter()
    let columnStep = b.parameter()
    b.loop(rows) { b in
      let rowCount = b.loadInteger(Address(rowTable))
      let rowStart = b.loadInteger(Address(rowTable, offset: 8))
      b.add(x, to: rowStart)
      b.add(TabledPoolingKernel.entry * 8, to: rowTable)
      let entry = b.copy(columnTable)
      let pixels = b.copy(columns)
      b.loop(pixels) { b in
        let columnCount = b.loadInteger(Address(entry))
        let line = b.loadInteger(Address(entry, offset: 8))
        b.add(rowStart, to: line)
        b.add(TabledPoolingKernel.entry * 8, to: entry)
        let sum = b.constant(join.start)
        let lines = b.copy(rowCount)
        b.loop(lines) { b in
          let place = b.copy(line)
          let elements = b.copy(columnCount)
          b.loop(elements) { b in
            b.join(sum, b.load(Address(place)), by: join)
            b.add(columnStep, to: place)
          }
          b.add(rowStep, to: line)
        }
        if join == .sum {
          b.emit(.binary(.divide, sum, sum, .broadcast(Address(divisors))))
          b.add(4, to: divisors)
        }
        b.store(sum, to: Address(y))
        b.add(b.vectorBytes, to: y)
      }
    }
    return b.finish(named: name)
  }
}

/// Pools whole planes to one vector for each block of channels.
struct GlobalPoolingKernel: KernelSpecification {
  let instructionSet: InstructionSet
  let join: PoolJoin

  static let parameterCount = 6

  var name: String {
    "global\(join == .maximum ? "max" : "avg")pool_f32_nchw\(instructionSet.lanes)c"
  }

  func program() -> KernelProgram {
    var b = KernelBuilder(instructionSet)
    let x = b.parameter()
    let y = b.parameter()
    let planes = b.parameter()
    let groups = b.parameter()
    let rest = b.parameter()
    let divisor = b.parameter()
    let width = 8
    b.loop(planes) { b in
      let sums = (0..<width).map { _ in b.constant(join.start) }
      let rounds = b.copy(groups)
      b.loop(rounds) { b in
        for (index, sum) in sums.enumerated() {
          b.join(sum, b.load(Address(x, offset: index * b.vectorBytes)), by: join)
        }
        b.add(width * b.vectorBytes, to: x)
      }
      let last = b.copy(rest)
      b.loop(last) { b in
        b.join(sums[0], b.load(Address(x)), by: join)
        b.add(b.vectorBytes, to: x)
      }
      var step = width / 2
      while step > 0 {
        for index in 0..<step { b.join(sums[index], sums[index + step], by: join) }
        step /= 2
      }
      if join == .sum {
        b.emit(.binary(.divide, sums[0], sums[0], .broadcast(Address(divisor))))
      }
      b.store(sums[0], to: Address(y))
      b.add(b.vectorBytes, to: y)
    }
    return b.finish(named: name)
  }
}
