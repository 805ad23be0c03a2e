/// The sums of a matrix's quarters that seven products take in place of eight, by Winograd's form
/// of Strassen's algorithm (Winograd, "On multiplication of 2 × 2 matrices", 1971).
///
/// With x and B cut into quarters, of an odd number of rows the middle one in both halves:
///
///     S1 = x21 + x22    T1 = B12 − B11    P1 = x11 · B11    P4 = x22 · T4
///     S2 = S1 − x11     T2 = B22 − T1     P2 = x12 · B21    P5 = S1 · T1
///     S3 = x11 − x21    T3 = B22 − B12    P3 = S4 · B22     P6 = S2 · T2
///     S4 = x12 − S2     T4 = B21 − T2                       P7 = S3 · T3
///
///     y11 = P1 + P2                 y12 = P1 + P6 + P5 + P3
///     y21 = P1 + P6 + P7 + P4       y22 = P1 + P6 + P7 + P5
enum Strassen {
  static let products = 7
  /// Sums of the matrix's quarters.
  static let sums = 4
}

/// S1 to S4 of vectors in two loops: of rows and the vectors of half a row, or of half the blocks
/// of an image and its pixels.
struct StrassenInputSpecification: KernelSpecification {
  let instructionSet: InstructionSet
  let x, sums: Strides

  /// Bytes from one round of the outer and the inner loop to the next, and to the second half of
  /// the channels.
  struct Strides: Hashable, Sendable {
    let outer, inner, half: Int
  }

  enum Parameter: Int {
    /// Where x begins in the upper and in the lower half of the rows, and rounds of the loops.
    case upper, lower, outer, inner
    /// Where S1 S2 and S3 S4 go.
    case first, second
    /// Where a vector goes that is 0 where everything was finite, else NaN.
    case check
  }

  func program() -> KernelProgram {
    var b = KernelBuilder(instructionSet)
    let sources = [Parameter.upper, .lower].map { b.parameter($0.rawValue) }
    let targets = [Parameter.first, .second].map { b.parameter($0.rawValue) }
    let check = b.zero()
    let zero = b.zero()
    b.loop(b.parameter(Parameter.outer.rawValue)) { b in
      let (upper, lower) = (b.copy(sources[0]), b.copy(sources[1]))
      let (first, second) = (b.copy(targets[0]), b.copy(targets[1]))
      b.loop(b.parameter(Parameter.inner.rawValue)) { b in
        let x11 = b.load(Address(upper))
        let x21 = b.load(Address(lower))
        let s1 = b.binary(.add, x21, .memory(Address(lower, offset: x.half)))
        let s2 = b.subtract(s1, x11)
        let s3 = b.subtract(x11, x21)
        let s4 = b.subtract(b.load(Address(upper, offset: x.half)), s2)
        b.store(s1, to: Address(first))
        b.store(s2, to: Address(first, offset: sums.half))
        b.store(s3, to: Address(second))
        b.store(s4, to: Address(second, offset: sums.half))
        // Every quarter is in S4; S3 may overflow alone.
        b.multiplyAdd(check, s3, zero)
        b.multiplyAdd(check, s4, zero)
        for pointer in [upper, lower] { b.add(x.inner, to: pointer) }
        for pointer in [first, second] { b.add(sums.inner, to: pointer) }
      }
      for pointer in sources { b.add(x.outer, to: pointer) }
      for pointer in targets { b.add(sums.outer, to: pointer) }
    }
    b.store(check, to: Address(b.parameter(Parameter.check.rawValue)))
    return b.finish(
      named: "strassen_input_f32_\(instructionSet.rawValue)_\(x.inner)of\(x.outer)")
  }
}

/// y's quarters of a pair of panels from the seven products, through the epilogue.
struct StrassenOutputSpecification: KernelSpecification {
  let instructionSet: InstructionSet
  /// Vectors of a panel.
  let vectors: Int
  /// Whether rows come in pairs; otherwise those of the upper half alone.
  let hasLower: Bool
  let hasBias: Bool
  let epilogue: [EpilogueOperation]
  /// Bytes from a row of y to the next.
  let rowStride: Int
  /// Bytes from a channel to the one of the right half that corresponds.
  let rightBias: Int

