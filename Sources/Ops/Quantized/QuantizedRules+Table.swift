import MartletTensor

enum QuantizedRules {
  /// By operator, with its overload. Composite operators and views are not named here unless they
  /// differ from what they are made of.
  static let byName: [String: QuantizedRule] = {
    var rules: [String: QuantizedRule] = [:]
    for name in channelViews { rules["aten::\(name)"] = .body }
    for name in copies { rules["aten::\(name)"] = .stored(keepsSizes: true) }
    for name in moves { rules["aten::\(name)"] = .stored(keepsSizes: false) }
    for name in ["eq", "ne", "lt", "le", "gt", "ge"] {
      for overload in ["Tensor", "Scalar"] { rules["aten::\(name).\(overload)"] = .values }
    }
    for name in nearest { rules["aten::\(name)"] = .bits }
    for name in pools { rules["aten::\(name)"] = .distancesAndBack }
    for name in means { rules["aten::\(name)"] = .valuesAndBack }
    for (name, evaluate) in QuantizedFunctions.rules + QuantizedMoves.rules {
      rules["aten::\(name)"] = .evaluation(evaluate)
    }
    return rules
  }()

  /// Views that know what becomes of the channels' axis.
  private static let channelViews = [
    "view", "view_as", "reshape", "reshape_as", "_reshape_alias", "ravel", "flatten.using_ints",
    "unflatten.int", "select.int", "slice.Tensor", "narrow", "unbind.int", "unsqueeze", "squeeze",
    "squeeze.dim", "squeeze.dims", "chunk", "split.Tensor", "split.sizes", "split_with_sizes",
    "tensor_split.sections", "tensor_split.indices", "permute", "transpose.int", "t", "swapaxes",
    "swapdims", "movedim.int", "movedim.intlist", "moveaxis.int", "moveaxis.intlist", "numpy_T",
    "detach", "alias", "lift_fresh",
  ]

  /// Computed in float32 and brought back to the tensor's own scheme.
  private static let means = [
    "mean", "mean.dim", "std", "std.dim", "std.correction", "leaky_relu", "threshold", "prelu",
    "_prelu_kernel",
    "constant_pad_nd", "masked_fill.Scalar", "masked_fill.Tensor", "fill.Scalar", "fill.Tensor",
    "full_like", "ones_like",
  ]

  private static let copies = [
    "clone", "lift", "lift_fresh_copy", "detach_copy", "alias_copy",
  ]

  /// Elements chosen, ordered or repeated, whatever they stand for.
  private static let moves = [
    "index_select", "index.Tensor", "index.Tensor_hacked_twin", "flip", "repeat", "topk", "sort",
    "sort.stable", "argsort", "argsort.stable", "max", "min", "max.dim", "min.dim", "max_pool1d",
    "max_pool2d", "max_pool3d", "reflection_pad1d", "reflection_pad2d", "channel_shuffle",
    "native_channel_shuffle", "tile", "equal",
  ]

  /// Computed on distances from the zero point.
  private static let pools = [
    "avg_pool1d", "avg_pool2d", "avg_pool3d", "adaptive_avg_pool1d", "adaptive_avg_pool2d",
    "_adaptive_avg_pool2d", "adaptive_avg_pool3d", "_adaptive_avg_pool3d", "upsample_bilinear2d",
    "upsample_bilinear2d.vec",
  ]

  private static let nearest = [
    "upsample_nearest2d", "upsample_nearest3d", "_upsample_nearest_exact2d",
    "_upsample_nearest_exact3d", "upsample_nearest2d.vec", "upsample_nearest3d.vec",
  ]
}
