extension TileSpecification {
  func program() -> KernelProgram {
    var emitter = TileEmitter(self)
    return emitter.program()
  }
}

/// Writes the kernel of a `TileSpecification`.
private struct TileEmitter {
  let tile: TileSpecification
  var b: KernelBuilder
  /// x and y at the first pixel of the tile.
  let x: ScalarRegister
  let y: ScalarRegister

  init(_ tile: TileSpecification) {
    self.tile = tile
    b = KernelBuilder(tile.instructionSet)
    // All parameters, so that the call's array has one form; most are read where they are used.
    var first: [ScalarRegister] = []
    for _ in 0..<3 { first.append(b.parameter()) }
    x = first[0]
    y = first[2]
    b.reserveParameters(TileSpecification.parameterCount)
  }

  mutating func program() -> KernelProgram {
    for (index, segment) in tile.segments.enumerated() {
      let count = read(TileSpecification.parameter(count: index))
      let emitter = self
      b.loop(count) { b in
        var inner = emitter
        inner.b = b
        inner.tile(segment)
        b = inner.b
      }
    }
    return b.finish(named: tile.name)
  }

  mutating func read(_ index: Int) -> ScalarRegister {
    let register = b.scalar()
    b.emit(.parameter(register, index))
    return register
  }

  mutating func read(_ parameter: TileSpecification.Parameter) -> ScalarRegister {
    read(parameter.rawValue)
  }

  mutating func nest(_ count: ScalarRegister, _ body: (inout TileEmitter) -> Void) {
    var copy = self
    b.emit(.loop(count))
    copy.b = b
    body(&copy)
    b = copy.b
    b.emit(.endLoop)
  }
}
