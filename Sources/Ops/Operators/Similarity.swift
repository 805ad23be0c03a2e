import MartletTensor

/// How alike two vectors are.
package enum Similarity {
  package static let operators: [Operator] = [cosineSimilarity]

  /// `Σ x1 · x2 / (max(‖x1‖, eps) · max(‖x2‖, eps))` along one axis of the broadcast arguments.
  static let cosineSimilarity = Operator(
    "aten::cosine_similarity(Tensor x1, Tensor x2, int dim=1, float eps=1e-08) -> Tensor",
    .kernel(
      infer: { arguments in
        let (a, b) = (try arguments.tensor("x1"), try arguments.tensor("x2"))
        let dtype = resultType([.tensor(a), .tensor(b)])
        guard dtype.isFloatingPoint else {
          throw MartletError(.dtype, "expected common dtype to be floating point, yet got \(dtype)")
        }
        var sizes = try broadcast([a.sizes, b.sizes])
        let axis = try arguments.dim("dim", rank: sizes.count)
        if !sizes.isEmpty { sizes.remove(at: axis) }
        return [TensorSpec(sizes, dtype)]
      },
      compute: { arguments, results in
        if results[0].dtype == .float64 {
          try compute(Double.self, arguments, results[0])
        } else {
          try compute(Float.self, arguments, results[0])
        }
      }))

  private static func compute<T: RealElement>(
    _ type: T.Type, _ arguments: Arguments, _ result: Tensor
  ) throws {
    if result.count == 0 { return }
    let (a, b) = (try arguments.tensor("x1"), try arguments.tensor("x2"))
    let eps = T(rounding: try arguments.double("eps"))
    let sizes = try broadcast([a.sizes, b.sizes])
    let axis = try arguments.dim("dim", rank: sizes.count)
    let length = sizes.isEmpty ? 1 : sizes[axis]
    let inner = sizes.dropFirst(axis + 1).reduce(1, *)
    try a.converted(to: T.dtype).broadcastView(sizes).withElements(as: T.self) { x in
      try b.converted(to: T.dtype).broadcastView(sizes).withElements(as: T.self) { y in
        try result.fill(as: T.self) { to in
          for index in to.indices {
            let start = index / inner * length * inner + index % inner
            var (xx, yy) = (T.zero, T.zero)
            for i in 0..<length {
              let at = start + i * inner
              xx += x[at] * x[at]
              yy += y[at] * y[at]
            }
            let (xNorm, yNorm) = (atLeast(xx.squareRoot(), eps), atLeast(yy.squareRoot(), eps))
            var sum = T.zero
            for i in 0..<length {
              let at = start + i * inner
              sum += x[at] / xNorm * (y[at] / yNorm)
            }
            to[index] = sum
          }
        }
      }
    }
  }

  /// NaN stays.
  private static func atLeast<T: RealElement>(_ x: T, _ least: T) -> T { x < least ? least : x }
}

extension F {
  /// The cosine of the angle between vectors along an axis.
  ///
  /// - Throws: `MartletError` when shapes do not broadcast.
  public static func cosineSimilarity(
    _ x1: Tensor, _ x2: Tensor, dim: Int = 1, eps: Double = 1e-8, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Tensor {
    try Similarity.cosineSimilarity(
      .tensor(x1), .tensor(x2), .int(Dim(dim)), .double(eps), at: SourceLocation(file, line))
  }
}
