import MartletOps
import MartletTensor
import MartletTracer

extension Pass {
  /// Elements of a constant that is made once rather than in each run: large ones are cheaper to
  /// make than to keep.
  static let keptElementLimit = 1 << 20

  /// Computes now what depends on constants alone.
  static let constantFolding = Pass("constant folding") { graph in
    var known: [GraphValue: Value] = [:]
    // What a run writes to is not known, and must not be one tensor for all runs.
    let sets = AliasSets(graph)
    let isChanging = GraphTraits(graph).changesAnything
    try graph.rewrite { node, rewriter in
      func changes(_ value: GraphValue) -> Bool {
        isChanging && (sets.tensorsMayBeWritten(value) || sets.containerMayChange(value))
      }
      if node.prim == .constant, !changes(node.outputs[0]), let label = node.label,
        let tensor = rewriter.graph.constants[label]
      {
        known[node.outputs[0]] = .tensor(tensor)
        return rewriter.emit(node)
      }
      guard let operation = node.operation, operation.isPure, !node.outputs.isEmpty,
        !node.outputs.contains(where: changes),
        let results = try fold(node, operation, known), results.count == node.outputs.count
      else { return rewriter.emit(node) }
      for (output, result) in zip(node.outputs, results) {
        known[output] = result
        rewriter.replaceOrKeep(output, with: result, of: node)
      }
    }
    graph.dropUnusedConstants()
  }

  /// The node's results when all it is given is known.
  private static func fold(
    _ node: Node, _ operation: Operator, _ known: [GraphValue: Value]
  ) throws -> [Value]? {
    var isKnown = true
    let arguments = node.arguments.map { argument in
      argument.resolved { value -> Value in
        if let result = known[value] { return result }
        isKnown = false
        return .none
      }
    }
    guard isKnown else { return nil }
    let results = try operation.evaluate(try Arguments(operation.schema, arguments))
    let isSmall = results.flatMap(\.tensors).allSatisfy { $0.count <= Pass.keptElementLimit }
    let isRepresentable = results.allSatisfy { value in
      if case .tensor = value { return true }
      return Argument(literal: value) != nil
    }
    return isSmall && isRepresentable ? results : nil
  }
}

extension Operator {
  /// Whether calls with equal arguments may be replaced by their result.
  fileprivate var isPure: Bool { !isRandom && !schema.isMutating }
}

extension GraphRewriter {
  /// Puts a literal in the value's place, or makes the value a constant tensor of the graph.
  fileprivate mutating func replaceOrKeep(
    _ output: GraphValue, with result: Value, of node: Node
  ) {
    if let literal = Argument(literal: result) {
      replace(output, with: literal)
    } else if case .tensor(let tensor) = result {
      let label = graph.freeConstantLabel("folded.\(graph.name(of: output))")
      graph.constants[label] = tensor
      emit(
        Node(
          .prim(.constant), label: label, [], outputs: [output], scope: node.scope,
          location: node.location))
    }
  }
}

extension Graph {
  func freeConstantLabel(_ wish: String) -> String {
    var label = wish
    var number = 1
    while constants[label] != nil {
      label = "\(wish).\(number)"
      number += 1
    }
    return label
  }

  /// Forgets tensors that no node names.
  mutating func dropUnusedConstants() {
    var used: Set<String> = []
    forEachNode { node in
      if node.prim == .constant, let label = node.label { used.insert(label) }
    }
    constants = constants.filter { used.contains($0.key) }
  }
}
