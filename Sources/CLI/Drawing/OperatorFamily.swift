/// What kind of work an operator does: a drawing's colours.
enum OperatorFamily: String, CaseIterable {
  case placeholder = "input, output"
  case convolution, product = "matrix product", attention = "attention, softmax"
  case normalization, pointwise, pooling = "pooling, reduction", shape = "shape, joining"
  case control = "control flow", other

  /// A light fill and a darker outline, in CSS.
  var colors: (fill: String, stroke: String) {
    switch self {
    case .placeholder: ("#ffffff", "#4b5563")
    case .convolution: ("#cfe3fb", "#2b6cb0")
    case .product: ("#dcd3fa", "#6b46c1")
    case .attention: ("#fbd0e0", "#b83280")
    case .normalization: ("#fdf0b5", "#a67c00")
    case .pointwise: ("#d3f2d5", "#2f855a")
    case .pooling: ("#fde0c5", "#c05621")
    case .shape: ("#e5e7eb", "#6b7280")
    case .control: ("#fecaca", "#c53030")
    case .other: ("#d5f3f3", "#1f7a7a")
    }
  }

  /// - Parameter name: as in `aten::add.Tensor`, `prim::If` or `torchvision::nms`.
  init(operator name: String) {
    let parts = name.split(separator: ":", omittingEmptySubsequences: true)
    guard parts.first != "prim" else {
      self = .control
      return
    }
    let base = (parts.last ?? "").split(separator: ".").first ?? ""
    let word = base.trimmingPrefix { $0 == "_" }.reversed().trimmingPrefix { $0 == "_" }
    let plain = String(word.reversed())
    // As whole names, so short that others begin with them.
    if ["t", "to", "T"].contains(plain) {
      self = .shape
    } else {
      self = Self.families.first { $0.words.contains { plain.hasPrefix($0) } }?.family ?? .other
    }
  }

  /// The first that has a word which the name begins with.
  private static let families: [(family: OperatorFamily, words: [String])] = [
    (.pooling, ["max_pool", "avg_pool", "adaptive", "fractional_max", "lp_pool"]),
    (.convolution, ["conv", "deform_conv", "thnn_conv", "slow_conv"]),
    (.attention, ["scaled_dot", "softmax", "log_softmax", "native_multi_head", "multi_head"]),
    (
      .normalization, ["batch_norm", "native_", "layer_norm", "group_norm", "instance_norm", "rms"]
    ),
    (
      .product,
      [
        "linear", "matmul", "mm", "bmm", "addmm", "baddbmm", "addbmm", "einsum", "bilinear", "dot",
        "mv", "addmv", "lstm", "gru", "rnn", "inner", "outer", "tensordot", "embedding_bag",
      ]
    ),
    (
      .shape,
      [
        "view", "reshape", "permute", "transpose", "flatten", "unflatten", "squeeze",
        "unsqueeze", "cat", "concat", "stack", "chunk", "split", "slice", "select", "expand",
        "contiguous", "narrow", "unbind", "pad", "constant_pad", "reflection_pad", "repeat", "roll",
        "flip", "pixel_", "movedim", "clone", "index", "gather", "copy", "detach", "alias",
        "as_strided", "type_as", "unfold", "fold", "channel_shuffle", "meshgrid", "tile", "lift",
      ]
    ),
    (
      .pooling,
      [
        "mean", "sum", "amax", "amin", "max", "min", "argmax", "argmin", "prod", "var", "std",
        "norm", "topk", "sort", "cumsum", "all", "any", "logsumexp",
      ]
    ),
    (
      .pointwise,
      [
        "add", "sub", "mul", "div", "neg", "relu", "gelu", "silu", "sigmoid", "tanh", "exp", "log",
        "sqrt", "rsqrt", "pow", "clamp", "hard", "leaky_relu", "prelu", "elu", "celu", "selu",
        "mish", "softplus", "softsign", "erf", "sin", "cos", "abs", "where", "masked_fill",
        "dropout", "feature_dropout", "eq", "ne", "lt", "le", "gt", "ge", "logical", "bitwise",
        "floor", "ceil", "round", "rsub", "reciprocal", "square", "threshold", "maximum", "minimum",
        "remainder", "fmod", "lerp", "addc", "glu", "swish", "log_sigmoid", "triu", "tril", "atan",
      ]
    ),
  ]
}
