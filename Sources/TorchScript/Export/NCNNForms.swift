import MartletOps
import MartletTensor
import MartletTracer

/// What ncnn cannot take of one node: its operator, or the form of its arguments. The forms are
/// those that PNNX's passes for ncnn refuse (https://github.com/Tencent/ncnn,
/// tools/pnnx/src/pass_ncnn).
struct NCNNForms {
  let graph: Graph
  let node: Node

  func problems() -> [String] {
    switch node.kind {
    case .prim(.if), .prim(.loop): return ["control flow (\(node.name)): ncnn has none"]
    case .prim: return []
    case .unknown(let name): return ["\(name): not an operator of Martlet"]
    case .operation(let operation):
      guard NCNNOperators.takes(operation.name) || NCNNOperators.hasLayer(node.scope) else {
        return ["\(operation.name): ncnn has no layer for it"]
      }
      return isInLayer ? [] : forms(operation.schema.name)
    }
  }

  /// Whether PNNX takes the module it stands in whole.
  private var isInLayer: Bool { NCNNOperators.hasLayer(node.scope) }

  static func problem(with type: GraphType) -> String? {
    guard let tensor = type.tensorType else { return nil }
    if let sizes = tensor.sizes, sizes.count > 5 {
      return "a tensor with \(sizes.count) axes: ncnn has at most 4 and the batch"
    }
    if let dtype = tensor.dtype, dtype.isComplex { return "\(dtype) tensors: ncnn has none" }
    return nil
  }

  private func forms(_ name: String) -> [String] {
    var found: [String] = []
    if Self.axisOperators.contains(name), touchesBatch {
      found.append("\(name) along the batch axis: ncnn has no batch axis")
    }
    switch name {
    case "aten::slice", "aten::slice_scatter":
      if let step = int("step"), step != 1 { found.append("\(name) with step \(step)") }
    case "aten::avg_pool2d", "aten::avg_pool3d":
      if int("divisor_override") != nil { found.append("\(name) with a divisor_override") }
    case "aten::linalg_vector_norm", "aten::norm":
      let order = number(name == "aten::norm" ? "p" : "ord")
      if let order, order != 2, order != 1 { found.append("\(name) of order \(order)") }
    case "aten::batch_norm", "aten::instance_norm":
      let flag = name == "aten::batch_norm" ? "training" : "use_input_stats"
      if name == "aten::batch_norm", case .bool(true)? = node[flag] {
        found.append("\(name) with the batch's own statistics")
      }
    case "aten::permute":
      if case .list(let dims)? = node["dims"], dims.count > 5 {
        found.append("\(name) of \(dims.count) axes")
      }
    default: break
    }
    return found
  }

  private static let axisOperators: Set<String> = [
    "aten::sum", "aten::mean", "aten::prod", "aten::amax", "aten::amin", "aten::softmax",
    "aten::log_softmax", "aten::glu", "aten::roll", "aten::unbind", "aten::chunk", "aten::split",
    "aten::split_with_sizes", "aten::tensor_split", "aten::stack", "aten::logsumexp",
    "aten::cumsum",
  ]

  /// Whether the first of four axes is reduced or divided: with fewer, it may be another's.
  private var touchesBatch: Bool {
    guard let first = node.arguments.first?.graphValue,
      let rank = graph.type(of: first).tensorType?.sizes?.count, rank >= 4
    else { return false }
    switch node["dim"] ?? node["dims"] {
    case .int(let dim)?: return dim == 0 || dim == -rank
    case .list(let dims)?:
      return dims.contains {
        if case .int(let dim) = $0 { dim == 0 || dim == -rank } else { false }
      }
    default: return false
    }
  }

  private func int(_ name: String) -> Int? {
    if case .int(let number)? = node[name] { number } else { nil }
  }

  private func number(_ name: String) -> Double? {
    switch node[name] {
    case .int(let number)?: Double(number)
    case .double(let number)?: number
    default: nil
    }
  }
}
