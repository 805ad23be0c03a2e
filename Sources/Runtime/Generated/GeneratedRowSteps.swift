import MartletKernels
import MartletOps
import MartletTensor

/// Norms along the last axes by generated kernels.
extension GeneratedRegistry {
  static let rows: [String: KernelBuild] = [
    "aten::layer_norm": buildLayerNorm, "aten::rms_norm": buildRMSNorm,
  ]

  @Sendable private static func buildLayerNorm(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let arguments = instruction.arguments
    if let (x, shape) = builder.imageOfTokens(try arguments.tensor("input")),
      try builder.addChannelNorm(
        instruction, x, shape, .blocked, to: .last,
        result: { try $0.result(instruction.result) }) != nil
    {
      try builder.addOperations(instruction.epilogue.operations, of: instruction)
      return true
    }
    let weight = try arguments.optionalTensor("weight")
    let bias = try arguments.optionalTensor("bias")
    return try builder.addRows(
      instruction, try arguments.tensor("input"), size: try arguments.ints("normalized_shape"),
      .layerNorm(
        hasWeight: weight != nil, hasBias: bias != nil, hasAddend: false),
      epsilon: try arguments.double("eps"), weight: weight, bias: bias)
  }

  @Sendable private static func buildRMSNorm(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let arguments = instruction.arguments
    let weight = try arguments.optionalTensor("weight")
    return try builder.addRows(
      instruction, try arguments.tensor("input"), size: try arguments.ints("normalized_shape"),
      .rmsNorm(hasWeight: weight != nil, hasAddend: false),
      epsilon: try arguments.optionalDouble("eps") ?? Double(Float.ulpOfOne), weight: weight,
      bias: nil)
  }
}

extension StepBuilder {
  /// A kernel along the last axes; what is fused behind it follows in a step of its own.
  mutating func addRows(
    _ instruction: Instruction, _ input: Tensor, size: [Int], _ operation: RowOperation,
    epsilon: Double, weight: Tensor?, bias: Tensor?
  ) throws -> Bool {
    let size = size.reduce(1, *)
    guard let set = instructionSet, instruction.isFloat32, size > 0 else { return false }
    let kernel = try RowKernel(
      operation, outer: [input.count / size], size: size, epsilon: epsilon, instructionSet: set)
    let x = try dense(input)
    let w = try weight.map { try dense($0) }
    let b = try bias.map { try dense($0) }
    let y = try result(instruction.result)
    mayReplace(x, by: y)
    let threads = threads
    add(
      kernel.kernelName, instruction.title, instruction.origin,
      inputs: [x] + [w, b].compactMap { $0 }, outputs: [y]
    ) {
      kernel.run(
        x.elements($0), weight: w?.elements($0), bias: b?.elements($0), into: y.elements($0),
        threads: threads)
    }
    try addOperations(instruction.epilogue.operations, of: instruction)
    return true
  }
}
