import MartletTensor

/// What the structural nodes take and give.
struct PrimRules {
  let graph: Graph
  let node: Node
  let prim: Prim

  func problems() -> [String] {
    switch prim {
    case .constant: constant()
    case .getAttr: counts(arguments: 1, outputs: 1) + module() + labelled("attribute")
    case .setAttr: counts(arguments: 2, outputs: 0) + module() + labelled("attribute")
    case .callMethod: callMethod()
    case .listConstruct, .tupleConstruct: counts(arguments: nil, outputs: 1) + constructed()
    case .dictConstruct: dictionary()
    case .tupleUnpack: unpacked()
    case .listUnpack: listUnpacked()
    case .tupleIndex: counts(arguments: 2, outputs: 1)
    case .dictItem: counts(arguments: 2, outputs: 1)
    case .if: conditional()
    case .loop: loop()
    case .callFunction: counts(arguments: nil, outputs: 1) + labelled("function")
    case .createObject, .uninitialized: counts(arguments: 0, outputs: 1)
    case .enumMember: counts(arguments: 0, outputs: 1) + labelled("member")
    case .uncheckedCast, .toList: counts(arguments: 1, outputs: 1)
    case .raiseException: counts(arguments: nil, outputs: 0)
    case .isInstance: counts(arguments: 1, outputs: 1) + labelled("types")
    case .tupleSlice: counts(arguments: 3, outputs: 1)
    }
  }

  private func type(_ index: Int) -> GraphType { graph.type(of: node.arguments[index]) }

  private func counts(arguments: Int?, outputs: Int?) -> [String] {
    var found: [String] = []
    if let arguments, node.arguments.count != arguments {
      found.append("takes \(arguments) arguments, got \(node.arguments.count)")
    }
    if let outputs, node.outputs.count != outputs {
      found.append("gives \(outputs) results, got \(node.outputs.count) outputs")
    }
    return found
  }

  private func labelled(_ what: String) -> [String] {
    node.label == nil ? ["needs the name of the \(what), as [name=\"weight\"]"] : []
  }

  private func module() -> [String] {
    guard let first = node.arguments.first else { return ["needs a module"] }
    let type = graph.type(of: first)
    if case .module = type { return [] }
    return ["expects a module, got \(graph.text(of: first)) (\(type))"]
  }

  private func constant() -> [String] {
    counts(arguments: 0, outputs: 1) + labelled("constant")
  }

  private func callMethod() -> [String] {
    counts(arguments: nil, outputs: 1) + module() + labelled("method")
  }

  private func constructed() -> [String] {
    guard node.outputs.count == 1 else { return [] }
    let given: GraphType =
      prim == .listConstruct
      ? graph.type(of: .list(node.arguments)) : graph.type(of: .tuple(node.arguments))
    let declared = graph.type(of: node.outputs[0])
    if prim == .listConstruct, node.arguments.isEmpty, case .list = declared { return [] }
    return declared.accepts(given)
      ? [] : ["gives \(given), but %\(graph.name(of: node.outputs[0])) is declared \(declared)"]
  }

  private func dictionary() -> [String] {
    node.arguments.count % 2 == 0
      ? counts(arguments: nil, outputs: 1) : ["takes keys and values in turn"]
  }

  private func unpacked() -> [String] {
    guard node.arguments.count == 1 else { return counts(arguments: 1, outputs: nil) }
    switch type(0) {
    case .tuple(let items):
      return counts(arguments: 1, outputs: items.count)
        + zip(items, node.outputs).compactMap { item, output in
          graph.type(of: output).accepts(item)
            ? nil
            : "gives \(item), but %\(graph.name(of: output)) is declared "
              + "\(graph.type(of: output))"
        }
    case .namedTuple(let tuple): return counts(arguments: 1, outputs: tuple.fieldTypes.count)
    case .any: return []
    default: return ["expects a tuple, got \(graph.text(of: node.arguments[0])) (\(type(0)))"]
    }
  }

  private func listUnpacked() -> [String] {
    guard node.arguments.count == 1 else { return counts(arguments: 1, outputs: nil) }
    switch type(0) {
    case .list, .any: return []
    default: return ["expects a list, got \(graph.text(of: node.arguments[0])) (\(type(0)))"]
    }
  }

  private func conditional() -> [String] {
    guard node.arguments.count == 1, node.blocks.count == 2 else {
      return [
        "takes one condition and two blocks, got \(node.arguments.count) arguments and "
          + "\(node.blocks.count) blocks"
      ]
    }
    var found: [String] = []
    if !GraphType.bool.accepts(type(0)) {
      found.append("expects a bool as its condition, got \(type(0))")
    }
    for (index, block) in node.blocks.enumerated() {
      if !block.parameters.isEmpty { found.append("block\(index) takes no parameters") }
      found += results(block.results, node.outputs, "block\(index)")
    }
    return found
  }

  private func loop() -> [String] {
    guard node.arguments.count >= 2, node.blocks.count == 1 else {
      return [
        "takes a number of rounds, a condition, carried values and one block, got "
          + "\(node.arguments.count) arguments and \(node.blocks.count) blocks"
      ]
    }
    let carried = node.arguments.count - 2
    let block = node.blocks[0]
    var found: [String] = []
    if !GraphType.int.accepts(type(0)) { found.append("expects int rounds, got \(type(0))") }
    if !GraphType.bool.accepts(type(1)) {
      found.append("expects a bool as its condition, got \(type(1))")
    }
    guard node.outputs.count == carried, block.parameters.count == carried + 1,
      block.results.count == carried + 1
    else {
      return found + [
        "carries \(carried) values: gives as many (got \(node.outputs.count)), its block takes "
          + "the round and them (got \(block.parameters.count) parameters) and gives the "
          + "condition and them (got \(block.results.count) results)"
      ]
    }
    if !GraphType.bool.accepts(graph.type(of: block.results[0])) {
      found.append("its block gives \(graph.type(of: block.results[0])) as the condition")
    }
    for (argument, parameter) in zip(node.arguments.dropFirst(2), block.parameters.dropFirst())
    where !graph.type(of: parameter).accepts(graph.type(of: argument)) {
      found.append(
        "%\(graph.name(of: parameter)) is \(graph.type(of: parameter)), but starts as "
          + "\(graph.type(of: argument))")
    }
    return found + results(Array(block.results.dropFirst()), node.outputs, "block0")
  }

  private func results(_ results: [Argument], _ outputs: [GraphValue], _ place: String)
    -> [String]
  {
    guard results.count == outputs.count else {
      return ["\(place) gives \(results.count) results for \(outputs.count) outputs"]
    }
    return zip(results, outputs).compactMap { result, output in
      let (given, declared) = (graph.type(of: result), graph.type(of: output))
      return declared.accepts(given)
        ? nil : "\(place) gives \(given), but %\(graph.name(of: output)) is declared \(declared)"
    }
  }
}
