import MartletOps
import MartletTracer

/// A graph with every list, tuple and dictionary as a node of its own, as in PyTorch's graphs,
/// whose printer decides node by node what stands inside an expression.
struct SourceForm {
  final class Node {
    let node: MartletTracer.Node
    /// The types that the node's lists have where they are empty.
    let blocks: [Block]
    /// The nodes before it in its block.
    var previous: Node?

    init(_ node: MartletTracer.Node, _ blocks: [Block]) {
      self.node = node
      self.blocks = blocks
    }
  }

  struct Block {
    var parameters: [GraphValue]
    var nodes: [Node] = []
    var results: [Argument] = []
  }

  private(set) var graph: Graph
  private(set) var body = Block(parameters: [])

  init(_ graph: Graph) {
    self.graph = graph
    body = expanded(graph.body)
  }

  private mutating func expanded(_ block: MartletTracer.Block) -> Block {
    var result = Block(parameters: block.parameters)
    for node in block.nodes {
      var copy = node
      let schema = node.operation?.schema
      copy.arguments = node.arguments.enumerated().map { index, argument in
        let type = schema?.parameter(index).map { GraphType($0.type) }
        return expanded(argument, type, &result)
      }
      result.append(Node(copy, node.blocks.map { expanded($0) }))
    }
    result.results = block.results.map { expanded($0, nil, &result) }
    return result
  }

  private mutating func expanded(_ argument: Argument, _ wanted: GraphType?, _ block: inout Block)
    -> Argument
  {
    let kind: Prim
    let items: [Argument]
    switch argument {
    case .list(let parts): (kind, items) = (.listConstruct, parts)
    case .tuple(let parts): (kind, items) = (.tupleConstruct, parts)
    case .dictionary(let entries):
      (kind, items) = (.dictConstruct, entries.flatMap { [$0.key, $0.value] })
    default: return argument
    }
    let parts = items.map { expanded($0, nil, &block) }
    var type = graph.type(of: argument)
    if items.isEmpty, let wanted { type = wanted.unwrapped }
    let value = graph.newValue(type)
    block.append(Node(MartletTracer.Node(.prim(kind), parts, outputs: [value]), []))
    return .value(value)
  }
}

extension SourceForm.Block {
  fileprivate mutating func append(_ node: SourceForm.Node) {
    node.previous = nodes.last
    nodes.append(node)
  }
}

extension GraphType {
  fileprivate var unwrapped: GraphType {
    if case .optional(let wrapped) = self { wrapped.unwrapped } else { self }
  }
}
