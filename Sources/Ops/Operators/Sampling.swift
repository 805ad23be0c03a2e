import MartletTensor

/// Places drawn with given weights.
package enum Sampling {
  package static let operators: [Operator] = [multinomial]

  /// Indices of the last axis, drawn with probabilities in the ratio of its elements, with or
  /// without putting them back: PyTorch's numbers for the same seed.
  static let multinomial = Operator(
    "aten::multinomial(Tensor self, SymInt num_samples, bool replacement=False, *, "
      + "Generator? generator=None) -> Tensor", isRandom: true,
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        let count = try arguments.int("num_samples")
        guard x.dim == 1 || x.dim == 2 else {
          throw MartletError(.shape, "prob_dist must be 1 or 2 dim, got \(x.sizes)")
        }
        guard x.dtype.isFloatingPoint else {
          throw MartletError(
            .dtype,
            "multinomial only supports floating-point dtypes for input, got: \(x.dtype.formalName)")
        }
        guard count > 0 else {
          throw MartletError(.argument, "cannot sample n_sample <= 0 samples")
        }
        if try !arguments.bool("replacement"), count > x.sizes[x.dim - 1] {
          throw MartletError(
            .argument, "cannot sample n_sample > prob_dist.size(-1) samples without replacement")
        }
        return [TensorSpec(x.sizes.dropLast() + [count], .int64)]
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        if results[0].count == 0 { return }
        try check(x)
        let count = results[0].sizes[results[0].dim - 1]
        if try arguments.bool("replacement"), count > 1 {
          return try drawReplacing(x, count, into: results[0])
        }
        let noise = try Tensor.exponential(x.sizes, rate: 1, dtype: x.dtype)
        let race = try x.compacted() / noise
        let found =
          count == 1
          ? try aten("argmax", race, -1, true)
          : try Tensor(atenResults("topk", [race, count])[1])
        try found.convert(into: results[0])
      }))

  private static func check(_ x: Tensor) throws {
    let row = x.sizes[x.dim - 1]
    let values: [Double] = try x.converted(to: .float64).elements()
    for start in stride(from: 0, to: values.count, by: max(row, 1)) {
      let part = values[start..<start + row]
      guard part.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
        throw MartletError(
          .value, "probability tensor contains either `inf`, `nan` or element < 0")
      }
      guard part.contains(where: { $0 > 0 }) else {
        throw MartletError(
          .value, "invalid multinomial distribution (sum of probabilities <= 0)")
      }
    }
  }

  private static func drawReplacing(_ x: Tensor, _ count: Int, into result: Tensor) throws {
    let row = x.sizes[x.dim - 1]
    let rows = x.layout.count / row
    let values: [Double] = try x.converted(to: .float64).elements()
    let isNarrow = x.dtype != .float64
    let draws: [Double] = try Tensor.uniform([rows * count], from: 0, to: 1, dtype: .float64)
      .elements()
    var found: [Int64] = []
    for r in 0..<rows {
      var (sums, sum) = ([Double](), 0.0)
      for value in values[r * row..<(r + 1) * row] {
        sum = isNarrow ? Double(Float(sum) + Float(value)) : sum + value
        sums.append(sum)
      }
      sums = sums.map { isNarrow ? Double(Float($0) / Float(sum)) : $0 / sum }
      sums[row - 1] = 1
      for sample in draws[r * count..<(r + 1) * count] {
        var (low, high) = (0, row)
        while low < high {
          let middle = low + (high - low) / 2
          if sums[middle] < sample { low = middle + 1 } else { high = middle }
        }
        found.append(Int64(low))
      }
    }
    try result.writeUnshared(as: Int64.self) { to in
      for i in found.indices { to[i] = found[i] }
    }
  }
}

extension Tensor {
  /// Indices of the last axis, drawn with probabilities in the ratio of its elements
  /// (`torch.multinomial`): `[N, C] -> [N, numSamples]`, or without the first axis.
  ///
  /// - Throws: `MartletError` of kind `.value` for negative or infinite elements or a row of
  ///   zeros, `.argument` for more samples than elements without replacement.
  public func multinomial(
    _ numSamples: Int, replacement: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Sampling.multinomial(
      .tensor(self), numSamples.value, replacement.value, nil, at: SourceLocation(file, line))
  }
}
