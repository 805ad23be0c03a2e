import MartletKernels
import MartletOps
import MartletTensor

/// Scaled-dot-product attention, float32.
extension KernelRegistry {
  static let attentionKernels: [String: KernelBuild] = [
    "aten::scaled_dot_product_attention": buildAttention
  ]

  /// Batch, heads, queries and keys; nil where the kernels do not take the operands.
  static func attentionSizes(_ instruction: Instruction) throws -> [Int]? {
    guard instruction.name == "aten::scaled_dot_product_attention" else { return nil }
    let arguments = instruction.arguments
    let (query, key) = (try arguments.tensor("query"), try arguments.tensor("key"))
    let value = try arguments.tensor("value")
    guard instruction.isFloat32, query.dim == 4, key.dim == 4, value.dim == 4,
      query.sizes.prefix(2) == key.sizes.prefix(2), key.sizes.prefix(3) == value.sizes.prefix(3),
      try arguments.double("dropout_p") == 0, instruction.result.count > 0, key.sizes[2] > 0
    else { return nil }
    let sizes = [query.sizes[0], query.sizes[1], query.sizes[2], key.sizes[2]]
    if let mask = try arguments.optionalTensor("attn_mask") {
      let strides = broadcastStrides(mask.layout, to: sizes)
      guard mask.dim <= 4, strides[3] == 1 || sizes[3] == 1 else { return nil }
    }
    return sizes
  }

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
    if let set = builder.instructionSet,
      let kernel = try PackedAttention(geometry, instructionSet: set)
    {
      let scratch = builder.scratch(kernel.scratchCount(threads: threads))
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
