import MartletTensor

/// Rows of quantised tables as float32 (`torch.ops.quantized.embedding_byte`).
enum QuantizedEmbeddings {
  package static let operators: [Operator] = [rows, bags]

  private static let type = PackedParameters.embeddingClass

  static let rows = Operator(
    "quantized::embedding_byte(\(type) weight, Tensor indices, bool pruned_weights=False) "
      + "-> Tensor",
    .composite { arguments in
      let table = try arguments.packedEmbedding("weight").weight.dequantized()
      return [.tensor(try EmbeddingFamily.embedding(.tensor(table), arguments["indices"]))]
    })

  /// Sums of rows, each bag's from its offset to the next; without offsets, `indices` has a row for
  /// each bag.
  static let bags = Operator(
    "quantized::embedding_bag_byte(\(type) weight, Tensor indices, Tensor? offsets=None, "
      + "bool scale_grad_by_freq=False, int mode=0, bool pruned_weights=False, "
      + "Tensor? per_sample_weights=None, Tensor? compressed_indices_mapping=None, "
      + "bool include_last_offset=False) -> Tensor",
    .composite { arguments in
      let table = try arguments.packedEmbedding("weight").weight.dequantized()
      guard try arguments.optionalTensor("compressed_indices_mapping") == nil,
        try !arguments.bool("pruned_weights")
      else {
        throw MartletError(
          .unsupported, "quantized::embedding_bag_byte takes no pruned tables here")
      }
      let indices = try arguments.tensor("indices")
      let offsets: Tensor
      if let given = try arguments.optionalTensor("offsets") {
        guard indices.dim == 1 else {
          throw MartletError(
            .shape, "with offsets, indices must be a vector, got \(indices.sizes)")
        }
        offsets = given
      } else {
        guard indices.dim == 2 else {
          throw MartletError(
            .shape, "without offsets, indices must be a matrix, got \(indices.sizes)")
        }
        offsets = try Tensor(
          (0..<indices.sizes[0]).map { Int64($0 * indices.sizes[1]) })
      }
      // Whatever the mode, PyTorch sums.
      return [
        try EmbeddingBagFamily.plain.call(
          [
            .tensor(table), .tensor(try indices.converted(to: .int64)),
            .tensor(try offsets.converted(to: .int64)), false, 0, false,
            arguments["per_sample_weights"], arguments["include_last_offset"],
          ], at: nil)[0]
      ]
    })
}
