/// What is done down the middle axis of a dense [outer, size, inner] array.
package enum ColumnOperation: Sendable, Hashable {
  case softmax, logSoftmax
  case reduce(RowReduction)

  var name: String {
    switch self {
    case .softmax, .logSoftmax: "\(self)"
    case .reduce(let reduction): "\(reduction)"
    }
  }
}

/// A kernel over columns that lie side by side, a vector of them at a time. An image in NCHWc
/// has one such vector in each block.
///
/// Parameters: vectors of columns, lanes of a last partial one; a quarter of the size, what is
/// left of it, and the size; bytes from element to element of a column; the addresses of x, y
/// and of the size as a float.
package struct ColumnSpecification: KernelSpecification {
  package let instructionSet: InstructionSet
  package let operation: ColumnOperation

  package init(instructionSet: InstructionSet, operation: ColumnOperation) {
    self.instructionSet = instructionSet
    self.operation = operation
  }

  static let unrolling = 4

  package func program() -> KernelProgram {
    var builder = KernelBuilder(instructionSet)
    let (vectors, tail) = (builder.parameter(), builder.parameter())
    let column = Column(
      blocks: builder.parameter(), rest: builder.parameter(), size: builder.parameter(),
      stride: builder.parameter(), x: builder.parameter(), y: builder.parameter(),
      count: builder.parameter())
    builder.loop(vectors) { builder in
      emit(column, nil, &builder)
      builder.add(builder.vectorBytes, to: column.x)
      builder.add(builder.vectorBytes, to: column.y)
    }
    builder.ifPositive(tail) { builder in emit(column, builder.maskFirst(tail), &builder) }
    return builder.finish(named: "column_f32_\(operation.name)_\(instructionSet.rawValue)")
  }

  private struct Column {
    let blocks, rest, size, stride, x, y, count: ScalarRegister

    /// Emits the body for each element, with its address and which accumulator is its own.
    func forEach(
      _ builder: inout KernelBuilder,
      _ body: (inout KernelBuilder, _ x: Address, _ slot: Int) -> Void
    ) {
      let place = builder.copy(x)
      builder.loop(builder.copy(blocks)) { builder in
        for slot in 0..<ColumnSpecification.unrolling {
          body(&builder, Address(place), slot)
          builder.add(stride, to: place)
        }
      }
      builder.loop(builder.copy(rest)) { builder in
        body(&builder, Address(place), 0)
        builder.add(stride, to: place)
      }
    }
  }

  private func emit(_ column: Column, _ mask: MaskRegister?, _ builder: inout KernelBuilder) {
    func load(_ address: Address, _ builder: inout KernelBuilder) -> VectorRegister {
      if let mask { builder.load(address, mask) } else { builder.load(address) }
    }
    func store(_ x: VectorRegister, _ address: Address, _ builder: inout KernelBuilder) {
      if let mask { builder.store(x, to: address, mask) } else { builder.store(x, to: address) }
    }
    switch operation {
    case .reduce(.maximum):
      let tops = (0..<Self.unrolling).map { _ in builder.constant(-.infinity) }
      column.forEach(&builder) { builder, address, slot in
        builder.keepMaximum(load(address, &builder), in: tops[slot])
      }
      for top in tops.dropFirst() { builder.keepMaximum(top, in: tops[0]) }
      store(tops[0], Address(column.y), &builder)
    case .reduce(let reduction):
      let sums = (0..<Self.unrolling).map { _ in builder.zero() }
      column.forEach(&builder) { builder, address, slot in
        let value: VectorOperand =
          mask == nil ? .memory(address) : .register(load(address, &builder))
        builder.emit(.binary(.add, sums[slot], sums[slot], value))
      }
      var sum = builder.add(builder.add(sums[0], sums[1]), builder.add(sums[2], sums[3]))
      if reduction == .mean {
        sum = builder.divide(sum, builder.broadcast(Address(column.count)))
      }
      store(sum, Address(column.y), &builder)
    case .softmax, .logSoftmax:
      softmax(column, load, store, &builder)
    }
  }

  private func softmax(
    _ column: Column, _ load: (Address, inout KernelBuilder) -> VectorRegister,
    _ store: (VectorRegister, Address, inout KernelBuilder) -> Void,
    _ builder: inout KernelBuilder
  ) {
    let top = builder.constant(-.infinity)
    column.forEach(&builder) { builder, address, _ in
      let value = load(address, &builder)
      builder.emit(.binary(.maximum, top, top, .register(value)))
    }
    let sum = builder.zero()
    let (x, y) = (builder.copy(column.x), builder.copy(column.y))
    builder.loop(builder.copy(column.size)) { builder in
      let difference = builder.subtract(load(Address(x), &builder), top)
      let power = builder.exponentialOfNonPositive(difference)
      if operation == .softmax { store(power, Address(y), &builder) }
      builder.emit(.binary(.add, sum, sum, .register(power)))
      builder.add(column.stride, to: x)
      builder.add(column.stride, to: y)
    }
    let last = builder.copy(column.y)
    if operation == .softmax {
      builder.loop(builder.copy(column.size)) { builder in
        store(builder.divide(load(Address(last), &builder), sum), Address(last), &builder)
        builder.add(column.stride, to: last)
      }
    } else {
      let logarithm = builder.logarithm(sum)
      let source = builder.copy(column.x)
      builder.loop(builder.copy(column.size)) { builder in
        let difference = builder.subtract(load(Address(source), &builder), top)
        store(builder.subtract(difference, logarithm), Address(last), &builder)
        builder.add(column.stride, to: source)
        builder.add(column.stride, to: last)
      }
    }
  }
}
