import MartletKernels
import MartletOps
import MartletTensor

/// Chains of pointwise operators over dense tensors by one generated kernel.
extension GeneratedRegistry {
  static let pointwise: [String: KernelBuild] = {
    var kernels: [String: KernelBuild] = [:]
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
    guard let (input, function) = try instruction.unaryForm(),
      input.sizes == instruction.result.sizes
    else {
      return false
    }
    return try builder.addGenerated(
      instruction, input, [.function(function)] + instruction.epilogue.operations)
  }

  private static func buildPairwise(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    if try instruction.unaryForm() != nil { return try buildFunction(instruction, &builder) }
    guard let function = try instruction.pairwiseFunction() else { return false }
    let operands = try instruction.floatOperands()
    let sizes = instruction.result.sizes
    guard operands.count == 2 else { return false }
    let expanded = operands.map { operand in
      operand.viewed(
        Layout(
          sizes: sizes, strides: broadcastStrides(operand.layout, to: sizes),
          offset: operand.layout.offset))
    }
    return try builder.addGenerated(
      instruction, expanded[0],
      [.combine(function, expanded[1], isReversed: false)] + instruction.epilogue.operations)
  }
}

extension StepBuilder {
  /// A chain on a tensor of the result's sizes, as new memory; false where an operand's strides are
  /// not for the kernel.
  fileprivate mutating func addGenerated(
    _ instruction: Instruction, _ input: Tensor, _ operations: [FusedOperation]
  ) throws -> Bool {
    guard let set = instructionSet else { return false }
    let sizes = instruction.result.sizes
    var tensors = [input]
    var steps: [PointwiseStep] = []
    for operation in operations {
      let value: PointwiseValue = steps.isEmpty ? .input(0) : .step(steps.count - 1)
      switch operation {
      case .function(let function): steps.append(.function(function, value))
      case .combine(let function, let tensor, let isReversed):
        steps.append(
          .combine(
            OperandCombination(function, isReversed: isReversed), value, .input(tensors.count)))
        tensors.append(tensor)
      }
    }
    func kernel() throws -> PointwiseKernel? {
      try PointwiseKernel(
        steps: steps, sizes: sizes, strides: tensors.map(\.strides), instructionSet: set)
    }
    var found = try kernel()
    if found == nil {
      // Operands in another order are copied first.
      for (index, tensor) in tensors.enumerated()
      where tensor.isMeta && !tensor.isContiguous && !tensor.repeatsElements {
        let copy = try tensor.placeholder()
        try materialize(tensor, as: copy, origin: instruction.origin)
        tensors[index] = copy
      }
      found = try kernel()
    }
    guard let kernel = found else { return false }
    let inputs = try tensors.map { try operand($0) }
    let y = try result(instruction.result)
    // Memory is taken over where every operand in it is walked like the result.
    for (index, tensor) in tensors.enumerated() where tensor.isContiguous {
      let isAlone = tensors.allSatisfy { $0.storage !== tensor.storage || $0.isView(as: tensor) }
      if isAlone { mayReplace(inputs[index], by: y) }
    }
    addPointwise(kernel, inputs, y, instruction.title, instruction.origin)
    return true
  }
}

extension Tensor {
  /// Whether an axis of several elements shows the same one.
  fileprivate var repeatsElements: Bool {
    sizes.indices.contains { sizes[$0] != 1 && strides[$0] == 0 }
  }
}
