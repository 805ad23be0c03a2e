import MartletOps
import MartletTensor

/// Puts the bodies of called methods in the places of their calls.
struct Inliner {
  private var graph = Graph()
  private let isFreezing: Bool
  /// The paths of the tensors that are constants already.
  private var constants: [TensorKey: GraphValue] = [:]
  private var constantNodes: [Node] = []
  private var depth = 0

  private enum Binding {
    case argument(Argument)
    /// A module, and the value it has where modules are kept.
    case module(TracedModule, path: String, GraphValue?)
  }

  static func inline(_ method: String, of module: TracedModule, freezing: Bool) throws -> Graph {
    var inliner = Inliner(isFreezing: freezing)
    let source = try module.graph(of: method)
    var bindings: [Binding] = []
    for (position, input) in source.inputs.enumerated() {
      if position == 0, !module.isFunction {
        let value =
          freezing
          ? nil : inliner.graph.addInput(source.type(of: input), name: source.name(of: input))
        bindings.append(.module(module, path: "", value))
      } else {
        let value = inliner.graph.addInput(source.type(of: input), name: source.name(of: input))
        bindings.append(.argument(.value(value)))
      }
    }
    let results = try inliner.inline(source, bindings)
    inliner.graph.body.nodes = inliner.constantNodes + inliner.graph.body.nodes
    inliner.graph.body.results = results
    return inliner.graph
  }

  private init(isFreezing: Bool) { self.isFreezing = isFreezing }

  /// Appends the other graph's nodes and gives its outputs in terms of this one.
  private mutating func inline(_ other: Graph, _ arguments: [Binding]) throws -> [Argument] {
    depth += 1
    defer { depth -= 1 }
    guard depth < 1000 else {
      throw MartletError(.graph, "methods call each other more than 1000 deep")
    }
    guard arguments.count == other.inputs.count else {
      throw MartletError(
        .graph, "a method takes \(other.inputs.count) arguments, its call gives \(arguments.count)")
    }
    var map = Dictionary(uniqueKeysWithValues: zip(other.inputs, arguments))
    let nodes = try inline(other.nodes, of: other, &map)
    graph.body.nodes += nodes
    return try other.outputs.map { try mapped($0, map, other) }
  }

  private mutating func inline(
    _ nodes: [Node], of other: Graph, _ map: inout [GraphValue: Binding]
  ) throws -> [Node] {
    // Bodies of blocks are collected apart; the outermost go straight to the graph.
    let outer = graph.body.nodes
    graph.body.nodes = []
    for node in nodes { try add(node, other, &map) }
    let added = graph.body.nodes
    graph.body.nodes = outer
    return added
  }

  private mutating func add(
    _ node: Node, _ other: Graph, _ map: inout [GraphValue: Binding]
  ) throws {
    switch node.prim {
    case .getAttr: try addAttribute(node, other, &map)
    case .callMethod: try addCall(node, other, &map)
    case .constant:
      guard let label = node.label, let tensor = other.constants[label] else {
        throw MartletError(.graph, "the constant's tensor is missing: \(other.line(of: node))")
      }
      map[node.outputs[0]] = .argument(.value(constant(tensor, label, node.scope)))
    case .tupleUnpack where node.arguments.count == 1:
      // A tuple that a call gave is known by its items.
      let argument = try mapped(node.arguments[0], map, other)
      guard case .tuple(let items) = argument, items.count == node.outputs.count else {
        return try copy(node, other, &map)
      }
      for (output, item) in zip(node.outputs, items) { map[output] = .argument(item) }
    default: try copy(node, other, &map)
    }
  }

