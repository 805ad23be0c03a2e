/// Finds weights of which a few might have a sum that is not finite.
package struct WeightCheckSpecification: KernelSpecification {
  /// Vectors of a round.
  package static let vectors = 8

  package let instructionSet: InstructionSet

  package init(instructionSet: InstructionSet) { self.instructionSet = instructionSet }

  enum Parameter: Int {
    /// Where the weights begin, and rounds.
    case weights, rounds
    /// Where a vector goes that is 0 where all were small enough, else NaN.
    case check
  }

  package func program() -> KernelProgram {
    var b = KernelBuilder(instructionSet)
    let weights = b.parameter(Parameter.weights.rawValue)
    let checks = (0..<Self.vectors).map { _ in b.zero() }
    let (zero, four) = (b.zero(), b.constant(4))
    b.loop(b.parameter(Parameter.rounds.rawValue)) { b in
      for (index, check) in checks.enumerated() {
        // Infinite where a sum of four such weights might be.
        let sum = b.binary(
          .multiply, four, .memory(Address(weights, offset: index * b.vectorBytes)))
        b.multiplyAdd(check, sum, zero)
      }
      b.add(Self.vectors * b.vectorBytes, to: weights)
    }
    let all = checks.dropFirst().reduce(checks[0]) { b.add($0, $1) }
    b.store(all, to: Address(b.parameter(Parameter.check.rawValue)))
    return b.finish(named: "weight_check_f32_\(instructionSet)")
  }
}

/// Whether sums of a panel's packed weights are finite.
final class WeightCheck: Sendable {
  private let plan: TilePlan
  private let kernel: Kernel

  init(_ plan: TilePlan) throws {
    self.plan = plan
    kernel = try KernelCache.shared.kernel(
      for: WeightCheckSpecification(instructionSet: plan.geometry.instructionSet))
  }

  /// - Parameter weights: where all panels begin.
  func isFinite(_ weights: UnsafePointer<Float>, panel: Int) -> Bool {
    let geometry = plan.geometry
    let first = unsafe weights + geometry.weightOffset(plan.panels[panel])
    let count = plan.panels[panel].vectors * geometry.lanes * geometry.storedChannels
    let round = WeightCheckSpecification.vectors * geometry.lanes
    let whole = count / round * round
    for index in whole..<count where unsafe !(first[index] * 4).isFinite { return false }
    return unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: geometry.lanes) {
      check in
      unsafe kernel.call(
        with: (Int(bitPattern: first), whole / round, Int(bitPattern: check.baseAddress)))
      return unsafe check.allSatisfy { $0 == 0 }
    }
  }
}
