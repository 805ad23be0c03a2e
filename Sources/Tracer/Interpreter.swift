import MartletOps
import MartletTensor

/// Runs a graph node by node with the operators' reference evaluation.
///
/// Operators are called through the dispatcher, so that a trace in which a traced module is called
/// records them.
struct Interpreter {
  private enum Slot {
    case value(Value)
    case module(TracedModule)
  }

  private let graph: Graph
  private var slots: [Slot?]
  /// How many uses of each value are still to come: what is not needed any more is let go.
  private var uses: [Int]
  /// Within a loop's body the same uses come again.
  private var keepsValues = false

  /// Calls a method.
  static func run(_ method: String, of module: TracedModule, _ inputs: [Value]) throws -> Value {
    let graph = try module.graph(of: method)
    var interpreter = Interpreter(graph)
    return try interpreter.run(module.isFunction ? nil : module, inputs)
  }

  /// Runs a graph that has no `self`.
  static func run(_ graph: Graph, _ inputs: [Value]) throws -> [Value] {
    var interpreter = Interpreter(graph)
    try interpreter.bind(graph.inputs, inputs)
    try interpreter.run(graph.nodes)
    return try graph.outputs.map { try interpreter.value($0) }
  }

  private init(_ graph: Graph) {
    self.graph = graph
    slots = [Slot?](repeating: nil, count: graph.valueCount)
    uses = graph.useCounts()
  }

  private mutating func run(_ module: TracedModule?, _ inputs: [Value]) throws -> Value {
    var parameters = graph.inputs
    if let module, let receiver = parameters.first {
      slots[receiver.index] = .module(module)
      parameters.removeFirst()
    }
    try bind(parameters, inputs)
    try run(graph.nodes)
    return try graph.outputs.count == 1
      ? value(graph.outputs[0]) : .tuple(graph.outputs.map { try value($0) })
  }

  private mutating func bind(_ parameters: [GraphValue], _ inputs: [Value]) throws {
    guard parameters.count == inputs.count else {
      throw MartletError(
        .argument,
        "expected \(parameters.count) inputs "
          + "(\(parameters.map { graph.name(of: $0) }.joined(separator: ", "))), "
          + "got \(inputs.count)")
    }
    for (parameter, input) in zip(parameters, inputs) {
      try Interpreter.check(input, fits: graph.type(of: parameter), graph.name(of: parameter))
      slots[parameter.index] = .value(input)
    }
  }

  /// Structure and number of items; sizes and dtypes are the operators' to judge.
  static func check(_ input: Value, fits type: GraphType, _ name: String) throws {
    let fits: Bool
    switch (type, input) {
    case (.tuple(let types), .tuple(let items)), (.tuple(let types), .list(let items)):
      fits = types.count == items.count
      if fits { for (type, item) in zip(types, items) { try check(item, fits: type, name) } }
    case (.list(let type), .list(let items)), (.list(let type), .tuple(let items)):
      fits = true
      for item in items { try check(item, fits: type, name) }
    case (.dictionary(_, let type), .dictionary(let entries)):
      fits = true
      for entry in entries { try check(entry.value, fits: type, name) }
    case (.tensor, .tensor): fits = true
    case (.tensor, _), (.tuple, _), (.list, _), (.dictionary, _): fits = false
    default: fits = true
    }
    guard fits else {
      throw MartletError(
        .argument, "input '\(name)': expected \(type), got \(input.summary) (\(input.kindName))")
    }
  }

  private mutating func run(_ nodes: [Node]) throws {
    for node in nodes {
      do {
        try run(node)
      } catch var error as MartletError {
        if error.location == nil { error.location = node.location }
        if error.modulePath == nil { error.modulePath = node.scope?.path }
        throw error
      }
      if !keepsValues {
        for argument in node.arguments { argument.forEachValue { release($0) } }
      }
    }
  }

  private mutating func release(_ value: GraphValue) {
    uses[value.index] -= 1
    if uses[value.index] == 0 { slots[value.index] = nil }
  }

  private func value(_ argument: Argument) throws -> Value {
    try argument.resolved { value in
      guard case .value(let found)? = slots[value.index] else {
        throw MartletError(.graph, "%\(graph.name(of: value)) is not a value here")
      }
      return found
    }
  }

  private func module(_ node: Node) throws -> TracedModule {
    guard let receiver = node.arguments.first?.graphValue,
      case .module(let module)? = slots[receiver.index]
    else { throw MartletError(.graph, "expects a module: \(graph.line(of: node))") }
    return module
  }