  private mutating func copy(
    _ node: Node, _ other: Graph, _ map: inout [GraphValue: Binding]
  ) throws {
    var copy = node
    copy.arguments = try node.arguments.map { try mapped($0, map, other) }
    copy.blocks = []
    for block in node.blocks {
      let parameters = block.parameters.map { define($0, other, &map) }
      let inner = try inline(block.nodes, of: other, &map)
      copy.blocks.append(
        Block(
          parameters: parameters, nodes: inner,
          results: try block.results.map { try mapped($0, map, other) }))
    }
    copy.outputs = node.outputs.map { define($0, other, &map) }
    graph.body.nodes.append(copy)
  }

  private mutating func addAttribute(
    _ node: Node, _ other: Graph, _ map: inout [GraphValue: Binding]
  ) throws {
    guard let owner = node.arguments.first?.graphValue, let name = node.label,
      case .module(let module, let path, let value)? = map[owner], let output = node.outputs.first
    else {
      throw MartletError(.graph, "expects a module: \(other.line(of: node))")
    }
    let attributePath = joined(path, name)
    if let child = module.child(name) {
      let childValue = value.map { fetch(name, of: $0, output, other, node) }
      map[output] = .module(child, path: attributePath, childValue)
    } else if let tensor = module.attribute(name) {
      if let value {
        map[output] = .argument(.value(fetch(name, of: value, output, other, node)))
      } else {
        map[output] = .argument(.value(constant(tensor, attributePath, nil)))
      }
    } else {
      throw MartletError(.graph, "the module has no '\(name)': \(other.line(of: node))")
    }
  }

  private mutating func addCall(
    _ node: Node, _ other: Graph, _ map: inout [GraphValue: Binding]
  ) throws {
    guard let receiver = node.arguments.first?.graphValue, let method = node.label,
      case .module(let module, _, _)? = map[receiver], let receiverBinding = map[receiver]
    else {
      throw MartletError(.graph, "expects a module: \(other.line(of: node))")
    }
    var arguments = [receiverBinding]
    for argument in node.arguments.dropFirst() {
      arguments.append(.argument(try mapped(argument, map, other)))
    }
    let results = try inline(try module.graph(of: method), arguments)
    let result: Argument = results.count == 1 ? results[0] : .tuple(results)
    for output in node.outputs { map[output] = .argument(result) }
  }

  private mutating func fetch(
    _ name: String, of owner: GraphValue, _ output: GraphValue, _ other: Graph, _ node: Node
  ) -> GraphValue {
    let value = graph.newValue(other.type(of: output), name: named(output, other))
    graph.body.nodes.append(
      Node(.prim(.getAttr), label: name, [.value(owner)], outputs: [value], scope: node.scope))
    return value
  }

  private mutating func constant(_ tensor: Tensor, _ label: String, _ scope: Scope?) -> GraphValue {
    let key = TensorKey(tensor)
    if let known = constants[key] { return known }
    let value = graph.newValue(GraphType(of: .tensor(tensor)), name: label)
    // Methods of several modules may use one label for different tensors.
    let unique = graph.constants[label] == nil ? label : graph.name(of: value)
    graph.constants[unique] = tensor
    constantNodes.append(Node(.prim(.constant), label: unique, outputs: [value], scope: scope))
    constants[key] = value
    return value
  }

  private mutating func define(
    _ value: GraphValue, _ other: Graph, _ map: inout [GraphValue: Binding]
  ) -> GraphValue {
    let new = graph.newValue(other.type(of: value), name: named(value, other))
    map[value] = .argument(.value(new))
    return new
  }

  /// Numbers are given anew.
  private func named(_ value: GraphValue, _ other: Graph) -> String? {
    let name = other.name(of: value)
    return name.allSatisfy(\.isNumber) ? nil : name
  }

  private func mapped(
    _ argument: Argument, _ map: [GraphValue: Binding], _ other: Graph
  ) throws -> Argument {
    try argument.mapValues { value in
      switch map[value] {
      case .argument(let argument): return argument
      case .module(_, _, let moduleValue?): return .value(moduleValue)
      case .module, nil:
        throw MartletError(
          .graph, "%\(other.name(of: value)) is a module, or not defined, where it is used")
      }
    }
  }
}
