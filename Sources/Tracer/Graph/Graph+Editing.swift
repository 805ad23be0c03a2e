import MartletOps
import MartletTensor

/// What passes need: walks, tables of uses and definitions, rewriting in one linear walk.
extension Graph {
  /// Calls `body` for every node in the order they run; a node comes before what is in its blocks.
  package func forEachNode(_ visit: (Node) throws -> Void) rethrows {
    try body.forEachNode(visit)
  }

  /// The number of nodes, those in blocks included.
  public var nodeCount: Int {
    var count = 0
    forEachNode { _ in count += 1 }
    return count
  }

  /// How often each value is used, by `GraphValue.index`; results of blocks count as uses.
  package func useCounts() -> [Int] {
    var counts = [Int](repeating: 0, count: valueCount)
    body.forEachUse { counts[$0.index] += 1 }
    return counts
  }

  /// The node that gives each value, by `GraphValue.index`; nil for parameters of blocks.
  package func definitions() -> [Node?] {
    var table = [Node?](repeating: nil, count: valueCount)
    forEachNode { node in
      for output in node.outputs { table[output.index] = node }
    }
    return table
  }

  package func isUsed(_ value: GraphValue) -> Bool {
    var found = false
    body.forEachUse { found = found || $0 == value }
    return found
  }

  /// Puts the argument wherever the value is used.
  package mutating func replaceUses(of value: GraphValue, with argument: Argument) {
    body.mapUses { $0 == value ? argument : .value($0) }
  }

  /// Removes the nodes, in blocks too; nothing may use their outputs any more.
  package mutating func erase(where isErased: (Node) throws -> Bool) rethrows {
    try body.erase(where: isErased)
  }

  /// Inserts a node in the body, before the node at the position.
  package mutating func insert(_ node: Node, at position: Int) {
    body.nodes.insert(node, at: position)
  }

  /// Walks all nodes in order, innermost blocks first, and builds the bodies anew from what
  /// `visit` emits: nothing removes the node, `emit(node)` keeps it. The node that `visit` sees
  /// has all earlier replacements in it.
  package mutating func rewrite(_ visit: (Node, inout GraphRewriter) throws -> Void) rethrows {
    var rewriter = GraphRewriter(graph: self)
    let rewritten = try rewriter.rewrite(body, visit)
    self = rewriter.graph
    body = rewritten
  }

  /// Removes nodes that nothing uses and that have no effects, in blocks too.
  package mutating func eraseDeadNodes() {
    var counts = useCounts()
    body.eraseDeadNodes(&counts)
  }

  /// Copies the nodes of another graph to the end of the body.
  ///
  /// - Parameter arguments: what stands for the other graph's inputs, in order.
  /// - Returns: the other graph's outputs as arguments of this one.
  package mutating func append(contentsOf other: Graph, arguments: [Argument]) -> [Argument] {
    precondition(arguments.count == other.inputs.count, "one argument for each input")
    var copier = GraphCopier(graph: self, other: other)
    // The copier's graph is the only one now: its tables grow in place.
    self = Graph()
    for (input, argument) in zip(other.inputs, arguments) { copier.bind(input, to: argument) }
    for node in other.nodes { copier.copy(node) }
    self = copier.graph
    return other.outputs.map { copier.mapped($0) }
  }
}

/// See `Graph.rewrite`.
package struct GraphRewriter {
  package var graph: Graph
  private var replacements: [GraphValue: Argument] = [:]
  private var emitted: [Node] = []

  init(graph: Graph) { self.graph = graph }

  package mutating func emit(_ node: Node) { emitted.append(node) }

  /// Puts the argument where nodes that come later use the value.
  package mutating func replace(_ value: GraphValue, with argument: Argument) {
    replacements[value] = argument
  }

  package mutating func newValue(_ type: GraphType, name: String? = nil) -> GraphValue {
    graph.newValue(type, name: name)
  }

  mutating func rewrite(
    _ block: Block, _ visit: (Node, inout GraphRewriter) throws -> Void
  ) rethrows -> Block {
    let outer = emitted
    emitted = []
    emitted.reserveCapacity(block.nodes.count)
    for var node in block.nodes {
      node.arguments = node.arguments.map(replaced)
      for index in node.blocks.indices {
        node.blocks[index] = try rewrite(node.blocks[index], visit)
      }
      try visit(node, &self)
    }
    let result = Block(
      parameters: block.parameters, nodes: emitted, results: block.results.map(replaced))
    emitted = outer
    return result
  }

  private func replaced(_ argument: Argument) -> Argument {
    if replacements.isEmpty { return argument }
    return argument.mapValues { replacements[$0] ?? .value($0) }
  }
}

