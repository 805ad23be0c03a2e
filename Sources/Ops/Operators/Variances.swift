import MartletTensor

/// Variances and standard deviations, about the mean taken first, in double precision.
package enum Variances {
  package static let operators: [Operator] = [
    variance, varianceDims, varianceCorrected, deviation, deviationDims, deviationCorrected,
    varianceMean, varianceMeanDims, varianceMeanCorrected, deviationMean, deviationMeanDims,
    deviationMeanCorrected,
  ]

  static let variance = Operator(
    "aten::var(Tensor self, bool unbiased=True) -> Tensor", takesComplex: true,
    body(takesRoot: false))
  static let varianceDims = Operator(
    "aten::var.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor",
    takesComplex: true,
    body(takesRoot: false))
  static let varianceCorrected = Operator(
    "aten::var.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, "
      + "bool keepdim=False) -> Tensor", takesComplex: true, body(takesRoot: false))
  static let deviation = Operator(
    "aten::std(Tensor self, bool unbiased=True) -> Tensor", takesComplex: true,
    body(takesRoot: true))
  static let deviationDims = Operator(
    "aten::std.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor",
    takesComplex: true,
    body(takesRoot: true))
  static let deviationCorrected = Operator(
    "aten::std.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, "
      + "bool keepdim=False) -> Tensor", takesComplex: true, body(takesRoot: true))

  static let varianceMean = Operator(
    "aten::var_mean(Tensor self, bool unbiased=True) -> (Tensor, Tensor)", takesComplex: true,
    body(takesRoot: false, givesMean: true))
  static let varianceMeanDims = Operator(
    "aten::var_mean.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False)"
      + " -> (Tensor, Tensor)", takesComplex: true, body(takesRoot: false, givesMean: true))
  static let varianceMeanCorrected = Operator(
    "aten::var_mean.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, "
      + "bool keepdim=False) -> (Tensor, Tensor)", takesComplex: true,
    body(takesRoot: false, givesMean: true))
  static let deviationMean = Operator(
    "aten::std_mean(Tensor self, bool unbiased=True) -> (Tensor, Tensor)", takesComplex: true,
    body(takesRoot: true, givesMean: true))
  static let deviationMeanDims = Operator(
    "aten::std_mean.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False)"
      + " -> (Tensor, Tensor)", takesComplex: true, body(takesRoot: true, givesMean: true))
  static let deviationMeanCorrected = Operator(
    "aten::std_mean.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, "
      + "bool keepdim=False) -> (Tensor, Tensor)", takesComplex: true,
    body(takesRoot: true, givesMean: true))

  private static func body(takesRoot: Bool, givesMean: Bool = false) -> Operator.Body {
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        guard x.dtype.isFloatingPoint || x.dtype.isComplex else {
          throw MartletError(
            .dtype,
            "\(arguments.schema.name) only support floating point and complex dtypes, got "
              + "\(x.dtype)")
        }
        let sizes = try FoldedAxes(arguments, rank: x.dim).sizes(of: x.sizes)
        let spread = TensorSpec(sizes, x.dtype.componentType)
        return givesMean ? [spread, TensorSpec(sizes, x.dtype)] : [spread]
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        let reduction = try FoldedAxes(arguments, rank: x.dim)
        let row = VarianceRow(correction: try correction(arguments), takesRoot: takesRoot)
        try row.apply(x, reduction, computingIn: x.dtype, into: results[0])
        if givesMean {
          try VarianceRow(correction: nil, takesRoot: false).apply(
            x, reduction, computingIn: x.dtype, into: results[1])
        }
      })
  }

  private static func correction(_ arguments: Arguments) throws -> Double {
    if arguments.schema.arguments.contains(where: { $0.name == "unbiased" }) {
      return try arguments.bool("unbiased") ? 1 : 0
    }
    return try arguments.optionalScalar("correction")?.double ?? 1
  }
}

/// Without a correction: the mean.
private struct VarianceRow: ComplexRowFunction {
  let correction: Double?
  let takesRoot: Bool

  func real<T: ComputeElement & BinaryFloatingPoint>(_ row: Span<T>) -> T {
    let count = Double(row.count)
    var sum = 0.0
    for i in row.indices { sum += row[i].double }
    let mean = sum / count
    guard let correction else { return T(rounding: mean) }
    var squares = 0.0
    for i in row.indices {
      let difference = row[i].double - mean
      squares += difference * difference
    }
    if row.isEmpty { return .nan }
    let variance = squares / max(count - correction, 0)
    return T(rounding: takesRoot ? variance.squareRoot() : variance)
  }

  /// The mean squared distance from the mean.
  func complex(_ row: Span<Complex<Double>>) -> Complex<Double> {
    let count = Double(row.count)
    var sum = Complex<Double>.zero
    for i in row.indices { sum = sum + row[i] }
    let mean = sum * (1 / count)
    guard let correction else { return mean }
    var squares = 0.0
    for i in row.indices {
      let distance = (row[i] - mean).length
      squares += distance * distance
    }
    let variance = row.isEmpty ? .nan : squares / max(count - correction, 0)
    return Complex(takesRoot ? variance.squareRoot() : variance)
  }

  func integer(_ row: Span<Int64>) -> Int64 { preconditionFailure("a variance is a fraction") }
}
