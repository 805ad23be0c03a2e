import MartletOps
import MartletTensor
import MartletTracer

/// PNNX reads the number of heads of a `MultiheadAttention` from the division that gives a head's
/// size. PyTorch's tracer records it; a trace of Swift knows the size as a number, so the division
/// is put back.
enum AttentionForm {
  /// A method's graph as it is to be saved.
  static func graph(of method: String, of module: TracedModule) throws -> Graph {
    let graph = try module.graph(of: method)
    guard module.scriptClass == nil,
      module.typeName == "torch.nn.modules.activation.MultiheadAttention",
      let embedding = module.child("out_proj")?.attribute("weight")?.sizes.first,
      graph.inputs.count > 1, graph.type(of: graph.inputs[1]).isTensor,
      let size = headSize(graph), size > 0, embedding % size == 0
    else { return graph }
    return dividing(graph, size: size, heads: embedding / size) ?? graph
  }

  /// The last size of the first view of rows of heads: `[length, batch · heads, size]`.
  private static func headSize(_ graph: Graph) -> Int? {
    for node in graph.nodes where node.operation?.schema.name == "aten::view" {
      if case .list(let sizes) = node.arguments[1], sizes.count == 3,
        case .int(let size)? = sizes.last
      {
        return size
      }
    }
    return nil
  }

  private static func dividing(_ graph: Graph, size: Int, heads: Int) -> Graph? {
    guard let read = Catalog.byName["aten::size.int"],
      let wrap = Catalog.byName["prim::NumToTensor.Scalar"],
      let divide = Catalog.byName["aten::floor_divide.Scalar"],
      let unwrap = Catalog.byName["aten::Int.Tensor"]
    else { return nil }
    var result = graph
    var added: [Node] = []
    func call(_ operation: Operator, _ arguments: [Argument], _ type: GraphType) -> Argument {
      let value = result.newValue(type)
      added.append(Node(.operation(operation), arguments, outputs: [value]))
      return .value(value)
    }
    let embedding = call(read, [.value(graph.inputs[1]), .int(-1)], .int)
    let wrapped = call(wrap, [embedding], .tensor)
    let divided = call(divide, [wrapped, .int(heads)], .tensor)
    let head = call(unwrap, [divided], .int)
    let nodes = result.body.nodes.map { node in
      guard node.operation?.schema.name == "aten::view", case .list(var sizes) = node.arguments[1],
        sizes.count == 3, case .int(size)? = sizes.last
      else { return node }
      var copy = node
      sizes[2] = head
      copy.arguments[1] = .list(sizes)
      return copy
    }
    let first = nodes.firstIndex { $0.prim != .getAttr } ?? 0
    result.body.nodes = Array(nodes[..<first]) + added + nodes[first...]
    return result
  }
}
