import MartletOps
import MartletTensor

/// Puts the bodies of called methods and functions in the places of their calls.
struct Inliner {
  var graph = Graph()
  let isFreezing: Bool
  let unit: CompilationUnit
  /// Whether branches whose conditions are known are decided, as a script's attributes do; a
  /// trace keeps its nodes one for one.
  let isSimplifying: Bool
  /// The paths of the tensors that are constants already.
  private var constants: [TensorKey: GraphValue] = [:]
  private var constantNodes: [Node] = []
  /// Lists and dictionaries that are attributes, by the value that each use makes of them.
  private(set) var containerAttributes: [(path: String, value: GraphValue)] = []
  /// Attributes baked in though some method of the module sets them.
  private var setAttributes: Set<String> = []
  private var depth = 0
  private var nodeCount = 0
  /// The paths and classes of the modules whose methods are being put in.
  private var scopes: [Scope] = []

  static let depthLimit = 200
  static let nodeLimit = 2_000_000

  enum Binding {
    case argument(Argument)
    /// A module, and the value it has where modules are kept.
    case module(TracedModule, path: String, GraphValue?)
  }

  /// - Throws: `NotFreezable` when an attribute changes in a run, `MartletError` of kind `.graph`.
  static func inline(_ method: String, of module: TracedModule, freezing: Bool) throws -> Graph {
    var inliner = Inliner(of: module, freezing: freezing)
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
    if freezing {
      try inliner.refuseSetAttributes()
      try inliner.refuseWrittenAttributes(module.traits)
    }
    return inliner.graph
  }

  private init(of module: TracedModule, freezing: Bool) {
    isFreezing = freezing
    unit = module.unit
    isSimplifying = freezing && module.unit !== CompilationUnit.empty
  }

  /// Methods that the graph never calls may set attributes; what it calls itself is refused where
  /// it stands, unless it hides behind a value.
  private func refuseSetAttributes() throws {
    guard let path = setAttributes.min() else { return }
    var mayBeSet = false
    graph.forEachNode { node in
      switch node.kind {
      case .prim(.setAttr), .prim(.callMethod): mayBeSet = true
      default: break
      }
    }
    if mayBeSet { throw NotFreezable("a method sets '\(path)'") }
  }

  /// What a run writes to must not be baked into the graph.
  private func refuseWrittenAttributes(_ traits: GraphTraits) throws {
    guard traits.changesTensors || traits.changesContainers else { return }
    let sets = AliasSets(graph)
    for node in constantNodes {
      if let value = node.outputs.first, sets.tensorsMayBeWritten(value) {
        throw NotFreezable("a run writes to '\(node.label ?? "")'")
      }
    }
    for (path, value) in containerAttributes where sets.containerMayChange(value) {
      throw NotFreezable("a run changes '\(path)'")
    }
  }

  /// Appends the other graph's nodes and gives its outputs in terms of this one.
  private mutating func inline(_ other: Graph, _ arguments: [Binding]) throws -> [Argument] {
    depth += 1
    defer { depth -= 1 }
    guard depth < Inliner.depthLimit else {
      throw MartletError(
        .graph, "methods call each other more than \(Inliner.depthLimit) deep")
    }
    guard arguments.count == other.inputs.count else {
      throw MartletError(
        .graph, "a method takes \(other.inputs.count) arguments, its call gives \(arguments.count)")
    }
    var map = Dictionary(uniqueKeysWithValues: zip(other.inputs, arguments))
    for node in other.nodes { try add(node, other, &map) }
    return try other.outputs.map { try mapped($0, map, other) }
  }

  private mutating func inlineBlock(
    _ block: Block, of other: Graph, _ map: inout [GraphValue: Binding]
  ) throws -> Block {
    let parameters = block.parameters.map { define($0, other, &map) }
    // Bodies of blocks are collected apart; the outermost go straight to the graph.
    let outer = graph.body.nodes
    graph.body.nodes = []
    for node in block.nodes { try add(node, other, &map) }
    let added = graph.body.nodes
    graph.body.nodes = outer
    return Block(
      parameters: parameters, nodes: added,
      results: try block.results.map { try mapped($0, map, other) })
  }

