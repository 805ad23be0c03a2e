import MartletKernels
import MartletTensor

/// The transforms that all Fourier operators are made of; computed in float64.
///
/// `normalization` is 0 for none, 1 for a division by the root of the number of elements that a
/// sum runs over, 2 for a division by it.
package enum FourierTransforms {
  package static let operators: [Operator] = [complexToComplex, realToComplex, complexToReal]

  static let complexToComplex = Operator(
    "aten::_fft_c2c(Tensor self, SymInt[] dim, int normalization, bool forward) -> Tensor",
    takesComplex: true,
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        try requireComplex(x)
        _ = try axes(arguments, x)
        return [TensorSpec(x.sizes, x.dtype)]
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        let inverse = try !arguments.bool("forward")
        let axes = try axes(arguments, x)
        let scale = try scale(arguments, axes.map { x.sizes[$0] })
        try transformed(x, axes, inverse: inverse, scale: scale).convert(into: results[0])
      }))

  /// Of the last named axis only the first half of the results, which tells the others, where
  /// `onesided`.
  static let realToComplex = Operator(
    "aten::_fft_r2c(Tensor self, int[] dim, int normalization, bool onesided) -> Tensor",
    takesComplex: true,
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        try requireReal(x)
        var sizes = x.sizes
        guard let last = try axes(arguments, x).last else { throw noAxes("_fft_r2c") }
        if try arguments.bool("onesided") { sizes[last] = sizes[last] / 2 + 1 }
        return [TensorSpec(sizes, x.dtype.complexType)]
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        let axes = try axes(arguments, x)
        guard let last = axes.last else { throw noAxes("_fft_r2c") }
        let scale = try scale(arguments, axes.map { x.sizes[$0] })
        let rows = try transformed(x, [last], inverse: false, scale: scale)
        let half = rows.narrowedView(last, 0, results[0].sizes[last])
        try transformed(half, axes.dropLast(), inverse: false).convert(into: results[0])
      }))

  /// The inverse of the real transform: the last named axis holds the first half of what a real
  /// signal of `last_dim_size` elements gives.
  static let complexToReal = Operator(
    "aten::_fft_c2r(Tensor self, int[] dim, int normalization, SymInt last_dim_size) -> Tensor",
    takesComplex: true,
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        try requireComplex(x)
        let count = try arguments.int("last_dim_size")
        guard let last = try axes(arguments, x).last else { throw noAxes("_fft_c2r") }
        guard count > 0, x.sizes[last] == count / 2 + 1 else {
          throw MartletError(
            .shape,
            "_fft_c2r expects \(count) / 2 + 1 elements along dimension \(last), got \(x.sizes)")
        }
        var sizes = x.sizes
        sizes[last] = count
        return [TensorSpec(sizes, x.dtype.componentType)]
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        let axes = try axes(arguments, x)
        guard let last = axes.last else { throw noAxes("_fft_c2r") }
        let scale = try scale(arguments, axes.map { results[0].sizes[$0] })
        let half = try transformed(x, axes.dropLast(), inverse: true)
        let whole = try mirrored(half, last, count: results[0].sizes[last])
        try transformed(whole, [last], inverse: true, scale: scale).convert(into: results[0])
      }))

  static func noAxes(_ name: String) -> MartletError {
    MartletError(.argument, "\(name) must transform at least one axis")
  }

  private static func requireComplex(_ x: Tensor) throws {
    guard x.dtype.isComplex else {
      throw MartletError(.dtype, "Only supports complex dtypes, but found: \(x.dtype)")
    }
  }

  private static func requireReal(_ x: Tensor) throws {
    guard x.dtype == .float32 || x.dtype == .float64 else {
      throw MartletError(
        .dtype, "Only supports floating-point dtypes float32 and float64, but found: \(x.dtype)")
    }
  }

  private static func axes(_ arguments: Arguments, _ x: Tensor) throws -> [Int] {
    let axes = try arguments.ints("dim").map { try Fourier.axis($0, of: x) }
    guard Set(axes).count == axes.count else {
      throw MartletError(.argument, "FFT dims must be unique, got \(try arguments.ints("dim"))")
    }
    for axis in axes where x.sizes[axis] == 0 {
      throw MartletError(.shape, "Invalid number of data points (0) specified")
    }
    return axes
  }

  private static func scale(_ arguments: Arguments, _ sizes: [Int]) throws -> Double {
    let count = Double(sizes.reduce(1, *))
    switch try arguments.int("normalization") {
    case 0: return 1
    case 1: return 1 / count.squareRoot()
    case 2: return 1 / count
    case let other:
      throw MartletError(.argument, "a normalization is 0, 1 or 2, got \(other)")
    }
  }

  /// The transform along each of the axes, scaled once, in complex128.
  private static func transformed(
    _ x: Tensor, _ axes: some Sequence<Int>, inverse: Bool, scale: Double = 1
  ) throws -> Tensor {
    var (result, scale) = (try x.converted(to: .complex128), scale)
    for axis in axes {
      var order = Array(0..<x.dim)
      order.append(order.remove(at: axis))
      let rows = try result.permutedView(order).copied()
      FourierTransform(count: x.sizes[axis])(
        MemorySlice(try rows.storage.writableBytes(), count: rows.layout.count),
        inverse: inverse, scale: scale, threads: ProcessorCount.default)
      scale = 1
      var back = Array(0..<(x.dim - 1))
      back.insert(x.dim - 1, at: axis)
      result = rows.permutedView(back)
    }
    return result
  }

  /// The `count` numbers along an axis of which the second half are the first one's conjugates.
  private static func mirrored(_ half: Tensor, _ axis: Int, count: Int) throws -> Tensor {
    var order = Array(0..<half.dim)
    order.append(order.remove(at: axis))
    let rows = try half.permutedView(order).copied()
    let given = half.sizes[axis]
    let whole = try Tensor.allocate(rows.sizes.dropLast() + [count], .complex128)
    try rows.read(as: Complex<Double>.self) { from in
      try whole.writeUnshared(as: Complex<Double>.self) { to in
        for row in 0..<(from.count / given) {
          let (start, end) = (row * count, row * given)
          for k in 0..<given where k < count { to[start + k] = from[end + k] }
          for k in stride(from: given, to: count, by: 1) {
            to[start + k] = from[end + count - k].conjugate
          }
        }
      }
    }
    var back = Array(0..<(half.dim - 1))
    back.insert(half.dim - 1, at: axis)
    return whole.permutedView(back)
  }
}
