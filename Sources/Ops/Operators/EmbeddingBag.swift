import MartletTensor

/// Sums, means and maxima of runs of rows of a table.
package enum EmbeddingBagFamily {
  package static let operators: [Operator] = [plain, padded]

  /// The rows `weight[indices]`, each bag's — from its offset to the next — made one by `mode`:
  /// 0 sum, 1 mean, 2 maximum. An empty bag gives zeros.
  ///
  /// The other results serve training: the bag of each index, the bags' sizes, the maxima's rows;
  /// PyTorch leaves them empty or zero where a sum does not need them.
  static let plain = Operator(
    "aten::embedding_bag(Tensor weight, Tensor indices, Tensor offsets, "
      + "bool scale_grad_by_freq=False, int mode=0, bool sparse=False, "
      + "Tensor? per_sample_weights=None, bool include_last_offset=False) -> "
      + "(Tensor, Tensor, Tensor, Tensor)",
    .kernel(infer: { try Call($0).specs }, compute: { try Call($0).evaluate(into: $1) }))

  /// As without it, but rows equal to `padding_idx` do not count.
  static let padded = Operator(
    "aten::embedding_bag.padding_idx(Tensor weight, Tensor indices, Tensor offsets, "
      + "bool scale_grad_by_freq, int mode, bool sparse, Tensor? per_sample_weights, "
      + "bool include_last_offset, int? padding_idx) -> (Tensor, Tensor, Tensor, Tensor)",
    .kernel(infer: { try Call($0).specs }, compute: { try Call($0).evaluate(into: $1) }))

  private struct Call {
    let weight, indices, offsets: Tensor
    let scales: Tensor?
    let mode: Int
    let bags: Int
    let padding: Int?

    init(_ arguments: Arguments) throws {
      weight = try arguments.tensor("weight")
      let given = try arguments.tensor("indices")
      indices = given.dim == 2 ? try given.reshapedView([given.count]) : given
      offsets = try arguments.tensor("offsets")
      scales = try arguments.optionalTensor("per_sample_weights")
      mode = try arguments.int("mode")
      guard weight.dim == 2, indices.dim == 1, offsets.dim == 1 else {
        throw MartletError(
          .shape,
          "embedding_bag expects weight [V, D], indices [n] and offsets [bags], got "
            + "\(weight.sizes), \(given.sizes) and \(offsets.sizes)")
      }
      for (name, tensor) in [("indices", indices), ("offsets", offsets)] {
        guard tensor.dtype == .int64 || tensor.dtype == .int32 else {
          throw MartletError(
            .dtype, "embedding_bag expects \(name) of int64 or int32, got \(tensor.dtype)")
        }
      }
      try weight.dtype.requireFloating("embedding_bag")
      guard (0...2).contains(mode) else {
        throw MartletError(.argument, "embedding_bag expects mode 0, 1 or 2, got \(mode)")
      }
      if let scales {
        guard mode == 0 else {
          throw MartletError(
            .argument, "embedding_bag: per_sample_weights only supported with mode='sum'")
        }
        guard scales.sizes == indices.sizes, scales.dtype == weight.dtype else {
          throw MartletError(
            .shape,
            "embedding_bag: expected per_sample_weights \(weight.dtype)\(indices.sizes), got "
              + "\(scales.dtype)\(scales.sizes)")
        }
      }
      let includesLast = try arguments.bool("include_last_offset")
      guard !includesLast || offsets.count > 0 else {
        throw MartletError(
          .shape, "include_last_offset: number of offsets should be at least 1")
      }
      bags = offsets.count - (includesLast ? 1 : 0)
      guard arguments.schema.overload == "padding_idx",
        let padding = try arguments.optionalInt("padding_idx")
      else {
        self.padding = nil
        return
      }
      guard padding >= -weight.sizes[0], padding < weight.sizes[0] else {
        throw MartletError(
          .argument,
          "padding_idx must be within the number of embeddings, -\(weight.sizes[0]) through "
            + "\(weight.sizes[0] - 1), but got \(padding)")
      }
      self.padding = padding < 0 ? padding + weight.sizes[0] : padding
    }

    /// Whether PyTorch's sum runs without noting each index's bag.
    private var notesNothing: Bool { mode == 0 && weight.dtype != .float64 && padding == nil }

    var specs: [TensorSpec] {
      let width = weight.sizes[1]
      let whole = DType.promote(indices.dtype, offsets.dtype)
      return [
        TensorSpec([bags, width], weight.dtype),
        TensorSpec([notesNothing ? 0 : indices.count], whole),
        TensorSpec([mode == 0 ? offsets.count : bags], whole),
        TensorSpec(mode == 2 ? [bags, width] : [mode == 0 ? offsets.count : bags], whole),
      ]
    }

    func evaluate(into results: [Tensor]) throws {
      if weight.dtype == .float64 {
        try evaluate(Double.self, results)
      } else {
        try evaluate(Float.self, results)
      }
    }

    private func evaluate<T: RealElement>(_ type: T.Type, _ results: [Tensor]) throws {
      let rows = try indices.converted(to: .int64).elements(as: Int64.self).map { Int($0) }
      var starts = try offsets.converted(to: .int64).elements(as: Int64.self).map { Int($0) }
      guard (starts.first ?? 0) == 0, (starts.last ?? 0) <= rows.count else {
        throw MartletError(
          .index,
          "embedding_bag: offsets must start at 0 and end at most at \(rows.count), got \(starts)")
      }
      if starts.count == bags { starts.append(rows.count) }
      let (height, width) = (weight.sizes[0], weight.sizes[1])
      for row in rows where row < 0 || row >= height {
        throw MartletError(
          .index, "embedding_bag expects indices in 0 ..< \(height), got \(row)")
      }
      let factors: [T]? = try scales?.converted(to: T.dtype).elements()
      var bagOf: [Int64] = []
      var counts: [Int64] = []
      var maxima = [Int64](repeating: 0, count: bags * width)
      try weight.withElements(as: T.self) { from in
        try results[0].fill(as: T.self) { to in
          for bag in 0..<bags {
            guard starts[bag] <= starts[bag + 1] else {
              throw MartletError(.index, "embedding_bag: offsets must not fall, got \(starts)")
            }
            var count: Int64 = 0
            for d in 0..<width { to[bag * width + d] = 0 }
            for n in starts[bag]..<starts[bag + 1] {
              bagOf.append(Int64(bag))
              if rows[n] == padding { continue }
              for d in 0..<width {
                let value = from[rows[n] * width + d] * (factors?[n] ?? 1)
                let place = bag * width + d
                if mode != 2 {
                  to[place] += value
                } else if count == 0 || value > to[place] {
                  to[place] = value
                  maxima[place] = Int64(rows[n])
                }
              }
              count += 1
            }
            if mode == 1, count > 0 {
              for d in 0..<width { to[bag * width + d] /= T(count) }
            }
            counts.append(mode == 0 ? 0 : count)
          }
        }
      }
      while counts.count < results[2].count { counts.append(0) }
      try results[1].store(bagOf)
      try results[2].store(counts)
      try results[3].store(mode == 2 ? maxima : counts)
    }
  }
}

extension Tensor {
  /// Writes as many of the values as a new tensor of whole numbers holds.
  fileprivate func store(_ values: [Int64]) throws {
    try fill(as: Int64.self) { to in
      for i in to.indices { to[i] = i < values.count ? values[i] : 0 }
    }
  }
}
