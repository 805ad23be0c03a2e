import MartletTensor

/// Copies with elements replaced or combined at places that an index tensor gives.
package enum Scattering {
  package static let operators: [Operator] = [
    scatterSource, scatterValue, scatterReduceSource, scatterReduceValue, scatterAdd,
    scatterReduce, indexAdd, indexCopy, indexReduce, indexFill, indexFillTensor, put,
  ]

  static let scatterSource = Operator(
    "aten::scatter.src(Tensor self, int dim, Tensor index, Tensor src) -> Tensor",
    takesComplex: true,
    scattering { _ in (.replace, true) })
  static let scatterValue = Operator(
    "aten::scatter.value(Tensor self, int dim, Tensor index, Scalar value) -> Tensor",
    takesComplex: true,
    scattering { _ in (.replace, true) })
  static let scatterReduceSource = Operator(
    "aten::scatter.reduce(Tensor self, int dim, Tensor index, Tensor src, *, str reduce)"
      + " -> Tensor", takesComplex: true,
    scattering { (try legacy($0), true) })
  static let scatterReduceValue = Operator(
    "aten::scatter.value_reduce(Tensor self, int dim, Tensor index, Scalar value, *, str reduce)"
      + " -> Tensor", takesComplex: true,
    scattering { (try legacy($0), true) })
  static let scatterAdd = Operator(
    "aten::scatter_add(Tensor self, int dim, Tensor index, Tensor src) -> Tensor",
    takesComplex: true,
    scattering { _ in (.sum, true) })
  static let scatterReduce = Operator(
    "aten::scatter_reduce.two(Tensor self, int dim, Tensor index, Tensor src, str reduce, *, "
      + "bool include_self=True) -> Tensor", takesComplex: true,
    scattering { arguments in
      (try named(try arguments.string("reduce")), try arguments.bool("include_self"))
    })

  /// Adds `alpha` times slices of `source` to the slices of an axis that `index` names.
  static let indexAdd = Operator(
    "aten::index_add(Tensor self, int dim, Tensor index, Tensor source, *, Scalar alpha=1)"
      + " -> Tensor", takesComplex: true,
    slices { arguments in
      let alpha = try arguments.scalar("alpha")
      let (wide, whole, narrow) = (alpha.double, alpha.int64, Float(alpha.double))
      let number = alpha.complex
      let add = BinaryFunction(
        float: { $0 + narrow * $1 }, double: { $0 + wide * $1 }, integer: { $0 &+ whole &* $1 },
        complex: { $0 + number * $1 })
      return (Combination(function: add), true)
    })
  static let indexCopy = Operator(
    "aten::index_copy(Tensor self, int dim, Tensor index, Tensor source) -> Tensor",
    takesComplex: true,
    slices { _ in (.replace, true) })
  static let indexReduce = Operator(
    "aten::index_reduce(Tensor self, int dim, Tensor index, Tensor source, str reduce, *, "
      + "bool include_self=True) -> Tensor", takesComplex: true,
    slices { arguments in
      let name = try arguments.string("reduce")
      guard name != "sum" else {
        throw MartletError(
          .argument, "index_reduce(): Expected reduce to be one of prod, mean, amax or amin")
      }
      return (try named(name), try arguments.bool("include_self"))
    })

  static let indexFill = Operator(
    "aten::index_fill.int_Scalar(Tensor self, int dim, Tensor index, Scalar value) -> Tensor",
    takesComplex: true,
    filling)
  static let indexFillTensor = Operator(
    "aten::index_fill.int_Tensor(Tensor self, int dim, Tensor index, Tensor value) -> Tensor",
    takesComplex: true,
    filling)

  /// By indices into the flattened tensor; negative ones count from the end.
  static let put = Operator(
    "aten::put(Tensor self, Tensor index, Tensor source, bool accumulate=False) -> Tensor",
    takesComplex: true,
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        let index = try arguments.tensor("index")
        let source = try arguments.tensor("source")
        guard index.dtype == .int64, source.dtype == x.dtype, index.count == source.count else {
          throw MartletError(
            .argument,
            "put_(): Expected a long index and a source of self's dtype with as many elements, got "
              + "\(index.dtype)\(index.sizes) and \(source.dtype)\(source.sizes)")
        }
        guard x.count > 0 || index.count == 0 else {
          throw MartletError(.index, "put_(): Tried to put elements into an empty tensor")
        }
        return [TensorSpec(x.sizes, x.dtype)]
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        let source = try arguments.tensor("source")
        let index = try arguments.tensor("index").integers()
        let combination: Combination = try arguments.bool("accumulate") ? .sum : .replace
        try combination.apply(
          x, at: try Gathering.wrapped(index, in: x.count), source, at: source.layout.places(),
          into: results[0])
      }))

  private typealias Choice = @Sendable (Arguments) throws -> (Combination, includesSelf: Bool)

  private static func scattering(_ choice: @escaping Choice) -> Operator.Body {
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        let dim = try arguments.dim("dim", rank: x.dim)
        let index = try Gathering.indexArgument(arguments, "scatter")
        _ = try choice(arguments)
        if index.count > 0 { try checkSizes(index, within: x, besides: dim, "scatter") }
        if let source = try sourceTensor(arguments) {
          guard try x.dtype != .bool || !choice(arguments).0.isMean else {
            throw MartletError(.dtype, "scatter_reduce(): mean is not implemented for bool")
          }
          guard source.dtype == x.dtype else {
            throw MartletError(
              .dtype,
              "scatter(): Expected self.dtype to be equal to src.dtype, got \(x.dtype) and "
                + "\(source.dtype)")
          }
          if index.count > 0 { try checkSizes(index, within: source, besides: nil, "scatter") }
        }
        return [TensorSpec(x.sizes, x.dtype)]
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        let dim = try arguments.dim("dim", rank: x.dim)
        let index = try arguments.tensor("index")
        let (combination, includesSelf) = try choice(arguments)
        if index.count == 0 { return try results[0].overwrite(results[0].layout, with: x) }
        let source =
          try sourceTensor(arguments)
          ?? Padding.constant(try arguments.scalar("value"), x.dtype, index.sizes)
        let part = Layout(
          sizes: index.sizes, strides: source.strides, offset: source.layout.offset)
        try combination.apply(
          x, at: try places(results[0].layout, dim, index, "scatter()"), source,
          at: part.places(), includesSelf: includesSelf, into: results[0])
      })
  }

  private static func slices(_ choice: @escaping Choice) -> Operator.Body {
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        let dim = try arguments.dim("dim", rank: x.dim)
        let index = try arguments.tensor("index")
        let source = try arguments.tensor("source")
        _ = try choice(arguments)
        guard index.dim <= 1, index.dtype == .int64 || index.dtype == .int32 else {
          throw MartletError(
            .index,
            "\(arguments.schema.name)(): Index is supposed to be a vector of int32/int64, got "
              + "\(index.dtype)\(index.sizes)")
        }
        guard source.dtype == x.dtype else {
          throw MartletError(
            .dtype,
            "\(arguments.schema.name)(): self and source expected to have the same dtype, but got "
              + "(self) \(x.dtype) and (source) \(source.dtype)")
        }
        let (a, b) = (Expanding.atLeast(1, x).sizes, Expanding.atLeast(1, source).sizes)
        var expected = a
        expected[dim] = index.count
        let copies = arguments.schema.name == "aten::index_copy"
        guard b == expected, copies || source.dim > 0 || x.dim == 0 else {
          throw MartletError(
            .shape,
            "\(arguments.schema.name)(): expected source of sizes \(expected), got \(b)")
        }
        return [TensorSpec(x.sizes, x.dtype)]
      },
      compute: { arguments, results in
        let x = try arguments.tensor("self")
        let dim = try arguments.dim("dim", rank: x.dim)
        let source = try arguments.tensor("source")
        let (combination, includesSelf) = try choice(arguments)
        let positions = try arguments.tensor("index").integers()
        let layout = Layout(contiguous: Expanding.atLeast(1, x).sizes)
        try Gathering.check(positions, in: layout.sizes[dim], arguments.schema.name)
        try combination.apply(
          x, at: layout.places(dim, positions), source, at: source.layout.places(),
          includesSelf: includesSelf, into: results[0])
      })
  }

  private static let filling = Operator.Body.kernel(
    infer: { arguments in
      let x = try arguments.tensor("self")
      _ = try arguments.dim("dim", rank: x.dim)
      let index = try arguments.tensor("index")
      guard index.dtype == .int64 || index.dtype == .int32, index.dim <= 1 else {
        throw MartletError(
          .dtype,
          "index_fill_(): Expected a vector of int64 for index, got \(index.dtype)\(index.sizes)")
      }
      if case .tensor(let value) = arguments["value"], value.dim > 0 {
        throw MartletError(
          .argument,
          "index_fill_ only supports a 0-dimensional value tensor, but got tensor with "
            + "\(value.dim) dimension(s).")
      }
      return [TensorSpec(x.sizes, x.dtype)]
    },
    compute: { arguments, results in
      let x = try arguments.tensor("self")
      let dim = try arguments.dim("dim", rank: x.dim)
      let layout = Layout(contiguous: Expanding.atLeast(1, x).sizes)
      let index = try Gathering.wrapped(
        try arguments.tensor("index").integers(), in: layout.sizes[dim])
      let value = try PromotionOperand(arguments["value"]).tensor().converted(to: x.dtype)
      let places = layout.places(dim, index)
      try Combination.replace.apply(
        x, at: places, value,
        at: [Int](repeating: value.layout.offset, count: places.count), into: results[0])
    })

  /// For each element of `index`, the place of the element that it names along `dim`.
  static func places(_ layout: Layout, _ dim: Int, _ index: Tensor, _ name: String) throws
    -> [Int]
  {
    if layout.rank == 0 || index.dim == 0 {
      let size = layout.sizes.first ?? 1
      let positions = try index.integers()
      try Gathering.check(positions, in: size, name)
      return positions.map { layout.offset + $0 * (layout.strides.first ?? 1) }
    }
    var row = Layout(sizes: index.sizes, strides: layout.strides, offset: layout.offset)
    row.strides[dim] = 0
    var places = row.places()
    let (size, stride) = (layout.sizes[dim], layout.strides[dim])
    for (n, position) in try index.integers().enumerated() {
      guard position >= 0, position < size else {
        throw MartletError(
          .index,
          "\(name): index \(position) is out of bounds for dimension \(dim) with size \(size)")
      }
      places[n] += position * stride
    }
    return places
  }

  /// `index` must have `x`'s number of axes and not exceed its sizes, but for axis `dim`.
  static func checkSizes(_ index: Tensor, within x: Tensor, besides dim: Int?, _ name: String)
    throws
  {
    guard max(index.dim, 1) == max(x.dim, 1) else {
      throw MartletError(
        .shape,
        "\(name)(): Index tensor must have the same number of dimensions as the other tensors, "
          + "got \(index.dim) and \(x.dim)")
    }
    guard index.dim > 0, x.dim > 0 else { return }
    for d in 0..<x.dim where d != dim && index.sizes[d] > x.sizes[d] {
      throw MartletError(
        .shape,
        "\(name)(): Size does not match at dimension \(d): expected index \(index.sizes) to be "
          + "no larger than \(x.sizes)"
          + (dim.map { " apart from dimension \($0)" } ?? ""))
    }
  }

  private static func sourceTensor(_ arguments: Arguments) throws -> Tensor? {
    guard arguments.schema.arguments[3].type == .tensor else { return nil }
    return try arguments.tensor("src")
  }

  private static func legacy(_ arguments: Arguments) throws -> Combination {
    switch try arguments.string("reduce") {
    case "add": return .sum
    case "multiply": return .product
    default:
      throw MartletError(
        .argument, "reduce argument must be either add or multiply, got \(arguments["reduce"])")
    }
  }

  private static func named(_ name: String) throws -> Combination {
    switch name {
    case "sum": return .sum
    case "prod": return .product
    case "mean": return .mean
    case "amax": return .largest
    case "amin": return .smallest
    default:
      throw MartletError(
        .argument, "reduce argument must be either sum, prod, mean, amax or amin, got \(name)")
    }
  }
}

extension Layout {
  /// The places of the slices of an axis at these indices, in the order of a tensor that has one
  /// slice for each.
  package func places(_ dim: Int, _ positions: [Int]) -> [Int] {
    let outer = keeping(0..<dim).places()
    var rest = keeping((dim + 1)..<rank)
    rest.offset = 0
    let inner = rest.places()
    var places: [Int] = []
    places.reserveCapacity(outer.count * positions.count * inner.count)
    for start in outer {
      for position in positions {
        for offset in inner { places.append(start + position * strides[dim] + offset) }
      }
    }
    return places
  }
}
