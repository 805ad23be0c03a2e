import MartletTensor

/// Products of matrices and vectors.
package enum MatrixProducts {
  package static let operators: [Operator] = [
    matmul, linalgMatmul, mm, bmm, mv, dot, vdot, linear,
  ]

  /// `[n, k] · [k, m] → [n, m]`
  static let mm = Operator(
    "aten::mm(Tensor self, Tensor mat2) -> Tensor", takesComplex: true,
    .kernel(
      infer: { arguments in
        let (a, b) = (try arguments.tensor("self"), try arguments.tensor("mat2"))
        try checkRank(a, 2, "self")
        try checkRank(b, 2, "mat2")
        return [try inferProduct(a, b)]
      },
      compute: { arguments, results in
        try product(
          try arguments.tensor("self"), try arguments.tensor("mat2"), into: results[0])
      }))

  /// `[b, n, k] · [b, k, m] → [b, n, m]`
  static let bmm = Operator(
    "aten::bmm(Tensor self, Tensor mat2) -> Tensor", takesComplex: true,
    .kernel(
      infer: { arguments in
        try [inferBatchProduct(try arguments.tensor("self"), try arguments.tensor("mat2"))]
      },
      compute: { arguments, results in
        try product(
          try arguments.tensor("self"), try arguments.tensor("mat2"), into: results[0])
      }))

  /// `[n, k] · [k] → [n]`
  static let mv = Operator(
    "aten::mv(Tensor self, Tensor vec) -> Tensor", takesComplex: true,
    .kernel(
      infer: { arguments in
        let (a, b) = (try arguments.tensor("self"), try arguments.tensor("vec"))
        try checkRank(a, 2, "self")
        try checkRank(b, 1, "vec")
        let spec = try inferProduct(a, b.unsqueezedView(1))
        return [TensorSpec([spec.sizes[0]], spec.dtype)]
      },
      compute: { arguments, results in
        try product(
          try arguments.tensor("self"), try arguments.tensor("vec").unsqueezedView(1),
          into: results[0].unsqueezedView(1))
      }))

  /// `[k] · [k] → []`
  static let dot = Operator(
    "aten::dot(Tensor self, Tensor tensor) -> Tensor", takesComplex: true,
    .kernel(
      infer: { arguments in
        let (a, b) = (try arguments.tensor("self"), try arguments.tensor("tensor"))
        guard a.dim == 1, b.dim == 1 else {
          throw MartletError(
            .shape, "1D tensors expected, but got \(a.dim)D and \(b.dim)D tensors")
        }
        guard a.count == b.count else {
          throw MartletError(
            .shape,
            "inconsistent tensor size, expected tensor \(a.sizes) and src \(b.sizes) to have the "
              + "same number of elements, but got \(a.count) and \(b.count) elements respectively")
        }
        try checkDTypes(a, b)
        return [TensorSpec([], a.dtype)]
      },
      compute: { arguments, results in
        try product(
          try arguments.tensor("self").unsqueezedView(0),
          try arguments.tensor("tensor").unsqueezedView(1),
          into: results[0].viewed(
            Layout(contiguous: [1, 1], offset: results[0].layout.offset)))
      }))

  /// As `dot`, of the first one's conjugate.
  static let vdot = Operator(
    "aten::vdot(Tensor self, Tensor other) -> Tensor",
    .composite { arguments in
      let conjugate = try ComplexNumbers.conj(arguments["self"])
      return [.tensor(try dot(.tensor(conjugate), arguments["other"]))]
    })

  /// The product of the last two axes, with the axes before them broadcast; vectors count as a
  /// row on the left and as a column on the right.
  static let matmul = Operator(
    "aten::matmul(Tensor self, Tensor other) -> Tensor", takesComplex: true,
    .kernel(infer: inferMatmul, compute: computeMatmul))

  static let linalgMatmul = Operator(
    "aten::linalg_matmul(Tensor self, Tensor other) -> Tensor", takesComplex: true,
    .kernel(infer: inferMatmul, compute: computeMatmul))

  @Sendable private static func inferMatmul(_ arguments: Arguments) throws -> [TensorSpec] {
    let (a, b) = (try arguments.tensor("self"), try arguments.tensor("other"))
    guard a.dim > 0, b.dim > 0 else {
      throw MartletError(
        .shape,
        "both arguments to matmul need to be at least 1D, but they are \(a.dim)D and \(b.dim)D")
    }
    let left = a.dim == 1 ? a.unsqueezedView(0) : a
    let right = b.dim == 1 ? b.unsqueezedView(1) : b
    let matrix = try inferProduct(left, right)
    var sizes = try broadcast([Array(left.sizes.dropLast(2)), Array(right.sizes.dropLast(2))])
    if a.dim > 1 { sizes.append(matrix.sizes[0]) }
    if b.dim > 1 { sizes.append(matrix.sizes[1]) }
    return [TensorSpec(sizes, matrix.dtype)]
  }

  @Sendable private static func computeMatmul(_ arguments: Arguments, _ results: [Tensor]) throws {
    let (a, b) = (try arguments.tensor("self"), try arguments.tensor("other"))
    try broadcastProduct(
      a.dim == 1 ? a.unsqueezedView(0) : a, b.dim == 1 ? b.unsqueezedView(1) : b,
      into: results[0])
  }

  /// `input · weightᵀ + bias`: `[…, k] · [m, k]ᵀ → […, m]`
  static let linear = Operator(
    "aten::linear(Tensor input, Tensor weight, Tensor? bias=None) -> Tensor", takesComplex: true,
    .kernel(infer: inferLinear, compute: computeLinear))

  @Sendable private static func inferLinear(_ arguments: Arguments) throws -> [TensorSpec] {
    let (x, weight) = (try arguments.tensor("input"), try arguments.tensor("weight"))
    let bias = try arguments.optionalTensor("bias")
    guard x.dim > 0, weight.dim > 0 else {
      throw MartletError(
        .shape,
        "both arguments to linear need to be at least 1D, but they are \(x.dim)D and "
          + "\(weight.dim)D")
    }
    guard weight.dim <= 2 else {
      throw MartletError(.shape, "linear expects a weight of 1 or 2 axes, got \(weight.sizes)")
    }
    try checkDTypes(x, weight)
    guard x.sizes.last == weight.sizes.last else {
      let rows = x.sizes.dropLast().reduce(1, *)
      throw MartletError(
        .shape,
        "mat1 and mat2 shapes cannot be multiplied (\(rows)x\(x.sizes[x.dim - 1]) and "
          + "\(weight.sizes.reversed().map(String.init).joined(separator: "x"))): linear expects "
          + "inputs whose last axis has \(weight.sizes[weight.dim - 1]) elements, got \(x.sizes)")
    }
    let sizes = Array(x.sizes.dropLast()) + weight.sizes.dropLast()
    if let bias {
      try checkDTypes(x, bias)
      guard weight.dim == 2, bias.dim <= max(sizes.count, 1),
        try broadcast([sizes, bias.sizes]) == sizes
      else {
        throw MartletError(
          .shape, "linear's bias must broadcast to its result \(sizes), got \(bias.sizes)")
      }
    }
    return [TensorSpec(sizes, x.dtype)]
  }

  @Sendable private static func computeLinear(_ arguments: Arguments, _ results: [Tensor]) throws {
    let (x, weight) = (try arguments.tensor("input"), try arguments.tensor("weight"))
    let bias = try arguments.optionalTensor("bias")
    let depth = weight.sizes[weight.dim - 1]
    let rows = x.sizes.dropLast().reduce(1, *)
    let columns = weight.dim == 2 ? weight.sizes[0] : 1
    let right = (weight.dim == 2 ? weight : weight.unsqueezedView(0)).transposedView(0, 1)
    let out = results[0]
    try product(
      try x.reshapedView([rows, depth]), right,
      into: out.viewed(
        Layout(contiguous: [rows, columns], offset: out.layout.offset)),
      adding: try bias.map { bias in
        // A bias of several axes may differ from row to row.
        bias.dim <= 1
          ? bias : try bias.broadcastView(out.sizes).reshapedView([rows, columns])
      })
  }
}

