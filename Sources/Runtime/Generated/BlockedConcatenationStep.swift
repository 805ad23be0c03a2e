import MartletKernels
import MartletOps
import MartletTensor

/// Concatenations along the channels of images in NCHWc. Parts that were computed in their places
/// stay there; the others are copied.
extension BlockedRegistry {
  static let concatenations: [String: KernelBuild] = [
    "aten::cat": buildConcatenation, "aten::concat": buildConcatenation,
    "aten::concatenate": buildConcatenation,
  ]

  @Sendable private static func buildConcatenation(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    guard let set = builder.instructionSet, let parts = instruction.channelParts,
      let shape = BlockedShape(instruction.result.sizes, lanes: set.lanes),
      parts.contains(where: { builder.isBlocked($0) })
    else { return false }
    let y = builder.blockedResult(instruction.result, shape)
    var moves: [(x: Operand, copy: BlockedChannelCopy)] = []
    var first = 0
    for part in parts {
      defer { first += part.sizes[1] }
      let x = try builder.blockedOperand(part)
      let isInPlace =
        x.source.isSameBuffer(as: y.source) && first % shape.lanes == 0
        && x.layout.offset == y.layout.offset + first / shape.lanes * shape.blockStride
      guard !isInPlace, let from = x.blocked else { continue }
      moves.append(
        (
          x,
          try BlockedChannelCopy(
            from: from, at: 0, to: shape, at: first, channels: part.sizes[1], instructionSet: set)
        ))
    }
    let threads = builder.threads
    let plan = moves
    if !plan.isEmpty {
      builder.add(
        "blocked concatenate", instruction.title, instruction.origin, inputs: plan.map(\.x),
        outputs: [y]
      ) { context in
        for (x, copy) in plan {
          copy.run(x.elements(context), into: y.elements(context), threads: threads)
        }
      }
    }
    try builder.addBlocked(instruction.epilogue.operations, on: y, of: instruction)
    return true
  }
}
