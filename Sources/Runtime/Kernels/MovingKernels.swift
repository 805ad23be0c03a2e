import MartletKernels
import MartletOps
import MartletTensor

/// Operators that only move elements.
extension KernelRegistry {
  static let movingKernels: [String: KernelBuild] = {
    var kernels: [String: KernelBuild] = [
      "aten::cat": buildConcatenation, "aten::concat": buildConcatenation,
      "aten::concatenate": buildConcatenation, "aten::stack": buildConcatenation,
      "aten::embedding": buildEmbedding,
    ]
    for name in [
      "reshape", "reshape_as", "flatten.using_ints", "ravel", "contiguous", "clone",
      "unflatten.int",
    ] {
      kernels["aten::\(name)"] = buildCopy
    }
    return kernels
  }()

  /// The first argument's elements in row-major order.
  @Sendable private static func buildCopy(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let (input, result) = (instruction.inputs[0], instruction.result)
    guard input.dtype == result.dtype, input.count == result.count, result.isContiguous,
      instruction.outputs.count == 1
    else { return false }
    try builder.materialize(input, as: result, origin: instruction.origin)
    return true
  }

  /// Each part into its place along the axis.
  @Sendable private static func buildConcatenation(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let result = instruction.result
    var parts = try instruction.arguments.tensors("tensors")
    let isStack = instruction.name == "aten::stack"
    // With nothing but empty vectors, `cat` takes any axis.
    let dim = try instruction.arguments.int("dim")
    guard parts.allSatisfy({ $0.dtype == result.dtype }), result.isContiguous,
      let dim = try? wrapDim(dim, rank: result.dim)
    else { return false }
    // `cat` ignores empty vectors beside tensors of more axes.
    if !isStack { parts.removeAll { $0.dim == 1 && $0.count == 0 && result.dim != 1 } }
    let strides = Layout.contiguousStrides(result.sizes)
    var sources: [(operand: Operand, layout: Layout, offset: Int)] = []
    var start = 0
    for part in parts {
      var layout = part.layout
      if isStack {
        layout.sizes.insert(1, at: dim)
        layout.strides.insert(0, at: dim)
      }
      if part.count > 0 {
        sources.append((try builder.operand(part), layout, start * strides[dim]))
      }
      start += layout.sizes[dim]
    }
    let y = try builder.result(result)
    let (threads, set) = (builder.threads, builder.instructionSet)
    let moves = sources.map { part in
      ElementMove(
        from: part.operand, part.layout, to: y, part.offset,
        Layout(sizes: part.layout.sizes, strides: strides), set)
    }
    builder.add(
      "concatenate", instruction.title, instruction.origin, inputs: moves.map(\.source),
      outputs: [y]
    ) { context in
      for move in moves { move.run(context, threads: threads) }
    }
    return true
  }

  @Sendable private static func buildEmbedding(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let weight = try instruction.arguments.tensor("weight")
    let indices = try instruction.arguments.tensor("indices")
    guard weight.dtype == .float32, indices.dtype == .int64, weight.dim == 2 else { return false }
    let table = try builder.dense(weight)
    let places = try builder.dense(indices)
    let y = try builder.result(instruction.result)
    let (rows, width) = (weight.sizes[0], weight.sizes[1])
    let threads = builder.threads
    builder.add(
      "gather", instruction.title, instruction.origin, inputs: [table, places], outputs: [y]
    ) { context in
      let isInside = gatherRows(
        table.elements(context), rows: rows, width: width,
        indices: places.elements(context, of: Int64.self), into: y.elements(context),
        threads: threads)
      if !isInside {
        throw MartletError(
          .index, "an index of the embedding is out of range for its \(rows) rows")
      }
    }
    return true
  }
}
