import MartletOps
import MartletTensor

extension Graph {
  /// Checks that the graph is well formed: each value defined once and before its uses, names
  /// unique, arguments as the operators' schemas want them, outputs typed, blocks consistent.
  ///
  /// - Throws: `MartletError` of kind `.graph` with every problem and its node.
  public func lint() throws {
    let problems = problems()
    guard problems.isEmpty else {
      throw MartletError(.graph, "the graph is malformed:\n  " + problems.joined(separator: "\n  "))
    }
  }

  /// What `lint()` throws, one sentence each.
  package func problems() -> [String] {
    var linter = GraphLinter(graph: self)
    linter.check()
    return linter.problems
  }
}

/// One walk in running order that knows which values are visible.
private struct GraphLinter {
  let graph: Graph
  var problems: [String] = []
  private var isDefined: [Bool]
  private var isVisible: [Bool]

  init(graph: Graph) {
    self.graph = graph
    isDefined = [Bool](repeating: false, count: graph.valueCount)
    isVisible = isDefined
  }

  mutating func check() {
    var names: Set<String> = []
    for info in graph.values where !names.insert(info.name).inserted {
      problems.append("two values are named %\(info.name)")
    }
    check(graph.body) { "the graph" }
  }

  private mutating func check(_ block: Block, _ place: () -> String) {
    var here: [GraphValue] = []
    for parameter in block.parameters where !define(parameter, &here) {
      problems.append("a parameter of \(place()): \(wrongDefinition(parameter))")
    }
    for node in block.nodes {
      // A line's text costs more than its checks: made only for a problem.
      for argument in node.arguments where !isVisible(argument) {
        reportUses(argument, graph.line(of: node))
      }
      for (index, inner) in node.blocks.enumerated() {
        check(inner) { [graph] in "block\(index) of \(graph.line(of: node))" }
      }
      for output in node.outputs where !define(output, &here) {
        report(node, wrongDefinition(output))
      }
      checkSignature(node)
    }
    for result in block.results where !isVisible(result) {
      reportUses(result, "the results of \(place())")
    }
    // What a block defines is not visible outside of it.
    for value in here { isVisible[value.index] = false }
  }

  /// False where it is not the graph's, or is defined already.
  private mutating func define(_ value: GraphValue, _ here: inout [GraphValue]) -> Bool {
    guard value.index < isDefined.count else { return false }
    let isNew = !isDefined[value.index]
    isDefined[value.index] = true
    isVisible[value.index] = true
    here.append(value)
    return isNew
  }

  private func wrongDefinition(_ value: GraphValue) -> String {
    value.index < isDefined.count
      ? "%\(graph.name(of: value)) is defined twice"
      : "value number \(value.index) does not belong to the graph"
  }

  /// Whether all that the argument uses is there.
  private func isVisible(_ argument: Argument) -> Bool {
    var isVisible = true
    argument.forEachValue { value in
      isVisible =
        isVisible && value.index < self.isVisible.count && self.isVisible[value.index]
    }
    return isVisible
  }

  private mutating func reportUses(_ argument: Argument, _ place: String) {
    argument.forEachValue { value in
      guard value.index < isVisible.count else {
        problems.append("\(place): value number \(value.index) does not belong to the graph")
        return
      }
      if !isVisible[value.index] {
        problems.append(
          "\(place): %\(graph.name(of: value)) is used before it is defined, or outside of the "
            + "block that defines it")
      }
    }
  }

  private mutating func report(_ node: Node, _ problem: String) {
    problems.append("\(graph.line(of: node)): \(problem)")
  }

  private mutating func checkSignature(_ node: Node) {
    // Handles from another graph were reported above and have no type here.
    var belongs = true
    let count = graph.valueCount
    for argument in node.arguments {
      argument.forEachValue { belongs = belongs && $0.index < count }
    }
    guard belongs, node.outputs.allSatisfy({ $0.index < count }) else { return }
    switch node.kind {
    case .operation(let operation): checkOperation(operation.schema, node)
    case .prim(let prim):
      for problem in PrimRules(graph: graph, node: node, prim: prim).problems() {
        report(node, problem)
      }
    case .unknown: break
    }
    switch node.kind {
    case .prim(.if), .prim(.loop): break
    default:
      if !node.blocks.isEmpty { report(node, "takes no blocks") }
    }
  }

  private mutating func checkOperation(_ schema: Schema, _ node: Node) {
    guard
      node.arguments.count == schema.arguments.count
        || schema.isVariadic && node.arguments.count > schema.arguments.count
    else {
      report(node, "takes \(schema.arguments.count) arguments, got \(node.arguments.count)")
      return
    }
    for (parameter, argument) in zip(schema.arguments, node.arguments)
    where !parameter.type.accepts(argument, in: graph) {
      report(
        node,
        "expects \(parameter.type) for '\(parameter.name)', "
          + "got \(graph.text(of: argument)) (\(graph.type(of: argument)))")
    }
    guard node.outputs.count == schema.returns.count else {
      report(
        node, "gives \(schema.returns.count) results, got \(node.outputs.count) outputs")
      return
    }
    for (result, output) in zip(schema.returns, node.outputs) {
      let type = graph.type(of: output)
      if !GraphType(result.type).accepts(type) {
        report(
          node, "gives \(result.type), but %\(graph.name(of: output)) is declared \(type)")
      }
    }
  }
}

extension SchemaType {
  /// Whether an argument of a graph can stand for this parameter.
  package func accepts(_ argument: Argument, in graph: Graph) -> Bool {
    if let literal = argument.literal { return accepts(literal) }
    switch (self, argument) {
    case (.optional(let wrapped), _):
      if case .value(let value) = argument, case .optional(let inner) = graph.type(of: value) {
        return GraphType(wrapped).accepts(inner)
      }
      return wrapped.accepts(argument, in: graph)
    case (.any, _), (.variable, _): return true
    case (.list(let element, _), .list(let items)):
      return items.allSatisfy { element.accepts($0, in: graph) }
    case (.list(let element, let count?), .value) where count > 0:
      let type = graph.type(of: argument)
      return GraphType(self).accepts(type) || GraphType(element).accepts(type)
    case (.tuple(let types), .tuple(let items)):
      return types.count == items.count
        && zip(types, items).allSatisfy { $0.accepts($1, in: graph) }
    default:
      return GraphType(self).accepts(graph.type(of: argument))
    }
  }
}
