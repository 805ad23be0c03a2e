extension Init {
  /// A (semi-)orthogonal matrix times the gain (`orthogonal_`): rows or columns, whichever are
  /// fewer, are orthonormal. Sizes after the first are taken as one.
  ///
  /// The numbers agree with PyTorch's to 1e-6, not to the bit: the basis is found by
  /// Gram and Schmidt's method in double precision instead of LAPACK's reflections.
  ///
  /// - Parameter dtype: float32 or float64.
  /// - Throws: `MartletError` of kind `.shape` when there are fewer than two sizes.
  public static func orthogonal(
    _ sizes: [Int], gain: Double = 1, generator: Generator = .default, dtype: DType = .float32
  ) throws -> Tensor {
    guard sizes.count >= 2 else {
      throw MartletError(.shape, "orthogonal needs two or more dimensions, got \(sizes)")
    }
    guard dtype == .float32 || dtype == .float64 else {
      throw MartletError(.dtype, "orthogonal makes tensors of float32 or float64, got \(dtype)")
    }
    if sizes.contains(0) { return try .allocate(sizes, dtype) }
    let rows = sizes[0]
    let columns = sizes.dropFirst().reduce(1, *)
    let drawn = try normal([rows, columns], generator: generator, dtype: dtype)
    let values: [Double] = try drawn.converted(to: .float64).elements()
    // The vectors of the basis are the columns of a tall matrix, the rows of a wide one.
    let isTall = rows >= columns
    let (count, length) = isTall ? (columns, rows) : (rows, columns)
    var basis = (0..<count).map { k in
      (0..<length).map { i in isTall ? values[i * columns + k] : values[k * columns + i] }
    }
    for k in 0..<count { orthonormalize(&basis, k) }
    let result = (0..<rows * columns).map { place in
      let (row, column) = (place / columns, place % columns)
      return gain * (isTall ? basis[column][row] : basis[row][column])
    }
    return try Tensor(result, shape: sizes).converted(to: dtype)
  }

  /// Takes from the vector its parts along the earlier ones, twice for the rounding's sake, and
  /// gives it the length one.
  private static func orthonormalize(_ basis: inout [[Double]], _ k: Int) {
    var vector = basis[k]
    for _ in 0..<2 {
      for earlier in basis[..<k] {
        let part = zip(vector, earlier).reduce(0) { $0 + $1.0 * $1.1 }
        for i in vector.indices { vector[i] -= part * earlier[i] }
      }
    }
    let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    basis[k] = vector.map { $0 / norm }
  }
}
