import MartletTensor

/// Distances of vectors, and weights given by length and direction.
package enum VectorNorms {
  package static let operators: [Operator] = [pairwiseDistance, weightNorm]

  /// `‖x1 - x2 + eps‖` over the last axis.
  static let pairwiseDistance = Operator(
    "aten::pairwise_distance(Tensor x1, Tensor x2, float p=2., float eps=9.9999999999999995e-07, "
      + "bool keepdim=False) -> Tensor",
    .kernel(
      infer: { arguments in
        let (a, b) = (try arguments.tensor("x1"), try arguments.tensor("x2"))
        let dtype = resultType([.tensor(a), .tensor(b)])
        try dtype.requireFloating("pairwise_distance")
        let sizes = try broadcast([a.sizes, b.sizes])
        let keep = try arguments.bool("keepdim")
        return [TensorSpec(sizes.dropLast() + (keep && !sizes.isEmpty ? [1] : []), dtype)]
      },
      compute: { arguments, results in
        let (a, b) = (try arguments.tensor("x1"), try arguments.tensor("x2"))
        let eps = try arguments.double("eps")
        let narrow = Float(eps)
        let dtype = resultType([.tensor(a), .tensor(b)])
        let distance = try Tensor.allocate(try broadcast([a.sizes, b.sizes]), dtype.computeType)
        try BinaryFunction(float: { $0 - $1 + narrow }, double: { $0 - $1 + eps }).apply(
          a, b, computingIn: dtype, into: distance)
        try norm(
          distance, axes: distance.dim == 0 ? [] : [distance.dim - 1],
          order: try arguments.double("p"), into: results[0])
      }))

  /// `v · g / ‖v‖`, the norm over all axes but `dim` (over all where `dim` is -1).
  static let weightNorm = Operator(
    "aten::_weight_norm(Tensor v, Tensor g, int dim=0) -> Tensor",
    .kernel(
      infer: { arguments in
        let (v, g) = (try arguments.tensor("v"), try arguments.tensor("g"))
        try v.dtype.requireFloating("weight_norm")
        guard v.dtype == g.dtype else {
          throw MartletError(
            .dtype,
            "weight_norm: expected v and g to have the same dtype, got \(v.dtype) and "
              + "\(g.dtype)")
        }
        let dim = try arguments.int("dim")
        guard dim >= -1, dim < v.dim else {
          throw MartletError(
            .index, "weight_norm: expected dim to be between -1 and \(v.dim - 1), got \(dim)")
        }
        guard g.count == (dim < 0 ? 1 : v.sizes[dim]) else {
          throw MartletError(
            .shape, "weight_norm: g \(g.sizes) does not fit axis \(dim) of v \(v.sizes)")
        }
        return [TensorSpec(v.sizes, v.dtype)]
      },
      compute: { arguments, results in
        let (v, g) = (try arguments.tensor("v"), try arguments.tensor("g"))
        let dim = try arguments.int("dim")
        let type = v.dtype.computeType
        let kept = v.sizes.enumerated().map { $0 == dim ? $1 : 1 }
        let norms = try Tensor.allocate(kept, type)
        let wide = try v.converted(to: type)
        try norm(wide, axes: (0..<v.dim).filter { $0 != dim }, order: 2, into: norms)
        let scale = try Tensor.allocate(kept, type)
        let divide = BinaryFunction(float: { $0 / $1 }, double: { $0 / $1 })
        try divide.apply(
          try g.converted(to: type).reshapedView(kept), norms, computingIn: type, into: scale)
        try BinaryFunction(float: { $0 * $1 }, double: { $0 * $1 }).apply(
          wide, scale, computingIn: type, into: results[0])
      }))

  private static func norm(_ x: Tensor, axes: [Int], order: Double, into result: Tensor) throws {
    try NormRow(order).apply(
      x, FoldedAxes(folding: axes, rank: x.dim), computingIn: result.dtype, into: result)
  }
}
