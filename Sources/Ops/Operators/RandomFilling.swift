import MartletTensor

/// New numbers for each element of a tensor, whose values do not matter: what the in-place random
/// operators write.
package enum RandomFilling {
  package static let operators: [Operator] = [
    uniform, normal, logNormal, cauchy, exponential, geometric, bernoulliTensor, random, randomTo,
    randomFrom,
  ]

  static let uniform = filling("aten::uniform(Tensor self, float from=0., float to=1.") {
    try .uniform($1, from: try $0.double("from"), to: try $0.double("to"), dtype: $2)
  }
  static let normal = filling("aten::normal_functional(Tensor self, float mean=0., float std=1.") {
    try .normal($1, mean: try $0.double("mean"), std: try $0.double("std"), dtype: $2)
  }
  static let logNormal = filling("aten::log_normal(Tensor self, float mean=1., float std=2.") {
    try .logNormal($1, mean: try $0.double("mean"), std: try $0.double("std"), dtype: $2)
  }
  static let cauchy = filling("aten::cauchy(Tensor self, float median=0., float sigma=1.") {
    try .cauchy($1, median: try $0.double("median"), sigma: try $0.double("sigma"), dtype: $2)
  }
  static let exponential = filling("aten::exponential(Tensor self, float lambd=1.") {
    try .exponential($1, rate: try $0.double("lambd"), dtype: $2)
  }
  static let geometric = filling("aten::geometric(Tensor self, float p", .numbers) {
    try .geometric($1, probability: try $0.double("p"), dtype: $2)
  }

  /// Whole numbers from zero to the largest that the dtype holds.
  static let random = filling("aten::random(Tensor self", .any) {
    try .wholeNumbers($1, dtype: $2)
  }
  static let randomTo = filling("aten::random.to(Tensor self, int to", .any) {
    try .randint(high: try $0.int("to"), $1, dtype: $2)
  }
  static let randomFrom = filling("aten::random.from(Tensor self, int from, int? to", .any) {
    let low = try $0.int("from")
    guard let high = try $0.optionalInt("to") else {
      return try .wholeNumbers($1, from: Int64(low), dtype: $2)
    }
    return try .randint(low: low, high: high, $1, dtype: $2)
  }

  /// 1 with the probability that the element of `p`, which broadcasts, says, otherwise 0.
  static let bernoulliTensor = Operator(
    "aten::bernoulli.Tensor(Tensor self, Tensor p, *, Generator? generator=None) -> Tensor",
    isRandom: true,
    .kernel(
      infer: { arguments in
        let (x, p) = (try arguments.tensor("self"), try arguments.tensor("p"))
        try DTypeGroup.floating.check(p.dtype, for: "aten::bernoulli")
        _ = try Expanding.expanded(p, x.sizes)
        return [TensorSpec(x.sizes, x.dtype)]
      },
      compute: { arguments, results in
        let p = try Expanding.expanded(try arguments.tensor("p"), results[0].sizes).copied()
        let drawn = try RandomNumbers.bernoulli.evaluate(
          try Arguments(RandomNumbers.bernoulli.schema, [.tensor(p)]))
        try Tensor(drawn[0]).convert(into: results[0])
      }))

  private static func filling(
    _ schema: String, _ group: DTypeGroup = .floating,
    _ draw: @escaping @Sendable (Arguments, [Int], DType) throws -> Tensor
  ) -> Operator {
    Operator(
      schema + ", *, Generator? generator=None) -> Tensor", isRandom: true,
      .kernel(
        infer: { arguments in
          let x = try arguments.tensor("self")
          try group.check(x.dtype, for: arguments.schema.name)
          return [TensorSpec(x.sizes, x.dtype)]
        },
        compute: { arguments, results in
          try draw(arguments, results[0].sizes, results[0].dtype).convert(into: results[0])
        }))
  }
}
