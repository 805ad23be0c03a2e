import MartletTensor

/// Sums, means and products along axes.
///
/// Floating-point sums run in double precision, so that their error is that of the last rounding.
package enum Sums {
  package static let operators: [Operator] = [
    sum, sumDims, nansum, mean, meanDims, nanmean, prod, prodDim, logsumexp, specialLogsumexp,
    countNonzero, countNonzeroDims, trace,
  ]

  static let sum = Operator(
    "aten::sum(Tensor self, *, ScalarType? dtype=None) -> Tensor", takesComplex: true,
    .reduction(summed) { _ in SumRow() })
  static let sumDims = Operator(
    "aten::sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim=False, *, "
      + "ScalarType? dtype=None) -> Tensor", takesComplex: true,
    .reduction(summed) { _ in SumRow() })
  static let nansum = Operator(
    "aten::nansum(Tensor self, int[1]? dim=None, bool keepdim=False, *, "
      + "ScalarType? dtype=None) -> Tensor",
    .reduction(summed) { _ in SumRow(skipsNaN: true) })

  static let mean = Operator(
    "aten::mean(Tensor self, *, ScalarType? dtype=None) -> Tensor", takesComplex: true,
    .reduction(averaged) { _ in MeanRow() })
  static let meanDims = Operator(
    "aten::mean.dim(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None)"
      + " -> Tensor", takesComplex: true,
    .reduction(averaged) { _ in MeanRow() })
  static let nanmean = Operator(
    "aten::nanmean(Tensor self, int[1]? dim=None, bool keepdim=False, *, "
      + "ScalarType? dtype=None) -> Tensor",
    .reduction(
      { arguments in
        try DTypeGroup.floating.check(try arguments.tensor("self").dtype, for: "aten::nanmean")
        return try averaged(arguments)
      }, { _ in MeanRow(skipsNaN: true) }))

  static let prod = Operator(
    "aten::prod(Tensor self, *, ScalarType? dtype=None) -> Tensor", takesComplex: true,
    .reduction(summed) { _ in ProductRow() })
  static let prodDim = Operator(
    "aten::prod.dim_int(Tensor self, int dim, bool keepdim=False, *, ScalarType? dtype=None)"
      + " -> Tensor", takesComplex: true,
    .reduction(summed) { _ in ProductRow() })

  /// `log(Σ exp x)`, taken about the largest element.
  static let logsumexp = Operator(
    "aten::logsumexp(Tensor self, int[1] dim, bool keepdim=False) -> Tensor",
    .reduction(floated) { _ in LogSumExpRow() })
  static let specialLogsumexp = Operator(
    "aten::special_logsumexp(Tensor self, int[1] dim, bool keepdim=False) -> Tensor",
    .reduction(floated) { _ in LogSumExpRow() })

  static let countNonzero = Operator(
    "aten::count_nonzero(Tensor self, int? dim=None) -> Tensor", takesComplex: true,
    .reduction(flagged) { _ in SumRow() })
  static let countNonzeroDims = Operator(
    "aten::count_nonzero.dim_IntList(Tensor self, int[] dim) -> Tensor", takesComplex: true,
    .reduction(flagged) { _ in SumRow() })

  /// The sum of a matrix's diagonal.
  static let trace = Operator(
    "aten::trace(Tensor self) -> Tensor", takesComplex: true,
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        guard x.dim == 2 else {
          throw MartletError(.shape, "trace: expected a matrix, but got tensor with dim \(x.dim)")
        }
        try DTypeGroup.numbers.check(x.dtype, for: "aten::trace")
        return [TensorSpec([], x.dtype.summed)]
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        let diagonal = x.viewed(
          Layout(
            sizes: [min(x.sizes[0], x.sizes[1])], strides: [x.strides[0] + x.strides[1]],
            offset: x.layout.offset))
        let dtype = results[0].dtype
        try SumRow().apply(
          try diagonal.converted(to: dtype), try FoldedAxes(nil, rank: 1), computingIn: dtype,
          into: results[0])
      }))

  /// Whole numbers and truth values add up in int64 unless a dtype is given.
  @Sendable static func summed(_ arguments: Arguments) throws -> (Tensor, DType) {
    let x = try arguments.tensor("self")
    return (x, try arguments.dtype("dtype") ?? x.dtype.summed)
  }

  @Sendable static func averaged(_ arguments: Arguments) throws -> (Tensor, DType) {
    let x = try arguments.tensor("self")
    let dtype = try arguments.dtype("dtype") ?? x.dtype
    guard dtype.isFloatingPoint || dtype.isComplex else {
      throw MartletError(
        .dtype,
        "mean(): could not infer output dtype. Input dtype must be either a floating point or "
          + "complex dtype. Got: \(dtype)")
    }
    return (x, dtype)
  }

  @Sendable static func floated(_ arguments: Arguments) throws -> (Tensor, DType) {
    let x = try arguments.tensor("self")
    return (x, x.dtype.isFloatingPoint ? x.dtype : .float32)
  }

  /// 1 for each element that is not zero.
  @Sendable private static func flagged(_ arguments: Arguments) throws -> (Tensor, DType) {
    let x = try arguments.tensor("self")
    return (try x.converted(to: .bool), .int64)
  }
}

