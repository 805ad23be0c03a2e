import MartletOps
import MartletTracer

extension SourceForm {
  /// Source has loops with a number of rounds and loops with a condition. One that has both
  /// becomes one with a condition that counts its rounds.
  mutating func makePlain(_ node: inout MartletTracer.Node, _ append: (Node) -> Void) {
    guard node.arguments.count >= 2, var block = node.blocks.first,
      let round = block.parameters.first, let next = block.results.first
    else { return }
    let (rounds, condition) = (node.arguments[0], node.arguments[1])
    let isLimited: Bool = if case .int(.max) = rounds { uses(block, round) } else { true }
    if case .bool(true) = condition, case .bool(true) = next { return }
    guard isLimited, let and = Catalog.byName["aten::__and__.bool"],
      let less = Catalog.byName["aten::lt.int"], let add = Catalog.byName["aten::add.int"]
    else { return }
    func call(_ operation: Operator, _ a: Argument, _ b: Argument, _ type: GraphType)
      -> MartletTracer.Node
    {
      MartletTracer.Node(.operation(operation), [a, b], outputs: [graph.newValue(type)])
    }
    let starts = call(less, .int(0), rounds, .bool)
    append(Node(starts))
    let first = call(and, .value(starts.outputs[0]), condition, .bool)
    append(Node(first))
    node.arguments =
      [.int(.max), .value(first.outputs[0])] + node.arguments.dropFirst(2) + [.int(0)]
    node.outputs.append(graph.newValue(.int))
    let step = call(add, .value(round), .int(1), .int)
    let continues = call(less, .value(step.outputs[0]), rounds, .bool)
    let both = call(and, .value(continues.outputs[0]), next, .bool)
    block.nodes += [step, continues, both]
    block.parameters = [graph.newValue(.int)] + block.parameters.dropFirst() + [round]
    block.results =
      [.value(both.outputs[0])] + block.results.dropFirst() + [.value(step.outputs[0])]
    node.blocks = [block]
  }

  private func uses(_ block: MartletTracer.Block, _ value: GraphValue) -> Bool {
    var isUsed = false
    func visit(_ argument: Argument) { argument.forEachValue { isUsed = isUsed || $0 == value } }
    func visit(_ block: MartletTracer.Block) {
      for node in block.nodes {
        node.arguments.forEach(visit)
        node.blocks.forEach(visit)
      }
      block.results.forEach(visit)
    }
    visit(block)
    return isUsed
  }
}
