extension TileSpecification {
  package func program() -> KernelProgram {
    var b = KernelBuilder(instructionSet)
    let strip = b.parameter(Parameter.strips)
    let prefetched = nextLines > 0 ? b.parameter(Parameter.prefetched) : nil
    b.loop(b.parameter(Parameter.stripCount)) { b in
      let x = b.parameter(Parameter.x)
      b.add(b.load(.x, of: strip), to: x)
      let y = b.parameter(Parameter.result)
      b.add(b.load(.result, of: strip), to: y)
      for (index, segment) in segments.enumerated() {
        let count = Address(strip, offset: (Strip.allCases.count + index) * 8)
        b.loop(b.loadInteger(count)) { b in
          let accumulators = begin(segment, y, &b)
          sum(segment, accumulators, x, strip, prefetched, &b)
          finish(accumulators, y, &b)
          b.add(segment.pixels * pixelStride, to: x)
          b.add(segment.pixels * resultStride, to: y)
        }
      }
      b.add(stripStride * 8, to: strip)
    }
    return b.finish(named: name)
  }

  /// The accumulators, by pixel and vector.
  private func begin(
    _ segment: Segment, _ y: ScalarRegister, _ b: inout KernelBuilder
  ) -> [[VectorRegister]] {
    let result = (0..<segment.pixels).map { _ in (0..<vectors).map { _ in b.vector() } }
    guard isPartial else {
      initialize(result, &b)
      return result
    }
    b.ifPositive(
      b.parameter(Parameter.continues),
      { b in
        forEachVector(y, &b) { vector, row, b in
          let partial = masksLast(vector) ? mask(&b) : nil
          for pixel in 0..<segment.pixels {
            let address = Address(row, offset: pixel * resultStride)
            if let partial {
              b.emit(.loadMasked(result[pixel][vector], address, partial))
            } else {
              b.emit(.load(result[pixel][vector], address))
            }
          }
        }
      }, else: { b in initialize(result, &b) })
    return result
  }

  private func initialize(_ accumulators: [[VectorRegister]], _ b: inout KernelBuilder) {
    guard hasBias else {
      for register in accumulators.joined() { b.emit(.zero(register)) }
      return
    }
    let bias = b.parameter(Parameter.bias)
    for vector in 0..<vectors {
      let first = accumulators[0][vector]
      b.emit(.load(first, Address(bias, offset: vector * instructionSet.vectorBytes)))
      for others in accumulators.dropFirst() { b.move(first, into: others[vector]) }
    }
  }

  /// Visits the vectors of the result with the address of the tile's first pixel in each.
  private func forEachVector(
    _ y: ScalarRegister, _ b: inout KernelBuilder,
    _ body: (Int, ScalarRegister, inout KernelBuilder) -> Void
  ) {
    let row = vectors > 1 ? b.copy(y) : y
    for vector in 0..<vectors {
      body(vector, row, &b)
      if vector + 1 == vectors { break }
      b.add(b.parameter(Parameter.vectorStride), to: row)
    }
  }

  private func masksLast(_ vector: Int) -> Bool {
    masksStores && lastLanes > 0 && vector == vectors - 1
  }

  private func mask(_ b: inout KernelBuilder) -> MaskRegister { b.maskFirst(b.integer(lastLanes)) }
}

/// What a tile's loops carry along beside x.
private struct Pointers {
  let weights: ScalarRegister
  let strip: ScalarRegister
  let prefetched: ScalarRegister?
  /// What is subtracted from the weights, and where the differences go.
  let difference: (subtrahend: ScalarRegister, target: ScalarRegister)?
}

/// The cache lines of a tile's pixels, as they are asked for in the rounds of a loop.
private struct InputLines {
  let count: Int
  /// Bytes between two of them.
  let stride: Int
  let perRound: Int

  init(_ tile: TileSpecification, _ segment: TileSpecification.Segment, rounds: Int) {
    let pixels = max(64 / tile.pixelStride, 1)
    count = (segment.pixels + pixels - 1) / pixels
    stride = pixels * tile.pixelStride
    perRound = (count + rounds - 1) / rounds
  }

  func lines(beside channel: Int, of step: Int) -> Range<Int> {
    perRound * channel / step..<perRound * (channel + 1) / step
  }
}

