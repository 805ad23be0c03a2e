import MartletTensor

/// Products of several tensors, or over several axes.
package enum TensorProducts {
  package static let operators: [Operator] = [
    chainMatmul, multiDot, tensordot, bilinear, groupedProduct,
  ]

  /// The product of matrices, left to right.
  static let chainMatmul = Operator(
    "aten::chain_matmul(Tensor[] matrices) -> Tensor",
    .composite { arguments in
      let matrices = try arguments.tensors("matrices")
      guard var product = matrices.first else {
        throw MartletError(.argument, "chain_matmul expects at least one matrix")
      }
      for matrix in matrices { try MatrixProducts.checkRank(matrix, 2, "matrices") }
      for matrix in matrices.dropFirst() {
        product = try MatrixProducts.mm(.tensor(product), .tensor(matrix))
      }
      return [.tensor(product)]
    })

  /// The product of matrices; the first and the last may be vectors.
  static let multiDot = Operator(
    "aten::linalg_multi_dot(Tensor[] tensors) -> Tensor",
    .composite { arguments in
      let tensors = try arguments.tensors("tensors")
      guard tensors.count >= 2, var product = tensors.first else {
        throw MartletError(
          .argument, "multi_dot(): expected at least 2 tensors but got \(tensors.count)")
      }
      for (index, tensor) in tensors.enumerated() {
        let isOuter = index == 0 || index == tensors.count - 1
        guard tensor.dim == 2 || (isOuter && tensor.dim == 1) else {
          throw MartletError(
            .shape,
            "multi_dot(): tensor \(index) must be \(isOuter ? "1D or " : "")2D but got "
              + "\(tensor.dim)D")
        }
      }
      for tensor in tensors.dropFirst() {
        product = try MatrixProducts.matmul(.tensor(product), .tensor(tensor))
      }
      return [.tensor(product)]
    })

  /// The sum of products over pairs of axes; the axes that are left follow each other.
  static let tensordot = Operator(
    "aten::tensordot(Tensor self, Tensor other, int[] dims_self, int[] dims_other) -> Tensor",
    takesComplex: true,
    .kernel(
      infer: { arguments in
        let call = try DotCall(arguments)
        return [TensorSpec(call.sizes, call.a.dtype)]
      },
      compute: { arguments, results in
        let call = try DotCall(arguments)
        let rows = call.freeA.reduce(1) { $0 * call.a.sizes[$1] }
        let columns = call.freeB.reduce(1) { $0 * call.b.sizes[$1] }
        let depth = call.depth.reduce(1, *)
        try MatrixProducts.product(
          try call.a.permutedView(call.freeA + call.dimsA).reshapedView([rows, depth]),
          try call.b.permutedView(call.dimsB + call.freeB).reshapedView([depth, columns]),
          into: results[0].viewed(
            Layout(contiguous: [rows, columns], offset: results[0].layout.offset)))
      }))

  private struct DotCall {
    let a, b: Tensor
    let dimsA, dimsB, freeA, freeB, depth: [Int]

    init(_ arguments: Arguments) throws {
      var (a, b) = (try arguments.tensor("self"), try arguments.tensor("other"))
      let (left, right) = (try arguments.ints("dims_self"), try arguments.ints("dims_other"))
      guard left.count == right.count else {
        throw MartletError(
          .argument,
          "both dimension lists should have same length, got \(left) and \(right)")
      }
      let (rankA, rankB) = (a.dim, b.dim)
      dimsA = try left.map { try wrapDim($0, rank: rankA) }
      dimsB = try right.map { try wrapDim($0, rank: rankB) }
      guard Set(dimsA).count == dimsA.count, Set(dimsB).count == dimsB.count else {
        throw MartletError(.argument, "tensordot: an axis is named twice in \(left) or \(right)")
      }
      for (d, e) in zip(dimsA, dimsB) {
        // One element pairs with a sum.
        let (m, n) = (a.sizes[d], b.sizes[e])
        guard m == n || m == 1 || n == 1 else {
          throw MartletError(
            .shape,
            "contracted dimensions need to match, but first has size \(m) in dim \(d) and second "
              + "has size \(n) in dim \(e)")
        }
        var (sizesA, sizesB) = (a.sizes, b.sizes)
        sizesA[d] = m == 1 ? n : m
        sizesB[e] = n == 1 ? m : n
        (a, b) = (a.broadcastView(sizesA), b.broadcastView(sizesB))
      }
      try MatrixProducts.checkDTypes(a, b)
      let (usedA, usedB) = (dimsA, dimsB)
      freeA = (0..<rankA).filter { !usedA.contains($0) }
      freeB = (0..<rankB).filter { !usedB.contains($0) }
      let shared = a.sizes
      depth = dimsA.map { shared[$0] }
      (self.a, self.b) = (a, b)
    }

    var sizes: [Int] { freeA.map { a.sizes[$0] } + freeB.map { b.sizes[$0] } }
  }

  /// `x1ᵀ · weight[o] · x2 + bias[o]` for each `o`: `[…, I] , […, J] → […, O]`
  static let bilinear = Operator(
    "aten::bilinear(Tensor input1, Tensor input2, Tensor weight, Tensor? bias=None) -> Tensor",
    .kernel(
      infer: { arguments in
        let (a, b) = (try arguments.tensor("input1"), try arguments.tensor("input2"))
        let weight = try arguments.tensor("weight")
        guard a.dim == b.dim, a.dim > 0, a.sizes.dropLast() == b.sizes.dropLast() else {
          throw MartletError(
            .shape,
            "bilinear(): input batch dimensions do not match: got \(a.sizes) and \(b.sizes)")
        }
        guard weight.dim == 3, weight.sizes[1] == a.sizes.last, weight.sizes[2] == b.sizes.last
        else {
          throw MartletError(
            .shape,
            "bilinear(): inputs \(a.sizes) and \(b.sizes) do not match weight [out, in1, in2], got "
              + "\(weight.sizes)")
        }
        try MatrixProducts.checkDTypes(a, b)
        try MatrixProducts.checkDTypes(a, weight)
        if let bias = try arguments.optionalTensor("bias") {
          guard bias.sizes == [weight.sizes[0]] else {
            throw MartletError(
              .shape,
              "bilinear(): bias size does not match weight size: got \(bias.sizes) but expected "
                + "[\(weight.sizes[0])]")
          }
          try MatrixProducts.checkDTypes(a, bias)
        }
        return [TensorSpec(a.sizes.dropLast() + [weight.sizes[0]], a.dtype)]
      },
      compute: { arguments, results in
        let weight = try arguments.tensor("weight")
        let (a, b) = (try arguments.tensor("input1"), try arguments.tensor("input2"))
        let type = a.dtype.computeType
        let rows = a.sizes.dropLast().reduce(1, *)
        let (outputs, m, n) = (weight.sizes[0], weight.sizes[1], weight.sizes[2])
        // Every pair of elements of both rows, then one product with the flattened weights.
        let pairs = try Tensor.allocate([rows, m, n], type)
        try MatrixProducts.product(
          try a.converted(to: type).reshapedView([rows, m, 1]),
          try b.converted(to: type).reshapedView([rows, 1, n]), into: pairs)
        try MatrixProducts.product(
          try pairs.reshapedView([rows, m * n]),
          try weight.converted(to: type).reshapedView([outputs, m * n]).transposedView(0, 1),
          into: results[0].viewed(
            Layout(contiguous: [rows, outputs], offset: results[0].layout.offset)),
          adding: try arguments.optionalTensor("bias"))
      }))

  /// A product for each group, the groups' ends in `offs`: rows of `self` where it is a matrix,
  /// columns of `mat2` where that is one, the summed axis where both are. Without `offs` both are
  /// stacks. What lies behind the last end is zero.
  static let groupedProduct = Operator(
    "aten::_grouped_mm(Tensor self, Tensor mat2, Tensor? offs=None, Tensor? bias=None, "
      + "ScalarType? out_dtype=None) -> Tensor",
    .kernel(infer: inferGrouped, compute: computeGrouped))

  @Sendable private static func inferGrouped(_ arguments: Arguments) throws -> [TensorSpec] {
    let (a, b) = (try arguments.tensor("self"), try arguments.tensor("mat2"))
    let ends = try arguments.optionalTensor("offs")
    guard a.dim == 2 || a.dim == 3, b.dim == 2 || b.dim == 3 else {
      throw MartletError(
        .shape, "_grouped_mm expects matrices or stacks of them, got \(a.sizes) and \(b.sizes)")
    }
    guard (ends != nil) == (a.dim == 2 || b.dim == 2) else {
      throw MartletError(.argument, "_grouped_mm: have to provide offsets if there is a 2d matrix")
    }
    guard a.sizes[a.dim - 1] == b.sizes[b.dim - 2] else {
      throw MartletError(
        .shape,
        "_grouped_mm: contraction dimension of self and mat2 must match, got \(a.sizes) and "
          + "\(b.sizes)")
    }
    guard try arguments.optionalTensor("bias") == nil else {
      throw MartletError(.argument, "_grouped_mm: bias not supported yet")
    }
    try MatrixProducts.checkDTypes(a, b)
    try a.dtype.requireFloating("_grouped_mm")
    guard try arguments.dtype("out_dtype") ?? a.dtype == a.dtype else {
      throw MartletError(.dtype, "grouped gemm output dtype must match \(a.dtype)")
    }
    if let ends {
      guard ends.dim == 1, ends.dtype == .int32 else {
        throw MartletError(.dtype, "_grouped_mm: offsets must be a vector of int32")
      }
    }
    let groups = a.dim == 3 ? a.sizes[0] : b.dim == 3 ? b.sizes[0] : ends?.count ?? 0
    guard (ends?.count ?? groups) == groups, a.dim == 2 || b.dim == 2 || b.sizes[0] == groups else {
      throw MartletError(
        .shape, "_grouped_mm: the numbers of groups differ in \(a.sizes), \(b.sizes) and offs")
    }
    let matrix = [a.sizes[a.dim - 2], b.sizes[b.dim - 1]]
    return [TensorSpec(a.dim == b.dim ? [groups] + matrix : matrix, a.dtype)]
  }

  @Sendable private static func computeGrouped(_ arguments: Arguments, _ results: [Tensor]) throws {
    let (a, b) = (try arguments.tensor("self"), try arguments.tensor("mat2"))
    guard let offsets = try arguments.optionalTensor("offs") else {
      return try MatrixProducts.product(a, b, into: results[0])
    }
    let type = a.dtype.computeType
    let ends = try offsets.converted(to: .int64).elements(as: Int64.self).map { Int($0) }
    let length = a.dim == 2 ? (b.dim == 2 ? a.sizes[1] : a.sizes[0]) : b.sizes[1]
    let zeros = try Tensor.filled(results[0].sizes, type, with: 0)
    try MatrixProducts.filling(results[0], startingFrom: zeros) { target in
      var start = 0
      for (group, end) in ends.enumerated() {
        guard end >= start, end <= length else {
          throw MartletError(
            .index, "_grouped_mm: offsets must rise from 0 to at most \(length), got \(ends)")
        }
        let count = end - start
        var left = a.dim == 3 ? a.selectedView(0, group) : a
        var right = b.dim == 3 ? b.selectedView(0, group) : b
        let columns = results[0].sizes[results[0].dim - 1]
        var offset = 0
        if a.dim == 2, b.dim == 2 {
          left = left.narrowedView(1, start, count)
          right = right.narrowedView(0, start, count)
          offset = group * a.sizes[0] * columns
        } else if a.dim == 2 {
          left = left.narrowedView(0, start, count)
          offset = start * columns
        } else {
          right = right.narrowedView(1, start, count)
          offset = start
        }
        try matrixProduct(
          try Matrices(left, computingIn: type), try Matrices(right, computingIn: type),
          into: Matrices(
            target, rows: left.sizes[0], columns: right.sizes[1], stride: columns, offset: offset))
        start = end
      }
    }
  }
}

extension F {
  /// `x1ᵀ · weight[o] · x2 + bias[o]`: `[…, I]` and `[…, J]` give `[…, O]`.
  ///
  /// - Parameter weight: `[O, I, J]`.
  /// - Throws: `MartletError` when sizes or dtypes do not fit.
  public static func bilinear(
    _ input1: Tensor, _ input2: Tensor, _ weight: Tensor, _ bias: Tensor? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try TensorProducts.bilinear(
      .tensor(input1), .tensor(input2), .tensor(weight), bias.value,
      at: SourceLocation(file, line))
  }
}
