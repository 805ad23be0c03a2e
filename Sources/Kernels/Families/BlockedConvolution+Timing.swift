extension BlockedConvolution {
  /// The algorithms that may compute the convolution within its tolerance.
  package static func candidates(
    window: WindowGeometry, groups: Int, input: ImageFormat
  ) -> [Algorithm] {
    if groups > 1 { return [] }
    let suited: Algorithm = window.isPointwise ? .pointwise : .direct
    guard input == .blocked, WinogradConvolution.takes(window) else { return [suited] }
    return [suited]
      + WinogradTile.candidates(for: window).compactMap { Algorithm(winogradOutputs: $0.outputs) }
  }

  /// The shortest of some runs on numbers of no meaning, on the calling thread alone.
  ///
  /// - Parameters:
  ///   - inputCount: floats of x.
  ///   - operandCounts: floats of each operand of the epilogue.
  /// - Throws: `AllocationError`.
  package func time(
    inputCount: Int, outputCount: Int, operandCounts: [Int]
  ) throws(AllocationError) -> Duration {
    // A word that says that weights are finite is 1.
    func filled(_ count: Int) throws(AllocationError) -> MemorySlice<Float> {
      try MemorySlice([Float](repeating: 1, count: count))
    }
    let (x, y) = (try filled(inputCount), try filled(outputCount))
    let packed = try filled(packedCount)
    var operands: [MemorySlice<Float>] = []
    for count in operandCounts { operands.append(try filled(count)) }
    let scratchCount = scratchCount(threads: 1)
    let scratch = scratchCount > 0 ? try filled(scratchCount) : nil
    let clock = ContinuousClock()
    var best: Duration?
    let end = clock.now + Self.timeLimit
    repeat {
      // The first run also fetches the code and the pages.
      let time = clock.measure {
        run(x, packed: packed, into: y, operands: operands, scratch: scratch)
      }
      best = min(best ?? time, time)
    } while clock.now < end
    return best ?? .zero
  }

  private static let timeLimit = Duration.milliseconds(4)
}