extension TileSpecification {
  /// All channel blocks and kernel rows.
  private func sum(
    _ segment: Segment, _ accumulators: [[VectorRegister]], _ x: ScalarRegister,
    _ strip: ScalarRegister, _ prefetched: ScalarRegister?, _ b: inout KernelBuilder
  ) {
    let weights = b.parameter(Parameter.weights)
    let difference =
      subtractsWeights
      ? (b.parameter(Parameter.subtrahend), b.parameter(Parameter.difference)) : nil
    let pointers = Pointers(
      weights: weights, strip: strip, prefetched: prefetched, difference: difference)
    if hasRows {
      let skipped = b.load(.firstRow, of: strip)
      b.multiply(skipped, by: rowWeightBytes)
      b.add(skipped, to: weights)
    }
    let block = b.copy(x)
    b.loop(b.parameter(Parameter.blocks)) { b in
      rows(segment, accumulators, blockChannels, block, pointers, &b)
      b.add(b.parameter(Parameter.blockStride), to: block)
    }
    if tailChannels > 0 {
      b.loop(b.parameter(Parameter.tail)) { b in
        rows(segment, accumulators, tailChannels, block, pointers, &b)
      }
    }
  }

  private func rows(
    _ segment: Segment, _ accumulators: [[VectorRegister]], _ count: Int,
    _ block: ScalarRegister, _ pointers: Pointers, _ b: inout KernelBuilder
  ) {
    guard hasRows else {
      channels(segment, accumulators, count, b.copy(block), pointers, &b)
      return
    }
    let row = b.copy(block)
    b.loop(b.load(.rows, of: pointers.strip)) { b in
      channels(segment, accumulators, count, b.copy(row), pointers, &b)
      b.add(b.parameter(Parameter.rowStride), to: row)
      // A tail's rows are as long as the others in memory.
      b.add((blockChannels - count) * channelWeightBytes, to: pointers.weights)
    }
    let missing = b.load(.missingRows, of: pointers.strip)
    b.multiply(missing, by: rowWeightBytes)
    b.add(missing, to: pointers.weights)
  }

  /// The channels of one block in one kernel row.
  private func channels(
    _ segment: Segment, _ accumulators: [[VectorRegister]], _ count: Int, _ x: ScalarRegister,
    _ pointers: Pointers, _ b: inout KernelBuilder
  ) {
    let step = channelStep(segment, of: count)
    let weights = pointers.weights
    let input = InputLines(self, segment, rounds: count / step)
    let next = inputFetch == .none ? nil : nextPixels(x, &b)
    if let next, inputFetch == .before {
      for line in 0..<input.count { b.emit(.prefetch(Address(next, offset: line * input.stride))) }
    }
    b.loop(count / step) { b in
      for channel in 0..<step {
        if let next, inputFetch == .beside {
          for line in input.lines(beside: channel, of: step) {
            b.emit(.prefetch(Address(next, offset: line * input.stride)))
          }
        }
        fetchNext(channel, of: step, pointers, &b)
        for tap in 0..<taps where !segment.taps[tap].isEmpty {
          fetchAhead(channel * channelWeightBytes + tap * weightStride, pointers, &b)
          multiply(
            segment.taps[tap], accumulators,
            x: Address(x, offset: tapOffset + tap * tapStride + channel * channelStride),
            weights: pointers, offset: channel * channelWeightBytes + tap * weightStride, &b)
        }
      }
      if let next, inputFetch == .beside { b.add(input.perRound * input.stride, to: next) }
      if let prefetched = pointers.prefetched { b.add(nextLines * 64, to: prefetched) }
      if step < count { b.add(step * channelStride, to: x) }
      b.add(step * channelWeightBytes, to: weights)
      if let (subtrahend, target) = pointers.difference {
        b.add(step * channelWeightBytes, to: subtrahend)
        b.add(step * channelWeightBytes, to: target)
      }
    }
  }

  /// Where the tile's pixels lie in the next kernel row, or else in the next block.
  private func nextPixels(_ x: ScalarRegister, _ b: inout KernelBuilder) -> ScalarRegister {
    let next = b.copy(x)
    b.add(b.parameter(hasRows ? Parameter.rowStride : Parameter.blockStride), to: next)
    b.add(tapOffset + taps / 2 * tapStride, to: next)
    return next
  }

  /// Asks for a tap's weights of a later channel beside its products.
  private func fetchAhead(_ offset: Int, _ pointers: Pointers, _ b: inout KernelBuilder) {
    guard aheadBytes > 0 else { return }
    for line in (offset + 63) / 64..<(offset + weightStride + 63) / 64 {
      b.emit(.prefetch(Address(pointers.weights, offset: aheadBytes + line * 64)))
    }
  }

  /// Asks for the next call's weights beside a channel's products.
  private func fetchNext(
    _ channel: Int, of step: Int, _ pointers: Pointers, _ b: inout KernelBuilder
  ) {
    guard let prefetched = pointers.prefetched else { return }
    for line in (nextLines * channel / step)..<(nextLines * (channel + 1) / step) {
      b.emit(.prefetch(Address(prefetched, offset: line * 64)))
    }
  }

