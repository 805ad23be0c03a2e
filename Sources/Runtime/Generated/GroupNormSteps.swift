import MartletKernels
import MartletOps
import MartletTensor

/// Group norms by generated kernels, of dense tensors and of images in NCHWc.
extension GeneratedRegistry {
  static let groupNorms: [String: KernelBuild] = ["aten::group_norm": buildGroupNorm]

  @Sendable private static func buildGroupNorm(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    guard let norm = try builder.groupNorm(instruction, .plain) else { return false }
    let x = try builder.dense(norm.input)
    let y = try builder.result(instruction.result)
    try builder.addGroupNorm(norm, instruction, x, into: y)
    try builder.addOperations(instruction.epilogue.operations, of: instruction)
    return true
  }
}

extension BlockedRegistry {
  static let groupNorms: [String: KernelBuild] = ["aten::group_norm": buildGroupNorm]

  @Sendable private static func buildGroupNorm(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let operations = instruction.epilogue.operations
    guard let set = builder.instructionSet,
      let shape = BlockedShape(instruction.result.sizes, lanes: set.lanes),
      BlockedChain(operations, channelAxis: 1) != nil,
      let norm = try builder.groupNorm(instruction, .blocked), builder.isBlocked(norm.input)
    else { return false }
    let x = try builder.blockedOperand(norm.input)
    let y = builder.blockedResult(instruction.result, shape)
    try builder.addGroupNorm(norm, instruction, x, into: y)
    try builder.addBlocked(operations, on: y, of: instruction)
    return true
  }
}

/// A group norm's kernel and operands.
private struct GroupNorm {
  let kernel: GroupNormKernel
  let input: Tensor
  let weight, bias: Tensor?
}

extension StepBuilder {
  /// Nil where the kernel does not take the arguments.
  fileprivate func groupNorm(
    _ instruction: Instruction, _ format: ImageFormat
  ) throws -> GroupNorm? {
    let arguments = instruction.arguments
    let input = try arguments.tensor("input")
    let (weight, bias) = (
      try arguments.optionalTensor("weight"), try arguments.optionalTensor("bias")
    )
    guard let set = instructionSet, instruction.isFloat32, input.dim >= 2,
      let kernel = try GroupNormKernel(
        format: format, batch: input.sizes[0], channels: input.sizes[1],
        spatial: input.sizes.dropFirst(2).reduce(1, *), groups: try arguments.int("num_groups"),
        epsilon: try arguments.double("eps"), hasWeight: weight != nil, hasBias: bias != nil,
        instructionSet: set)
    else { return nil }
    return GroupNorm(kernel: kernel, input: input, weight: weight, bias: bias)
  }

  fileprivate mutating func addGroupNorm(
    _ norm: GroupNorm, _ instruction: Instruction, _ x: Operand, into y: Operand
  ) throws {
    let w = try norm.weight.map { try dense($0) }
    let b = try norm.bias.map { try dense($0) }
    mayReplace(x, by: y)
    let (kernel, threads) = (norm.kernel, threads)
    add(
      kernel.kernelName, instruction.title, instruction.origin,
      inputs: [x] + [w, b].compactMap { $0 }, outputs: [y]
    ) {
      kernel.run(
        x.elements($0), weight: w?.elements($0), bias: b?.elements($0), into: y.elements($0),
        threads: threads)
    }
  }
}