private struct SumRow: ComplexRowFunction {
  var skipsNaN = false

  func real<T: ComputeElement & BinaryFloatingPoint>(_ row: Span<T>) -> T {
    T(rounding: sum(row))
  }

  func sum<T: ComputeElement & BinaryFloatingPoint>(_ row: Span<T>) -> Double {
    var sum = 0.0
    for i in row.indices where !skipsNaN || row[i] == row[i] { sum += row[i].double }
    return sum
  }

  func integer(_ row: Span<Int64>) -> Int64 {
    var sum: Int64 = 0
    for i in row.indices { sum &+= row[i] }
    return sum
  }

  func complex(_ row: Span<Complex<Double>>) -> Complex<Double> {
    var sum = Complex<Double>.zero
    for i in row.indices { sum = sum + row[i] }
    return sum
  }
}

private struct MeanRow: ComplexRowFunction {
  var skipsNaN = false

  func real<T: ComputeElement & BinaryFloatingPoint>(_ row: Span<T>) -> T {
    var count = row.count
    if skipsNaN { for i in row.indices where row[i] != row[i] { count -= 1 } }
    return T(rounding: SumRow(skipsNaN: skipsNaN).sum(row) / Double(count))
  }

  func integer(_ row: Span<Int64>) -> Int64 { preconditionFailure("a mean is a fraction") }

  func complex(_ row: Span<Complex<Double>>) -> Complex<Double> {
    let (sum, count) = (SumRow().complex(row), Double(row.count))
    return Complex(sum.real / count, sum.imaginary / count)
  }
}

private struct ProductRow: ComplexRowFunction {
  func real<T: ComputeElement & BinaryFloatingPoint>(_ row: Span<T>) -> T {
    var product = 1.0
    for i in row.indices { product *= row[i].double }
    return T(rounding: product)
  }

  func integer(_ row: Span<Int64>) -> Int64 {
    var product: Int64 = 1
    for i in row.indices { product &*= row[i] }
    return product
  }

  func complex(_ row: Span<Complex<Double>>) -> Complex<Double> {
    var product = Complex<Double>.one
    for i in row.indices { product = product * row[i] }
    return product
  }
}

private struct LogSumExpRow: RowFunction {
  func real<T: ComputeElement & BinaryFloatingPoint>(_ row: Span<T>) -> T {
    var largest = -Double.infinity
    for i in row.indices { largest = larger(row[i].double, largest) }
    // The difference of two infinities is none.
    let shift = largest.isInfinite ? 0 : largest
    var sum = 0.0
    for i in row.indices { sum += Double.exponential(row[i].double - shift) }
    return T(rounding: Double.logarithm(sum) + shift)
  }

  func integer(_ row: Span<Int64>) -> Int64 { preconditionFailure("a logarithm is a fraction") }
}

extension DType {
  /// What elements of this type add up in unless a dtype is given.
  fileprivate var summed: DType { isFloatingPoint || isComplex ? self : .int64 }
}
