import MartletKernels
import MartletOps
import MartletTensor

/// Softmax and reductions in float32.
extension KernelRegistry {
  static let rowKernels: [String: KernelBuild] = [
    "aten::softmax.int": buildSoftmax,
    "aten::mean": { try buildReduction(.mean, $0, &$1) },
    "aten::mean.dim": { try buildReduction(.mean, $0, &$1) },
    "aten::sum": { try buildReduction(.sum, $0, &$1) },
    "aten::sum.dim_IntList": { try buildReduction(.sum, $0, &$1) },
    "aten::amax": { try buildReduction(.maximum, $0, &$1) },
  ]

  @Sendable private static func buildSoftmax(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let input = try instruction.arguments.tensor("self")
    guard instruction.isFloat32, input.dim > 0 else { return false }
    let dim = try instruction.arguments.dim("dim", rank: input.dim)
    let size = input.sizes[dim]
    let outer = input.sizes[..<dim].reduce(1, *)
    let inner = input.sizes[(dim + 1)...].reduce(1, *)
    let x = try builder.dense(input)
    let y = try builder.result(instruction.result)
    builder.mayReplace(x, by: y)
    let threads = builder.threads
    builder.add("softmax", instruction.title, instruction.origin, inputs: [x], outputs: [y]) {
      softmax(
        x.elements($0), into: y.elements($0), outer: outer, size: size, inner: inner,
        threads: threads)
    }
    return true
  }

  private static func buildReduction(
    _ reduction: RowReduction, _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let input = try instruction.arguments.tensor("self")
    guard instruction.isFloat32 else { return false }
    let rank = input.dim
    var dims: [Int] = []
    if instruction.operation.schema.arguments.contains(where: { $0.name == "dim" }) {
      dims = try (instruction.arguments.optionalInts("dim") ?? []).map {
        try wrapDim($0, rank: rank)
      }.sorted()
    }
    if dims.isEmpty { dims = Array(0..<rank) }
    // Neighbouring axes only; others go by the reference.
    guard zip(dims, dims.dropFirst()).allSatisfy({ $0 + 1 == $1 }) else { return false }
    let first = dims.first ?? 0
    let size = rank == 0 ? 1 : dims.map { input.sizes[$0] }.reduce(1, *)
    let outer = input.sizes.prefix(first).reduce(1, *)
    let inner = input.sizes.dropFirst(first + dims.count).reduce(1, *)
    guard reduction != .maximum || size > 0 else { return false }
    let x = try builder.dense(input)
    let y = try builder.result(instruction.result)
    let threads = builder.threads
    builder.add("reduce", instruction.title, instruction.origin, inputs: [x], outputs: [y]) {
      reduce(
        reduction, x.elements($0), into: y.elements($0), outer: outer, size: size, inner: inner,
        threads: threads)
    }
    return true
  }
}
