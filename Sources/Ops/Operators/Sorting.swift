import MartletTensor

/// Elements of an axis in order, and choices by order. Equal elements keep their order; NaN is
/// larger than every number.
package enum Sorting {
  package static let operators: [Operator] = [
    sort, sortStable, argsort, argsortStable, msort, topk, kthValue, median, medianDim,
    nanmedian, nanmedianDim,
  ]

  static let sort = Operator(
    "aten::sort(Tensor self, int dim=-1, bool descending=False)"
      + " -> (Tensor values, Tensor indices)", sorting)
  static let sortStable = Operator(
    "aten::sort.stable(Tensor self, *, bool? stable, int dim=-1, bool descending=False)"
      + " -> (Tensor values, Tensor indices)", sorting)
  static let argsort = Operator(
    "aten::argsort(Tensor self, int dim=-1, bool descending=False) -> Tensor",
    .composite { [try ordered($0["self"], $0["dim"], $0["descending"])[1]] })
  static let argsortStable = Operator(
    "aten::argsort.stable(Tensor self, *, bool stable, int dim=-1, bool descending=False)"
      + " -> Tensor",
    .composite { [try ordered($0["self"], $0["dim"], $0["descending"])[1]] })
  static let msort = Operator(
    "aten::msort(Tensor self) -> Tensor",
    .composite { [try ordered($0["self"], 0, false)[0]] })

  /// The `k` largest or smallest, in order.
  static let topk = Operator(
    "aten::topk(Tensor self, SymInt k, int dim=-1, bool largest=True, bool sorted=True)"
      + " -> (Tensor values, Tensor indices)",
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        let dim = try arguments.dim("dim", rank: x.dim)
        let k = try arguments.int("k")
        guard k >= 0, k <= (x.dim == 0 ? 1 : x.sizes[dim]) else {
          throw MartletError(
            .index, "selected index k out of range: \(k) of dimension \(dim) of \(x.sizes)")
        }
        try DTypeGroup.numbers.check(x.dtype, for: "aten::topk")
        var sizes = x.sizes
        if x.dim > 0 { sizes[dim] = k }
        return [TensorSpec(sizes, x.dtype), TensorSpec(sizes, .int64)]
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        let k = try arguments.int("k")
        try choose(
          x, try arguments.dim("dim", rank: x.dim), descending: try arguments.bool("largest"),
          into: results
        ) { line, _ in line.prefix(x.dim == 0 ? 1 : k) }
      }))

  /// The `k`-th smallest, counted from one.
  static let kthValue = Operator(
    "aten::kthvalue(Tensor self, SymInt k, int dim=-1, bool keepdim=False)"
      + " -> (Tensor values, Tensor indices)",
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        let dim = try arguments.dim("dim", rank: x.dim)
        let k = try arguments.int("k")
        guard k >= 1, k <= (x.dim == 0 ? 1 : x.sizes[dim]) else {
          throw MartletError(
            .index,
            "kthvalue(): selected number k out of range for dimension \(dim): \(k) of \(x.sizes)")
        }
        return try inferOne(arguments, x)
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        let k = try arguments.int("k")
        try choose(x, try arguments.dim("dim", rank: x.dim), into: results) { line, _ in
          line[(k - 1)..<k]
        }
      }))

  /// The lower one of two middle elements; NaN where there is one.
  static let medianDim = Operator(
    "aten::median.dim(Tensor self, int dim, bool keepdim=False)"
      + " -> (Tensor values, Tensor indices)", middle(skipsNaN: false))
  static let nanmedianDim = Operator(
    "aten::nanmedian.dim(Tensor self, int dim, bool keepdim=False)"
      + " -> (Tensor values, Tensor indices)", middle(skipsNaN: true))
  static let median = Operator(
    "aten::median(Tensor self) -> Tensor", wholeMiddle(skipsNaN: false))
  static let nanmedian = Operator(
    "aten::nanmedian(Tensor self) -> Tensor", wholeMiddle(skipsNaN: true))

  private static let sorting = Operator.Body.kernel(
    infer: { arguments in
      let x = try arguments.tensor("self")
      _ = try arguments.dim("dim", rank: x.dim)
      return [TensorSpec(x.sizes, x.dtype), TensorSpec(x.sizes, .int64)]
    },
    compute: { arguments, results in
      let x = try arguments.tensor("self")
      try choose(
        x, try arguments.dim("dim", rank: x.dim),
        descending: try arguments.bool("descending"), into: results
      ) { line, _ in line[...] }
    })

  private static func ordered(_ x: Value, _ dim: Value, _ descending: Value) throws -> [Value] {
    let x = try Tensor(x)
    // A matrix's rows are sorted; a number is in order as it is.
    return try sort.evaluate(try Arguments(sort.schema, [.tensor(x), dim, descending]))
  }

  private static func middle(skipsNaN: Bool) -> Operator.Body {
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        let dim = try arguments.dim("dim", rank: x.dim)
        guard x.dim == 0 || x.sizes[dim] > 0 else {
          throw MartletError(
            .index,
            "median(): Expected reduction dim \(dim) to have non-zero size, got "
              + "\(x.sizes)")
        }
        return try inferOne(arguments, x)
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        try choose(x, try arguments.dim("dim", rank: x.dim), into: results) {
          middle($0, notNumbers: $1, skipsNaN: skipsNaN)
        }
      })
  }

  private static func wholeMiddle(skipsNaN: Bool) -> Operator.Body {
    .kernel(
      infer: { arguments in
        let dtype = try arguments.tensor("self").dtype
        try DTypeGroup.numbers.check(dtype, for: arguments.schema.name)
        return [TensorSpec([], dtype)]
      },
      compute: { arguments, results in
        let x = try Reshaping.reshape(try arguments.tensor("self"), [-1])
        if x.count == 0 {
          let constant = try Padding.constant(.double(.nan), x.dtype, [])
          return try results[0].overwrite(results[0].layout, with: constant)
        }
        let index = try Tensor.allocate([], .int64)
        try choose(x, 0, into: [results[0], index]) {
          middle($0, notNumbers: $1, skipsNaN: skipsNaN)
        }
      })
  }

  private static func middle(_ line: [Int], notNumbers: Int, skipsNaN: Bool) -> ArraySlice<Int> {
    let numbers = line.count - notNumbers
    if notNumbers > 0, !skipsNaN { return line[numbers...numbers] }
    let middle = max((skipsNaN ? numbers : line.count) - 1, 0) / 2
    return line[middle...middle]
  }

  private static func inferOne(_ arguments: Arguments, _ x: Tensor) throws -> [TensorSpec] {
    try DTypeGroup.numbers.check(x.dtype, for: arguments.schema.name)
    let sizes = try FoldedAxes(arguments, rank: x.dim).sizes(of: x.sizes)
    return [TensorSpec(sizes, x.dtype), TensorSpec(sizes, .int64)]
  }

  /// Writes, for each line along an axis, the elements at the indices that `pick` takes from the
  /// line's sorted ones, and those indices. `pick` is also told how many are NaN.
  private static func choose(
    _ x: Tensor, _ dim: Int, descending: Bool = false, into results: [Tensor],
    _ pick: ([Int], _ notNumbers: Int) -> ArraySlice<Int>
  ) throws {
    let lines = try x.dtype.compute(
      LineVisitor(x: try x.compacted(), dim: dim, descending: descending))
    if results[0].count == 0 { return }
    // The results' lines lie as those of a tensor with as many elements along the axis.
    let inner = x.sizes.dropFirst(dim + 1).reduce(1, *)
    let source = try x.compacted()
    var (from, to): ([Int], [Int]) = ([], [])
    var indices = [Int64](repeating: 0, count: results[0].count)
    for (number, line) in lines.enumerated() {
      let chosen = pick(line.order, line.notNumbers)
      let start = number / inner * inner * chosen.count + number % inner
      for (k, index) in chosen.enumerated() {
        to.append(start + k * inner)
        from.append(source.layout.offset + line.start + index * inner)
        indices[start + k * inner] = Int64(index)
      }
    }
    try results[0].overwrite(at: to, with: source, at: from)
    try results[1].writeUnshared(as: Int64.self) { span in
      for i in indices.indices { span[i] = indices[i] }
    }
  }

  private struct Line {
    let start: Int
    let order: [Int]
    let notNumbers: Int
  }

  private struct LineVisitor: ComputeVisitor {
    let x: Tensor
    let dim: Int
    let descending: Bool

    func visit<T: ComputeElement>(_ type: T.Type) throws -> [Line] {
      let count = x.dim == 0 ? 1 : x.sizes[dim]
      var lines: [Line] = []
      try x.withElements(as: T.self) { from in
        Cumulative.forEachLine(x.sizes, dim) { start, step in
          let values = (0..<count).map { from[start + $0 * step] }
          var (numbers, others): ([Int], [Int]) = ([], [])
          for i in values.indices {
            if values[i] == values[i] { numbers.append(i) } else { others.append(i) }
          }
          numbers.sort { a, b in
            if values[a] == values[b] { return a < b }
            return descending ? values[a] > values[b] : values[a] < values[b]
          }
          lines.append(
            Line(
              start: start, order: descending ? others + numbers : numbers + others,
              notNumbers: others.count))
        }
      }
      return lines
    }
  }
}
