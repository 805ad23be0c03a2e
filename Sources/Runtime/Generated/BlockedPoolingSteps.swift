import MartletKernels
import MartletOps
import MartletTensor

/// Pools, means of whole planes and resizings of images that lie in NCHWc.
extension BlockedRegistry {
  static let poolings: [String: KernelBuild] = [
    "aten::max_pool2d": { try buildPool($0, isMaximum: true, &$1) },
    "aten::avg_pool2d": { try buildPool($0, isMaximum: false, &$1) },
    "aten::adaptive_avg_pool2d": { try buildAdaptive($0, &$1) },
    "aten::mean.dim": { try buildMean($0, &$1) },
  ]

  static let resizings: [String: KernelBuild] = [
    "aten::upsample_nearest2d": buildResize, "aten::upsample_nearest2d.vec": buildResize,
    "aten::upsample_bilinear2d": buildResize, "aten::upsample_bilinear2d.vec": buildResize,
  ]

  private static func buildPool(
    _ instruction: Instruction, isMaximum: Bool, _ builder: inout StepBuilder
  ) throws -> Bool {
    let input = try instruction.arguments.tensor("self")
    guard let set = builder.instructionSet, builder.isBlocked(input) else { return false }
    let (function, window) = try KernelRegistry.pooling(instruction, axes: 2, isMaximum: isMaximum)
    let kernel = try BlockedPooling(function, window, instructionSet: set)
    try builder.addPooling(kernel, instruction, input, "pool")
    return true
  }

  private static func buildAdaptive(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let input = try instruction.arguments.tensor("self")
    let sizes = instruction.result.sizes
    guard let set = builder.instructionSet, builder.isBlocked(input) else { return false }
    let kernel = try BlockedPooling(
      adaptive: .average(.insideImage), batch: input.sizes[0], channels: input.sizes[1],
      height: input.sizes[2], width: input.sizes[3], outHeight: sizes[2], outWidth: sizes[3],
      instructionSet: set)
    try builder.addPooling(kernel, instruction, input, "adaptive pool")
    return true
  }

  /// A mean over height and width, kept or not.
  private static func buildMean(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let input = try instruction.arguments.tensor("self")
    guard let set = builder.instructionSet, instruction.isFloat32, builder.isBlocked(input),
      let dims = try instruction.arguments.optionalInts("dim"),
      try dims.map({ try wrapDim($0, rank: 4) }).sorted() == [2, 3]
    else { return false }
    let kernel = try BlockedPooling(
      adaptive: .average(.insideImage), batch: input.sizes[0], channels: input.sizes[1],
      height: input.sizes[2], width: input.sizes[3], outHeight: 1, outWidth: 1,
      instructionSet: set)
    try builder.addPooling(kernel, instruction, input, "adaptive pool")
    return true
  }

  @Sendable private static func buildResize(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    guard let set = builder.instructionSet,
      let (input, vertical, horizontal) = try KernelRegistry.resizing(instruction),
      builder.isBlocked(input)
    else { return false }
    let kernel = try BlockedResize(
      batch: input.sizes[0], channels: input.sizes[1], vertical: vertical, horizontal: horizontal,
      instructionSet: set)
    let x = try builder.blockedOperand(input)
    let y = builder.blockedResult(instruction.result, kernel.output)
    let threads = builder.threads
    builder.add("blocked resize", instruction.title, instruction.origin, inputs: [x], outputs: [y])
    {
      kernel.run(x.elements($0), into: y.elements($0), threads: threads)
    }
    try builder.addBlocked(instruction.epilogue.operations, on: y, of: instruction)
    return true
  }
}

extension StepBuilder {
  fileprivate mutating func addPooling(
    _ kernel: BlockedPooling, _ instruction: Instruction, _ input: Tensor, _ name: String
  ) throws {
    let x = try blockedOperand(input)
    let y = blockedResult(instruction.result, kernel.output)
    let threads = threads
    add("blocked \(name)", instruction.title, instruction.origin, inputs: [x], outputs: [y]) {
      kernel.run(x.elements($0), into: y.elements($0), threads: threads)
    }
    try addBlocked(instruction.epilogue.operations, on: y, of: instruction)
  }
}
