/// Transforms the products of a run of tiles of one tile row, for some blocks of output channels:
/// y = epilogue(Aᵀ M A + bias), stored where it lies inside the image.
package struct WinogradOutputSpecification: KernelSpecification {
  package let instructionSet: InstructionSet
  let tile: WinogradTile
  /// The tile's columns that lie inside the image.
  let columns: Int
  let hasBias: Bool
  let epilogue: [EpilogueOperation]
  /// Lanes that are real channels where operands may not be read past them; 0 for all.
  let lastLanes: Int

  package init(
    instructionSet: InstructionSet, tile: WinogradTile, columns: Int, hasBias: Bool,
    epilogue: [EpilogueOperation], lastLanes: Int
  ) {
    self.instructionSet = instructionSet
    self.tile = tile
    self.columns = columns
    self.hasBias = hasBias
    self.epilogue = epilogue
    self.lastLanes = lastLanes
  }

  enum Parameter: Int {
    case products, y, scratch, bias
    /// The tile's rows inside the image.
    case rows
    case tiles, blocks
    /// Bytes.
    case rowStride, planeStride, elementStride, blockStride
    /// Then the operands of the epilogue.
    case operands
  }

  var name: String {
    var name =
      "winograd_output_f32_\(instructionSet.rawValue)_\(tile.name)_columns\(columns)"
    if hasBias { name += "_bias" }
    if !epilogue.isEmpty { name += "_epilogue\(epilogue.count)" }
    if lastLanes > 0 { name += "_lanes\(lastLanes)" }
    return name
  }

  package func program() -> KernelProgram {
    var b = KernelBuilder(instructionSet)
    let vector = instructionSet.vectorBytes
    let products = b.parameter(.products)
    let y = b.parameter(.y)
    let operands = epilogue.operandBroadcasts.enumerated().map { index, broadcast in
      let pointer = b.parameter(Parameter.operands.rawValue + index)
      // Full operands lie beside the result, at a fixed distance.
      if broadcast == .full { b.subtract(y, from: pointer) }
      return pointer
    }
    let bias = hasBias ? b.parameter(.bias) : nil
    b.loop(b.parameter(.blocks)) { b in
      let source = b.copy(products)
      let target = b.copy(y)
      b.loop(b.parameter(.tiles)) { b in
        transformColumns(source, &b)
        transformRows(target, operands, bias, &b)
        b.add(vector, to: source)
        b.add(tile.outputs * vector, to: target)
      }
      b.add(b.parameter(.blockStride), to: products)
      b.add(b.parameter(.planeStride), to: y)
      if let bias { b.add(vector, to: bias) }
      for (pointer, broadcast) in zip(operands, epilogue.operandBroadcasts)
      where broadcast == .channel || broadcast == .image {
        b.add(vector, to: pointer)
      }
    }
    return b.finish(named: name)
  }

  private func transformColumns(_ source: ScalarRegister, _ b: inout KernelBuilder) {
    let n = tile.inputs
    let vector = instructionSet.vectorBytes
    let element = b.copy(source)
    let elementStride = b.parameter(.elementStride)
    let target = b.parameter(.scratch)
    b.loop(n) { b in
      let values = (0..<n).map { _ in
        let value = b.load(Address(element))
        b.add(elementStride, to: element)
        return value
      }
      let result = tile.transformOutput(values, count: tile.outputs, in: &b)
      for (row, value) in result.enumerated() {
        b.store(value, to: Address(target, offset: row * n * vector))
      }
      b.add(vector, to: target)
    }
  }

  private func transformRows(
    _ target: ScalarRegister, _ operands: [ScalarRegister], _ bias: ScalarRegister?,
    _ b: inout KernelBuilder
  ) {
    let n = tile.inputs
    let vector = instructionSet.vectorBytes
    let source = b.parameter(.scratch)
    let row = b.copy(target)
    b.loop(b.parameter(.rows)) { b in
      let values = (0..<n).map { b.load(Address(source, offset: $0 * vector)) }
      let result = tile.transformOutput(values, count: columns, in: &b)
      let mask = lastLanes > 0 ? b.maskFirst(b.integer(lastLanes)) : nil
      for (column, value) in result.enumerated() {
        var value = value
        if let bias { value = b.binary(.add, value, .memory(Address(bias))) }
        value = EpilogueEmitter.emit(epilogue, on: value, in: &b, mask: mask) {
          number, broadcast, _ in
          switch broadcast {
          case .full:
            .memory(Address(row, offset: column * vector, index: operands[number]))
          case .channel, .image: .memory(Address(operands[number]))
          case .scalar: .broadcast(Address(operands[number]))
          }
        }
        b.store(value, to: Address(row, offset: column * vector))
      }
      b.add(n * vector, to: source)
      b.add(b.parameter(.rowStride), to: row)
    }
  }
}

extension KernelBuilder {
  fileprivate mutating func parameter(
    _ parameter: WinogradOutputSpecification.Parameter
  ) -> ScalarRegister { self.parameter(parameter.rawValue) }
}
