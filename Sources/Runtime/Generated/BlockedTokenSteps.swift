import MartletKernels
import MartletOps
import MartletTensor

/// Products and norms over tokens that give an image in NCHWc.
extension BlockedRegistry {
  static let tokens: [String: KernelBuild] = [
    "aten::linear": { try buildLinear($0, &$1) }, "aten::layer_norm": { try buildNorm($0, &$1) },
  ]

  private static func buildLinear(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let arguments = instruction.arguments
    let (input, weight) = (try arguments.tensor("input"), try arguments.tensor("weight"))
    let bias = try arguments.optionalTensor("bias")
    guard instruction.isImage, instruction.isFloat32, let set = builder.instructionSet,
      weight.dim == 2, !weight.isMeta, let matrix = MatrixLayout(weight),
      bias.map({ !$0.isMeta && $0.isContiguous }) ?? true,
      let shape = BlockedShape(instruction.result.sizes, lanes: set.lanes)
    else { return false }
    let layout: PackedGEMM.Layout = matrix.isTransposed ? .depthByColumns : .columnsByDepth
    let operations = instruction.epilogue.operations
    guard let all = BlockedChain(operations, channelAxis: 1),
      let none = BlockedChain([], channelAxis: 1)
    else { return false }
    // A chain that the kernel does not take follows in steps of its own.
    for (chain, rest) in [(all, []), (none, operations)] {
      guard
        let kernel = try PackedGEMM(
          rows: shape.pixels, columns: shape.channels, depth: weight.sizes[1], layout: layout,
          result: .blocked, hasBias: bias != nil, epilogue: chain.operations, instructionSet: set,
          quarters: .whereFaster)
      else { continue }
      let packed = try builder.packedProduct(
        kernel, weight, bias, stride: matrix.stride, form: "\(set) \(layout)")
      let y = try builder.addTokens(kernel, instruction, input, packed, chain, into: shape)
      try builder.addBlocked(rest, on: y, of: instruction)
      return true
    }
    return false
  }

  private static func buildNorm(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    guard instruction.isImage, let set = builder.instructionSet,
      let shape = BlockedShape(instruction.result.sizes, lanes: set.lanes)
    else { return false }
    let input = try instruction.arguments.tensor("input")
    let y: Operand?
    if let (x, from) = builder.imageOfTokens(input) {
      y = try builder.addChannelNorm(instruction, x, from, .blocked, to: .blocked) {
        $0.blockedResult(instruction.result, shape)
      }
    } else {
      y = try builder.addChannelNorm(
        instruction, try builder.dense(input), shape, .last, to: .blocked
      ) {
        $0.blockedResult(instruction.result, shape)
      }
    }
    guard let y else { return false }
    try builder.addBlocked(instruction.epilogue.operations, on: y, of: instruction)
    return true
  }
}

extension StepBuilder {
  /// Layer norm over channels, whose image may lie in NCHWc or with channels last; nil where the
  /// operator takes more axes together.
  mutating func addChannelNorm(
    _ instruction: Instruction, _ x: Operand, _ shape: BlockedShape, _ input: ChannelLayout,
    to output: ChannelLayout, result: (inout StepBuilder) throws -> Operand
  ) throws -> Operand? {
    let arguments = instruction.arguments
    guard let set = instructionSet, instruction.isFloat32,
      try arguments.ints("normalized_shape") == [shape.channels]
    else { return nil }
    let weight = try arguments.optionalTensor("weight").map { try dense($0) }
    let bias = try arguments.optionalTensor("bias").map { try dense($0) }
    let kernel = try ChannelNormKernel(
      batch: shape.batch, channels: shape.channels, spatial: shape.pixels, input: input,
      output: output, epsilon: try arguments.double("eps"), hasWeight: weight != nil,
      hasBias: bias != nil, instructionSet: set)
    let y = try result(&self)
    let threads = threads
    add(
      kernel.kernelName, instruction.title, instruction.origin,
      inputs: [x] + [weight, bias].compactMap { $0 }, outputs: [y]
    ) {
      kernel.run(
        x.elements($0), weight: weight?.elements($0), bias: bias?.elements($0),
        into: y.elements($0), threads: threads)
    }
    return y
  }

  /// The matrix and bias as the kernel reads them.
  func packedProduct(
    _ kernel: PackedGEMM, _ weight: Tensor, _ bias: Tensor?, stride: Int, form: String
  ) throws -> AlignedMemory {
    try packing.packed(
      weight, bias, form: "\(form) \(kernel.packing)", count: kernel.packedCount
    ) {
      kernel.pack($0, stride: stride, bias: $1, into: $2, threads: $3)
    }
  }

  fileprivate mutating func addTokens(
    _ kernel: PackedGEMM, _ instruction: Instruction, _ input: Tensor, _ memory: AlignedMemory,
    _ chain: BlockedChain, into shape: BlockedShape
  ) throws -> Operand {
    let packed = MemorySlice<Float>(memory, count: kernel.packedCount)
    let constants = Operand(source: .constant(memory), offset: 0, count: kernel.packedCount)
    let x = try dense(input)
    let operands = try blockedOperands(chain)
    let list = list(operands)
    let y = blockedResult(instruction.result, shape)
    let batch = Batch(
      count: shape.batch, aStride: kernel.rows * kernel.depth, bStride: 0,
      cStride: kernel.resultCount)
    let threads = threads
    let scratch = scratch(for: kernel)
    add(
      kernel.kernelName, instruction.title, instruction.origin, inputs: [x, constants] + operands,
      outputs: [y], scratch: [scratch].compactMap { $0 }
    ) { context in
      kernel.run(
        x.elements(context), packed: packed, into: y.elements(context),
        operands: list.elements(context), scratch: scratch?.elements(context), batch: batch,
        threads: threads)
    }
    return y
  }
}
