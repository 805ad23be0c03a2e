import MartletOps
import MartletTensor

/// Which values of a graph may share memory or be one container, and which of them a run may
/// write to. Coarse: values that may meet in one view or container are one set.
package struct AliasSets {
  private var parents: [Int]
  private var writtenTensors: [Bool]
  private var changedContainers: [Bool]

  package init(_ graph: Graph) {
    parents = Array(0..<graph.valueCount)
    writtenTensors = [Bool](repeating: false, count: graph.valueCount)
    changedContainers = writtenTensors
    graph.forEachNode { add($0, graph) }
  }

  /// Whether elements of the tensors that the value is or holds may be written.
  package func tensorsMayBeWritten(_ value: GraphValue) -> Bool {
    writtenTensors[root(value.index)]
  }

  /// Whether the list or dictionary, or one that it holds, may change.
  package func containerMayChange(_ value: GraphValue) -> Bool {
    changedContainers[root(value.index)]
  }

  /// Whether two values may share memory.
  package func mayMeet(_ a: GraphValue, _ b: GraphValue) -> Bool {
    root(a.index) == root(b.index)
  }

  /// The set's name.
  package func set(of value: GraphValue) -> Int { root(value.index) }

  private func root(_ index: Int) -> Int {
    var index = index
    while parents[index] != index { index = parents[index] }
    return index
  }

  private mutating func join(_ values: [GraphValue]) {
    guard let first = values.first else { return }
    var one = root(first.index)
    for value in values.dropFirst() {
      let other = root(value.index)
      if one == other { continue }
      let (low, high) = (min(one, other), max(one, other))
      parents[high] = low
      writtenTensors[low] = writtenTensors[low] || writtenTensors[high]
      changedContainers[low] = changedContainers[low] || changedContainers[high]
      one = low
    }
    // Short ways for what comes later.
    for value in values { parents[value.index] = one }
  }

  /// The values inside an argument that can share anything.
  private func sharing(_ argument: Argument, _ graph: Graph) -> [GraphValue] {
    var found: [GraphValue] = []
    argument.forEachValue { if graph.type(of: $0).canShare { found.append($0) } }
    return found
  }

  private mutating func add(_ node: Node, _ graph: Graph) {
    let given = node.arguments.flatMap { sharing($0, graph) }
    let outputs = node.outputs.filter { graph.type(of: $0).canShare }
    switch node.kind {
    case .operation(let operation): add(operation, node, given, outputs, graph)
    case .unknown(let name):
      join(given + outputs)
      if name.hasSuffix("_") || name.contains("_.") { write(given, tensors: true) }
    case .prim(.if):
      for (index, output) in node.outputs.enumerated() where graph.type(of: output).canShare {
        join([output] + node.blocks.flatMap { sharing($0.results[index], graph) })
      }
    case .prim(.loop): addLoop(node, graph)
    case .prim(.callMethod), .prim(.callFunction):
      join(given + outputs)
      write(given, tensors: true)
      write(given, tensors: false)
    case .prim(.setAttr):
      join(given)
      write(given, tensors: false)
    case .prim: join(given + outputs)
    }
  }

  private mutating func addLoop(_ node: Node, _ graph: Graph) {
    guard let block = node.blocks.first else { return }
    for (index, output) in node.outputs.enumerated() where graph.type(of: output).canShare {
      join(
        [output, block.parameters[index + 1]] + sharing(block.results[index + 1], graph)
          + sharing(node.arguments[index + 2], graph))
    }
  }

  private mutating func add(
    _ operation: Operator, _ node: Node, _ given: [GraphValue], _ outputs: [GraphValue],
    _ graph: Graph
  ) {
    let schema = operation.schema
    if operation.takesReferences {
      join(given + outputs)
      if schema.isMutating { write(given, tensors: false) }
      return
    }
    for (parameter, argument) in zip(schema.arguments, node.arguments) where parameter.isWritten {
      let values = sharing(argument, graph)
      join(values)
      write(values, tensors: true)
    }
    switch operation.body {
    // It may give back what it was given.
    case .view, .composite: join(given + outputs)
    default:
      let marked = zip(schema.arguments, node.arguments).filter { $0.0.aliasSet != nil }
      let results = zip(schema.returns, node.outputs).filter { $0.0.aliasSet != nil }.map(\.1)
      if !results.isEmpty { join(marked.flatMap { sharing($0.1, graph) } + results) }
    }
  }

  private mutating func write(_ values: [GraphValue], tensors: Bool) {
    for value in values {
      if tensors {
        writtenTensors[root(value.index)] = true
      } else {
        changedContainers[root(value.index)] = true
      }
    }
  }
}

extension GraphType {
  /// Whether values of the type can be or hold memory that others see.
  package var canShare: Bool {
    switch self {
    case .int, .float, .bool, .string, .device, .none, .scalar, .enumeration: false
    case .optional(let wrapped), .future(let wrapped): wrapped.canShare
    case .tuple(let items): items.contains(where: \.canShare)
    default: true
    }
  }
}