/// See `Graph.append(contentsOf:arguments:)`.
private struct GraphCopier {
  var graph: Graph
  private let other: Graph
  private var map: [GraphValue: Argument] = [:]

  init(graph: Graph, other: Graph) {
    self.graph = graph
    self.other = other
  }

  mutating func bind(_ value: GraphValue, to argument: Argument) { map[value] = argument }

  func mapped(_ argument: Argument) -> Argument {
    argument.mapValues { map[$0] ?? .value($0) }
  }

  /// A value of this graph like one of the other.
  private mutating func copy(_ value: GraphValue) -> GraphValue {
    let name = other.name(of: value)
    let isNumber = name.allSatisfy(\.isNumber)
    let copy = graph.newValue(other.type(of: value), name: isNumber ? nil : name)
    map[value] = .value(copy)
    return copy
  }

  /// Appends the node to the body.
  mutating func copy(_ node: Node) {
    graph.body.nodes.append(copied(node))
  }

  private mutating func copied(_ node: Node) -> Node {
    var copy = node
    copy.arguments = node.arguments.map(mapped)
    copy.blocks = node.blocks.map { block in
      let parameters = block.parameters.map { self.copy($0) }
      let nodes = block.nodes.map { copied($0) }
      return Block(parameters: parameters, nodes: nodes, results: block.results.map(mapped))
    }
    copy.outputs = node.outputs.map { self.copy($0) }
    if node.prim == .constant, let label = node.label {
      graph.constants[label] = other.constants[label]
    }
    return copy
  }
}

extension Block {
  package func forEachNode(_ visit: (Node) throws -> Void) rethrows {
    for node in nodes {
      try visit(node)
      for block in node.blocks { try block.forEachNode(visit) }
    }
  }

  package func forEachUse(_ visit: (GraphValue) throws -> Void) rethrows {
    for node in nodes {
      for argument in node.arguments { try argument.forEachValue(visit) }
      for block in node.blocks { try block.forEachUse(visit) }
    }
    for result in results { try result.forEachValue(visit) }
  }

  mutating func mapUses(_ transform: (GraphValue) throws -> Argument) rethrows {
    for index in nodes.indices {
      nodes[index].arguments = try nodes[index].arguments.map { try $0.mapValues(transform) }
      for block in nodes[index].blocks.indices {
        try nodes[index].blocks[block].mapUses(transform)
      }
    }
    results = try results.map { try $0.mapValues(transform) }
  }

  mutating func erase(where isErased: (Node) throws -> Bool) rethrows {
    try nodes.removeAll(where: isErased)
    for index in nodes.indices {
      for block in nodes[index].blocks.indices {
        try nodes[index].blocks[block].erase(where: isErased)
      }
    }
  }

  /// From the last node to the first, so that what only dead nodes used dies too.
  fileprivate mutating func eraseDeadNodes(_ counts: inout [Int]) {
    var kept: [Node] = []
    for var node in nodes.reversed() {
      if !node.hasEffects, node.outputs.allSatisfy({ counts[$0.index] == 0 }) {
        for argument in node.arguments { argument.forEachValue { counts[$0.index] -= 1 } }
        for block in node.blocks { block.forEachUse { counts[$0.index] -= 1 } }
        continue
      }
      for index in node.blocks.indices { node.blocks[index].eraseDeadNodes(&counts) }
      kept.append(node)
    }
    nodes = kept.reversed()
  }
}
