/// Layer norm over the channels of each pixel, from NCHWc or NHWC into either.
///
/// Parameters: pixels by four and what is left of them; whole blocks of channels, channels in a
/// partial one; the address and the bytes from pixel to pixel and from block to block of x, and
/// of y; addresses of weight and bias; the address of two floats: the channels and ε.
package struct ChannelNormSpecification: KernelSpecification {
  package let instructionSet: InstructionSet
  package let hasWeight: Bool
  package let hasBias: Bool

  package init(instructionSet: InstructionSet, hasWeight: Bool, hasBias: Bool) {
    self.instructionSet = instructionSet
    self.hasWeight = hasWeight
    self.hasBias = hasBias
  }

  /// Pixels that are normalised side by side.
  static let unrolling = 4

  package func program() -> KernelProgram {
    var builder = KernelBuilder(instructionSet)
    let (rounds, rest) = (builder.parameter(), builder.parameter())
    let (blocks, tail) = (builder.parameter(), builder.parameter())
    let x = Side(&builder)
    let y = Side(&builder)
    let body = Body(
      specification: self, blocks: blocks, tail: tail, x: x, y: y, weight: builder.parameter(),
      bias: builder.parameter(), numbers: builder.parameter())
    for (count, pixels) in [(rounds, Self.unrolling), (rest, 1)] {
      builder.loop(count) { builder in
        body.emit(pixels, &builder)
        for _ in 0..<pixels {
          builder.add(x.pixel, to: x.base)
          builder.add(y.pixel, to: y.base)
        }
      }
    }
    return builder.finish(
      named: "channelnorm_f32_\(Self.unrolling)px_\(instructionSet.rawValue)")
  }

  /// Where an array lies.
  private struct Side {
    let base, pixel, block: ScalarRegister
    /// Three pixels' bytes.
    let pixels3: ScalarRegister

    init(_ builder: inout KernelBuilder) {
      base = builder.parameter()
      pixel = builder.parameter()
      block = builder.parameter()
      pixels3 = builder.copy(pixel)
      builder.multiply(pixels3, by: 3)
    }

    func address(_ place: ScalarRegister, pixel number: Int) -> Address {
      switch number {
      case 0: Address(place)
      case 3: Address(place, index: pixels3)
      default: Address(place, index: pixel, scale: number)
      }
    }
  }

  private struct Body {
    let specification: ChannelNormSpecification
    let blocks, tail: ScalarRegister
    let x, y: Side
    let weight, bias, numbers: ScalarRegister

    func emit(_ pixels: Int, _ builder: inout KernelBuilder) {
      let count = { (builder: inout KernelBuilder) in builder.broadcast(Address(numbers)) }
      let sums = (0..<pixels).map { _ in builder.zero() }
      forEachBlock(&builder) { builder, place, mask, _ in
        for (pixel, sum) in sums.enumerated() {
          let value = load(x.address(place, pixel: pixel), mask, &builder)
          builder.emit(.binary(.add, sum, sum, .register(value)))
        }
      }
      let means = sums.map { sum in
        builder.divide(builder.acrossLanes(.add, sum), count(&builder))
      }
      let squares = (0..<pixels).map { _ in builder.zero() }
      forEachBlock(&builder) { builder, place, mask, _ in
        for pixel in 0..<pixels {
          let value = load(x.address(place, pixel: pixel), mask, &builder)
          var deviation = builder.subtract(value, means[pixel])
          if let mask { deviation = builder.select(mask, deviation, else: builder.zero()) }
          builder.multiplyAdd(squares[pixel], deviation, deviation)
        }
      }
      let scales = squares.map { sum in
        let variance = builder.divide(builder.acrossLanes(.add, sum), count(&builder))
        let shifted = builder.binary(
          .add, variance, .broadcast(Address(numbers, offset: 4)))
        return builder.divide(builder.constant(1), builder.unary(.squareRoot, shifted))
      }
      let target = builder.copy(y.base)
      forEachBlock(&builder) { builder, place, mask, index in
        let factor = specification.hasWeight ? vector(weight, index, mask, &builder) : nil
        let shift = specification.hasBias ? vector(bias, index, mask, &builder) : nil
        for pixel in 0..<pixels {
          var value = load(x.address(place, pixel: pixel), mask, &builder)
          value = builder.multiply(builder.subtract(value, means[pixel]), scales[pixel])
          if let factor, let shift {
            builder.multiply(value, by: factor, thenAdd: .register(shift))
          } else if let factor {
            value = builder.multiply(value, factor)
          } else if let shift {
            value = builder.add(value, shift)
          }
          let address = y.address(target, pixel: pixel)
          if let mask {
            builder.store(value, to: address, mask)
          } else {
            builder.store(value, to: address)
          }
        }
        builder.add(y.block, to: target)
      }
    }

    /// Emits the body for every block, with the block's place in x, the lanes that are channels
    /// (nil for all) and the byte at which the block's weights begin.
    private func forEachBlock(
      _ builder: inout KernelBuilder,
      _ body: (inout KernelBuilder, ScalarRegister, MaskRegister?, ScalarRegister) -> Void
    ) {
      let place = builder.copy(x.base)
      let index = builder.integer(0)
      builder.loop(builder.copy(blocks)) { builder in
        body(&builder, place, nil, index)
        builder.add(x.block, to: place)
        builder.add(builder.vectorBytes, to: index)
      }
      builder.ifPositive(tail) { builder in
        body(&builder, place, builder.maskFirst(tail), index)
      }
    }

    private func load(
      _ address: Address, _ mask: MaskRegister?, _ builder: inout KernelBuilder
    ) -> VectorRegister {
      if let mask { builder.load(address, mask) } else { builder.load(address) }
    }

    private func vector(
      _ base: ScalarRegister, _ index: ScalarRegister, _ mask: MaskRegister?,
      _ builder: inout KernelBuilder
    ) -> VectorRegister {
      load(Address(base, index: index), mask, &builder)
    }
  }
}
