import MartletTensor

/// What PyTorch's transformer layers run in evaluation, as one operator each.
package enum FusedAttention {
  package static let operators: [Operator] = [multiHead, encoderLayer]

  /// Self-attention of `query: [B, L, E]` with packed projections.
  ///
  /// `mask` hides the keys where it is true: `[L, S]` with `mask_type` 0, `[B, S]` with 1,
  /// `[B, heads, L, S]` with 2. The second result holds the attention's weights: `[B, L, S]` on
  /// average, `[B, heads, L, S]`, or nothing.
  static let multiHead = Operator(
    "aten::_native_multi_head_attention(Tensor query, Tensor key, Tensor value, int embed_dim, "
      + "int num_head, Tensor qkv_weight, Tensor qkv_bias, Tensor proj_weight, Tensor proj_bias, "
      + "Tensor? mask=None, bool need_weights=True, bool average_attn_weights=True, "
      + "int? mask_type=None) -> (Tensor, Tensor)",
    .composite { arguments in
      let query = try arguments.tensor("query")
      let (key, value) = (try arguments.tensor("key"), try arguments.tensor("value"))
      guard query.sizes == key.sizes, key.sizes == value.sizes else {
        throw MartletError(
          .shape,
          "expected query, key and value of the same sizes, got \(query.sizes), \(key.sizes) and "
            + "\(value.sizes)")
      }
      let results = try attend(
        [query, key, value], width: try arguments.int("embed_dim"),
        heads: try arguments.int("num_head"),
        input: (try arguments.tensor("qkv_weight"), try arguments.tensor("qkv_bias")),
        output: (try arguments.tensor("proj_weight"), try arguments.tensor("proj_bias")),
        mask: try arguments.optionalTensor("mask"), maskType: try arguments.optionalInt("mask_type")
      )
      guard try arguments.bool("need_weights") else { return [.tensor(results.output), .none] }
      let weights = results.weights
      if try !arguments.bool("average_attn_weights") {
        return [.tensor(results.output), .tensor(weights)]
      }
      return [.tensor(results.output), .tensor(try meanOverHeads(weights))]
    })

  /// A whole encoder layer: attention and a feed-forward part, each with its shortcut and norm.
  static let encoderLayer = Operator(
    "aten::_transformer_encoder_layer_fwd(Tensor src, int embed_dim, int num_heads, "
      + "Tensor qkv_weight, Tensor qkv_bias, Tensor proj_weight, Tensor proj_bias, bool use_gelu, "
      + "bool norm_first, float eps, Tensor norm_weight_1, Tensor norm_bias_1, "
      + "Tensor norm_weight_2, Tensor norm_bias_2, Tensor ffn_weight_1, Tensor ffn_bias_1, "
      + "Tensor ffn_weight_2, Tensor ffn_bias_2, Tensor? mask=None, int? mask_type=None) -> Tensor",
    .composite { arguments in
      let source = try arguments.tensor("src")
      let width = try arguments.int("embed_dim")
      let normFirst = try arguments.bool("norm_first")
      func norm(_ x: Tensor, _ number: Int) throws -> Tensor {
        try LayerNormalization.layerNorm(
          .tensor(x), .list([.int(Dim(width))]), arguments["norm_weight_\(number)"],
          arguments["norm_bias_\(number)"], arguments["eps"], true)
      }
      let start = normFirst ? try norm(source, 1) : source
      let attended = try attend(
        [start, start, start], width: width, heads: try arguments.int("num_heads"),
        input: (try arguments.tensor("qkv_weight"), try arguments.tensor("qkv_bias")),
        output: (try arguments.tensor("proj_weight"), try arguments.tensor("proj_bias")),
        mask: try arguments.optionalTensor("mask"), maskType: try arguments.optionalInt("mask_type")
      )
      var x = try attended.output + source
      if !normFirst { x = try norm(x, 1) }
      let inner: Tensor = try MatrixProducts.linear(
        .tensor(normFirst ? try norm(x, 2) : x), arguments["ffn_weight_1"],
        arguments["ffn_bias_1"])
      let active =
        try arguments.bool("use_gelu")
        ? try Activations.gelu(.tensor(inner), "none") : try Activations.relu(.tensor(inner))
      let outer = try MatrixProducts.linear(
        .tensor(active), arguments["ffn_weight_2"], arguments["ffn_bias_2"])
      x = try outer + x
      return [.tensor(normFirst ? x : try norm(x, 2))]
    })

  private static func attend(
    _ inputs: [Tensor], width: Int, heads: Int, input: (Tensor, Tensor),
    output: (Tensor, Tensor), mask: Tensor?, maskType: Int?
  ) throws -> (output: Tensor, weights: Tensor) {
    let query = inputs[0]
    guard query.dim == 3, query.sizes[2] == width else {
      throw MartletError(
        .shape, "expected a query [B, L, \(width)], got \(query.sizes)")
    }
    guard heads > 0, width % heads == 0 else {
      throw MartletError(
        .argument, "embed_dim must be divisible by num_heads, got \(width) and \(heads)")
    }
    guard input.0.sizes == [3 * width, width], input.1.sizes == [3 * width] else {
      throw MartletError(
        .shape,
        "expected qkv_weight [\(3 * width), \(width)] and qkv_bias [\(3 * width)], got "
          + "\(input.0.sizes) and \(input.1.sizes)")
    }
    let (batch, length) = (query.sizes[0], query.sizes[1])
    let headWidth = width / heads
    let parts = try inputs.enumerated().map { index, x in
      try MatrixProducts.linear(
        .tensor(x), .tensor(input.0.narrowedView(0, index * width, width)),
        .tensor(input.1.narrowedView(0, index * width, width))
      ).reshapedView([batch, length, heads, headWidth]).transposedView(1, 2)
    }
    let scores = try Tensor.scaledProduct(
      parts[0], parts[1].transposedView(2, 3), by: 1 / Double(headWidth).squareRoot())
    let hidden = try mask.map { try self.hidden($0, maskType, batch, heads, length) }
    let weights = try SoftmaxFamily.softmax(
      .tensor(try hidden.map { try scores.hiding($0) } ?? scores), 3)
    let mixed = try MatrixProducts.matmul(.tensor(weights), .tensor(parts[2]))
    let joined = try mixed.transposedView(1, 2).reshapedView([batch, length, width])
    return (
      try MatrixProducts.linear(.tensor(joined), .tensor(output.0), .tensor(output.1)), weights
    )
  }

  /// The mask as truth values over `[B, heads, L, S]`.
  private static func hidden(
    _ mask: Tensor, _ type: Int?, _ batch: Int, _ heads: Int, _ length: Int
  ) throws -> Tensor {
    let (expected, sizes): ([Int], [Int]) =
      switch type {
      case 0: ([length, length], [1, 1, length, length])
      case 1: ([batch, length], [batch, 1, 1, length])
      case 2: ([batch, heads, length, length], [batch, heads, length, length])
      default:
        throw MartletError(
          .argument, "mask_type must be 0, 1 or 2 where there is a mask, got \(type.value.summary)")
      }
    guard mask.sizes == expected else {
      throw MartletError(
        .shape, "expected a mask \(expected) for mask_type \(type.value.summary), got \(mask.sizes)"
      )
    }
    return try mask.converted(to: .bool).reshapedView(sizes)
      .broadcastView([batch, heads, length, length])
  }

  private static func meanOverHeads(_ weights: Tensor) throws -> Tensor {
    let (batch, heads) = (weights.sizes[0], weights.sizes[1])
    let tail = Array(weights.sizes[2...])
    let ones = try Tensor.filled([1, heads], weights.dtype, with: 1 / Double(heads))
    let rows = try weights.reshapedView([batch, heads, tail.reduce(1, *)])
    return try MatrixProducts.matmul(.tensor(ones), .tensor(rows)).reshapedView([batch] + tail)
  }
}

extension Tensor {
  /// `scale · a · b`
  fileprivate static func scaledProduct(_ a: Tensor, _ b: Tensor, by scale: Double) throws
    -> Tensor
  {
    let product = try MatrixProducts.matmul(.tensor(a), .tensor(b))
    return try product * scale
  }

  /// -∞ where `mask` is true.
  fileprivate func hiding(_ mask: Tensor) throws -> Tensor {
    if isMeta { return self }
    let result = try Tensor.allocate(sizes, dtype)
    try BinaryFunction(
      float: { $1 == 0 ? $0 : -.infinity }, double: { $1 == 0 ? $0 : -.infinity }
    ).apply(self, mask, computingIn: dtype, into: result)
    return result
  }
}
