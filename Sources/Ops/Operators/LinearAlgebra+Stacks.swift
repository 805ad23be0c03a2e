import MartletTensor

extension LinearAlgebra {
  /// An operator on each square matrix of a stack; `gives` tells the results' last sizes from the
  /// number of rows.
  static func stacked(
    _ schema: String, gives: @escaping @Sendable (Int) -> [[Int]],
    _ function: @escaping @Sendable (DenseMatrix) throws -> [DenseMatrix]
  ) -> Operator {
    Operator(
      schema,
      .kernel(
        infer: { arguments in
          let a = try square(try Tensor(arguments.values[0]), arguments.schema.name)
          return gives(a.sizes[a.dim - 1]).map {
            TensorSpec(a.sizes.dropLast(2) + $0, a.dtype)
          }
        },
        compute: { arguments, results in
          let found = try matrices(try Tensor(arguments.values[0])).map(function)
          for (index, result) in results.enumerated() {
            try write(found.map { $0[index] }, into: result)
          }
        }))
  }

  static func matrix(_ x: Tensor, _ name: String) throws -> Tensor {
    guard x.dim >= 2 else {
      throw MartletError(
        .shape,
        "\(name): The input tensor A must have at least 2 dimensions, got sizes \(x.sizes)")
    }
    guard x.dtype == .float32 || x.dtype == .float64 else {
      throw MartletError(
        .dtype, "\(name): Expected a floating point tensor as input. Got \(x.dtype)")
    }
    return x
  }

  static func square(_ x: Tensor, _ name: String) throws -> Tensor {
    let x = try matrix(x, name)
    guard x.sizes[x.dim - 1] == x.sizes[x.dim - 2] else {
      throw MartletError(
        .shape,
        "\(name): A must be batches of square matrices, but they are \(x.sizes[x.dim - 2]) by "
          + "\(x.sizes[x.dim - 1]) matrices")
    }
    return x
  }

  /// Both as stacks of the same sizes.
  static func aligned(_ a: Tensor, _ b: Tensor) throws -> (Tensor, Tensor) {
    let batch = try broadcast([Array(a.sizes.dropLast(2)), Array(b.sizes.dropLast(2))])
    return (
      a.broadcastView(batch + a.sizes.suffix(2)), b.broadcastView(batch + b.sizes.suffix(2))
    )
  }

  static func matrices(_ x: Tensor) throws -> [DenseMatrix] {
    let (rows, columns) = (x.sizes[x.dim - 2], x.sizes[x.dim - 1])
    let count = x.sizes.dropLast(2).reduce(1, *)
    let all: [Double] = try x.converted(to: .float64).elements()
    return (0..<count).map { index in
      let start = index * rows * columns
      return DenseMatrix(rows, columns, Array(all[start..<start + rows * columns]))
    }
  }

  static func write(_ stack: [DenseMatrix], into result: Tensor) throws {
    try write(stack.flatMap(\.elements), into: result)
  }

  static func write(_ values: [Double], into result: Tensor) throws {
    try result.fill(as: Double.self) { to in
      for i in to.indices { to[i] = values[i] }
    }
  }
}
