import MartletKernels
import MartletOps
import MartletTensor

/// Softmax and reductions along any run of neighbouring axes, as rows where they are the last and
/// as columns elsewhere.
extension GeneratedRegistry {
  static let columns: [String: KernelBuild] = [
    "aten::softmax.int": { try buildSoftmax(isLogarithmic: false, $0, &$1) },
    "aten::log_softmax.int": { try buildSoftmax(isLogarithmic: true, $0, &$1) },
    "aten::mean.dim": { try buildReduction(.mean, $0, &$1) },
    "aten::sum.dim_IntList": { try buildReduction(.sum, $0, &$1) },
    "aten::amax": { try buildReduction(.maximum, $0, &$1) },
  ]

  /// Longer sums are left to kernels that add in pairs, which round less.
  private static let longestSum = 4096

  private static func buildSoftmax(
    isLogarithmic: Bool, _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let input = try instruction.arguments.tensor("self")
    guard input.dim > 0, instruction.isFloat32 else { return false }
    let dim = try instruction.arguments.dim("dim", rank: input.dim)
    if dim == input.dim - 1 {
      return try builder.addRows(
        instruction, input, size: [input.sizes[dim]],
        .softmax(isLogarithmic: isLogarithmic, isScaled: false, hasMask: false), epsilon: 0,
        weight: nil, bias: nil)
    }
    return try builder.addColumns(
      instruction, input, axes: dim..<dim + 1, isLogarithmic ? .logSoftmax : .softmax)
  }

  private static func buildReduction(
    _ reduction: RowReduction, _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let input = try instruction.arguments.tensor("self")
    guard instruction.isFloat32, input.dim > 0, input.count > 0,
      let dims = try instruction.arguments.optionalInts("dim"), !dims.isEmpty
    else { return false }
    let axes = try dims.map { try wrapDim($0, rank: input.dim) }.sorted()
    let (first, last) = (axes[0], axes[axes.count - 1])
    let size = axes.reduce(1) { $0 * input.sizes[$1] }
    guard axes == Array(first...last), reduction == .maximum || size <= longestSum else {
      return false
    }
    if last == input.dim - 1 {
      return try builder.addRows(
        instruction, input, size: Array(input.sizes[first...]), .reduce(reduction), epsilon: 0,
        weight: nil, bias: nil)
    }
    return try builder.addColumns(
      instruction, input, axes: first..<last + 1, .reduce(reduction))
  }
}

extension StepBuilder {
  /// A kernel along neighbouring axes that others follow; what is fused behind it follows in steps
  /// of its own.
  fileprivate mutating func addColumns(
    _ instruction: Instruction, _ input: Tensor, axes: Range<Int>, _ operation: ColumnOperation
  ) throws -> Bool {
    guard let set = instructionSet, input.count > 0 else { return false }
    let sizes = input.sizes
    let kernel = try ColumnKernel(
      operation, outer: sizes[..<axes.lowerBound].reduce(1, *), size: sizes[axes].reduce(1, *),
      inner: sizes[axes.upperBound...].reduce(1, *), instructionSet: set)
    let x = try dense(input)
    let y = try result(instruction.result)
    if kernel.count == input.count { mayReplace(x, by: y) }
    let threads = threads
    add(kernel.kernelName, instruction.title, instruction.origin, inputs: [x], outputs: [y]) {
      kernel.run(x.elements($0), into: y.elements($0), threads: threads)
    }
    try addOperations(instruction.epilogue.operations, of: instruction)
    return true
  }
}