  /// One tap of one channel: pixels × vectors products.
  private func multiply(
    _ pixels: Range<Int>, _ accumulators: [[VectorRegister]], x: Address, weights: Pointers,
    offset: Int, _ b: inout KernelBuilder
  ) {
    let spare =
      instructionSet.vectorRegisterCount - accumulators.count * vectors
    func xAddress(_ pixel: Int) -> Address {
      var address = x
      address.offset += pixel * pixelStride
      return address
    }
    func place(_ vector: Int, _ base: ScalarRegister) -> Address {
      Address(base, offset: offset + vector * instructionSet.vectorBytes)
    }
    func load(_ vector: Int, _ b: inout KernelBuilder) -> VectorRegister {
      let weight = b.load(place(vector, weights.weights))
      guard let (subtrahend, target) = weights.difference else { return weight }
      let difference = b.binary(.subtract, weight, .memory(place(vector, subtrahend)))
      b.store(difference, to: place(vector, target))
      return difference
    }
    let stored = weights.difference?.target ?? weights.weights
    if pixels.count < vectors && pixels.count < spare {
      let values = pixels.map { b.broadcast(xAddress($0)) }
      for vector in 0..<vectors {
        let weight: VectorOperand =
          pixels.count == 1 && weights.difference == nil
          ? .memory(place(vector, stored)) : .register(load(vector, &b))
        for (value, pixel) in zip(values, pixels) {
          switch weight {
          case .register(let register):
            b.multiplyAdd(accumulators[pixel][vector], register, .register(value))
          default: b.multiplyAdd(accumulators[pixel][vector], value, weight)
          }
        }
      }
      return
    }
    let embeds = vectors == 1 && instructionSet == .avx512
    let heldCount = min(vectors, embeds ? spare : spare - 1)
    // Those that no register is left for are read where they were stored.
    if weights.difference != nil {
      for vector in heldCount..<vectors { _ = load(vector, &b) }
    }
    let held = (0..<heldCount).map { load($0, &b) }
    for pixel in pixels {
      if embeds {
        b.multiplyAdd(accumulators[pixel][0], held[0], .broadcast(xAddress(pixel)))
        continue
      }
      let value = b.broadcast(xAddress(pixel))
      for vector in 0..<vectors {
        let weight: VectorOperand =
          vector < held.count ? .register(held[vector]) : .memory(place(vector, stored))
        b.multiplyAdd(accumulators[pixel][vector], value, weight)
      }
    }
  }
}

extension TileSpecification {
  /// Runs the epilogue on each accumulator and stores it.
  private func finish(
    _ accumulators: [[VectorRegister]], _ y: ScalarRegister, _ b: inout KernelBuilder
  ) {
    guard isPartial, !epilogue.isEmpty else {
      store(accumulators, epilogue, y, &b)
      return
    }
    b.ifPositive(
      b.parameter(Parameter.ends), { b in store(accumulators, epilogue, y, &b) },
      else: { b in store(accumulators, [], y, &b) })
  }

  private func store(
    _ accumulators: [[VectorRegister]], _ epilogue: [EpilogueOperation], _ y: ScalarRegister,
    _ b: inout KernelBuilder
  ) {
    let broadcasts = epilogue.operandBroadcasts
    // Full operands lie beside the result, at a fixed distance.
    var pointers: [ScalarRegister] = []
    for (index, broadcast) in broadcasts.enumerated() {
      let pointer = b.parameter(Self.parameter(operand: index))
      if broadcast == .full { b.subtract(b.parameter(Parameter.result), from: pointer) }
      pointers.append(pointer)
    }
    let readsChannels = broadcasts.contains(.channel) || masksStores && !broadcasts.isEmpty
    forEachVector(y, &b) { vector, row, b in
      let isLast = lastLanes > 0 && vector == vectors - 1
      let partial = isLast && (masksStores || readsChannels) ? mask(&b) : nil
      for pixel in accumulators.indices {
        let value = EpilogueEmitter.emit(
          epilogue, on: accumulators[pixel][vector], in: &b, mask: readsChannels ? partial : nil
        ) { number, broadcast, b in
          switch broadcast {
          case .full:
            .memory(Address(row, offset: pixel * resultStride, index: pointers[number]))
          case .channel, .image:
            .memory(Address(pointers[number], offset: vector * instructionSet.vectorBytes))
          case .scalar: .broadcast(Address(pointers[number]))
          }
        }
        let address = Address(row, offset: pixel * resultStride)
        if let partial, masksStores {
          b.store(value, to: address, partial)
        } else {
          b.store(value, to: address)
        }
      }
    }
  }
}

extension KernelBuilder {
  fileprivate mutating func parameter(_ parameter: TileSpecification.Parameter) -> ScalarRegister {
    self.parameter(parameter.rawValue)
  }

  fileprivate mutating func load(
    _ field: TileSpecification.Strip, of strip: ScalarRegister
  ) -> ScalarRegister {
    loadInteger(Address(strip, offset: field.rawValue * 8))
  }
}
