import MartletTensor

/// Losses: differences between a prediction and its target, reduced by 0 not at all, 1 the mean,
/// 2 the sum.
package enum Losses {
  package static let operators: [Operator] = [
    mse, l1, smoothL1, huber, binaryCrossEntropy, binaryCrossEntropyWithLogits, divergence,
    softMargin, marginRanking, hingeEmbedding, cosineEmbedding, poisson, tripletMargin,
  ]

  /// `(x - y)²`
  static let mse = loss("aten::mse_loss(Tensor self, Tensor target, int reduction=1)") {
    try aten("square", try difference($0))
  }

  /// `|x - y|`
  static let l1 = loss("aten::l1_loss(Tensor self, Tensor target, int reduction=1)") {
    try difference($0).abs()
  }

  /// Half the square over `beta` below `beta`, the distance less half of it above.
  static let smoothL1 = loss(
    "aten::smooth_l1_loss(Tensor self, Tensor target, int reduction=1, float beta=1.)"
  ) { arguments in
    let beta = try arguments.double("beta")
    guard beta >= 0 else {
      throw MartletError(.argument, "smooth_l1_loss does not support negative values for beta.")
    }
    let distance = try difference(arguments).abs()
    if beta == 0 { return distance }
    return try aten(
      "where.self", try distance .< beta, try distance.square() * (0.5 / beta),
      try distance - beta * 0.5)
  }

  /// Half the square up to `delta`, `delta` times the distance less half of it above.
  static let huber = loss(
    "aten::huber_loss(Tensor self, Tensor target, int reduction=1, float delta=1.)"
  ) { arguments in
    let delta = try arguments.double("delta")
    guard delta > 0 else {
      throw MartletError(
        .argument, "huber_loss does not support non-positive values for delta.")
    }
    let distance = try difference(arguments).abs()
    return try aten(
      "where.self", try distance .<= delta, try distance.square() * 0.5,
      try (distance - delta * 0.5) * delta)
  }

  /// `-(y log x + (1 - y) log(1 - x))`, the logarithms at least -100.
  static let binaryCrossEntropy = loss(
    "aten::binary_cross_entropy(Tensor self, Tensor target, Tensor? weight=None, int reduction=1)"
  ) { arguments in
    let (x, y) = (try arguments.tensor("self"), try arguments.tensor("target"))
    let present = try y * aten("clamp_min", try x.log(), -100.0)
    let absent = try (1 - y) * aten("clamp_min", try (-x).log1p(), -100.0)
    return try weighted(-(present + absent), arguments)
  }

  /// Binary cross entropy of the sigmoid, without computing it.
  static let binaryCrossEntropyWithLogits = loss(
    "aten::binary_cross_entropy_with_logits(Tensor self, Tensor target, Tensor? weight=None, "
      + "Tensor? pos_weight=None, int reduction=1)"
  ) { arguments in
    let (x, y) = (try arguments.tensor("self"), try arguments.tensor("target"))
    guard x.sizes == y.sizes else {
      throw MartletError(
        .shape, "target size (\(y.sizes)) must be the same as input size (\(x.sizes))")
    }
    let softened = try (-x.abs()).exp().log1p() + aten("clamp_min", try -x, 0.0)
    guard let positive = try arguments.optionalTensor("pos_weight") else {
      return try weighted((1 - y) * x + softened, arguments)
    }
    return try weighted((1 - y) * x + ((positive - 1) * y + 1) * softened, arguments)
  }

  /// `y (log y - x)`, where `y` itself is given or its logarithm.
  static let divergence = loss(
    "aten::kl_div(Tensor self, Tensor target, int reduction=1, *, bool log_target=False)"
  ) { arguments in
    let (x, y) = (try arguments.tensor("self"), try arguments.tensor("target"))
    if try arguments.bool("log_target") { return try y.exp() * (y - x) }
    return try aten("xlogy.Tensor", y, y) - y * x
  }

  /// `log(1 + exp(-y x))`
  static let softMargin = loss(
    "aten::soft_margin_loss(Tensor self, Tensor target, int reduction=1)"
  ) { arguments in
    try (-arguments.tensor("target") * arguments.tensor("self")).exp().log1p()
  }

  /// `max(-y (x₁ - x₂) + margin, 0)`
  static let marginRanking = loss(
    "aten::margin_ranking_loss(Tensor input1, Tensor input2, Tensor target, float margin=0., "
      + "int reduction=1)"
  ) { arguments in
    let distance = try arguments.tensor("input1") - arguments.tensor("input2")
    let loss = try -arguments.tensor("target") * distance + arguments.double("margin")
    return try aten("clamp_min", loss, 0.0)
  }

  /// `x` where the target is 1, `max(margin - x, 0)` where it is -1.
  static let hingeEmbedding = loss(
    "aten::hinge_embedding_loss(Tensor self, Tensor target, float margin=1., int reduction=1)"
  ) { arguments in
    let (x, y) = (try arguments.tensor("self"), try arguments.tensor("target"))
    let zero = try aten("zeros_like", x)
    let apart = try aten("clamp_min", try arguments.double("margin") - x, 0.0)
    return try aten("where.self", try y .!= 1, apart, zero)
      + aten("where.self", try y .!= -1, x, zero)
  }

  /// `1 - cos` where the target is 1, `max(cos - margin, 0)` where it is -1.
  static let cosineEmbedding = loss(
    "aten::cosine_embedding_loss(Tensor input1, Tensor input2, Tensor target, float margin=0., "
      + "int reduction=1)"
  ) { arguments in
    let (a, b) = (try arguments.tensor("input1"), try arguments.tensor("input2"))
    let target = try arguments.tensor("target")
    guard a.dim == target.dim + 1, a.dim > 0, a.dim < 3 else {
      throw MartletError(
        .shape,
        "\(target.dim)D target tensor expects \(target.dim + 1)D input tensors, but found inputs "
          + "with sizes \(a.sizes) and \(b.sizes).")
    }
    let axis = target.dim
    func product(_ x: Tensor, _ y: Tensor) throws -> Tensor {
      try aten("sum.dim_IntList", try x * y, [axis])
    }
    let small = 1e-12
    let cosine =
      try product(a, b)
      / ((product(a, a) + small) * (product(b, b) + small)).sqrt()
    let zero = try aten("zeros_like", cosine)
    let apart = try aten("clamp_min", try cosine - arguments.double("margin"), 0.0)
    return try aten("where.self", try target .== 1, try 1 - cosine, zero)
      + aten("where.self", try target .== -1, apart, zero)
  }

  /// `exp(x) - y x`, or `x - y log(x + eps)`; with `full` Stirling's term for targets above 1.
  static let poisson = loss(
    "aten::poisson_nll_loss(Tensor input, Tensor target, bool log_input, bool full, float eps, "
      + "int reduction)"
  ) { arguments in
    let (x, y) = (try arguments.tensor("input"), try arguments.tensor("target"))
    var loss =
      try arguments.bool("log_input")
      ? x.exp() - y * x : x - y * (x + arguments.double("eps")).log()
    if try arguments.bool("full") {
      let stirling = try y * y.log() - y + (y * (2 * Double.pi)).log() * 0.5
      loss = try loss + aten("where.self", try y .<= 1, try aten("zeros_like", y), stirling)
    }
    return loss
  }

  /// `max(d(anchor, positive) - d(anchor, negative) + margin, 0)`
  static let tripletMargin = loss(
    "aten::triplet_margin_loss(Tensor anchor, Tensor positive, Tensor negative, float margin=1., "
      + "float p=2., float eps=9.9999999999999995e-07, bool swap=False, int reduction=1)"
  ) { arguments in
    let (anchor, positive) = (try arguments.tensor("anchor"), try arguments.tensor("positive"))
    let negative = try arguments.tensor("negative")
    let (p, eps) = (try arguments.double("p"), try arguments.double("eps"))
    func distance(_ a: Tensor, _ b: Tensor) throws -> Tensor {
      try aten("pairwise_distance", a, b, p, eps)
    }
    var apart = try distance(anchor, negative)
    if try arguments.bool("swap") {
      apart = try aten("minimum", apart, try distance(positive, negative))
    }
    let loss = try distance(anchor, positive) - apart + arguments.double("margin")
    return try aten("clamp_min", loss, 0.0)
  }

  /// - Parameter schema: without what it gives.
  private static func loss(
    _ schema: String, _ loss: @escaping @Sendable (Arguments) throws -> Tensor
  ) -> Operator {
    Operator(
      schema + " -> Tensor",
      .composite { arguments in
        [.tensor(try reduced(try loss(arguments), try arguments.int("reduction")))]
      })
  }

  static func reduced(_ loss: Tensor, _ reduction: Int) throws -> Tensor {
    switch reduction {
    case 0: loss
    case 1: try aten("mean", loss)
    case 2: try aten("sum", loss)
    default: throw MartletError(.argument, "\(reduction) is not a valid value for reduction")
    }
  }

  private static func difference(_ arguments: Arguments) throws -> Tensor {
    try arguments.tensor("self") - arguments.tensor("target")
  }

  private static func weighted(_ loss: Tensor, _ arguments: Arguments) throws -> Tensor {
    guard let weight = try arguments.optionalTensor("weight") else { return loss }
    return try loss * weight
  }
}
