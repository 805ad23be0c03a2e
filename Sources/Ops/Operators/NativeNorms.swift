import MartletTensor

/// Norms that also give the statistics they used, as decomposed graphs call them.
package enum NativeNorms {
  package static let operators: [Operator] = [layer, group] + batch

  /// `layer_norm`, the means, and the reciprocal deviations.
  static let layer = Operator(
    "aten::native_layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight, "
      + "Tensor? bias, float eps) -> (Tensor, Tensor, Tensor)",
    .composite { arguments in
      let x = try arguments.tensor("input")
      let shape = try arguments.ints("normalized_shape")
      let eps = try arguments.double("eps")
      let result = try aten(
        "layer_norm", x, shape, arguments["weight"], arguments["bias"], eps)
      let axes = Array((x.dim - shape.count)..<x.dim)
      return [.tensor(result)] + (try statistics(x, axes, eps, keep: true))
    })

  /// `group_norm`, and the means and reciprocal deviations of each group.
  static let group = Operator(
    "aten::native_group_norm(Tensor input, Tensor? weight, Tensor? bias, SymInt N, SymInt C, "
      + "SymInt HxW, int group, float eps) -> (Tensor, Tensor, Tensor)",
    .composite { arguments in
      let x = try arguments.tensor("input")
      let (groups, eps) = (try arguments.int("group"), try arguments.double("eps"))
      let result = try aten(
        "group_norm", x, groups, arguments["weight"], arguments["bias"], eps)
      let flat = try aten("reshape", x, [try arguments.int("N"), groups, -1])
      return [.tensor(result)] + (try statistics(flat, [2], eps, keep: false))
    })

  static let batch: [Operator] = [
    batchNorm(
      "aten::native_batch_norm(Tensor input, Tensor? weight, Tensor? bias, "
        + "Tensor? running_mean, Tensor? running_var, bool training, float momentum, float eps)"),
    batchNorm(
      "aten::_native_batch_norm_legit.no_stats(Tensor input, Tensor? weight, Tensor? bias, "
        + "bool training, float momentum, float eps)"),
    batchNorm(
      "aten::_native_batch_norm_legit_no_training(Tensor input, Tensor? weight, Tensor? bias, "
        + "Tensor running_mean, Tensor running_var, float momentum, float eps)"),
  ]

  /// `batch_norm`, and the batch's means and reciprocal deviations where it uses them.
  private static func batchNorm(_ schema: String) -> Operator {
    Operator(
      schema + " -> (Tensor, Tensor, Tensor)",
      .composite { arguments in
        let x = try arguments.tensor("input")
        let eps = try arguments.double("eps")
        let training = arguments.has("training") ? try arguments.bool("training") : false
        let hasStatistics = arguments.has("running_mean")
        let result = try aten(
          "batch_norm", x, arguments["weight"], arguments["bias"],
          hasStatistics ? arguments["running_mean"] : .none,
          hasStatistics ? arguments["running_var"] : .none, training,
          arguments["momentum"], eps, true)
        guard training else {
          let none = try aten("new_empty", x, [0])
          return [.tensor(result), .tensor(none), .tensor(none)]
        }
        let axes = (0..<x.dim).filter { $0 != 1 }
        return [.tensor(result)] + (try statistics(x, axes, eps, keep: false))
      })
  }

  private static func statistics(_ x: Tensor, _ axes: [Int], _ eps: Double, keep: Bool) throws
    -> [Value]
  {
    let mean = try aten("mean.dim", x, axes, keep)
    let variance = try aten("var.correction", x, axes, 0, keep)
    return [.tensor(mean), .tensor(try aten("rsqrt", try variance + eps))]
  }
}
