import MartletKernels
import MartletOps
import MartletTensor

/// Products of matrices that are both computed in the run: the second is packed by each run.
extension StepBuilder {
  /// Rows that share a packed matrix, from which on packing it pays.
  private static let leastRows = 12

  mutating func addComputedProduct(
    _ instruction: Instruction, _ left: String, _ right: String
  ) throws -> Bool {
    let a = try instruction.arguments.tensor(left)
    let b = try instruction.arguments.tensor(right)
    guard let set = instructionSet, instruction.isFloat32, a.dim >= 2, b.dim >= 3 || b.dim == 2,
      b.isMeta, a.count > 0, b.count > 0,
      b.dim == 2 || a.sizes.dropLast(2) == b.sizes.dropLast(2),
      let chain = BlockedChain(
        instruction.epilogue.operations, channelAxis: instruction.result.dim - 1)
    else { return false }
    let count = b.sizes.dropLast(2).reduce(1, *)
    let (depth, columns) = (b.sizes[b.dim - 2], b.sizes[b.dim - 1])
    let rows = a.count / count / depth
    guard rows >= Self.leastRows, columns >= set.lanes, depth >= 4 else { return false }
    let (w, matrix, bStride) = try KernelRegistry.batchOperand(b, count, &self)
    var (x, left, aStride) =
      b.dim == 2
      ? (try dense(a), MatrixLayout(rows: rows, columns: depth), 0)
      : try KernelRegistry.batchOperand(a, count, &self)
    if left.isTransposed {
      let copy = try a.placeholder()
      x = try materialize(a, as: copy, origin: instruction.origin)
      (left, aStride) = (MatrixLayout(rows: rows, columns: depth), rows * depth)
    }
    guard
      let kernel = try PackedGEMM(
        rows: rows, columns: columns, depth: depth,
        layout: matrix.isTransposed ? .columnsByDepth : .depthByColumns, xStride: left.stride,
        hasBias: false, epilogue: chain.operations, instructionSet: set)
    else { return false }
    let packedStride = (kernel.packedCount + 15) / 16 * 16
    let scratch = scratch(packedStride * count)
    let operands = try denseOperands(chain)
    let list = list(operands)
    let y = try result(instruction.result)
    let packing = Batch(count: count, aStride: bStride, cStride: packedStride)
    let batch = Batch(
      count: count, aStride: aStride, bStride: packedStride, cStride: rows * columns)
    let threads = threads
    let (from, stride) = (x, matrix.stride)
    add(
      kernel.kernelName, instruction.title, instruction.origin, inputs: [x, w] + operands,
      outputs: [y], scratch: [scratch]
    ) { context in
      let packed = scratch.elements(context)
      kernel.pack(
        w.elements(context), stride: stride, bias: nil, into: packed, batch: packing,
        threads: threads)
      kernel.run(
        from.elements(context), packed: packed, into: y.elements(context),
        operands: list.elements(context), batch: batch, threads: threads)
    }
    return true
  }
}
