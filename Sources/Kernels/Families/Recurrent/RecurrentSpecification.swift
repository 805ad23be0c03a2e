/// What a recurrent cell computes at each step of x's part p and the state's part u, both with a
/// gate after the other, as PyTorch orders them.
package enum RecurrentUnit: Sendable, Hashable, CaseIterable {
  /// c ← σ(f) c + σ(i) tanh(g), h ← σ(o) tanh(c); gates i, f, g, o.
  case lstm
  /// h ← (1 − z) n + z h with n = tanh(pₙ + r uₙ); gates r, z, n.
  case gru
  /// h ← tanh(p + u)
  case tanh
  /// h ← max(p + u, 0)
  case relu

  package var gates: Int {
    switch self {
    case .lstm: 4
    case .gru: 3
    case .tanh, .relu: 1
    }
  }
}

/// One step of some rows of a batch: the new states, and h once more where the layer's result has
/// it. Rows of u and of the states are dense, those of p and y at given distances.
struct RecurrentSpecification: KernelSpecification {
  let instructionSet: InstructionSet
  let unit: RecurrentUnit
  /// Elements of a state.
  let width: Int

  /// Blocks, vectors and lanes of a row, rows, p and its step, u, h, c, y and its step.
  static let parameterCount = 11

  var name: String { "\(unit)_f32_\(width)_\(instructionSet)" }

  func program() -> KernelProgram {
    var b = KernelBuilder(instructionSet)
    let loop = RowLoop(&b)
    let rows = b.parameter()
    let p = b.parameter()
    let pStep = b.parameter()
    let u = b.parameter()
    let h = b.parameter()
    let c = b.parameter()
    let y = b.parameter()
    let yStep = b.parameter()
    b.loop(rows) { b in
      loop.emit(&b) { b, place in
        func part(_ base: ScalarRegister, _ gate: Int, _ b: inout KernelBuilder)
          -> VectorRegister
        {
          place.moved(by: gate * width * 4).load(base, &b)
        }
        func sum(_ gate: Int, _ b: inout KernelBuilder) -> VectorRegister {
          let left = part(p, gate, &b)
          return b.add(left, part(u, gate, &b))
        }
        let next: VectorRegister
        switch unit {
        case .tanh: next = b.apply(.tanh, to: sum(0, &b))
        case .relu: next = b.apply(.relu, to: sum(0, &b))
        case .gru:
          let reset = b.apply(.sigmoid, to: sum(0, &b))
          let inner = part(p, 2, &b)
          b.multiplyAdd(inner, reset, part(u, 2, &b))
          let new = b.apply(.tanh, to: inner)
          let update = b.apply(.sigmoid, to: sum(1, &b))
          let difference = b.subtract(place.load(h, &b), new)
          next = b.copy(new)
          b.multiplyAdd(next, difference, update)
        case .lstm:
          let candidate = b.apply(.tanh, to: sum(2, &b))
          let taken = b.multiply(b.apply(.sigmoid, to: sum(0, &b)), candidate)
          let kept = b.apply(.sigmoid, to: sum(1, &b))
          let cell = b.copy(taken)
          b.multiplyAdd(cell, kept, place.load(c, &b))
          place.store(cell, c, &b)
          next = b.multiply(b.apply(.sigmoid, to: sum(3, &b)), b.apply(.tanh, to: cell))
        }
        place.store(next, h, &b)
        place.store(next, y, &b)
      }
      b.add(pStep, to: p)
      b.add(unit.gates * width * 4, to: u)
      b.add(width * 4, to: h)
      b.add(width * 4, to: c)
      b.add(yStep, to: y)
    }
    return b.finish(named: name)
  }
}

extension RowLoop.Place {
  /// The place so many bytes further.
  fileprivate func moved(by bytes: Int) -> Self {
    Self(index: index, offset: offset + bytes, mask: mask, slot: slot)
  }
}
