import MartletOps
import MartletTensor
import MartletTracer

/// Compiles one function or method into a graph.
final class FunctionCompiler {
  struct Variable {
    var operand: Operand
    /// What may be assigned to it in inner blocks.
    var type: GraphType?
    /// Why it cannot be read, where branches left it with different types.
    var problem: String?
    /// Whether the block that holds it assigned it, rather than refined its type.
    var isAssigned = false
  }

  /// The variables that a block sets.
  struct Frame {
    var variables: [String: Variable] = [:]
    /// The names that were assigned rather than refined, in order.
    var assigned: [String] = []
  }

  let unit: UnitCompiler
  let name: String
  let source: SourceText
  let qualifier: String
  var graph = Graph()
  /// The blocks being filled, the innermost last.
  var blocks: [Block] = []
  var frames: [Frame] = [Frame()]
  /// Where the current statement or expression stands.
  var position = 0
  var returnType: GraphType?
  /// How many blocks lie around the current statement.
  var depth = 0
  /// The values of `CONSTANTS` that the graph holds already.
  var constantValues: [String: GraphValue] = [:]
  /// Whether attributes of `self` are declared by assigning to them.
  var declaresAttributes = false
  /// Within what stands for an operator of an older version.
  var isUpgrading = false

  init(unit: UnitCompiler, name: String, source: SourceText, qualifier: String) {
    self.unit = unit
    self.name = name
    self.source = source
    self.qualifier = qualifier
  }

  var types: TypeReader { TypeReader(unit: unit, source: source, qualifier: qualifier) }

  func failure(
    _ message: String, at position: Int? = nil, kind: MartletError.Kind = .graph
  ) -> MartletError {
    source.failure(message, at: position ?? self.position, kind: kind)
  }

  /// A method of an interface: a signature with an empty graph.
  func declaration(_ syntax: FunctionSyntax, _ signature: Signature) -> ScriptFunction {
    for parameter in signature.parameters {
      _ = graph.addInput(parameter.type, name: parameter.name)
    }
    return function(syntax, signature, signature.returnType ?? .none)
  }

  func compile(_ syntax: FunctionSyntax, _ signature: Signature) throws -> ScriptFunction {
    position = syntax.position
    returnType = signature.returnType
    declaresAttributes = syntax.name == "__init__"
    blocks = [Block()]
    for parameter in signature.parameters {
      let value = graph.newValue(parameter.type, name: parameter.name)
      blocks[0].parameters.append(value)
      frames[0].variables[parameter.name] = Variable(
        operand: .value(.value(value), parameter.type), type: parameter.type)
    }
    let result = try result(of: syntax.body)
    blocks[0].results = [result.argument]
    graph.body = blocks[0]
    ContainerFolding.fold(&graph)
    return function(syntax, signature, result.type)
  }

  private func function(_ syntax: FunctionSyntax, _ signature: Signature, _ type: GraphType)
    -> ScriptFunction
  {
    ScriptFunction(
      name: syntax.name, graph: graph, parameterNames: signature.parameters.map(\.name),
      defaults: signature.parameters.map(\.defaultValue), returnType: type)
  }

  /// Compiles a whole body and gives what it returns.
  func result(of body: [Statement]) throws -> Typed {
    var body = body
    if Exits.of(body) != .always, !body.contains(where: FunctionCompiler.raises) {
      body.append(Statement(kind: .return(nil), position: position))
    }
    if Exits.returnsFromLoop(body) {
      assign("$returned", .bool(false))
      try assign("$return", uninitialized(returnType))
    }
    if Exits.needsFlag(body) { assign("$exited", .bool(false)) }
    let outcome = try compile(body[...])
    if let variable = variable("$return") {
      if let problem = variable.problem {
        throw failure("expected one type of result on every path: \(problem)", at: position)
      }
      return try materialized(variable.operand)
    }
    // Every path raises.
    guard outcome == .raises else { return Typed(.none, .none) }
    return try materialized(uninitialized(returnType ?? GraphType.none))
  }

  private static func raises(_ statement: Statement) -> Bool {
    if case .raise = statement.kind { true } else { false }
  }

  /// A value that stands where none will be read.
  func uninitialized(_ type: GraphType?) throws -> Operand {
    guard let type else {
      throw failure("expected a return type: the function returns within a loop")
    }
    if type == .none { return .none }
    return .value(.value(emit(.prim(.uninitialized), [], type)), type)
  }
}

