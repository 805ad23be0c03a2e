import MartletOps

/// What a graph may change besides its own values.
package struct GraphTraits: Sendable {
  /// Lists or dictionaries: their identities matter.
  package var changesContainers = false
  /// Elements of tensors where they lie.
  package var changesTensors = false
  /// Whether anything sets attributes, be it only what restores a pickled object.
  package var setsAttributes = false
  /// Attributes that calls may set, as `__torch__.Net.count`.
  package var attributesSet: Set<String> = []

  /// Operators that the catalogue lacks.
  package var hasUnknownOperators = false

  package init() {}

  package init(_ graph: Graph) {
    graph.forEachNode { add($0, in: graph) }
  }

  package mutating func formUnion(_ other: GraphTraits) {
    changesContainers = changesContainers || other.changesContainers
    changesTensors = changesTensors || other.changesTensors
    setsAttributes = setsAttributes || other.setsAttributes
    hasUnknownOperators = hasUnknownOperators || other.hasUnknownOperators
    if !other.attributesSet.isEmpty { attributesSet.formUnion(other.attributesSet) }
  }

  /// Whether two runs may leave different things behind.
  package var changesAnything: Bool {
    changesContainers || changesTensors || !attributesSet.isEmpty
  }

  private mutating func add(_ node: Node, in graph: Graph) {
    switch node.kind {
    case .operation(let operation) where operation.schema.isMutating:
      if operation.takesReferences { changesContainers = true } else { changesTensors = true }
    case .prim(.setAttr):
      setsAttributes = true
      guard let receiver = node.arguments.first, let name = node.label,
        case .module(let type) = graph.type(of: receiver)
      else { return }
      attributesSet.insert("\(type).\(name)")
    case .unknown(let name):
      hasUnknownOperators = true
      changesTensors = changesTensors || name.hasSuffix("_") || name.contains("_.")
    default: break
    }
  }
}
