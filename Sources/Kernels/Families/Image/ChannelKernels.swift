/// Copies channels into one block from the two that they come from, where source and target
/// begin at different lanes.
struct ChannelShiftKernel: KernelSpecification {
  let instructionSet: InstructionSet
  /// The source's lane that belongs in lane 0.
  let shift: Int
  /// The lanes of the target that are written; the others stay as they are.
  let lanes: Range<Int>
  /// Whether lanes past the last one may be overwritten.
  let overwritesRest: Bool

  /// First source block, second, target, pixels.
  static let parameterCount = 4

  var name: String {
    "channels_f32_nchw\(instructionSet.lanes)c_s\(shift)"
      + "_l\(lanes.lowerBound)to\(lanes.upperBound)"
  }

  func program() -> KernelProgram {
    var b = KernelBuilder(instructionSet)
    let first = b.parameter()
    let second = b.parameter()
    let target = b.parameter()
    let pixels = b.parameter()
    let fromFirst = b.lanes - shift
    let join = shift == 0 ? nil : b.maskFirst(b.integer(fromFirst))
    let kept = lanes.lowerBound > 0 ? b.maskFirst(b.integer(lanes.lowerBound)) : nil
    let written =
      lanes.upperBound < b.lanes && !overwritesRest
      ? b.maskFirst(b.integer(lanes.upperBound)) : nil
    b.loop(pixels) { b in
      var value = b.shifted(
        first, second, shift: shift, join, readsFirst: lanes.lowerBound < fromFirst,
        readsSecond: lanes.upperBound > fromFirst)
      if let kept { value = b.select(kept, b.load(Address(target)), else: value) }
      if let written {
        b.store(value, to: Address(target), written)
      } else {
        b.store(value, to: Address(target))
      }
      for pointer in [first, second, target] { b.add(b.vectorBytes, to: pointer) }
    }
    return b.finish(named: name)
  }
}

extension KernelBuilder {
  /// A pixel's lanes from `shift` on of one block, then the first `shift` lanes of another.
  ///
  /// - Parameter join: the first `lanes − shift` lanes; nil where nothing is shifted.
  fileprivate mutating func shifted(
    _ first: ScalarRegister, _ second: ScalarRegister, shift: Int, _ join: MaskRegister?,
    readsFirst: Bool, readsSecond: Bool
  ) -> VectorRegister {
    guard let join else { return load(Address(first)) }
    // Beyond the first block's last pixel there may be no memory; before the second block there
    // is the first.
    let low = readsFirst ? load(Address(first, offset: shift * 4), join) : nil
    let high = readsSecond ? load(Address(second, offset: (shift - lanes) * 4)) : nil
    guard let low else { return high ?? zero() }
    return high.map { select(join, low, else: $0) } ?? low
  }
}

/// Interleaves the channels of two halves: one block of each gives two of the result.
struct ChannelShuffleKernel: KernelSpecification {
  let instructionSet: InstructionSet
  /// The lane at which the second half begins in its block.
  let shift: Int
  /// Whether the second half's block needs the one after it.
  let readsNext: Bool
  /// Whether there is a second block of results.
  let writesSecond: Bool

  /// Block of the first half, of the second half, the one after that, both results, pixels.
  static let parameterCount = 6

  var name: String {
    "shuffle_f32_nchw\(instructionSet.lanes)c_s\(shift)"
      + (readsNext ? "_next" : "") + (writesSecond ? "" : "_last")
  }

  func program() -> KernelProgram {
    var b = KernelBuilder(instructionSet)
    let half = b.parameter()
    let first = b.parameter()
    let second = b.parameter()
    let low = b.parameter()
    let high = b.parameter()
    let pixels = b.parameter()
    let join = shift == 0 ? nil : b.maskFirst(b.integer(b.lanes - shift))
    b.loop(pixels) { b in
      let other = b.shifted(
        first, second, shift: shift, join, readsFirst: true, readsSecond: readsNext)
      let (even, odd) = b.interleave(b.load(Address(half)), other)
      b.store(even, to: Address(low))
      if writesSecond { b.store(odd, to: Address(high)) }
      for pointer in [half, first, second, low, high] { b.add(b.vectorBytes, to: pointer) }
    }
    return b.finish(named: name)
  }
}
