import MartletOps
import MartletTensor

/// Runs one graph node by node, in order; what it calls runs in interpreters of its own.
struct Interpreter {
  enum Slot {
    case value(Value)
    /// With its path below the module that was called.
    case module(TracedModule, path: String)
  }

  let graph: Graph
  let run: InterpreterRun
  /// The path of the module whose method this is.
  let path: String
  var slots: [Slot?]
  /// How many uses of each value are still to come: what is not needed any more is let go.
  private var uses: [Int]
  /// Within a block the same uses may come again.
  private var keepsValues = false

  init(_ graph: Graph, _ run: InterpreterRun, path: String = "") {
    self.graph = graph
    self.run = run
    self.path = path
    slots = [Slot?](repeating: nil, count: graph.valueCount)
    uses = graph.useCounts()
  }

  /// Binds the graph's inputs and gives its outputs.
  mutating func results(_ inputs: [Slot]) throws -> [Value] {
    guard graph.inputs.count == inputs.count else {
      throw MartletError(
        .argument,
        "expected \(graph.inputs.count) inputs "
          + "(\(graph.inputs.map { graph.name(of: $0) }.joined(separator: ", "))), "
          + "got \(inputs.count)")
    }
    for (parameter, input) in zip(graph.inputs, inputs) { bind(parameter, input) }
    try execute(graph.nodes)
    return try graph.outputs.map { try value($0) }
  }

  private mutating func bind(_ parameter: GraphValue, _ slot: Slot) {
    if run.hasIdentities, case .value(let value) = slot {
      slots[parameter.index] = .value(value.givingIdentities)
    } else {
      slots[parameter.index] = slot
    }
  }

  private mutating func execute(_ nodes: [Node]) throws {
    for node in nodes {
      do {
        try execute(node)
      } catch var error as MartletError {
        if error.location == nil { error.location = node.location }
        if error.modulePath == nil { error.modulePath = node.scope?.path ?? path }
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

  func value(_ argument: Argument) throws -> Value {
    try argument.resolved { value in
      guard case .value(let found)? = slots[value.index] else {
        throw MartletError(.graph, "%\(graph.name(of: value)) is not a value here")
      }
      return found
    }
  }

  /// As `value(_:)`, modules too.
  func slot(_ argument: Argument) throws -> Slot {
    if case .value(let value) = argument, let slot = slots[value.index] { return slot }
    return .value(try value(argument))
  }

  private mutating func execute(_ node: Node) throws {
    switch node.kind {
    case .operation(let operation):
      let arguments = try node.arguments.map { try value($0) }
      try define(node, try run.call(operation, arguments, node))
    case .unknown(let name):
      throw MartletError(.unsupported, "operator \(name) is not one that Martlet has")
    case .prim(let prim): try execute(prim, node)
    }
  }

  private mutating func execute(_ prim: Prim, _ node: Node) throws {
    switch prim {
    case .getAttr: try getAttribute(node)
    case .setAttr: try setAttribute(node)
    case .callMethod: try callMethod(node)
    case .callFunction:
      let function = try run.unit.function(node.label ?? "")
      let inputs = try node.arguments.map { try slot($0) }
      try define(node, [try run.call(function.graph, inputs, path: path)])
    case .uncheckedCast:
      guard let argument = node.arguments.first else { break }
      slots[node.outputs[0].index] = try slot(argument)
    case .if:
      guard case .bool(let condition) = try value(node.arguments[0]) else {
        throw MartletError(.graph, "expects a bool: \(graph.line(of: node))")
      }
      try define(node, try execute(node.blocks[condition ? 0 : 1], []))
    case .loop: try loop(node)
    default:
      let arguments = try node.arguments.map { try value($0) }
      try define(
        node,
        try PrimEvaluation.results(of: prim, node, arguments, in: graph, unit: run.unit))
    }
  }

  private mutating func loop(_ node: Node) throws {
    guard case .int(let rounds) = try value(node.arguments[0]),
      case .bool(var condition) = try value(node.arguments[1])
    else { throw MartletError(.graph, "expects a number and a bool: \(graph.line(of: node))") }
    var carried = try node.arguments.dropFirst(2).map { try value($0) }
    var round = 0
    while condition, round < rounds.number {
      // A loop may run for ever by right: the task that runs it can be cancelled.
      if round & 0xFF == 0xFF { try Task.checkCancellation() }
      var results = try execute(node.blocks[0], [.int(Dim(round))] + carried)
      condition = try Bool(results[0])
      results.removeFirst()
      carried = results
      round += 1
    }
    try define(node, carried)
  }

  private mutating func execute(_ block: Block, _ arguments: [Value]) throws -> [Value] {
    for (parameter, argument) in zip(block.parameters, arguments) {
      bind(parameter, .value(argument))
    }
    let outer = keepsValues
    keepsValues = true
    defer { keepsValues = outer }
    try execute(block.nodes)
    return try block.results.map { try value($0) }
  }

  private mutating func define(_ node: Node, _ results: [Value]) throws {
    guard results.count == node.outputs.count else {
      throw MartletError(
        .graph,
        "\(node.name) gave \(results.count) results where the graph has \(node.outputs.count)")
    }
    for (output, result) in zip(node.outputs, results) { bind(output, .value(result)) }
  }
}

/// Attributes and methods.
extension Interpreter {
  private mutating func getAttribute(_ node: Node) throws {
    let name = node.label ?? ""
    switch try node.arguments.first.map({ try slot($0) }) {
    case .module(let owner, let ownerPath)?:
      if let child = owner.child(name) {
        slots[node.outputs[0].index] = .module(child, path: joined(ownerPath, name))
      } else if let value = owner.value(of: name) {
        slots[node.outputs[0].index] = .value(value)
      } else {
        throw MartletError(.graph, "the module \(owner.qualifiedName) has no '\(name)'")
      }
    case .value(.object(let object))?:
      guard let value = object[name] else {
        throw MartletError(.graph, "the \(object.className) object has no '\(name)' yet")
      }
      slots[node.outputs[0].index] = .value(value)
    default:
      throw MartletError(.graph, "expects a module or an object: \(graph.line(of: node))")
    }
  }

  private mutating func setAttribute(_ node: Node) throws {
    let name = node.label ?? ""
    var value = try value(node.arguments[1])
    if run.hasIdentities { value = value.givingIdentities }
    switch try slot(node.arguments[0]) {
    case .module(let owner, _): owner.set(name, to: value)
    case .value(.object(let object)): object[name] = value
    default:
      throw MartletError(.graph, "expects a module or an object: \(graph.line(of: node))")
    }
  }

  private mutating func callMethod(_ node: Node) throws {
    let inputs = try node.arguments.map { try slot($0) }
    let name = node.label ?? ""
    switch inputs.first {
    case .module(let module, let path)?:
      try define(node, [try run.call(try module.graph(of: name), inputs, path: path)])
    case .value(.object(let object))?:
      let method = try run.unit.method(name, of: object.className)
      try define(node, [try run.call(method.graph, inputs, path: path)])
    case .value(.packed(let object))?: try define(node, [try object.call(name)])
    default:
      throw MartletError(.graph, "expects a module or an object: \(graph.line(of: node))")
    }
  }
}