extension Tensor {
  /// The matrix product; axes before the last two broadcast (`torch.matmul`).
  ///
  /// - Throws: `MartletError` of kind `.shape` when sizes do not fit, `.dtype` when dtypes differ.
  public func matmul(
    _ other: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor {
    try MatrixProducts.matmul(.tensor(self), .tensor(other), at: SourceLocation(file, line))
  }

  /// The product of two matrices (`torch.mm`).
  public func mm(_ mat2: Tensor, file: StaticString = #fileID, line: UInt = #line) throws -> Tensor
  {
    try MatrixProducts.mm(.tensor(self), .tensor(mat2), at: SourceLocation(file, line))
  }

  /// The products of two stacks of matrices (`torch.bmm`).
  public func bmm(_ mat2: Tensor, file: StaticString = #fileID, line: UInt = #line) throws
    -> Tensor
  {
    try MatrixProducts.bmm(.tensor(self), .tensor(mat2), at: SourceLocation(file, line))
  }

  /// A matrix times a vector (`torch.mv`).
  public func mv(_ vec: Tensor, file: StaticString = #fileID, line: UInt = #line) throws -> Tensor {
    try MatrixProducts.mv(.tensor(self), .tensor(vec), at: SourceLocation(file, line))
  }

  /// The inner product of two vectors (`torch.dot`).
  public func dot(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) throws
    -> Tensor
  {
    try MatrixProducts.dot(.tensor(self), .tensor(other), at: SourceLocation(file, line))
  }
}
