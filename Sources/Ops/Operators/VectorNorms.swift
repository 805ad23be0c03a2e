import MartletTensor

/// Lengths of vectors, and weights given by length and direction.
package enum VectorNorms {
  package static let operators: [Operator] = [vectorNorm, pairwiseDistance, weightNorm]

  /// `(Σ |x|^ord)^(1/ord)` over the axes `dim` (all where none are given); infinities give the
  /// largest and smallest magnitude, 0 counts what is not zero.
  static let vectorNorm = Operator(
    "aten::linalg_vector_norm(Tensor self, Scalar ord=2, int[1]? dim=None, bool keepdim=False, *, "
      + "ScalarType? dtype=None) -> Tensor",
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        guard x.dtype.isFloatingPoint else {
          throw MartletError(
            .dtype,
            "linalg.vector_norm: expected a floating point tensor as input, got \(x.dtype)")
        }
        let dtype = try arguments.dtype("dtype") ?? x.dtype
        guard dtype.isFloatingPoint, DType.promote(x.dtype, dtype) == dtype else {
          throw MartletError(
            .dtype,
            "linalg.vector_norm: the dtype of the input (\(x.dtype)) should be convertible "
              + "without narrowing to the specified dtype (\(dtype))")
        }
        let axes = try axes(arguments, x)
        let order = try arguments.scalar("ord").double
        if order < 0 || order == .infinity, axes.contains(where: { x.sizes[$0] == 0 }) {
          throw MartletError(
            .shape,
            "linalg.vector_norm cannot compute the \(order) norm over empty axes of \(x.sizes)")
        }
        let keep = try arguments.bool("keepdim")
        let sizes = x.sizes.enumerated().compactMap { d, size in
          axes.contains(d) ? (keep ? 1 : nil) : size
        }
        return [TensorSpec(sizes, dtype)]
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        try norm(
          x, axes: try axes(arguments, x), order: try arguments.scalar("ord").double,
          into: results[0])
      }))

  private static func axes(_ arguments: Arguments, _ x: Tensor) throws -> [Int] {
    let given = try arguments.optionalInts("dim") ?? []
    if given.isEmpty { return Array(0..<x.dim) }
    let axes = try given.map { try wrapDim($0, rank: x.dim) }
    for (index, axis) in axes.enumerated() where axes[..<index].contains(axis) {
      throw MartletError(.argument, "dim \(axis) appears multiple times in the list of dims")
    }
    return axes.filter { $0 < x.dim }
  }

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

  /// The norm over some axes of a tensor of any floating-point dtype.
  static func norm(_ x: Tensor, axes: [Int], order: Double, into result: Tensor) throws {
    if result.count == 0 { return }
    let kept = (0..<x.dim).filter { !axes.contains($0) }
    let rows = x.permutedView(kept + axes)
    let length = axes.reduce(1) { $0 * x.sizes[$1] }
    if result.dtype == .float64 {
      try norm(Double.self, rows, length, order, into: result)
    } else {
      try norm(Float.self, rows, length, order, into: result)
    }
  }

  private static func norm<T: RealElement>(
    _ type: T.Type, _ rows: Tensor, _ length: Int, _ order: Double, into result: Tensor
  ) throws {
    let power = T(rounding: order)
    try rows.withElements(as: T.self) { from in
      try result.fill(as: T.self) { to in
        for row in to.indices {
          let start = row * length
          var sum: T = order == -.infinity ? .infinity : 0
          for i in start..<(start + length) {
            let magnitude = abs(from[i])
            switch order {
            case 2: sum += magnitude * magnitude
            case 1: sum += magnitude
            case 0: sum += magnitude == 0 ? 0 : 1
            case .infinity: if magnitude > sum || magnitude.isNaN { sum = magnitude }
            case -.infinity: if magnitude < sum || magnitude.isNaN { sum = magnitude }
            default: sum += T.power(magnitude, power)
            }
          }
          to[row] =
            switch order {
            case 2: sum.squareRoot()
            case 0, 1, .infinity, -.infinity: sum
            default: T.power(sum, 1 / power)
            }
        }
      }
    }
  }
}
