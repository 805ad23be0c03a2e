/// A fused pointwise loop over rows of a dense result.
///
/// Parameters, in this order: how often the unrolled loop, the single vectors and the lanes of a
/// last partial vector run in a row; rows; the result's address and bytes from row to row; then
/// the same two for each input.
package struct PointwiseSpecification: KernelSpecification {
  /// How an input lies along a row.
  package enum Form: Sendable, Hashable {
    /// An element for each of the result's.
    case dense
    /// One vector for the whole row.
    case vector
    /// One float for the whole row.
    case scalar
  }

  package let instructionSet: InstructionSet
  package let steps: [PointwiseStep]
  package let inputs: [Form]

  package init(instructionSet: InstructionSet, steps: [PointwiseStep], inputs: [Form]) {
    self.instructionSet = instructionSet
    self.steps = steps
    self.inputs = inputs
  }

  /// Vectors in a round of the main loop.
  package static let unrolling = 4

  static func parameterCount(inputs: Int) -> Int { 6 + 2 * inputs }

  package func program() -> KernelProgram {
    var builder = KernelBuilder(instructionSet)
    let blocks = builder.parameter()
    let vectors = builder.parameter()
    let tail = builder.parameter()
    let rows = builder.parameter()
    let pointers = (0...inputs.count).map { _ in
      (base: builder.parameter(), stride: builder.parameter())
    }
    builder.loop(rows) { builder in
      let kept = rowConstants(pointers.map(\.base), &builder)
      let place = builder.integer(0)
      let body = Body(
        specification: self, bases: pointers.map(\.base), place: place, kept: kept)
      builder.loop(builder.copy(blocks)) { builder in
        for unroll in 0..<Self.unrolling {
          body.emit(&builder, offset: unroll * builder.vectorBytes, mask: nil)
        }
        builder.add(Self.unrolling * builder.vectorBytes, to: place)
      }
      builder.loop(builder.copy(vectors)) { builder in
        body.emit(&builder, offset: 0, mask: nil)
        builder.add(builder.vectorBytes, to: place)
      }
      builder.ifPositive(tail) { builder in
        let mask = builder.maskFirst(tail)
        body.emit(&builder, offset: 0, mask: mask)
      }
      for pointer in pointers { builder.add(pointer.stride, to: pointer.base) }
    }
    let form = inputs.map { "\($0)".prefix(1) }.joined()
    return builder.finish(
      named: "pointwise_f32_\(steps.count)steps_\(form)_\(instructionSet.rawValue)")
  }

  /// The registers that hold a row's inputs of one vector or float, as long as there are enough.
  private func rowConstants(
    _ bases: [ScalarRegister], _ builder: inout KernelBuilder
  ) -> [Int: VectorRegister] {
    let budget = instructionSet == .avx2 ? 4 : 12
    var result: [Int: VectorRegister] = [:]
    for (index, form) in inputs.enumerated() where form != .dense && result.count < budget {
      let address = Address(bases[index + 1])
      result[index] =
        form == .vector ? builder.load(address) : builder.broadcast(address)
    }
    return result
  }

  /// The steps for one vector of the result.
  private struct Body {
    let specification: PointwiseSpecification
    let bases: [ScalarRegister]
    let place: ScalarRegister
    let kept: [Int: VectorRegister]

    func emit(_ builder: inout KernelBuilder, offset: Int, mask: MaskRegister?) {
      var loaded = kept
      var results: [VectorRegister] = []
      let uses = specification.denseUses
      func operand(_ value: PointwiseValue, _ builder: inout KernelBuilder) -> VectorOperand {
        switch value {
        case .constant(let number): return .constant(number.bitPattern)
        case .step(let index): return .register(results[index])
        case .input(let index):
          if let register = loaded[index] { return .register(register) }
          let base = bases[index + 1]
          switch specification.inputs[index] {
          case .scalar: return .broadcast(Address(base))
          case .vector: return .memory(Address(base))
          case .dense:
            let address = Address(base, offset: offset, index: place)
            if mask == nil, uses[index] == 1 { return .memory(address) }
            let register =
              if let mask { builder.load(address, mask) } else { builder.load(address) }
            loaded[index] = register
            return .register(register)
          }
        }
      }
      for step in specification.steps {
        switch step {
        case .function(let function, let x):
          let argument = builder.register(operand(x, &builder))
          results.append(builder.apply(function, to: argument))
        case .combine(let combination, let x, let y):
          let value = builder.register(operand(x, &builder))
          results.append(builder.combine(combination, value, operand(y, &builder)))
        }
      }
      guard let last = results.last else { return }
      let target = Address(bases[0], offset: offset, index: place)
      if let mask { builder.store(last, to: target, mask) } else { builder.store(last, to: target) }
    }
  }

  /// How often each input is used.
  private var denseUses: [Int] {
    var result = [Int](repeating: 0, count: inputs.count)
    for step in steps {
      for case .input(let index) in step.values { result[index] += 1 }
    }
    return result
  }
}
