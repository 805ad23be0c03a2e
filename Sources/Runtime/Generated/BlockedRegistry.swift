import MartletKernels
import MartletOps
import MartletTensor

/// Kernels over images in NCHWc, by operator. They add their steps and say true, or say false when
/// these arguments are not for them; the plain kernel runs then.
enum BlockedRegistry {
  static let kernels: [String: KernelBuild] = {
    let families = [
      convolutions, poolings, resizings, pointwise, concatenations, groupNorms, tokens,
    ]
    return families.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
  }()
}

extension StepBuilder {
  /// Adds the instruction in NCHWc where that is possible and pays.
  mutating func addBlocked(_ instruction: Instruction) throws -> Bool {
    guard instructionSet != nil, let build = BlockedRegistry.kernels[instruction.name],
      instruction.isFloatResult, instruction.result.count > 0,
      !instruction.arguments.hasQuantizedTensor
    else { return false }
    return try build(instruction, &self)
  }

  /// Fused operations on an image where it lies, for kernels that take none.
  mutating func addBlocked(
    _ operations: [FusedOperation], on image: Operand, of instruction: Instruction
  ) throws {
    if operations.isEmpty { return }
    guard let chain = BlockedChain(operations, channelAxis: 1), let shape = image.blocked else {
      throw MartletError(.graph, "a fused operation cannot be computed in NCHWc")
    }
    try addPointwise(
      chain, on: image, into: image, shape, operations.map(\.title).joined(separator: " + "),
      instruction.origin)
  }
}
