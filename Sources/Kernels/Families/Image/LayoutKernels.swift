/// Which way a conversion goes.
package enum LayoutDirection: String, Sendable, Hashable {
  case toBlocked, fromBlocked
}

/// One block of channels between dense planes and NCHWc: squares of channels and pixels are
/// mirrored in registers.
struct PlaneLayoutKernel: KernelSpecification {
  let instructionSet: InstructionSet
  let direction: LayoutDirection
  /// The lanes of the block that belong to the planes; the others stay as they are.
  let lanes: Range<Int>
  /// Whether lanes past the last one may be overwritten.
  let overwritesRest: Bool
  /// Pixels beyond the last whole square.
  let tail: Int

  /// Plane of the block's first lane (which may lie before the image), block, bytes from plane to
  /// plane, whole squares, and whether the tail follows.
  static let parameterCount = 5

  var name: String {
    let block = "nchw\(instructionSet.lanes)c"
    let names = direction == .toBlocked ? "nchw_to_\(block)" : "\(block)_to_nchw"
    return "\(names)_f32_l\(lanes.lowerBound)to\(lanes.upperBound)_r\(tail)"
  }

  func program() -> KernelProgram {
    var b = KernelBuilder(instructionSet)
    let plane = b.parameter()
    let block = b.parameter()
    let planeStep = b.parameter()
    let squares = b.parameter()
    let hasTail = b.parameter()
    // Rows 4q … 4q + 3 are q's base and one, two and three steps.
    let threeSteps = b.copy(planeStep)
    b.multiply(threeSteps, by: 3)
    var bases = [plane]
    for quad in 1..<(b.lanes / 4) {
      let base = b.copy(bases[quad - 1])
      b.add(threeSteps, to: base)
      b.add(planeStep, to: base)
      bases.append(base)
    }
    func row(_ lane: Int) -> Address {
      let base = bases[lane / 4]
      switch lane % 4 {
      case 0: return Address(base)
      case 1: return Address(base, index: planeStep)
      case 2: return Address(base, index: planeStep, scale: 2)
      default: return Address(base, index: threeSteps)
      }
    }
    b.loop(squares) { b in
      square(&b, row, block, pixels: b.lanes)
      for base in bases { b.add(b.vectorBytes, to: base) }
      b.add(b.lanes * b.vectorBytes, to: block)
    }
    if tail > 0 { b.ifPositive(hasTail) { b in square(&b, row, block, pixels: tail) } }
    return b.finish(named: name)
  }

  private func square(
    _ b: inout KernelBuilder, _ row: (Int) -> Address, _ block: ScalarRegister, pixels: Int
  ) {
    let isWhole = pixels == b.lanes
    let mask: MaskRegister? = isWhole ? nil : b.maskFirst(b.integer(pixels))
    switch direction {
    case .toBlocked:
      let columns = b.transpose(
        (0..<b.lanes).map { lane in
          guard lanes.contains(lane) else { return b.zero() }
          return mask.map { b.load(row(lane), $0) } ?? b.load(row(lane))
        })
      let kept = lanes.lowerBound > 0 ? b.maskFirst(b.integer(lanes.lowerBound)) : nil
      let written =
        lanes.upperBound < b.lanes && !overwritesRest
        ? b.maskFirst(b.integer(lanes.upperBound)) : nil
      for pixel in 0..<pixels {
        let place = Address(block, offset: pixel * b.vectorBytes)
        let value = kept.map { b.select($0, b.load(place), else: columns[pixel]) } ?? columns[pixel]
        if let written { b.store(value, to: place, written) } else { b.store(value, to: place) }
      }
    case .fromBlocked:
      let columns = b.transpose(
        (0..<b.lanes).map { pixel in
          pixel < pixels ? b.load(Address(block, offset: pixel * b.vectorBytes)) : b.zero()
        })
      for lane in lanes {
        if let mask {
          b.store(columns[lane], to: row(lane), mask)
        } else {
          b.store(columns[lane], to: row(lane))
        }
      }
    }
  }
}

/// Some pixels of every block of channels between [L, C] and NCHWc.
struct TokenLayoutKernel: KernelSpecification {
  let instructionSet: InstructionSet
  let direction: LayoutDirection
  /// Channels beyond the last whole block.
  let tail: Int
  /// Whether lanes past the last channel may be overwritten.
  let overwritesRest: Bool

  /// First token, first block, bytes from token to token and from block to block, tokens, whole
  /// blocks.
  static let parameterCount = 6

  var name: String {
    let block = "nchw\(instructionSet.lanes)c"
    let names = direction == .toBlocked ? "nlc_to_\(block)" : "\(block)_to_nlc"
    return "\(names)_f32_r\(tail)"
  }

  func program() -> KernelProgram {
    var b = KernelBuilder(instructionSet)
    let tokens = b.parameter()
    let block = b.parameter()
    let tokenStep = b.parameter()
    let blockStep = b.parameter()
    let count = b.parameter()
    let blocks = b.parameter()
    b.loop(blocks) { b in
      let token = b.copy(tokens)
      let place = b.copy(block)
      let rest = b.copy(count)
      b.loop(rest) { b in
        switch direction {
        case .toBlocked: b.store(b.load(Address(token)), to: Address(place))
        case .fromBlocked: b.store(b.load(Address(place)), to: Address(token))
        }
        b.add(tokenStep, to: token)
        b.add(b.vectorBytes, to: place)
      }
      b.add(b.vectorBytes, to: tokens)
      b.add(blockStep, to: block)
    }
    if tail > 0 {
      let mask = b.maskFirst(b.integer(tail))
      b.loop(count) { b in
        switch direction {
        case .toBlocked:
          let value = b.load(Address(tokens), mask)
          if overwritesRest {
            b.store(value, to: Address(block))
          } else {
            b.store(value, to: Address(block), mask)
          }
        case .fromBlocked: b.store(b.load(Address(block)), to: Address(tokens), mask)
        }
        b.add(tokenStep, to: tokens)
        b.add(b.vectorBytes, to: block)
      }
    }
    return b.finish(named: name)
  }
}
