import MartletKernels
import MartletOps
import MartletTensor

/// Two-dimensional convolutions with constant weights, in NCHWc.
extension BlockedRegistry {
  static let convolutions: [String: KernelBuild] = {
    var kernels: [String: KernelBuild] = [:]
    for name in [
      "_convolution", "_convolution.deprecated", "convolution", "conv1d", "conv2d", "conv3d",
    ] {
      kernels["aten::\(name)"] = buildAny
    }
    for name in ["conv_transpose1d", "conv_transpose2d.input"] {
      kernels["aten::\(name)"] = transposed
    }
    return kernels
  }()

  @Sendable private static func buildAny(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    if instruction.arguments.isTransposedConvolution {
      return try transposed(instruction, &builder)
    }
    if let raised = try instruction.raisedToImage() {
      return try buildConvolution(raised, &builder)
    }
    return try instruction.result.dim == 5
      ? volumes(instruction, &builder) : buildConvolution(instruction, &builder)
  }

  private static func buildConvolution(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    if try builder.addConvolvedDepthwise(instruction) { return true }
    let arguments = instruction.arguments
    let (input, weight) = (try arguments.tensor("input"), try arguments.tensor("weight"))
    let bias = try arguments.optionalTensor("bias")
    guard let set = builder.instructionSet, instruction.isFloat32, input.dim == 4,
      weight.dim == 4, !weight.isMeta, weight.isContiguous, bias.map({ !$0.isMeta }) ?? true,
      bias?.isContiguous ?? true, !arguments.hasFlag("transposed"),
      let shape = BlockedShape(instruction.result.sizes, lanes: set.lanes)
    else { return false }
    var window = WindowGeometry(images: input, result: instruction.result, axes: 2)
    window.setKernel(
      sizes: Array(weight.sizes.suffix(2)), strides: try arguments.ints("stride", count: 2),
      padding: try arguments.ints("padding", count: 2),
      dilation: try arguments.ints("dilation", count: 2))
    let groups = try arguments.int("groups")
    // Few channels would leave most lanes empty.
    let format: ImageFormat =
      window.channels <= 4 && !builder.isBlocked(input) ? .plain : .blocked
    let operations = instruction.epilogue.operations
    guard let all = BlockedChain(operations, channelAxis: 1),
      let none = BlockedChain([], channelAxis: 1)
    else { return false }
    // A chain that the kernel does not take follows in steps of its own.
    for (chain, rest) in [(all, []), (none, operations)] {
      let convolution = TunedConvolution(
        window: window, groups: groups, outChannels: weight.sizes[0], input: format,
        hasBias: bias != nil, chain: chain, instructionSet: set)
      guard let kernel = try convolution.kernel(builder.tuning) else { continue }
      let x = try format == .plain ? builder.dense(input) : builder.blockedOperand(input)
      let y = try builder.addConvolution(
        kernel, instruction, x, weight, bias, chain, into: shape)
      try builder.addBlocked(rest, on: y, of: instruction)
      return true
    }
    return false
  }
}

extension StepBuilder {
  fileprivate mutating func addConvolution(
    _ kernel: BlockedConvolution, _ instruction: Instruction, _ x: Operand, _ weight: Tensor,
    _ bias: Tensor?, _ chain: BlockedChain, into shape: BlockedShape
  ) throws -> Operand {
    let threads = threads
    let memory = try packing.packed(
      weight, bias, form: "\(kernel.algorithm) \(kernel.packing)", count: kernel.packedCount
    ) {
      kernel.pack(weight: $0, bias: $1, into: $2, threads: $3)
    }
    let packed = MemorySlice<Float>(memory, count: kernel.packedCount)
    let constants = Operand(source: .constant(memory), offset: 0, count: kernel.packedCount)
    let operands = try blockedOperands(chain)
    let list = list(operands)
    let y = blockedResult(instruction.result, shape)
    for (operand, entry) in zip(operands, chain.operands) where entry.broadcast == .full {
      // Read where it is written, unless the convolution itself reads it too or keeps partial sums
      // there.
      if !kernel.kernelName.contains("partial"), !operand.source.isSameBuffer(as: x.source) {
        mayReplace(operand, by: y)
      }
    }
    let scratchCount = kernel.scratchCount(threads: threads)
    let scratch = scratchCount > 0 ? self.scratch(scratchCount) : nil
    let name = kernel.kernelName.isEmpty ? "\(kernel.algorithm)" : kernel.kernelName
    add(
      name, instruction.title, instruction.origin, inputs: [x, constants] + operands, outputs: [y],
      scratch: [scratch].compactMap { $0 }
    ) { context in
      kernel.run(
        x.elements(context), packed: packed, into: y.elements(context),
        operands: list.elements(context), scratch: scratch?.elements(context),
        threads: threads)
    }
    return y
  }
}