  private mutating func add(
    _ node: Node, _ other: Graph, _ map: inout [GraphValue: Binding]
  ) throws {
    do {
      try addUnnamed(node, other, &map)
    } catch var error as MartletError {
      if error.location == nil { error.location = node.location }
      if error.modulePath == nil { error.modulePath = scopes.last?.path }
      throw error
    }
  }

  private mutating func addUnnamed(
    _ node: Node, _ other: Graph, _ map: inout [GraphValue: Binding]
  ) throws {
    switch node.prim {
    case .getAttr: try addAttribute(node, other, &map)
    case .setAttr: try addSetting(node, other, &map)
    case .callMethod: try addCall(node, other, &map)
    case .callFunction:
      let function = try unit.function(node.label ?? "")
      try addCall(of: function.graph, node, other, &map)
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
    case .uncheckedCast where isSimplifying: try addCast(node, other, &map)
    case .if where isSimplifying: try addBranch(node, other, &map)
    default:
      guard isSimplifying, let known = try folded(node, map, other) else {
        return try copy(node, other, &map)
      }
      map[node.outputs[0]] = .argument(known)
    }
  }

  private mutating func copy(
    _ node: Node, _ other: Graph, _ map: inout [GraphValue: Binding]
  ) throws {
    nodeCount += 1
    guard nodeCount < Inliner.nodeLimit else {
      throw MartletError(
        .graph, "with its calls put in place, the graph has more than \(Inliner.nodeLimit) nodes")
    }
    var copy = node
    copy.arguments = try node.arguments.map { try mapped($0, map, other) }
    copy.scope = node.scope ?? scopes.last
    copy.blocks = []
    for block in node.blocks { copy.blocks.append(try inlineBlock(block, of: other, &map)) }
    copy.outputs = node.outputs.map { define($0, other, &map) }
    graph.body.nodes.append(copy)
  }

  private mutating func addCast(
    _ node: Node, _ other: Graph, _ map: inout [GraphValue: Binding]
  ) throws {
    guard node.arguments.count == 1, let output = node.outputs.first else {
      return try copy(node, other, &map)
    }
    if let value = node.arguments[0].graphValue, case .module? = map[value] {
      map[output] = map[value]
      return
    }
    // A value of the type already needs no cast.
    let argument = try mapped(node.arguments[0], map, other)
    guard !graph.type(of: argument).isVague,
      other.type(of: output).accepts(graph.type(of: argument))
    else { return try copy(node, other, &map) }
    map[output] = .argument(argument)
  }

  private mutating func addBranch(
    _ node: Node, _ other: Graph, _ map: inout [GraphValue: Binding]
  ) throws {
    guard node.arguments.count == 1, node.blocks.count == 2,
      case .bool(let condition) = try mapped(node.arguments[0], map, other)
    else { return try copy(node, other, &map) }
    let block = node.blocks[condition ? 0 : 1]
    for inner in block.nodes { try add(inner, other, &map) }
    for (output, result) in zip(node.outputs, block.results) {
      if let value = result.graphValue, case .module? = map[value] {
        map[output] = map[value]
      } else {
        map[output] = .argument(try mapped(result, map, other))
      }
    }
  }
}

/// Attributes and calls.
extension Inliner {
  private mutating func addAttribute(
    _ node: Node, _ other: Graph, _ map: inout [GraphValue: Binding]
  ) throws {
    guard let owner = node.arguments.first?.graphValue, let name = node.label,
      let output = node.outputs.first
    else { throw MartletError(.graph, "expects a module: \(other.line(of: node))") }
    guard case .module(let module, let path, let value)? = map[owner] else {
      return try copy(node, other, &map)
    }
    let attributePath = joined(path, name)
    if let child = module.child(name) {
      let childValue = value.map { fetch(name, of: $0, output, other, node) }
      map[output] = .module(child, path: attributePath, childValue)
      return
    }
    guard let held = module.value(of: name) else {
      throw MartletError(.graph, "the module has no '\(name)': \(other.line(of: node))")
    }
    if let value {
      map[output] = .argument(.value(fetch(name, of: value, output, other, node)))
      return
    }
    if module.isSet(name) { setAttributes.insert(attributePath) }
    try bake(held, attributePath, output, other, &map)
  }

