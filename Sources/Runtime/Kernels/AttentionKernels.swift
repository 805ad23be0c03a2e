import MartletKernels
import MartletOps
import MartletTensor

/// Scaled-dot-product attention, float32.
extension KernelRegistry {
  static let attentionKernels: [String: KernelBuild] = [
    "aten::scaled_dot_product_attention": buildAttention
  ]

  @Sendable private static func buildAttention(
    _ instruction: Instruction, _ builder: inout StepBuilder
  ) throws -> Bool {
    let arguments = instruction.arguments
    guard try arguments.double("dropout_p") == 0, instruction.result.count > 0,
      let heads = try AttentionHeads(arguments, result: instruction.result),
      heads.key.sizes[2] > 0
    else { return false }
    let (query, key, value) = (heads.query, heads.key, heads.value)
    let sizes = [query.sizes[0], query.sizes[1], query.sizes[2], key.sizes[2]]
    let mask = try heads.mask.map { try builder.additiveMask($0, instruction.origin) }
    var maskPlace: AttentionGeometry.Operand?
    if let mask {
      let strides = mask.strides
      guard strides[3] == 1 || sizes[3] == 1 else { return false }
      maskPlace = .init(
        batchStride: strides[0], headStride: strides[1], rowStride: strides[2])
    }
    let q = try rowwise(query, &builder)
    let k = try rowwise(key, &builder)
    let v = try rowwise(value, &builder)
    let maskOperand = try mask.map { try builder.operand($0) }
    let y = try builder.result(instruction.result)
    let geometry = AttentionGeometry(
      batch: sizes[0], heads: sizes[1], queries: sizes[2], keys: sizes[3], width: query.sizes[3],
      valueWidth: value.sizes[3],
      scale: Float(
        try arguments.optionalDouble("scale") ?? 1 / Double(query.sizes[3]).squareRoot()),
      isCausal: try arguments.bool("is_causal"), query: place(q.layout),
      key: place(k.layout), value: place(v.layout), result: place(heads.result), mask: maskPlace)
    let threads = builder.threads
    // A head is one thread's work; which kernel it is must not depend on their number.
    if let set = builder.instructionSet, sizes[0] * sizes[1] >= 4 || sizes[2] <= 64,
      let kernel = try PackedAttention(geometry, instructionSet: set)
    {
      let scratch = builder.scratch(kernel.scratchPerThread * threads)
      builder.add(
        kernel.kernelName, instruction.title, instruction.origin,
        inputs: [q, k, v] + (maskOperand.map { [$0] } ?? []), outputs: [y], scratch: [scratch]
      ) {
        kernel.run(
          query: q.elements($0), key: k.elements($0), value: v.elements($0),
          mask: maskOperand?.elements($0), into: y.elements($0), scratch: scratch.elements($0),
          threads: threads)
      }
      return true
    }
    let scratch = builder.scratch(geometry.scratchPerThread * threads)
    builder.add(
      "attention", instruction.title, instruction.origin,
      inputs: [q, k, v] + (maskOperand.map { [$0] } ?? []), outputs: [y],
      scratch: [scratch]
    ) {
      attention(
        geometry, query: q.elements($0), key: k.elements($0), value: v.elements($0),
        mask: maskOperand?.elements($0), into: y.elements($0), scratch: scratch.elements($0),
        threads: threads)
    }
    return true
  }

  /// The operand as it lies when its rows are dense and apart, else a dense copy.
  private static func rowwise(_ tensor: Tensor, _ builder: inout StepBuilder) throws -> Operand {
    let (sizes, strides) = (tensor.sizes, tensor.strides)
    let isRowwise = (strides[3] == 1 || sizes[3] == 1) && (strides[2] >= sizes[3] || sizes[2] < 2)
    return isRowwise ? try builder.operand(tensor) : try builder.dense(tensor)
  }

  private static func place(_ layout: Layout) -> AttentionGeometry.Operand {
    let strides = layout.strides
    return .init(batchStride: strides[0], headStride: strides[1], rowStride: strides[2])
  }
}
