import MartletTensor

/// Random tensors from the process-wide generator: PyTorch's numbers for the same seed.
package enum RandomNumbers {
  package static let operators: [Operator] = [
    rand, randn, randint, randintLow, randperm, randLike, randnLike, randintLike, randintLikeLow,
    normalTensorFloat, normalFloatTensor, normalTensorTensor, normalFloatFloat, bernoulli,
    bernoulliP,
  ]

  static let rand = drawing("aten::rand(SymInt[] size" + Creation.options, .floating) {
    try .rand($1, dtype: $2)
  }
  static let randn = drawing("aten::randn(SymInt[] size" + Creation.options, .floating) {
    try .randn($1, dtype: $2)
  }
  static let randint = drawing("aten::randint(SymInt high, SymInt[] size" + integerOptions, .any) {
    try .randint(high: try $0.int("high"), $1, dtype: $2)
  }
  static let randintLow = drawing(
    "aten::randint.low(SymInt low, SymInt high, SymInt[] size" + integerOptions, .any
  ) {
    try .randint(low: try $0.int("low"), high: try $0.int("high"), $1, dtype: $2)
  }
  static let randLike = drawing("aten::rand_like(Tensor self" + likeOptions, .floating) {
    try .rand($1, dtype: $2)
  }
  static let randnLike = drawing("aten::randn_like(Tensor self" + likeOptions, .floating) {
    try .randn($1, dtype: $2)
  }
  static let randintLike = drawing(
    "aten::randint_like(Tensor self, SymInt high" + likeOptions, .any
  ) {
    try .randint(high: try $0.int("high"), $1, dtype: $2)
  }
  static let randintLikeLow = drawing(
    "aten::randint_like.low_dtype(Tensor self, SymInt low, SymInt high" + likeOptions, .any
  ) {
    try .randint(low: try $0.int("low"), high: try $0.int("high"), $1, dtype: $2)
  }

  /// The numbers from 0 to `n - 1` in random order.
  static let randperm = Operator(
    "aten::randperm(SymInt n" + integerOptions, isRandom: true,
    .kernel(
      infer: { arguments in
        let count = try arguments.int("n")
        guard count >= 0 else {
          throw MartletError(.value, "n must be non-negative, got \(count)")
        }
        return [TensorSpec([count], try Creation.dtype(arguments, default: .int64))]
      },
      compute: { arguments, results in
        try Tensor.randperm(results[0].count, dtype: results[0].dtype).convert(into: results[0])
      }))

  static let normalTensorFloat = normal(
    "aten::normal.Tensor_float(Tensor mean, float std=1., *, Generator? generator=None) -> Tensor")
  static let normalFloatTensor = normal(
    "aten::normal.float_Tensor(float mean, Tensor std, *, Generator? generator=None) -> Tensor")
  static let normalTensorTensor = normal(
    "aten::normal.Tensor_Tensor(Tensor mean, Tensor std, *, Generator? generator=None) -> Tensor")

  static let normalFloatFloat = Operator(
    "aten::normal.float_float(float mean, float std, SymInt[] size, *, "
      + "Generator? generator=None, ScalarType? dtype=None, Layout? layout=None, "
      + "Device? device=None, bool? pin_memory=None) -> Tensor", isRandom: true,
    .kernel(
      infer: { arguments in
        let dtype = try Creation.dtype(arguments, default: .float32)
        try DTypeGroup.floating.check(dtype, for: "aten::normal")
        try checkDeviation(try arguments.double("std"))
        return [TensorSpec(try arguments.ints("size"), dtype)]
      },
      compute: { arguments, results in
        try Tensor.normal(
          results[0].sizes, mean: try arguments.double("mean"), std: try arguments.double("std"),
          dtype: results[0].dtype
        ).convert(into: results[0])
      }))

  /// 1 with the probability that the element says, otherwise 0.
  static let bernoulli = Operator(
    "aten::bernoulli(Tensor self, *, Generator? generator=None) -> Tensor", isRandom: true,
    .kernel(
      infer: { arguments in
        let x = try arguments.tensor("self")
        try DTypeGroup.floating.check(x.dtype, for: "aten::bernoulli")
        return [TensorSpec(x.sizes, x.dtype)]
      },
      compute: { arguments, results in
        let probability = try arguments.tensor("self")
        try probability.converted(to: .float64).withElements(as: Double.self) { span in
          for i in span.indices where !(span[i] >= 0 && span[i] <= 1) {
            throw MartletError(
              .value, "bernoulli expects all elements in [0, 1], got \(span[i])")
          }
        }
        let type: DType = probability.dtype == .float64 ? .float64 : .float32
        let draws = try Tensor.rand(probability.sizes, dtype: type)
        try BinaryFunction { $0 < $1 ? 1 : 0 }.apply(
          draws, probability, computingIn: type, into: results[0])
      }))

  static let bernoulliP = Operator(
    "aten::bernoulli.p(Tensor self, float p, *, Generator? generator=None) -> Tensor",
    isRandom: true,
    .kernel(
      infer: { arguments in
        let (x, p) = (try arguments.tensor("self"), try arguments.double("p"))
        guard p >= 0, p <= 1 else {
          throw MartletError(.value, "bernoulli expects p to be in [0, 1], got \(p)")
        }
        return [TensorSpec(x.sizes, x.dtype)]
      },
      compute: { arguments, results in
        try Tensor.bernoulli(
          results[0].sizes, probability: try arguments.double("p"), dtype: results[0].dtype
        ).convert(into: results[0])
      }))

  private static let integerOptions =
    ", *, ScalarType? dtype=4, Layout? layout=None, Device? device=None, "
    + "bool? pin_memory=None) -> Tensor"
  private static let likeOptions =
    ", *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, "
    + "bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor"

  private static func drawing(
    _ schema: String, _ group: DTypeGroup,
    _ draw: @escaping @Sendable (Arguments, [Int], DType) throws -> Tensor
  ) -> Operator {
    Operator(
      schema, isRandom: true, takesComplex: true,
      .kernel(
        infer: { arguments in
          let dtype = try Creation.dtype(arguments, default: .float32)
          try group.check(dtype, for: arguments.schema.name)
          if arguments.has("high") {
            guard !dtype.isComplex else {
              throw MartletError(.dtype, "randint is not implemented for \(dtype)")
            }
            let low = arguments.has("low") ? try arguments.int("low") : 0
            guard low < (try arguments.int("high")) else {
              throw MartletError(
                .value,
                "random_ expects 'from' to be less than 'to', but got from=\(low) >= "
                  + "to=\(try arguments.int("high"))")
            }
          }
          let sizes =
            arguments.has("size") ? try arguments.ints("size") : try arguments.tensor("self").sizes
          guard !sizes.contains(where: { $0 < 0 }) else {
            throw MartletError(.shape, "a size cannot be negative, got \(sizes)")
          }
          return [TensorSpec(sizes, dtype)]
        },
        compute: { arguments, results in
          let (sizes, dtype) = (results[0].sizes, results[0].dtype)
          guard dtype.isComplex else {
            return try draw(arguments, sizes, dtype).convert(into: results[0])
          }
          // Both parts are drawn as real numbers are; normal ones share the variance.
          var parts = try draw(arguments, sizes + [2], dtype.componentType)
          if arguments.schema.name.hasPrefix("aten::randn") {
            parts = try Arithmetic.mul(.tensor(parts), .double(0.5.squareRoot()))
          }
          try ComplexNumbers.viewAsComplex(.tensor(parts)).convert(into: results[0])
        }))
  }

  /// `mean + std * randn`
  private static func normal(_ schema: String) -> Operator {
    Operator(
      schema, isRandom: true, takesComplex: true,
      .kernel(
        infer: { arguments in
          let operands = try BinaryFamily.operands(arguments)
          let tensors = operands.filter { if case .tensor = $0 { true } else { false } }
          let dtype = resultType(tensors)
          guard !dtype.isComplex else {
            throw MartletError(.dtype, "normal is not implemented for \(dtype)")
          }
          try DTypeGroup.floating.check(dtype, for: "aten::normal")
          if case .scalar(let std) = operands[1] { try checkDeviation(std.double) }
          return [TensorSpec(try broadcast(operands.map(\.sizes)), dtype)]
        },
        compute: { arguments, results in
          let operands = try BinaryFamily.operands(arguments)
          let dtype = results[0].dtype
          let draws = try Tensor.randn(results[0].sizes, dtype: dtype)
          try TernaryFunction(float: { $0 + $1 * $2 }, double: { $0 + $1 * $2 }).apply(
            try operands[0].tensor(), try operands[1].tensor(), draws, computingIn: dtype,
            into: results[0])
        }))
  }

  private static func checkDeviation(_ std: Double) throws {
    guard std >= 0 else { throw MartletError(.value, "normal expects std >= 0.0, got \(std)") }
  }
}
