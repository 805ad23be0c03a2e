import MartletKernels
import MartletOps
import MartletTensor

/// Pointwise operators and batch norms of images that lie in NCHWc.
extension BlockedRegistry {
  static let pointwise: [String: KernelBuild] = {
    var kernels: [String: KernelBuild] = ["aten::batch_norm": { try buildBatchNorm($0, &$1) }]
    for name in KernelRegistry.pointwiseKernels.keys {
      kernels[name] = { try buildFunction($0, &$1) }
    }
    for name in KernelRegistry.pairwiseKernels.keys {
      kernels[name] = { try buildPairwise($0, &$1) }
    }
    return kernels
  }()

  private static func buildFunction(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    guard let (input, function) = try instruction.unaryForm(), builder.isBlocked(input) else {
      return false
    }
    return try build(instruction, input, [.function(function)], &builder)
  }

  private static func buildPairwise(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    if try instruction.unaryForm() != nil { return try buildFunction(instruction, &builder) }
    guard let function = try instruction.pairwiseFunction() else { return false }
    let operands = try instruction.floatOperands()
    let sizes = instruction.result.sizes
    guard operands.count == 2, sizes.count == 4 else { return false }
    // The value is an operand of the result's sizes that lies in NCHWc.
    guard
      let value = operands.indices.first(where: {
        operands[$0].sizes == sizes && builder.isBlocked(operands[$0])
      })
    else { return false }
    let other = operands[1 - value]
    let expanded = other.viewed(
      Layout(
        sizes: sizes, strides: broadcastStrides(other.layout, to: sizes),
        offset: other.layout.offset))
    let isReversed = value == 1 && (function == .subtract || function == .divide)
    return try build(
      instruction, operands[value], [.combine(function, expanded, isReversed: isReversed)],
      &builder)
  }

  private static func buildBatchNorm(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let input = try instruction.arguments.tensor("input")
    guard instruction.isFloat32, builder.isBlocked(input),
      let affine = try BatchNormAffine(instruction.arguments)
    else { return false }
    let layout = Layout(sizes: input.sizes, strides: [0, 1, 0, 0])
    let parts = try [affine.scale, affine.shift].map {
      try Tensor($0, shape: [$0.count]).viewed(layout)
    }
    return try build(
      instruction, input,
      [
        .combine(.multiply, parts[0], isReversed: false),
        .combine(.add, parts[1], isReversed: false),
      ], &builder)
  }

  /// The operations and then the instruction's own chain, on the input.
  private static func build(
    _ instruction: Instruction, _ input: Tensor, _ operations: [FusedOperation],
    _ builder: inout StepBuilder
  ) throws -> Bool {
    guard let set = builder.instructionSet,
      let shape = BlockedShape(instruction.result.sizes, lanes: set.lanes),
      let chain = BlockedChain(operations + instruction.epilogue.operations, channelAxis: 1)
    else { return false }
    let x = try builder.blockedOperand(input)
    try builder.addPointwise(
      chain, on: x, into: nil, shape, instruction.title, instruction.origin,
      result: instruction.result)
    return true
  }
}
