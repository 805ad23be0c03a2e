import MartletOps
import MartletTensor

/// What is known while a script's methods are put in place: its attributes decide branches.
extension Inliner {
  /// The literal that a node gives, where its arguments are literals.
  func folded(
    _ node: Node, _ map: [GraphValue: Binding], _ other: Graph
  ) throws -> Argument? {
    guard node.outputs.count == 1, let operation = node.operation, !operation.isRandom,
      !operation.schema.isMutating, node.arguments.count >= operation.schema.arguments.count
    else { return nil }
    switch operation.body {
    case .scalar, .containers: break
    default: return nil
    }
    let arguments = try node.arguments.map { try mapped($0, map, other) }
    if let isNone = comparisonWithNone(node.name, arguments) { return .bool(isNone) }
    let literals = arguments.compactMap(\.literal)
    guard literals.count == arguments.count,
      let checked = try? Arguments(operation.schema, literals),
      let results = try? operation.evaluate(checked), results.count == 1,
      let result = Argument(literal: results[0])
    else { return nil }
    switch result {
    // Containers need an identity, and a known type.
    case .list, .dictionary: return nil
    default: return result
    }
  }

  /// `x is None` for an x whose type says so.
  private func comparisonWithNone(_ name: String, _ arguments: [Argument]) -> Bool? {
    guard name == "aten::__is__" || name == "aten::__isnot__", arguments.count == 2 else {
      return nil
    }
    let (first, second) = (arguments[0], arguments[1])
    let other: Argument
    if case .none = second {
      other = first
    } else if case .none = first {
      other = second
    } else {
      return nil
    }
    if case .none = other { return name == "aten::__is__" }
    return graph.type(of: other).isVague ? nil : name == "aten::__isnot__"
  }
}

extension GraphType {
  /// Whether a value of the type may be None, or of several kinds.
  package var isVague: Bool {
    switch self {
    case .optional, .any, .none, .scalar, .future: true
    default: false
    }
  }
}

extension Value {
  var isTensor: Bool { if case .tensor = self { true } else { false } }
}
