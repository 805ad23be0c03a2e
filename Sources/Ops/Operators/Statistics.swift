import MartletTensor

/// Spread, order and integrals of samples.
package enum Statistics {
  package static let operators: [Operator] =
    [covariance, correlation, renorm, mode]
    + quantiles + integrals

  /// The covariance of variables in rows, observations in columns.
  static let covariance = Operator(
    "aten::cov(Tensor self, *, int correction=1, Tensor? fweights=None, Tensor? aweights=None)"
      + " -> Tensor",
    .composite { arguments in
      let given = try arguments.tensor("self")
      guard given.dim <= 2, given.dtype != .bool else {
        throw MartletError(
          .argument,
          "cov(): expected input to have two or fewer dimensions and numbers but got an input "
            + "with sizes \(given.sizes) of \(given.dtype)")
      }
      let x = try aten("view", given, given.dim < 2 ? [1, -1] : given.sizes)
      let count = x.sizes[1]
      let correction = Double(try arguments.int("correction"))
      var weights: Tensor?
      if let frequencies = try arguments.optionalTensor("fweights") { weights = frequencies }
      if let importance = try arguments.optionalTensor("aweights") {
        weights = try weights.map { try $0 * importance } ?? importance
      }
      guard let weights else {
        let centred = try x - aten("mean.dim", floating(x), [1], true)
        let scale = max(Double(count) - correction, 0)
        return [.tensor(try squeezed(try aten("mm", centred, try centred.t()) / scale))]
      }
      let total = try aten("sum", weights)
      let mean = try aten("sum.dim_IntList", try x * weights, [1], true) / total
      let centred = try x - mean
      var scale = total
      if let importance = try arguments.optionalTensor("aweights") {
        if correction != 0 {
          scale = try total - aten("sum", try weights * importance) / total * correction
        }
      } else {
        scale = try total - correction
      }
      let product = try aten("mm", try centred * weights, try centred.t())
      return [.tensor(try squeezed(try product / aten("clamp_min", scale, 0.0)))]
    })

  /// The covariance over both deviations, within [-1, 1].
  static let correlation = Operator(
    "aten::corrcoef(Tensor self) -> Tensor",
    .composite { arguments in
      let c = try aten("cov", try arguments.tensor("self"))
      if c.dim == 0 { return [.tensor(try c / c)] }
      let deviations = try aten("sqrt", try aten("diagonal", c))
      let scaled = try c / aten("unsqueeze", deviations, 1) / aten("unsqueeze", deviations, 0)
      return [.tensor(try aten("clamp", scaled, -1.0, 1.0))]
    })

  private static func floating(_ x: Tensor) throws -> Tensor {
    x.dtype.isFloatingPoint ? x : try x.converted(to: .float32)
  }

  private static func squeezed(_ x: Tensor) throws -> Tensor { try aten("squeeze", x) }

  /// Slices along an axis, those longer than `maxnorm` shortened to it.
  static let renorm = Operator(
    "aten::renorm(Tensor self, Scalar p, int dim, Scalar maxnorm) -> Tensor",
    .composite { arguments in
      let x = try arguments.tensor("self")
      let (p, longest) = (try arguments.scalar("p").double, try arguments.scalar("maxnorm").double)
      guard p > 0, longest >= 0 else {
        throw MartletError(
          .argument, "renorm: expected p above 0 and maxnorm of at least 0, got \(p), \(longest)")
      }
      guard x.dim > 1 else {
        throw MartletError(
          .shape, "renorm: input needs at least 2 dimensions, got \(x.dim) dimensions")
      }
      let dim = try arguments.dim("dim", rank: x.dim)
      let others = (0..<x.dim).filter { $0 != dim }
      let norm = try aten("linalg_vector_norm", x, p, others, true)
      let factor = try aten("reciprocal", try norm + 1e-7) * longest
      let one = try aten("ones_like", norm)
      return [.tensor(try x * aten("where.self", try norm .> longest, factor, one))]
    })

  /// The most frequent value along an axis, the least of those equally frequent, and the last place
  /// where it stands.
  static let mode = Operator(
    "aten::mode(Tensor self, int dim=-1, bool keepdim=False) -> (Tensor values, Tensor indices)",
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        let dim = try arguments.dim("dim", rank: x.dim)
        var sizes = x.sizes
        if x.dim > 0 {
          guard sizes[dim] > 0 else {
            throw MartletError(.index, "mode(): expected a reduction axis of nonzero size")
          }
          if try arguments.bool("keepdim") { sizes[dim] = 1 } else { sizes.remove(at: dim) }
        }
        return [TensorSpec(sizes, x.dtype), TensorSpec(sizes, .int64)]
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        if results[0].count == 0 { return }
        let dim = try arguments.dim("dim", rank: x.dim)
        let rows = x.dim == 0 ? x.reshapedLine : x.lastAxis(dim)
        let length = rows.sizes.last ?? 1
        let values: [Double] = try rows.converted(to: .float64).elements()
        var places: [Int64] = []
        for start in stride(from: 0, to: values.count, by: length) {
          places.append(Int64(mostFrequent(Array(values[start..<start + length]))))
        }
        try results[1].writeUnshared(as: Int64.self) { to in
          for i in places.indices { to[i] = places[i] }
        }
        let index = results[1].viewed(Layout(contiguous: [places.count, 1]))
        let flat = try rows.copied().viewed(Layout(contiguous: [places.count, length]))
        let picked = try aten("gather", flat, 1, index)
        try picked.viewed(Layout(contiguous: results[0].sizes)).convert(into: results[0])
      }))

  private static func mostFrequent(_ row: [Double]) -> Int {
    let order = row.indices.sorted {
      row[$0] < row[$1] || (row[$0] == row[$1] && $0 < $1)
        || (!row[$0].isNaN && row[$1].isNaN)
    }
    var (best, bestCount, run) = (order[0], 0, 0)
    for (position, index) in order.enumerated() {
      run = position > 0 && row[order[position - 1]] == row[index] ? run + 1 : 1
      if run > bestCount {
        (best, bestCount) = (index, run)
      } else if row[best] == row[index] {
        best = index
      }
    }
    return best
  }

  // The integral by trapezoids, at places `x` or at distances `dx`.
  static let integrals: [Operator] = [
    integral("aten::trapezoid.x(Tensor y, Tensor x, *, int dim=-1) -> Tensor"),
    integral("aten::trapezoid.dx(Tensor y, *, Scalar dx=1, int dim=-1) -> Tensor"),
    integral("aten::trapz.x(Tensor y, Tensor x, *, int dim=-1) -> Tensor"),
    integral("aten::trapz.dx(Tensor y, *, float dx=1., int dim=-1) -> Tensor"),
    integral("aten::cumulative_trapezoid.x(Tensor y, Tensor x, *, int dim=-1) -> Tensor"),
    integral("aten::cumulative_trapezoid.dx(Tensor y, *, Scalar dx=1, int dim=-1) -> Tensor"),
  ]

  private static func integral(_ schema: String) -> Operator {
    let isCumulative = schema.contains("cumulative")
    return Operator(
      schema,
      .composite { arguments in
        let y = try arguments.tensor("y")
        let dim = try arguments.dim("dim", rank: y.dim)
        guard y.dim > 0 else {
          throw MartletError(.shape, "trapezoid: y must have at least one axis")
        }
        let length = y.sizes[dim]
        if length == 0, !isCumulative {
          var sizes = y.sizes
          sizes.remove(at: dim)
          return [.tensor(try aten("new_zeros", y, sizes))]
        }
        func part(_ x: Tensor, _ axis: Int, from start: Int) throws -> Tensor {
          try aten("slice.Tensor", x, axis, start, x.sizes[axis] - 1 + start, 1)
        }
        var pairs = try part(y, dim, from: 1) + part(y, dim, from: 0)
        if arguments.has("x") {
          var x = try arguments.tensor("x")
          if x.dim == 1, y.dim > 1 {
            guard x.count == length else {
              throw MartletError(
                .shape, "trapezoid: there must be one `x` value for each sample point")
            }
            var sizes = [Int](repeating: 1, count: y.dim)
            sizes[dim] = length
            x = try aten("view", x, sizes)
          }
          let axis = x.dim == y.dim ? dim : dim - (y.dim - x.dim)
          pairs = try pairs * (part(x, axis, from: 1) - part(x, axis, from: 0))
          let sum =
            try isCumulative
            ? aten("cumsum", pairs, dim) : aten("sum.dim_IntList", pairs, [dim])
          return [.tensor(try sum / 2)]
        }
        let sum =
          try isCumulative
          ? aten("cumsum", pairs, dim) : aten("sum.dim_IntList", pairs, [dim])
        return [.tensor(try sum * (arguments.scalar("dx").double / 2))]
      })
  }
}

extension Tensor {
  /// The elements with an axis moved to the end.
  func lastAxis(_ dim: Int) -> Tensor {
    permutedView((0..<self.dim).filter { $0 != dim } + [dim])
  }

  /// One element as a row.
  var reshapedLine: Tensor { unsqueezedView(0) }
}
