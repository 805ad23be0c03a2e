/// The most that one core can multiply and add: independent fused multiply-adds in registers.
package struct MultiplyAddPeak: KernelSpecification {
  /// Covers the latency of two multiply-adds a cycle.
  static let chains = 12

  package let instructionSet: InstructionSet

  package init(instructionSet: InstructionSet) { self.instructionSet = instructionSet }

  /// Parameter: how many rounds.
  package func program() -> KernelProgram {
    var builder = KernelBuilder(instructionSet)
    let rounds = builder.parameter()
    let (x, y) = (builder.zero(), builder.zero())
    let sums = (0..<Self.chains).map { _ in builder.zero() }
    builder.loop(rounds) { builder in
      for sum in sums { builder.multiplyAdd(sum, x, y) }
    }
    return builder.finish(named: "peak_fma_f32_x\(builder.lanes)")
  }

  /// Additions and multiplications a second on the calling thread, the best of some runs that
  /// last about a tenth of a second together.
  ///
  /// - Throws: `KernelError` where machine code cannot run.
  package func measure() throws(KernelError) -> Double {
    let kernel = try KernelCache.shared.kernel(for: self)
    let rounds = 20_000
    let clock = ContinuousClock()
    let end = clock.now + .milliseconds(100)
    var best = Duration.seconds(1)
    repeat {
      best = min(best, clock.measure { kernel.call(with: rounds) })
    } while clock.now < end
    return 2 * Double(rounds * Self.chains * instructionSet.lanes) / (best / .seconds(1))
  }
}
