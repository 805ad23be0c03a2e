import MartletTensor

/// Losses of scores for classes: how little the target's class is believed in.
package enum ClassLosses {
  package static let operators: [Operator] = [nll, nllNd, nll2d, nllForward, crossEntropy]

  private static let tail =
    "(Tensor self, Tensor target, Tensor? weight=None, int reduction=1, SymInt ignore_index=-100)"
    + " -> Tensor"

  /// `-weight[target] x[target]` of logarithms `x: [N, C, …]`.
  static let nll = Operator("aten::nll_loss" + tail, .composite(likelihood))
  static let nllNd = Operator("aten::nll_loss_nd" + tail, .composite(likelihood))
  static let nll2d = Operator("aten::nll_loss2d" + tail, .composite(likelihood))

  @Sendable private static func likelihood(_ arguments: Arguments) throws -> [Value] {
    [.tensor(try negativeLikelihood(arguments, try arguments.tensor("self")).loss)]
  }

  /// The loss, and the sum of the weights.
  static let nllForward = Operator(
    "aten::nll_loss_forward(Tensor self, Tensor target, Tensor? weight, int reduction, "
      + "SymInt ignore_index) -> (Tensor output, Tensor total_weight)",
    .composite { arguments in
      let (loss, total) = try negativeLikelihood(arguments, try arguments.tensor("self"))
      if try arguments.int("reduction") == 0 {
        return [.tensor(loss), .tensor(try aten("zeros_like", total))]
      }
      return [.tensor(loss), .tensor(total)]
    })

  /// The negative likelihood of the logarithm of the softmax; targets may also be a probability for
  /// each class. `label_smoothing` mixes them with all classes alike.
  static let crossEntropy = Operator(
    "aten::cross_entropy_loss(Tensor self, Tensor target, Tensor? weight=None, int reduction=1, "
      + "SymInt ignore_index=-100, float label_smoothing=0.) -> Tensor",
    .composite { arguments in
      let (x, target) = (try arguments.tensor("self"), try arguments.tensor("target"))
      let smoothing = try arguments.double("label_smoothing")
      guard smoothing >= 0, smoothing <= 1 else {
        throw MartletError(
          .argument, "label_smoothing must be between 0.0 and 1.0. Got: \(smoothing)")
      }
      guard x.dim > 0 else {
        throw MartletError(.shape, "cross_entropy_loss expects scores with an axis of classes")
      }
      let axis = x.dim == 1 ? 0 : 1
      let logarithms = try aten("log_softmax.int", x, axis)
      if target.dtype.isFloatingPoint, target.sizes == x.sizes {
        return [.tensor(try ofProbabilities(arguments, logarithms, target, axis, smoothing))]
      }
      let (hard, total) = try negativeLikelihood(arguments, logarithms)
      if smoothing == 0 { return [.tensor(hard)] }
      return [
        .tensor(try smoothed(arguments, logarithms, axis, hard, total, smoothing))
      ]
    })

  private static func ofProbabilities(
    _ arguments: Arguments, _ logarithms: Tensor, _ given: Tensor, _ axis: Int, _ smoothing: Double
  ) throws -> Tensor {
    var target = given
    if smoothing > 0 {
      target = try target * (1 - smoothing) + smoothing / Double(target.sizes[axis])
    }
    if let weight = try arguments.optionalTensor("weight") {
      target = try target * along(weight, axis, of: logarithms)
    }
    let loss = try -aten("sum.dim_IntList", try logarithms * target, [axis])
    switch try arguments.int("reduction") {
    case 1:
      let count = logarithms.count / max(logarithms.sizes[axis], 1)
      return try aten("sum", loss) / Double(count)
    case let reduction: return try Losses.reduced(loss, reduction)
    }
  }

  private static func smoothed(
    _ arguments: Arguments, _ logarithms: Tensor, _ axis: Int, _ hard: Tensor, _ total: Tensor,
    _ smoothing: Double
  ) throws -> Tensor {
    let target = try arguments.tensor("target")
    var all = try -logarithms
    if let weight = try arguments.optionalTensor("weight") {
      all = try all * along(weight, axis, of: all)
    }
    all = try aten("sum.dim_IntList", all, [axis])
    let ignored = try target .== arguments.int("ignore_index")
    all = try aten("where.self", ignored, try aten("zeros_like", all), all)
    let smooth: Tensor
    switch try arguments.int("reduction") {
    case 0: smooth = all
    case 1: smooth = try aten("sum", all) / total
    default: smooth = try aten("sum", all)
    }
    return try hard * (1 - smoothing) + smooth * (smoothing / Double(logarithms.sizes[axis]))
  }

  /// A class's weight beside each of its scores.
  private static func along(_ weight: Tensor, _ axis: Int, of x: Tensor) throws -> Tensor {
    var sizes = [Int](repeating: 1, count: x.dim)
    sizes[axis] = weight.count
    return try aten("view", weight, sizes)
  }

  private static func negativeLikelihood(_ arguments: Arguments, _ x: Tensor) throws -> (
    loss: Tensor, total: Tensor
  ) {
    let target = try arguments.tensor("target")
    guard !target.dtype.isFloatingPoint else {
      throw MartletError(.dtype, "expected scalar type Long but found \(target.dtype.formalName)")
    }
    let axis = x.dim == 1 ? 0 : 1
    var expected = x.sizes
    if !expected.isEmpty { expected.remove(at: axis) }
    guard x.dim > 0, target.sizes == expected || (x.dim == 1 && target.count == 1) else {
      throw MartletError(
        .shape,
        "expected a target of sizes \(expected) for scores of sizes \(x.sizes), got \(target.sizes)"
      )
    }
    let weight = try arguments.optionalTensor("weight")
    if let weight, weight.dim != 1 || weight.count != x.sizes[axis] {
      throw MartletError(
        .shape,
        "weight tensor should be defined either for all \(x.sizes[axis]) classes or no classes "
          + "but got weight tensor of shape: \(weight.sizes)")
    }
    let ignored = try target .== arguments.int("ignore_index")
    let zero = try aten("zeros_like", target)
    let safe = try aten("where.self", ignored, zero, target).converted(to: .int64)
    let index = try aten("unsqueeze", safe, axis)
    let scores = x.dim == 1 && target.dim == 1 ? try aten("unsqueeze", x, 1) : x
    let picked = try aten("squeeze.dim", try aten("gather", scores, axis, index), axis)
    var weights = try aten("ones_like", picked)
    if let weight {
      let flat = try aten("index_select", weight, 0, try aten("reshape", safe, [-1]))
      weights = try aten("reshape", flat, picked.sizes)
    }
    weights = try aten("where.self", ignored, try aten("zeros_like", weights), weights)
    let loss = try -(aten("where.self", ignored, try aten("zeros_like", picked), picked) * weights)
    let total = try aten("sum", weights)
    switch try arguments.int("reduction") {
    case 0: return (loss, total)
    case 1: return (try aten("sum", loss) / total, total)
    default: return (try aten("sum", loss), total)
    }
  }
}
