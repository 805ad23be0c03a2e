import MartletTensor

extension Statistics {
  // The value below which a part `q` of the elements lies, all of them or along an axis.
  static let quantiles: [Operator] = [
    quantile(
      "aten::quantile(Tensor self, Tensor q, int? dim=None, bool keepdim=False, *, "
        + "str interpolation=\"linear\") -> Tensor"),
    quantile(
      "aten::quantile.scalar(Tensor self, float q, int? dim=None, bool keepdim=False, *, "
        + "str interpolation=\"linear\") -> Tensor"),
    quantile(
      "aten::nanquantile(Tensor self, Tensor q, int? dim=None, bool keepdim=False, *, "
        + "str interpolation=\"linear\") -> Tensor"),
    quantile(
      "aten::nanquantile.scalar(Tensor self, float q, int? dim=None, bool keepdim=False, *, "
        + "str interpolation=\"linear\") -> Tensor"),
  ]

  private static func quantile(_ schema: String) -> Operator {
    let ignoresNaN = schema.contains("nanquantile")
    return Operator(
      schema,
      .kernel(
        infer: { arguments in
          let x = try arguments.tensor("self")
          try checkQuantile(arguments, x)
          var sizes: [Int] = []
          if let given = try arguments.optionalInt("dim") {
            let dim = try wrapDim(given, rank: x.dim)
            sizes = x.sizes
            if x.dim > 0 {
              if try arguments.bool("keepdim") { sizes[dim] = 1 } else { sizes.remove(at: dim) }
            }
          } else if try arguments.bool("keepdim") {
            sizes = [Int](repeating: 1, count: x.dim)
          }
          if case .tensor(let q) = arguments["q"], q.dim > 0 { sizes.insert(q.count, at: 0) }
          return [TensorSpec(sizes, x.dtype)]
        },
        compute: { arguments, results in
          let x = try arguments.tensor("self")
          let places: [Double]
          if case .tensor(let q) = arguments["q"] {
            places = try q.converted(to: .float64).elements()
          } else {
            places = [try arguments.double("q")]
          }
          guard places.allSatisfy({ (0...1).contains($0) }) else {
            throw MartletError(.value, "quantile() q must be in the range [0, 1]")
          }
          var rows = x.dim == 0 ? x.reshapedLine : try x.copied()
          if let given = try arguments.optionalInt("dim"), x.dim > 0 {
            rows = x.lastAxis(try wrapDim(given, rank: x.dim))
          } else {
            rows = try rows.reshapedView([rows.count])
          }
          let length = rows.sizes.last ?? 1
          let values: [Double] = try rows.converted(to: .float64).elements()
          let kind = try arguments.string("interpolation")
          let sorted = stride(from: 0, to: values.count, by: length).map { start in
            orderedRow(Array(values[start..<start + length]), ignoresNaN: ignoresNaN)
          }
          let found = places.flatMap { place in sorted.map { value(of: $0, at: place, kind) } }
          if results[0].dtype == .float64 {
            try results[0].writeUnshared(as: Double.self) { to in
              for i in found.indices { to[i] = found[i] }
            }
          } else {
            try results[0].writeUnshared(as: Float.self) { to in
              for i in found.indices { to[i] = Float(found[i]) }
            }
          }
        }))
  }

  private static func checkQuantile(_ arguments: Arguments, _ x: Tensor) throws {
    guard x.layout.count > 0 else {
      throw MartletError(.shape, "quantile() input tensor must be non-empty")
    }
    guard x.dtype == .float32 || x.dtype == .float64 else {
      throw MartletError(.dtype, "quantile() input tensor must be either float or double dtype")
    }
    if case .tensor(let q) = arguments["q"] {
      guard q.dim <= 1 else {
        throw MartletError(.shape, "quantile() q must be a scalar or 1D tensor")
      }
      guard q.dtype == x.dtype else {
        throw MartletError(
          .dtype, "quantile() q tensor must be same dtype as the input tensor, got \(q.dtype)")
      }
    }
    let kinds = ["linear", "lower", "higher", "midpoint", "nearest"]
    guard kinds.contains(try arguments.string("interpolation")) else {
      throw MartletError(
        .argument,
        "quantile() interpolation must be one of linear, lower, higher, midpoint or nearest, but "
          + "got \(try arguments.string("interpolation"))")
    }
  }

  /// Least first; nothing where a NaN decides.
  private static func orderedRow(_ row: [Double], ignoresNaN: Bool) -> [Double] {
    let numbers = row.filter { !$0.isNaN }
    return !ignoresNaN && numbers.count < row.count ? [] : numbers.sorted()
  }

  private static func value(of row: [Double], at place: Double, _ kind: String) -> Double {
    guard let last = row.indices.last else { return .nan }
    let rank = place * Double(last)
    let (low, high) = (row[Int(rank.rounded(.down))], row[Int(rank.rounded(.up))])
    switch kind {
    case "lower": return low
    case "higher": return high
    case "midpoint": return (low + high) / 2
    case "nearest": return row[Int(rank.rounded(.toNearestOrEven))]
    default: return low == high ? low : low + (high - low) * (rank - rank.rounded(.down))
    }
  }
}
