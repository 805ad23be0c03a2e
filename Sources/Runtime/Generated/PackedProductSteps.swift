import MartletKernels
import MartletOps
import MartletTensor

/// Products of rows with constant matrices, by generated kernels over packed weights.
enum GeneratedRegistry {
  /// Kernels over dense tensors, by operator; where they do not fit, the portable ones run.
  static let kernels: [String: KernelBuild] = {
    let families = [products, pointwise, rows, columns, groupNorms, recurrent]
    return families.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
  }()

  private static let products: [String: KernelBuild] = [
    "aten::linear": { try buildProduct($0, "input", "weight", isTransposed: true, "bias", &$1) },
    "aten::mm": {
      try buildProduct($0, "self", "mat2", isTransposed: false, nil, &$1)
        || $1.addComputedProduct($0, "self", "mat2")
    },
    "aten::bmm": { try $1.addComputedProduct($0, "self", "mat2") },
    "aten::matmul": {
      try buildProduct($0, "self", "other", isTransposed: false, nil, &$1)
        || $1.addComputedProduct($0, "self", "other")
    },
    "aten::addmm": { try buildProduct($0, "mat1", "mat2", isTransposed: false, "self", &$1) },
  ]

  private static func buildProduct(
    _ instruction: Instruction, _ left: String, _ right: String, isTransposed: Bool,
    _ biasName: String?, _ builder: inout StepBuilder
  ) throws -> Bool {
    let arguments = instruction.arguments
    let (x, weight) = (try arguments.tensor(left), try arguments.tensor(right))
    let bias = try biasName.flatMap { try arguments.optionalTensor($0) }
    guard let set = builder.instructionSet, instruction.isFloat32, x.dim >= 1, weight.dim == 2,
      !weight.isMeta, x.dim >= 2 || isTransposed, let matrix = MatrixLayout(weight)
    else { return false }
    if instruction.name == "aten::addmm" {
      guard try arguments.scalar("beta").double == 1, try arguments.scalar("alpha").double == 1
      else { return false }
    }
    // The matrix as [columns, depth] or [depth, columns] in memory.
    let (columns, depth) =
      isTransposed ? (weight.sizes[0], weight.sizes[1]) : (weight.sizes[1], weight.sizes[0])
    let layout: PackedGEMM.Layout =
      matrix.isTransposed == isTransposed ? .depthByColumns : .columnsByDepth
    guard bias.map({ !$0.isMeta && $0.isContiguous && $0.sizes == [columns] }) ?? true,
      depth == x.sizes[x.dim - 1],
      let chain = BlockedChain(
        instruction.epilogue.operations, channelAxis: instruction.result.dim - 1)
    else { return false }
    if x.count == depth, layout == .columnsByDepth,
      MatrixVectorKernel.suits(byteCount: columns * depth * MemoryLayout<Float>.stride),
      let kernel = try MatrixVectorKernel(
        rows: columns, columns: depth, stride: matrix.stride, hasBias: bias != nil,
        epilogue: chain.operations, instructionSet: set)
    {
      try builder.addProduct(kernel, instruction, x, weight, bias, chain)
      return true
    }
    guard
      let kernel = try PackedGEMM(
        rows: x.count / max(depth, 1), columns: columns, depth: depth, layout: layout,
        hasBias: bias != nil, epilogue: chain.operations, instructionSet: set,
        quarters: .whereFaster)
    else { return false }
    try builder.addProduct(
      kernel, instruction, x, weight, stride: matrix.stride, bias, chain,
      form: "\(set) \(layout)")
    return true
  }
}

extension StepBuilder {
  /// Adds the instruction by a generated kernel over dense tensors.
  mutating func addGenerated(_ instruction: Instruction) throws -> Bool {
    guard instructionSet != nil, let build = GeneratedRegistry.kernels[instruction.name],
      instruction.outputs.allSatisfy({ $0.dtype == .float32 && $0.count > 0 }),
      !instruction.arguments.hasQuantizedTensor
    else { return false }
    return try build(instruction, &self)
  }

  fileprivate mutating func addProduct(
    _ kernel: PackedGEMM, _ instruction: Instruction, _ input: Tensor, _ weight: Tensor,
    stride: Int, _ bias: Tensor?, _ chain: BlockedChain, form: String
  ) throws {
    let memory = try packedProduct(kernel, weight, bias, stride: stride, form: form)
    let packed = MemorySlice<Float>(memory, count: kernel.packedCount)
    let constants = Operand(source: .constant(memory), offset: 0, count: kernel.packedCount)
    let threads = threads
    let scratch = scratch(for: kernel)
    try addRows(
      kernel.kernelName, instruction, input, [constants], chain,
      scratch: [scratch].compactMap { $0 }
    ) { x, y, operands, context in
      kernel.run(
        x, packed: packed, into: y, operands: operands, scratch: scratch?.elements(context),
        threads: threads)
    }
  }

  /// What a product needs beside its operands.
  mutating func scratch(for kernel: PackedGEMM) -> Operand? {
    let count = kernel.scratchCount(threads: threads)
    return count > 0 ? scratch(count) : nil
  }

  /// The same for a single row, whose matrix stays where it is.
  fileprivate mutating func addProduct(
    _ kernel: MatrixVectorKernel, _ instruction: Instruction, _ input: Tensor, _ weight: Tensor,
    _ bias: Tensor?, _ chain: BlockedChain
  ) throws {
    noteInPlace(weight)
    let (matrix, shift) = (try weight.constantFloats(), try bias?.constantFloats())
    let constants = try [weight, bias].compactMap { try $0.map { try operand($0) } }
    let threads = threads
    try addRows(kernel.kernelName, instruction, input, constants, chain) { x, y, operands, _ in
      kernel.run(x, matrix: matrix, bias: shift, into: y, operands: operands, threads: threads)
    }
  }

  /// Adds a step from dense rows to the instruction's result: `run` is given both and the chain's
  /// operands.
  private mutating func addRows(
    _ kernel: String, _ instruction: Instruction, _ input: Tensor, _ constants: [Operand],
    _ chain: BlockedChain, scratch: [Operand] = [],
    _ run:
      @escaping @Sendable (
        MemorySlice<Float>, MemorySlice<Float>, [MemorySlice<Float>], RunContext
      ) -> Void
  ) throws {
    let x = try dense(input)
    let operands = try denseOperands(chain)
    let list = list(operands)
    let y = try result(instruction.result)
    add(
      kernel, instruction.title, instruction.origin, inputs: [x] + constants + operands,
      outputs: [y], scratch: scratch
    ) { context in
      run(x.elements(context), y.elements(context), list.elements(context), context)
    }
  }

  /// The operands of a chain on dense rows.
  mutating func denseOperands(_ chain: BlockedChain) throws -> [Operand] {
    try chain.operands.map { tensor, broadcast in
      switch broadcast {
      case .full: try operand(tensor)
      case .channel, .image: try run(of: tensor, count: tensor.sizes[tensor.dim - 1])
      case .scalar: try run(of: tensor, count: 1)
      }
    }
  }
}