/// Bounds.
extension FunctionCompiler {
  func spend(_ amount: Int = 1) throws {
    unit.budget -= amount
    guard unit.budget >= 0 else {
      throw failure("expected source that compiles to a graph in proportion to its length")
    }
  }

  /// Refuses types that grow from line to line, as by `x = (x, x)`.
  func check(_ type: GraphType) throws {
    var parts = 0
    guard type.isBounded(depth: 64, &parts, limit: 10_000) else {
      throw failure("expected a type of at most 64 levels and 10000 parts")
    }
    try spend(parts / 16)
  }
}

/// Nodes.
extension FunctionCompiler {
  var location: SourceLocation { source.location(at: position) }

  @discardableResult
  func emit(
    _ kind: NodeKind, label: String? = nil, _ arguments: [Argument], outputs types: [GraphType],
    blocks inner: [Block] = []
  ) -> [GraphValue] {
    let outputs = types.map { graph.newValue($0) }
    blocks[blocks.count - 1].nodes.append(
      Node(
        kind, label: label, arguments, outputs: outputs, blocks: inner, location: location))
    return outputs
  }

  func emit(
    _ kind: NodeKind, label: String? = nil, _ arguments: [Argument], _ type: GraphType
  ) -> GraphValue {
    emit(kind, label: label, arguments, outputs: [type])[0]
  }

  /// A value for what an expression gave, with lists and dictionaries made.
  func materialized(_ operand: Operand) throws -> Typed {
    switch operand {
    case .value(let value): return value
    case .tuple(let items):
      let parts = try items.map { try materialized($0) }
      try check(.tuple(parts.map(\.type)))
      return Typed(.tuple(parts.map(\.argument)), .tuple(parts.map(\.type)))
    case .list(let items, let element):
      let parts = try items.map { try materialized($0) }
      guard case .list(var type)? = operand.type else {
        throw failure("expected values in the list")
      }
      if type == .any, element == nil {
        if let first = parts.first {
          throw failure(
            "expected items of one type, got \(TypeRules.text(first.type)) and "
              + TypeRules.text(parts.first { $0.type != first.type }?.type ?? first.type))
        }
        type = .tensor
      }
      try check(type)
      let value = emit(.prim(.listConstruct), parts.map(\.argument), .list(type))
      return Typed(value, .list(type))
    case .dictionary(let entries, _):
      let parts = try entries.flatMap {
        [try materialized($0.key).argument, try materialized($0.value).argument]
      }
      guard case .dictionary(let key, var value)? = operand.type else {
        throw failure("expected keys and values in the dictionary")
      }
      if value == .any, entries.isEmpty { value = .tensor }
      let type = GraphType.dictionary(key, value)
      try check(type)
      return Typed(emit(.prim(.dictConstruct), parts, type), type)
    case .iterable: return try materialized(try listOfIterable(operand))
    default: throw failure("expected a value, got \(operand.summary)")
    }
  }
}

/// Variables.
extension FunctionCompiler {
  func variable(_ name: String) -> Variable? {
    for frame in frames.reversed() {
      if let found = frame.variables[name] { return found }
    }
    return nil
  }

  /// Sets a variable of the innermost block.
  func assign(_ name: String, _ operand: Operand, type: GraphType? = nil) {
    set(name, Variable(operand: operand, type: type ?? operand.type))
  }

  func set(_ name: String, _ variable: Variable) {
    let last = frames.count - 1
    if frames[last].variables[name]?.isAssigned != true { frames[last].assigned.append(name) }
    var variable = variable
    variable.isAssigned = true
    frames[last].variables[name] = variable
  }

  /// Runs the body with a new block; gives what it filled.
  func inBlock(
    _ parameters: [GraphValue] = [], _ body: () throws -> Void
  ) throws -> (block: Block, frame: Frame) {
    guard depth < 100 else { throw failure("expected at most 100 blocks within each other") }
    depth += 1
    blocks.append(Block(parameters: parameters))
    frames.append(Frame())
    defer { depth -= 1 }
    do {
      try body()
    } catch {
      blocks.removeLast()
      frames.removeLast()
      throw error
    }
    return (blocks.removeLast(), frames.removeLast())
  }

  /// Runs the body as part of a block that was filled before.
  func reopened<Result>(
    _ part: inout (block: Block, frame: Frame), _ body: () throws -> Result
  ) rethrows -> Result {
    blocks.append(part.block)
    frames.append(part.frame)
    defer { part = (blocks.removeLast(), frames.removeLast()) }
    return try body()
  }
}