  enum Parameter: Int {
    case products, result, bias, rows
    /// Bytes from one product to the next and from one of its vectors to the next.
    case productStride, productVectorStride
    /// Bytes from a vector of y to the next, to the right half, to the lower half.
    case vectorStride, right, lower
    /// Then the operands of the epilogue.
    case operands
  }

  private var name: String {
    var name = "strassen_output_f32_\(instructionSet.rawValue)_\(vectors)of\(rowStride)"
    if !hasLower { name += "_upper" }
    if hasBias { name += "_bias" }
    if !epilogue.isEmpty { name += "_epilogue\(epilogue.count)" }
    return name
  }

  func program() -> KernelProgram {
    var b = KernelBuilder(instructionSet)
    let bytes = instructionSet.vectorBytes
    let products = b.parameter(Parameter.products.rawValue)
    let result = b.parameter(Parameter.result.rawValue)
    let broadcasts = epilogue.operandBroadcasts
    b.loop(b.parameter(Parameter.rows.rawValue)) { b in
      let product = b.copy(products)
      let y = b.copy(result)
      let bias = hasBias ? b.parameter(Parameter.bias.rawValue) : nil
      let operands = broadcasts.indices.map { b.parameter(Parameter.operands.rawValue + $0) }
      for (operand, broadcast) in zip(operands, broadcasts) where broadcast == .full {
        // They lie beside the result, at a fixed distance.
        b.subtract(b.parameter(Parameter.result.rawValue), from: operand)
      }
      b.loop(vectors) { b in
        store(sums(product, &b), y, bias, operands, &b)
        b.add(b.parameter(Parameter.productVectorStride.rawValue), to: product)
        b.add(b.parameter(Parameter.vectorStride.rawValue), to: y)
        if let bias { b.add(bytes, to: bias) }
        for (operand, broadcast) in zip(operands, broadcasts)
        where broadcast == .channel || broadcast == .image {
          b.add(bytes, to: operand)
        }
      }
      b.add(bytes, to: products)
      b.add(rowStride, to: result)
    }
    return b.finish(named: name)
  }

  /// y11, y12, y21, y22.
  private func sums(_ product: ScalarRegister, _ b: inout KernelBuilder) -> [VectorRegister] {
    let at = b.copy(product)
    let p = (0..<Strassen.products).map { _ in
      let value = b.load(Address(at))
      b.add(b.parameter(Parameter.productStride.rawValue), to: at)
      return value
    }
    let u2 = b.add(p[0], p[5])
    let upper = [b.add(p[0], p[1]), b.add(b.add(u2, p[4]), p[2])]
    guard hasLower else { return upper }
    let u3 = b.add(u2, p[6])
    return upper + [b.add(u3, p[3]), b.add(u3, p[4])]
  }

  private func store(
    _ values: [VectorRegister], _ y: ScalarRegister, _ bias: ScalarRegister?,
    _ operands: [ScalarRegister], _ b: inout KernelBuilder
  ) {
    var place = y
    for (quarter, value) in values.enumerated() {
      let isRight = quarter % 2 == 1
      if quarter > 0 {
        place = b.copy(y)
        if isRight { b.add(b.parameter(Parameter.right.rawValue), to: place) }
        if quarter >= 2 { b.add(b.parameter(Parameter.lower.rawValue), to: place) }
      }
      let channels = isRight ? rightBias : 0
      var value = value
      if let bias {
        value = b.binary(.add, value, .memory(Address(bias, offset: channels)))
      }
      value = EpilogueEmitter.emit(epilogue, on: value, in: &b) { number, broadcast, _ in
        switch broadcast {
        case .full: .memory(Address(place, index: operands[number]))
        case .channel, .image: .memory(Address(operands[number], offset: channels))
        case .scalar: .broadcast(Address(operands[number]))
        }
      }
      b.store(value, to: Address(place))
    }
  }
}
