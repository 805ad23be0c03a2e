import MartletTensor

/// Running sums, products and extremes along an axis.
package enum Cumulative {
  package static let operators: [Operator] = [
    cumsum, cumprod, cummax, cummin, logcumsumexp, diff,
  ]

  static let cumsum = Operator(
    "aten::cumsum(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor", takesComplex: true,
    running(Sums.summed, start: 0, { $0 + $1 }, { $0 &+ $1 }, { $0 + $1 }))
  static let cumprod = Operator(
    "aten::cumprod(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor", takesComplex: true,
    running(Sums.summed, start: 1, { $0 * $1 }, { $0 &* $1 }, { $0 * $1 }))
  static let logcumsumexp = Operator(
    "aten::logcumsumexp(Tensor self, int dim) -> Tensor",
    running(
      { arguments in
        let x = try arguments.tensor("self")
        try x.dtype.requireFloating("logcumsumexp")
        return (x, x.dtype)
      }, start: -.infinity, logAddExp, { $1 }))

  /// With the index of the last such element.
  static let cummax = Operator(
    "aten::cummax(Tensor self, int dim) -> (Tensor values, Tensor indices)",
    extremes { $0 >= $1 })
  static let cummin = Operator(
    "aten::cummin(Tensor self, int dim) -> (Tensor values, Tensor indices)",
    extremes { $0 <= $1 })

  /// Differences of neighbours, `n` times over.
  static let diff = Operator(
    "aten::diff(Tensor self, int n=1, int dim=-1, Tensor? prepend=None, Tensor? append=None)"
      + " -> Tensor",
    .composite { arguments in
      var x = try arguments.tensor("self")
      guard x.dim > 0 else {
        throw MartletError(.shape, "diff expects input to be at least one-dimensional")
      }
      let dim = try arguments.dim("dim", rank: x.dim)
      let order = try arguments.int("n")
      guard order >= 0 else {
        throw MartletError(.argument, "order must be non-negative but got \(order)")
      }
      let parts = [
        try arguments.optionalTensor("prepend"), x, try arguments.optionalTensor("append"),
      ].compactMap { $0 }
      for part in parts where part.dim != x.dim {
        throw MartletError(
          .shape,
          "diff expects prepend or append to be the same dimension as input, got \(part.dim) and "
            + "\(x.dim)")
      }
      if order > 0, parts.count > 1 { x = try Tensor(try Joining.joined(parts, dim)) }
      for _ in 0..<min(order, x.sizes[dim]) {
        let size = x.sizes[dim]
        let later = Slicing.sliced(x, dim, 1..<size)
        let earlier = Slicing.sliced(x, dim, 0..<(size - 1))
        x =
          x.dtype == .bool
          ? try Logic.logicalXor(.tensor(later), .tensor(earlier))
          : try later.sub(earlier)
      }
      if order > 0, x.sizes[dim] == 0 { x = try x.copied() }
      return [.tensor(x)]
    })

  /// Calls `body` with the first element and the step of each line along an axis of a contiguous
  /// tensor.
  static func forEachLine(
    _ sizes: [Int], _ dim: Int, _ body: (_ start: Int, _ step: Int) throws -> Void
  ) rethrows {
    let inner = sizes.dropFirst(dim + 1).reduce(1, *)
    let count = sizes.isEmpty ? 1 : sizes[dim]
    if count == 0 { return }
    for outer in 0..<sizes.prefix(dim).reduce(1, *) {
      for i in 0..<inner { try body(outer * count * inner + i, inner) }
    }
  }

  private static func running(
    _ argument: @escaping @Sendable (Arguments) throws -> (Tensor, DType), start: Double,
    _ float: @escaping @Sendable (Double, Double) -> Double,
    _ integer: @escaping @Sendable (Int64, Int64) -> Int64,
    _ complex: (@Sendable (Complex<Double>, Complex<Double>) -> Complex<Double>)? = nil
  ) -> Operator.Body {
    .kernel(
      infer: { arguments in
        let (x, dtype) = try argument(arguments)
        _ = try arguments.dim("dim", rank: x.dim)
        return [TensorSpec(x.sizes, dtype)]
      },
      compute: { arguments, results in
        let (x, dtype) = try argument(arguments)
        let dim = try arguments.dim("dim", rank: x.dim)
        let given = try x.converted(to: dtype)
        if dtype.isComplex, let complex {
          try run(given, dim, Complex(start), complex, into: results[0])
        } else if dtype.isFloatingPoint {
          try run(given, dim, start, float, into: results[0])
        } else {
          try run(given, dim, Int64(start), integer, into: results[0])
        }
      })
  }

  /// Floating-point values run in double precision.
  private static func run<T: TensorElement>(
    _ x: Tensor, _ dim: Int, _ start: T, _ function: (T, T) -> T, into result: Tensor
  ) throws {
    let count = x.dim == 0 ? 1 : x.sizes[dim]
    try x.withElements(as: T.self) { from in
      try result.fill(as: T.self) { to in
        forEachLine(x.sizes, dim) { first, step in
          var value = start
          for k in 0..<count {
            value = function(value, from[first + k * step])
            to[first + k * step] = value
          }
        }
      }
    }
  }

  private static let logAddExp: @Sendable (Double, Double) -> Double = { a, b in
    let high = larger(a, b)
    if high.isInfinite || high.isNaN { return a.isNaN || b.isNaN ? .nan : high }
    return high
      + Double.logarithm(
        Double.exponential(a - high) + Double.exponential(b - high))
  }

  private static func extremes(
    _ replaces: @escaping @Sendable (Double, Double) -> Bool
  ) -> Operator.Body {
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        _ = try arguments.dim("dim", rank: x.dim)
        return [TensorSpec(x.sizes, x.dtype), TensorSpec(x.sizes, .int64)]
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        let dim = try arguments.dim("dim", rank: x.dim)
        let count = x.dim == 0 ? 1 : x.sizes[dim]
        var places = [Int](repeating: 0, count: x.count)
        try x.withElements(as: Double.self) { from in
          try results[1].writeUnshared(as: Int64.self) { to in
            forEachLine(x.sizes, dim) { first, step in
              var best = 0
              for k in 0..<count {
                let (value, held) = (from[first + k * step], from[first + best * step])
                if value != value || (held == held && replaces(value, held)) { best = k }
                to[first + k * step] = Int64(best)
                places[first + k * step] = first + best * step
              }
            }
          }
        }
        let source = try x.compacted()
        try results[0].overwrite(
          at: Array(places.indices), with: source,
          at: places.map { source.layout.offset + $0 })
      })
  }
}
