import MartletOps
import MartletTracer

/// A graph with every list, tuple and dictionary as a node of its own, as in PyTorch's graphs,
/// whose printer decides node by node what stands inside an expression.
struct SourceForm {
  final class Node {
    let node: MartletTracer.Node
    let blocks: [Block]
    /// Whether it stands for a block's results rather than for a step.
    let isReturn: Bool
    /// The node before it in its block.
    var previous: Node?

    init(_ node: MartletTracer.Node, _ blocks: [Block] = [], isReturn: Bool = false) {
      self.node = node
      self.blocks = blocks
      self.isReturn = isReturn
    }

    var arguments: [Argument] { node.arguments }
    var outputs: [GraphValue] { node.outputs }
    var prim: Prim? { isReturn ? nil : node.prim }
  }

  struct Block {
    let parameters: [GraphValue]
    let nodes: [Node]
    /// Takes the block's results as its arguments.
    let end: Node
  }

  /// One place where a value is used.
  struct Use {
    let user: Node
    let position: Int
  }

  var graph: Graph
  private(set) var body: Block
  private(set) var uses: [[Use]] = []
  private(set) var definitions: [GraphValue: Node] = [:]
  /// Literal arguments in the order in which they stand.
  private(set) var literals: [Argument] = []

  init(_ given: Graph) {
    graph = given.withoutUnreadResults()
    body = Block(parameters: [], nodes: [], end: Node(.init(.prim(.tupleConstruct))))
    body = expanded(graph.body, resultTypes: [])
    uses = [[Use]](repeating: [], count: self.graph.valueCount)
    collect(body)
  }

  private mutating func collect(_ block: Block) {
    for node in block.nodes + [block.end] {
      for (position, argument) in node.arguments.enumerated() {
        if let value = argument.graphValue {
          uses[value.index].append(Use(user: node, position: position))
        } else {
          literals.append(argument)
        }
      }
      for output in node.outputs { definitions[output] = node }
      for inner in node.blocks { collect(inner) }
    }
  }

  private mutating func expanded(_ block: MartletTracer.Block, resultTypes: [GraphType]) -> Block {
    var nodes: [Node] = []
    func append(_ node: Node) {
      node.previous = nodes.last
      nodes.append(node)
    }
    for given in block.nodes {
      var node = given
      if node.prim == .loop { makePlain(&node, append) }
      var copy = node
      copy.arguments = node.arguments.enumerated().map { index, argument in
        expanded(argument, wantedType(node, index), append)
      }
      append(Node(copy, node.blocks.map { expanded($0, resultTypes: blockResultTypes(node)) }))
    }
    let results = block.results.enumerated().map { index, argument in
      expanded(argument, index < resultTypes.count ? resultTypes[index] : nil, append)
    }
    let end = Node(.init(.prim(.tupleConstruct), results), isReturn: true)
    end.previous = nodes.last
    return Block(parameters: block.parameters, nodes: nodes, end: end)
  }

  /// Whether a loop has a number of rounds and no other condition.
  func isFor(_ loop: Node) -> Bool {
    guard case .bool(true) = loop.arguments[1], let block = loop.blocks.first,
      let round = block.parameters.first, case .bool(true)? = block.end.arguments.first
    else { return false }
    if case .int(.max) = loop.arguments[0] { return !uses[round.index].isEmpty }
    return true
  }

  private func blockResultTypes(_ node: MartletTracer.Node) -> [GraphType] {
    let types = node.outputs.map { graph.type(of: $0) }
    return node.prim == .loop ? [.bool] + types : types
  }

  /// The type that a node asks of an argument, where it says so.
  private func wantedType(_ node: MartletTracer.Node, _ index: Int) -> GraphType? {
    if let parameters = node.schema?.arguments {
      return index < parameters.count ? GraphType(parameters[index].type) : nil
    }
    if node.prim == .loop, index >= 2, index - 2 < node.outputs.count {
      return graph.type(of: node.outputs[index - 2])
    }
    guard node.outputs.count == 1 else { return nil }
    switch (node.prim, graph.type(of: node.outputs[0])) {
    case (.listConstruct, .list(let element)): return element
    case (.tupleConstruct, .tuple(let items)): return index < items.count ? items[index] : nil
    case (.tupleConstruct, .namedTuple(let type)):
      return index < type.fieldTypes.count ? type.fieldTypes[index] : nil
    case (.dictConstruct, .dictionary(let key, let value)): return index % 2 == 0 ? key : value
    default: return nil
    }
  }

  private mutating func expanded(
    _ argument: Argument, _ wanted: GraphType?, _ append: (Node) -> Void
  ) -> Argument {
    let kind: Prim
    let items: [(Argument, GraphType?)]
    let target = wanted?.unwrapped
    switch argument {
    case .list(let parts):
      let element: GraphType? = if case .list(let type)? = target { type } else { nil }
      (kind, items) = (.listConstruct, parts.map { ($0, element) })
    case .tuple(let parts):
      let types: [GraphType]? = if case .tuple(let types)? = target { types } else { nil }
      kind = .tupleConstruct
      items = parts.enumerated().map { index, part in
        (part, types.flatMap { index < $0.count ? $0[index] : nil })
      }
    case .dictionary(let entries):
      var types: (GraphType, GraphType)?
      if case .dictionary(let key, let value)? = target { types = (key, value) }
      (kind, items) = (
        .dictConstruct, entries.flatMap { [($0.key, types?.0), ($0.value, types?.1)] }
      )
    default: return argument
    }
    let parts = items.map { expanded($0.0, $0.1, append) }
    let value = graph.newValue(SourceForm.type(of: argument, graph.type(of: argument), target))
    append(Node(MartletTracer.Node(.prim(kind), parts, outputs: [value])))
    return .value(value)
  }

  /// What a container says of its elements: what is asked for, where its own say less.
  private static func type(of argument: Argument, _ own: GraphType, _ wanted: GraphType?)
    -> GraphType
  {
    switch (own, wanted) {
    case (.list(let element), .list(let asked)?):
      if case .list(let items) = argument, items.isEmpty { return .list(asked) }
      return element.needsAnnotation || asked.isOptional ? .list(asked) : own
    case (.dictionary(let key, let item), .dictionary(let askedKey, let askedItem)?):
      if case .dictionary(let entries) = argument, entries.isEmpty {
        return .dictionary(askedKey, askedItem)
      }
      let isUnclear = key.needsAnnotation || item.needsAnnotation || askedItem.isOptional
      return isUnclear ? .dictionary(askedKey, askedItem) : own
    default: return own
    }
  }
}

extension GraphType {
  fileprivate var unwrapped: GraphType {
    if case .optional(let wrapped) = self { wrapped.unwrapped } else { self }
  }

  var isOptional: Bool { if case .optional = self { true } else { false } }

  /// Whether a container's elements of this type do not show it by themselves.
  var needsAnnotation: Bool {
    switch self {
    case .optional, .scalar, .any: true
    default: false
    }
  }
}
