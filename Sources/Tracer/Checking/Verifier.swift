import MartletOps
import MartletTensor

/// Runs a trace's graph in step with the model: node by node on the model's inputs, each result
/// compared with the model's own. Stops at the first node that differs.
final class Verifier {
  /// What differs, for the error that the check throws.
  private(set) var failure: MartletError?
  private let expected: Recording
  private let graph: Graph
  private let run: String
  private let tolerance: Double
  private var nodes: [Node]
  private var position = 0
  private var lastLocation: SourceLocation?
  private var slots: [Value?]
  private var uses: [Int]

  /// - Parameters:
  ///   - recording: what the trace recorded, to compare the calls with.
  ///   - graph: the trace's frozen graph: the same nodes after its constants.
  ///   - run: which inputs, for messages.
  init(_ recording: Recording, _ graph: Graph, run: String, tolerance: Double) throws {
    expected = recording
    self.graph = graph
    self.run = run
    self.tolerance = tolerance
    slots = [Value?](repeating: nil, count: graph.valueCount)
    uses = graph.useCounts()
    nodes = []
    for node in graph.nodes {
      if node.prim == .constant, let label = node.label, let tensor = graph.constants[label] {
        slots[node.outputs[0].index] = .tensor(tensor)
      } else {
        nodes.append(node)
      }
    }
    guard nodes.count == recording.nodes.count,
      zip(nodes, recording.nodes).allSatisfy({ $0.name == $1.node.name })
    else {
      throw MartletError(.graph, "the graph does not hold the nodes that were recorded, in order")
    }
  }

  func start(_ inputs: [Value]) {
    for (parameter, input) in zip(graph.inputs, inputs) { slots[parameter.index] = input }
  }

  /// Called with each node that the model's new run records.
  ///
  /// - Parameter last: the last source line that is known.
  func verify(
    _ node: Node, _ results: [Value], recorded: Recording, after last: SourceLocation?
  ) throws {
    guard failure == nil else { return }
    lastLocation = last
    guard position < nodes.count else {
      return fail(
        "the model now goes on with \(describe(node, recorded)), where the trace ends", node)
    }
    let index = position
    position += 1
    if let difference = structuralDifference(expected.nodes[index].node, node, recorded) {
      return fail(difference, node)
    }
    var ours: [Value] = results
    if !nodes[index].isRandom {
      do {
        ours = try evaluate(nodes[index])
      } catch {
        return fail(
          "the graph's \(graph.line(of: nodes[index])) fails where the model does not: "
            + "\((error as? MartletError)?.message ?? "\(error)")"
            + literalNote(expected.nodes[index].node, node), node)
      }
      for (our, model) in zip(ours, results) {
        if let difference = try ValueDifference.between(our, model, tolerance: tolerance) {
          return fail(
            "the first node that differs is \(graph.line(of: nodes[index])): \(difference)"
              + literalNote(expected.nodes[index].node, node), node)
        }
      }
    }
    for (output, our) in zip(nodes[index].outputs, ours) { slots[output.index] = our }
    for argument in nodes[index].arguments {
      argument.forEachValue { value in
        uses[value.index] -= 1
        if uses[value.index] == 0 { slots[value.index] = nil }
      }
    }
  }

  /// Called when the model's new run is over.
  func finish(_ recording: Recording) {
    guard failure == nil else { return }
    if position < nodes.count {
      fail(
        "the model now stops before \(graph.line(of: nodes[position]))", nodes[position])
    } else if !sameArgument(expected.output, recording.output) {
      fail("the model now returns another of its values, or another structure of them", nil)
    }
  }

  private func evaluate(_ node: Node) throws -> [Value] {
    let arguments = try node.arguments.map { argument in
      try argument.resolved { value in
        guard let found = slots[value.index] else {
          throw MartletError(.graph, "%\(graph.name(of: value)) has no value")
        }
        return found
      }
    }
    if let operation = node.operation {
      return try operation.evaluate(try Arguments(operation.schema, arguments))
    }
    switch node.prim {
    case .if: return try run(node.blocks[try Bool(arguments[0]) ? 0 : 1], [])
    case .loop:
      return try Loops.run(arguments) { try run(node.blocks[0], $0) }
    default: break
    }
    guard let prim = node.prim else {
      throw MartletError(.unsupported, "cannot run \(graph.line(of: node))")
    }
    return try PrimEvaluation.results(of: prim, node, arguments, in: graph)
  }

