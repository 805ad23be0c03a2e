import MartletTensor

/// Values by how often they occur.
package enum Counting {
  package static let operators: [Operator] = [
    oneHot, bincount, histc, unique, uniqueConsecutive,
  ]

  /// Zeros with a one at each element's index along a new last axis.
  static let oneHot = Operator(
    "aten::one_hot(Tensor self, int num_classes=-1) -> Tensor",
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        guard x.dtype == .int64 else {
          throw MartletError(
            .dtype, "one_hot is only applicable to index tensor of type LongTensor, got \(x.dtype)")
        }
        var classes = try arguments.int("num_classes")
        guard classes > 0 || classes == -1 else {
          throw MartletError(.argument, "num_classes should be positive, got \(classes)")
        }
        if classes == -1 {
          guard x.count > 0 else {
            throw MartletError(
              .value, "Can not infer total number of classes from empty tensor.")
          }
          classes = (try x.integers().max() ?? 0) + 1
        }
        return [TensorSpec(x.sizes + [max(classes, 0)], .int64)]
      },
      compute: { arguments, results in
        let positions = try arguments.tensor("self").integers()
        let classes = results[0].sizes[results[0].dim - 1]
        try Gathering.check(positions, in: classes, "one_hot")
        try results[0].writeUnshared(as: Int64.self) { to in
          for i in to.indices { to[i] = 0 }
          for (row, position) in positions.enumerated() { to[row * classes + position] = 1 }
        }
      }))

  static let bincount = Operator(
    "aten::bincount(Tensor self, Tensor? weights=None, SymInt minlength=0) -> Tensor",
    .dataDependent { arguments in
      let x = try arguments.tensor("self")
      let least = try arguments.int("minlength")
      guard x.dim == 1, !x.dtype.isFloatingPoint, x.dtype != .bool || x.count == 0, least >= 0
      else {
        throw MartletError(
          .argument,
          "bincount only supports 1-d non-negative integral inputs and a non-negative minlength, "
            + "got \(x.dtype)\(x.sizes) and \(least)")
      }
      let values = try x.integers()
      guard !values.contains(where: { $0 < 0 }) else {
        throw MartletError(.value, "bincount only supports 1-d non-negative integral inputs.")
      }
      let count = max((values.max() ?? -1) + 1, least)
      guard let weights = try arguments.optionalTensor("weights") else {
        var counts = [Int64](repeating: 0, count: count)
        for value in values { counts[value] += 1 }
        return [.tensor(try Tensor(counts))]
      }
      guard weights.sizes == x.sizes else {
        throw MartletError(
          .shape, "weights should be 1-d and have the same length as input, got \(weights.sizes)")
      }
      var sums = [Double](repeating: 0, count: count)
      let given = try weights.converted(to: .float64).elements(as: Double.self)
      for (value, weight) in zip(values, given) { sums[value] += weight }
      let dtype: DType = weights.dtype == .float32 ? .float32 : .float64
      return [.tensor(try Tensor(sums).converted(to: dtype))]
    })

  /// How many elements fall into each of `bins` equal parts of `min...max`; the data's own ends
  /// where both are the same.
  static let histc = Operator(
    "aten::histc(Tensor self, int bins=100, Scalar min=0, Scalar max=0) -> Tensor",
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        let bins = try arguments.int("bins")
        guard
          x.dtype == .float32 || x.dtype == .float64 || x.dtype == .float16
            || x.dtype == .bfloat16
        else {
          throw MartletError(.dtype, "\"histogram_cpu\" not implemented for '\(x.dtype)'")
        }
        guard bins > 0 else {
          throw MartletError(.argument, "torch.histc(): bins must be > 0, but got \(bins)")
        }
        guard try arguments.scalar("min").double <= arguments.scalar("max").double else {
          throw MartletError(.argument, "torch.histc: max must be larger than min")
        }
        return [TensorSpec([bins], x.dtype)]
      },
      compute: { arguments, results in
        let values = try arguments.tensor("self").converted(to: .float64)
          .elements(as: Double.self)
        let bins = results[0].count
        var low = try arguments.scalar("min").double
        var high = try arguments.scalar("max").double
        if low == high, let first = values.first {
          (low, high) = (first, first)
          for value in values { (low, high) = (smaller(value, low), larger(value, high)) }
        }
        guard low.isFinite, high.isFinite else {
          throw MartletError(
            .value, "torch.histc: range of [\(low), \(high)] is not finite")
        }
        if low == high { (low, high) = (low - 1, high + 1) }
        var counts = [Double](repeating: 0, count: bins)
        for value in values where value >= low && value <= high {
          let bin = Int((value - low) / (high - low) * Double(bins))
          counts[min(bin, bins - 1)] += 1
        }
        try results[0].overwrite(
          results[0].layout, with: try Tensor(counts).converted(to: results[0].dtype))
      }))

  /// The distinct values in order, where each element's is among them, and how often each occurs.
  static let unique = Operator(
    "aten::_unique2(Tensor self, bool sorted=True, bool return_inverse=False, "
      + "bool return_counts=False) -> (Tensor, Tensor, Tensor)",
    .dataDependent { arguments in
      let x = try Reshaping.reshape(try arguments.tensor("self"), [-1])
      let indices = try Tensor(
        Sorting.argsort.evaluate(try Arguments(Sorting.argsort.schema, [.tensor(x)]))[0])
      return try grouped(arguments, x, order: try indices.integers())
    })

  /// As `unique`, of neighbours alone.
  static let uniqueConsecutive = Operator(
    "aten::unique_consecutive(Tensor self, bool return_inverse=False, bool return_counts=False, "
      + "int? dim=None) -> (Tensor, Tensor, Tensor)",
    .dataDependent { arguments in
      if try arguments.optionalInt("dim") != nil, try arguments.tensor("self").dim != 1 {
        throw MartletError(
          .unsupported, "unique_consecutive: dim is supported for tensors of one dimension")
      }
      let x = try Reshaping.reshape(try arguments.tensor("self"), [-1])
      return try grouped(arguments, x, order: Array(0..<x.count))
    })

  /// The first of each run of equal elements of `x` taken in `order`.
  private static func grouped(_ arguments: Arguments, _ x: Tensor, order: [Int])
    throws -> [Value]
  {
    let starts = try x.dtype.compute(RunVisitor(x: x, order: order))
    var inverse = [Int64](repeating: 0, count: order.count)
    var counts = [Int64](repeating: 0, count: starts.count)
    var run = -1
    for (place, element) in order.enumerated() {
      if run + 1 < starts.count, starts[run + 1] == place { run += 1 }
      inverse[element] = Int64(run)
      counts[run] += 1
    }
    let empty = try Tensor([Int64]())
    let values = try Gathering.picked(x, 0, starts.map { order[$0] })
    let wantsInverse = try arguments.bool("return_inverse")
    let wantsCounts = try arguments.bool("return_counts")
    return [
      .tensor(values),
      .tensor(
        wantsInverse
          ? try Tensor(inverse, shape: try arguments.tensor("self").sizes) : empty),
      .tensor(wantsCounts ? try Tensor(counts) : empty),
    ]
  }

  /// Where, in `order`, an element differs from the one before it; NaN differs from all.
  private struct RunVisitor: ComputeVisitor {
    let x: Tensor
    let order: [Int]

    func visit<T: ComputeElement>(_ type: T.Type) throws -> [Int] {
      try x.withElements(as: T.self) { from in
        order.indices.filter { $0 == 0 || from[order[$0]] != from[order[$0 - 1]] }
      }
    }
  }
}