  /// An attribute's value as a part of the graph.
  private mutating func bake(
    _ held: Value, _ path: String, _ output: GraphValue, _ other: Graph,
    _ map: inout [GraphValue: Binding]
  ) throws {
    switch held {
    case .tensor(let tensor):
      map[output] = .argument(.value(constant(tensor, path, nil)))
    case .enumeration(let member):
      let value = define(output, other, &map)
      graph.body.nodes.append(
        Node(
          .prim(.enumMember), label: "\(member.className).\(member.name)", outputs: [value],
          scope: scopes.last))
    default:
      let value = held.resolvingReferences
      let type = other.type(of: output)
      if case .list(let items) = value, !items.isEmpty, items.allSatisfy(\.isTensor) {
        let parts = items.enumerated().map { index, item in
          Argument.value(constant(item.tensors[0], "\(path).\(index)", nil))
        }
        let made = graph.append(.prim(.listConstruct), parts, outputs: [type], scope: scopes.last)
        containerAttributes.append((path, made[0]))
        map[output] = .argument(.value(made[0]))
        return
      }
      guard let literal = Argument(literal: value) else {
        throw NotFreezable("'\(path)' is \(held.summary)")
      }
      switch literal {
      case .list(let items) where unit.traits.changesContainers:
        // A node, so that it has an identity and a type.
        let made = graph.append(.prim(.listConstruct), items, outputs: [type], scope: scopes.last)
        containerAttributes.append((path, made[0]))
        map[output] = .argument(.value(made[0]))
      case .dictionary(let entries) where unit.traits.changesContainers:
        let made = graph.append(
          .prim(.dictConstruct), entries.flatMap { [$0.key, $0.value] }, outputs: [type],
          scope: scopes.last)
        containerAttributes.append((path, made[0]))
        map[output] = .argument(.value(made[0]))
      default: map[output] = .argument(literal)
      }
    }
  }

  private mutating func addSetting(
    _ node: Node, _ other: Graph, _ map: inout [GraphValue: Binding]
  ) throws {
    if isFreezing, let owner = node.arguments.first?.graphValue,
      case .module(_, let path, _)? = map[owner]
    {
      throw NotFreezable("a method sets '\(joined(path, node.label ?? ""))'")
    }
    try copy(node, other, &map)
  }

  private mutating func addCall(
    _ node: Node, _ other: Graph, _ map: inout [GraphValue: Binding]
  ) throws {
    guard let receiver = node.arguments.first?.graphValue, let method = node.label,
      let binding = map[receiver]
    else { throw MartletError(.graph, "expects a module: \(other.line(of: node))") }
    switch binding {
    case .module(let module, let path, _):
      scopes.append(Scope(path: path, typeName: module.typeName))
      defer { scopes.removeLast() }
      try addCall(of: try module.graph(of: method), node, other, &map)
    case .argument(let argument):
      // What stands behind an interface is known when it runs.
      guard case .module(let name) = graph.type(of: argument),
        unit.classes[name]?.kind == .object
      else { return try copy(node, other, &map) }
      try addCall(of: try unit.method(method, of: name).graph, node, other, &map)
    }
  }

  private mutating func addCall(
    of callee: Graph, _ node: Node, _ other: Graph, _ map: inout [GraphValue: Binding]
  ) throws {
    let arguments = try node.arguments.map { argument in
      if let value = argument.graphValue, let binding = map[value] { return binding }
      return Binding.argument(try mapped(argument, map, other))
    }
    let results = try inline(callee, arguments)
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

  func mapped(
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

/// The graph cannot stand without the module: something in it changes, or is no part of a graph.
package struct NotFreezable: Error, CustomStringConvertible {
  package let reason: String

  package var description: String { "the module cannot be frozen: \(reason)" }

  package init(_ reason: String) { self.reason = reason }
}