  private func run(_ block: Block, _ arguments: [Value]) throws -> [Value] {
    for (parameter, value) in zip(block.parameters, arguments) { slots[parameter.index] = value }
    for node in block.nodes {
      for (output, result) in zip(node.outputs, try evaluate(node)) {
        slots[output.index] = result
      }
    }
    return try block.results.map { result in
      try result.resolved { value in
        guard let found = slots[value.index] else {
          throw MartletError(.graph, "%\(graph.name(of: value)) has no value")
        }
        return found
      }
    }
  }

  private func fail(_ message: String, _ node: Node?) {
    let place = node?.location == nil ? lastLocation.map { " (after \($0))" } ?? "" : ""
    var error = MartletError(
      .check,
      "the trace does not agree with the model on \(run): \(message)\(place)\n"
        + "A trace holds one path through the model: it is wrong where Swift code branches on "
        + "values or sizes, uses constants read from tensors, keeps state between calls, or draws "
        + "random numbers")
    error.modulePath = node?.scope?.path
    error.location = node?.location
    failure = error
  }
}

/// Comparing the calls.
extension Verifier {
  private func structuralDifference(_ old: Node, _ new: Node, _ recorded: Recording) -> String? {
    let line = graph.line(of: nodes[position - 1])
    guard old.name == new.name else {
      return "the trace's \(line) is now \(describe(new, recorded))"
    }
    for (index, pair) in zip(old.arguments, new.arguments).enumerated()
    where !sameValues(pair.0, pair.1) {
      let parameter = old.operation?.schema.parameter(index)
      let name = parameter.map { "'\($0.name)'" } ?? "\(index)"
      return "the trace's \(line) now gets another value as its argument \(name)"
    }
    return nil
  }

  /// Literals that are other numbers now explain a difference of values.
  private func literalNote(_ old: Node, _ new: Node) -> String {
    guard let schema = old.operation?.schema else { return "" }
    let changes = zip(schema.arguments, zip(old.arguments, new.arguments)).compactMap {
      parameter, pair -> String? in
      guard let before = pair.0.literal, let after = pair.1.literal,
        before.summary != after.summary
      else { return nil }
      return
        "'\(parameter.name)' is \(before.summary) in the trace and \(after.summary) in this run"
    }
    return changes.isEmpty ? "" : " (\(changes.joined(separator: "; ")))"
  }

  private func describe(_ node: Node, _ recorded: Recording) -> String {
    let arguments = node.arguments.map { argument in
      argument.literal?.summary ?? "\(recorded.type(argument))"
    }
    return "\(node.name)(\(arguments.joined(separator: ", ")))"
  }

  /// Whether both use the same values of their recordings; literals may differ.
  private func sameValues(_ a: Argument, _ b: Argument) -> Bool {
    switch (a, b) {
    case (.value(let a), .value(let b)): a == b
    case (.value, _), (_, .value): false
    case (.list(let a), .list(let b)), (.tuple(let a), .tuple(let b)):
      a.count == b.count
        ? zip(a, b).allSatisfy(sameValues) : (a + b).allSatisfy { $0.literal != nil }
    case (.dictionary(let a), .dictionary(let b)):
      a.count == b.count && zip(a, b).allSatisfy { sameValues($0.value, $1.value) }
    default: true
    }
  }

  private func sameArgument(_ a: Argument, _ b: Argument) -> Bool {
    switch (a, b) {
    case (.list(let a), .list(let b)), (.tuple(let a), .tuple(let b)):
      a.count == b.count && zip(a, b).allSatisfy(sameArgument)
    case (.dictionary(let a), .dictionary(let b)):
      a.count == b.count
        && zip(a, b).allSatisfy {
          sameArgument($0.key, $1.key) && sameArgument($0.value, $1.value)
        }
    case (.value(let a), .value(let b)): a == b
    default: a.literal?.summary == b.literal?.summary && a.literal != nil
    }
  }
}
