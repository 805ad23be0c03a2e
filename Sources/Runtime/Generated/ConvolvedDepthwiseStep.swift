import MartletKernels
import MartletOps
import MartletTensor

/// A convolution whose result only a depthwise convolution reads: one step computes both.
struct ConvolvedDepthwisePair {
  let first: Instruction
  let second: Instruction
}

extension ConvolvedDepthwisePair {
  /// All of them, by the storage between the two.
  static func all(in list: InstructionList) -> [ObjectIdentifier: ConvolvedDepthwisePair] {
    var result: [ObjectIdentifier: ConvolvedDepthwisePair] = [:]
    for second in list.instructions where BlockedRegistry.convolutions[second.name] != nil {
      guard let input = try? second.arguments.tensor("input"), input.isMeta,
        let groups = try? second.arguments.int("groups"), groups > 1,
        list.readerCount(input) == 1, let position = list.writer(of: input),
        let first = list[position], BlockedRegistry.convolutions[first.name] != nil,
        let inner = try? first.arguments.int("groups"), inner == 1, first.outputs.count == 1,
        first.result.layout == input.layout
      else { continue }
      result[ObjectIdentifier(input.storage)] = ConvolvedDepthwisePair(
        first: first, second: second)
    }
    return result
  }
}

/// What a convolution's step is made from.
private struct ConvolutionParts {
  let input: Tensor
  let weight: Tensor
  let bias: Tensor?
  let layer: ConvolvedDepthwise.Layer

  /// Nil for what no such step takes.
  init?(_ instruction: Instruction) throws {
    let arguments = instruction.arguments
    input = try arguments.tensor("input")
    weight = try arguments.tensor("weight")
    bias = try arguments.optionalTensor("bias")
    guard instruction.isFloat32, input.dim == 4, weight.dim == 4, !weight.isMeta,
      weight.isContiguous, bias.map({ !$0.isMeta && $0.isContiguous }) ?? true,
      !arguments.hasFlag("transposed"),
      let chain = BlockedChain(instruction.epilogue.operations, channelAxis: 1),
      chain.operands.isEmpty
    else { return nil }
    var window = WindowGeometry(images: input, result: instruction.result, axes: 2)
    window.setKernel(
      sizes: Array(weight.sizes.suffix(2)), strides: try arguments.ints("stride", count: 2),
      padding: try arguments.ints("padding", count: 2),
      dilation: try arguments.ints("dilation", count: 2))
    layer = ConvolvedDepthwise.Layer(
      window: window, hasBias: bias != nil, epilogue: chain.operations)
  }
}

extension StepBuilder {
  /// Nothing for the first convolution of a pair that one step computes, and that step for the
  /// second; false for all others.
  mutating func addConvolvedDepthwise(_ instruction: Instruction) throws -> Bool {
    let input = try instruction.arguments.tensor("input")
    if let pair = pairs[ObjectIdentifier(instruction.result.storage)] {
      return try convolvedKernel(pair) != nil
    }
    guard let pair = pairs[ObjectIdentifier(input.storage)],
      let (first, second, kernel) = try convolvedKernel(pair),
      let set = instructionSet,
      let shape = BlockedShape(instruction.result.sizes, lanes: set.lanes)
    else { return false }
    let x =
      try first.layer.window.channels <= 4 && !isBlocked(first.input)
      ? dense(first.input) : blockedOperand(first.input)
    func packed(
      _ parts: ConvolutionParts, _ form: String, _ count: Int,
      _ pack: @escaping PackingBody
    ) throws -> (Operand, MemorySlice<Float>) {
      let memory = try packing.packed(
        parts.weight, parts.bias, form: form, count: count
      ) { weight, bias, target, _ in try pack(weight, bias, target) }
      return (
        Operand(source: .constant(memory), offset: 0, count: count),
        MemorySlice<Float>(memory, count: count)
      )
    }
    let (firstWeights, firstPacked) = try packed(
      first, "convolved \(kernel.packing)", kernel.packedCounts.0
    ) { kernel.packFirst(weight: $0, bias: $1, into: $2) }
    let (secondWeights, secondPacked) = try packed(
      second, "depthwise \(set)", kernel.packedCounts.1
    ) { kernel.packSecond(weight: $0, bias: $1, into: $2) }
    let y = blockedResult(instruction.result, shape)
    let threads = threads
    let scratch = scratch(kernel.scratchCount(threads: threads))
    add(
      kernel.kernelName, "\(pair.first.title) + \(instruction.title)", instruction.origin,
      inputs: [x, firstWeights, secondWeights], outputs: [y], scratch: [scratch]
    ) { context in
      kernel.run(
        x.elements(context), packed: (firstPacked, secondPacked), into: y.elements(context),
        scratch: scratch.elements(context), threads: threads)
    }
    return true
  }

  /// What computes both; nil where none does or it does not pay.
  private mutating func convolvedKernel(
    _ pair: ConvolvedDepthwisePair
  ) throws -> (ConvolutionParts, ConvolutionParts, ConvolvedDepthwise)? {
    guard let set = instructionSet, let first = try ConvolutionParts(pair.first),
      let second = try ConvolutionParts(pair.second),
      second.layer.window.channels == second.weight.sizes[0],
      try pair.second.arguments.int("groups") == second.weight.sizes[0]
    else { return nil }
    let isPlain = first.layer.window.channels <= 4 && !isBlocked(first.input)
    // Other convolutions have faster algorithms than what can be cut so.
    guard isPlain || first.layer.window.isPointwise,
      let kernel = try ConvolvedDepthwise(
        first.layer, input: isPlain ? .plain : .blocked, second.layer, instructionSet: set)
    else { return nil }
    return (first, second, kernel)
  }
}
