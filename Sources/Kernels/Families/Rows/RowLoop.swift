/// Walks a dense row in vectors, a few at a time, with a mask for what is left at its end.
struct RowLoop {
  /// Vectors in a round of the main loop.
  static let unrolling = 4

  /// How often the main loop runs, then single vectors, then lanes of the last one.
  let blocks, vectors, tail: ScalarRegister

  /// The next three parameters.
  init(_ builder: inout KernelBuilder) {
    blocks = builder.parameter()
    vectors = builder.parameter()
    tail = builder.parameter()
  }

  /// What the three parameters are for a row of `count` elements.
  static func counts(_ count: Int, lanes: Int) -> (blocks: Int, vectors: Int, tail: Int) {
    let block = lanes * unrolling
    return (count / block, count % block / lanes, count % lanes)
  }

  /// One vector of the row.
  struct Place {
    let index: ScalarRegister
    let offset: Int
    /// The lanes that belong to the row; nil for all.
    let mask: MaskRegister?
    /// Which of the main loop's vectors, so that each has an accumulator of its own.
    let slot: Int

    func load(_ base: ScalarRegister, _ builder: inout KernelBuilder) -> VectorRegister {
      let address = Address(base, offset: offset, index: index)
      if let mask { return builder.load(address, mask) }
      return builder.load(address)
    }

    /// The same as the last operand of an operation.
    func operand(_ base: ScalarRegister, _ builder: inout KernelBuilder) -> VectorOperand {
      if mask != nil { return .register(load(base, &builder)) }
      return .memory(Address(base, offset: offset, index: index))
    }

    func store(_ x: VectorRegister, _ base: ScalarRegister, _ builder: inout KernelBuilder) {
      let address = Address(base, offset: offset, index: index)
      if let mask { builder.store(x, to: address, mask) } else { builder.store(x, to: address) }
    }

    /// The vector with the number in the lanes beyond the row.
    func padded(
      _ x: VectorRegister, with number: Float, _ builder: inout KernelBuilder
    ) -> VectorRegister {
      guard let mask else { return x }
      return builder.select(mask, x, else: builder.constant(number))
    }
  }

  /// Emits the body for every vector of the row.
  func emit(
    _ builder: inout KernelBuilder, _ body: (inout KernelBuilder, Place) -> Void
  ) {
    let index = builder.integer(0)
    builder.loop(builder.copy(blocks)) { builder in
      for slot in 0..<Self.unrolling {
        body(
          &builder,
          Place(index: index, offset: slot * builder.vectorBytes, mask: nil, slot: slot))
      }
      builder.add(Self.unrolling * builder.vectorBytes, to: index)
    }
    builder.loop(builder.copy(vectors)) { builder in
      body(&builder, Place(index: index, offset: 0, mask: nil, slot: 0))
      builder.add(builder.vectorBytes, to: index)
    }
    builder.ifPositive(tail) { builder in
      let mask = builder.maskFirst(tail)
      body(&builder, Place(index: index, offset: 0, mask: mask, slot: 1))
    }
  }

  /// The sum over the row of what the body gives, in every lane. Lanes beyond the row count
  /// unless the body zeroes them.
  func sum(
    _ builder: inout KernelBuilder,
    _ body: (inout KernelBuilder, Place, _ sum: VectorRegister) -> Void
  ) -> VectorRegister {
    let sums = (0..<Self.unrolling).map { _ in builder.zero() }
    emit(&builder) { builder, place in body(&builder, place, sums[place.slot]) }
    let pairs = (builder.add(sums[0], sums[1]), builder.add(sums[2], sums[3]))
    return builder.acrossLanes(.add, builder.add(pairs.0, pairs.1))
  }
}