  private mutating func run(_ node: Node) throws {
    switch node.kind {
    case .operation(let operation):
      let arguments = try node.arguments.map { try value($0) }
      try define(node, try operation.call(arguments, at: node.location))
    case .unknown(let name):
      throw MartletError(.unsupported, "operator \(name) is not one that Martlet has")
    case .prim(.getAttr):
      let owner = try module(node)
      let name = node.label ?? ""
      if let child = owner.child(name) {
        slots[node.outputs[0].index] = .module(child)
      } else if let tensor = owner.attribute(name) {
        slots[node.outputs[0].index] = .value(.tensor(tensor))
      } else {
        throw MartletError(.graph, "the module has no '\(name)'")
      }
    case .prim(.callMethod):
      let inputs = try node.arguments.dropFirst().map { try value($0) }
      try define(node, [try Interpreter.run(node.label ?? "", of: try module(node), inputs)])
    case .prim(.if):
      guard case .bool(let condition) = try value(node.arguments[0]) else {
        throw MartletError(.graph, "expects a bool: \(graph.line(of: node))")
      }
      try define(node, try run(node.blocks[condition ? 0 : 1], []))
    case .prim(.loop): try runLoop(node)
    case .prim(let prim):
      let arguments = try node.arguments.map { try value($0) }
      try define(node, try PrimEvaluation.results(of: prim, node, arguments, in: graph))
    }
  }

  private mutating func runLoop(_ node: Node) throws {
    guard case .int(let rounds) = try value(node.arguments[0]),
      case .bool(var condition) = try value(node.arguments[1])
    else { throw MartletError(.graph, "expects a number and a bool: \(graph.line(of: node))") }
    var carried = try node.arguments.dropFirst(2).map { try value($0) }
    let outer = keepsValues
    keepsValues = true
    defer { keepsValues = outer }
    var round = 0
    while condition, round < rounds.number {
      let results = try run(node.blocks[0], [.int(Dim(round))] + carried)
      condition = try Bool(results[0])
      carried = Array(results.dropFirst())
      round += 1
    }
    try define(node, carried)
  }

  private mutating func run(_ block: Block, _ arguments: [Value]) throws -> [Value] {
    for (parameter, argument) in zip(block.parameters, arguments) {
      slots[parameter.index] = .value(argument)
    }
    let outer = keepsValues
    keepsValues = true
    defer { keepsValues = outer }
    try run(block.nodes)
    return try block.results.map { try value($0) }
  }

  private mutating func define(_ node: Node, _ results: [Value]) throws {
    guard results.count == node.outputs.count else {
      throw MartletError(
        .graph,
        "\(node.name) gave \(results.count) results where the graph has \(node.outputs.count)")
    }
    for (output, result) in zip(node.outputs, results) { slots[output.index] = .value(result) }
  }
}

/// The structural nodes that compute, for all that walk a graph.
package enum PrimEvaluation {
  package static func results(
    of prim: Prim, _ node: Node, _ arguments: [Value], in graph: Graph
  ) throws -> [Value] {
    switch (prim, arguments.first) {
    case (.constant, _):
      guard let label = node.label, let tensor = graph.constants[label] else {
        throw MartletError(.graph, "the constant's tensor is missing: \(graph.line(of: node))")
      }
      return [.tensor(tensor)]
    case (.listConstruct, _): return [.list(arguments)]
    case (.tupleConstruct, _): return [.tuple(arguments)]
    case (.dictConstruct, _):
      return [
        .dictionary(
          stride(from: 0, to: arguments.count - 1, by: 2).map {
            .init(key: arguments[$0], value: arguments[$0 + 1])
          })
      ]
    case (.listUnpack, .list(let items)?), (.listUnpack, .tuple(let items)?),
      (.tupleUnpack, .tuple(let items)?), (.tupleUnpack, .list(let items)?):
      guard items.count == node.outputs.count else {
        throw MartletError(
          .shape,
          "expected \(node.outputs.count) items, got \(items.count): the trace fixed their number")
      }
      return items
    case (.tupleIndex, .tuple(let items)?):
      guard case .int(let index)? = arguments.last, items.indices.contains(index.number) else {
        throw MartletError(.index, "no such item: \(graph.line(of: node))")
      }
      return [items[index.number]]
    case (.dictItem, .dictionary(let entries)?):
      let key = try String(arguments[1])
      for entry in entries { if case .string(key) = entry.key { return [entry.value] } }
      throw MartletError(.index, "the dictionary has no entry \(quoted(key))")
    default:
      throw MartletError(.graph, "cannot run \(graph.line(of: node))")
    }
  }
}
