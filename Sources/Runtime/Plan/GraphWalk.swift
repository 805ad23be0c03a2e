import MartletOps
import MartletTensor
import MartletTracer

/// Evaluates a graph node by node; what an operator call means is up to the caller.
struct GraphWalk {
  typealias Call = (Operator, [Value], Origin) throws -> [Value]

  private let graph: Graph
  private let call: Call
  private var values: [Value?]

  init(_ graph: Graph, call: @escaping Call) {
    self.graph = graph
    self.call = call
    values = [Value?](repeating: nil, count: graph.valueCount)
  }

  /// The graph's outputs for these inputs.
  mutating func run(_ inputs: [Value]) throws -> [Value] {
    try run(graph.body, inputs)
  }

  private mutating func run(_ block: Block, _ parameters: [Value]) throws -> [Value] {
    guard parameters.count == block.parameters.count else {
      throw MartletError(
        .argument, "the graph takes \(block.parameters.count) inputs, got \(parameters.count)")
    }
    for (parameter, value) in zip(block.parameters, parameters) { values[parameter.index] = value }
    for node in block.nodes {
      let origin = Origin(path: node.scope?.path ?? "", location: node.location)
      do {
        let results = try evaluate(node, origin)
        guard results.count == node.outputs.count else {
          throw MartletError(
            .graph, "\(node.name) gave \(results.count) results for \(node.outputs.count) outputs")
        }
        for (output, value) in zip(node.outputs, results) { values[output.index] = value }
      } catch {
        throw origin.naming(error)
      }
    }
    return try block.results.map(resolve)
  }

  private func resolve(_ argument: Argument) throws -> Value {
    try argument.resolved { value in
      guard let known = values[value.index] else {
        throw MartletError(.graph, "%\(graph.name(of: value)) is used before it is computed")
      }
      return known
    }
  }

  private mutating func evaluate(_ node: Node, _ origin: Origin) throws -> [Value] {
    let arguments = try node.arguments.map(resolve)
    switch node.kind {
    case .operation(let operation): return try call(operation, arguments, origin)
    case .unknown(let name):
      throw MartletError(.unsupported, "the operator \(name) is not one that Martlet has")
    case .prim(let prim): return try evaluate(prim, node, arguments)
    }
  }

  private mutating func evaluate(_ prim: Prim, _ node: Node, _ arguments: [Value]) throws
    -> [Value]
  {
    switch prim {
    case .if:
      return try run(node.blocks[try Bool(arguments[0]) ? 0 : 1], [])
    case .loop: return try loop(node, arguments)
    case .getAttr, .setAttr, .callMethod:
      throw MartletError(.graph, "\(prim.rawValue) needs a module; the graph is not frozen")
    default: return try PrimEvaluation.results(of: prim, node, arguments, in: graph)
    }
  }

  private mutating func loop(_ node: Node, _ arguments: [Value]) throws -> [Value] {
    let rounds = try Dim(arguments[0]).number
    var goesOn = try Bool(arguments[1])
    var carried = Array(arguments.dropFirst(2))
    var round = 0
    while goesOn, round < rounds {
      let results = try run(node.blocks[0], [.int(Dim(round))] + carried)
      goesOn = try Bool(results[0])
      carried = Array(results.dropFirst())
      round += 1
    }
    return carried
  }
}
