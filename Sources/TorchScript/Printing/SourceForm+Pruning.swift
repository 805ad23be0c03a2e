import MartletOps
import MartletTracer

extension Graph {
  /// Without results of branches and values carried by loops that nothing reads, and values that
  /// stand for none: reading a source leaves them behind for each variable that a block sets.
  func withoutUnreadResults() -> Graph {
    var uses = [Int](repeating: 0, count: valueCount)
    func count(_ argument: Argument, _ change: Int) {
      argument.forEachValue { uses[$0.index] += change }
    }
    func countAll(_ block: Block) {
      for node in block.nodes {
        for argument in node.arguments { count(argument, 1) }
        for inner in node.blocks { countAll(inner) }
      }
      for result in block.results { count(result, 1) }
    }
    countAll(body)
    var changed = true
    func pruneLoop(_ node: inout Node) {
      guard var block = node.blocks.first, block.parameters.count == node.outputs.count + 1,
        block.results.count == block.parameters.count,
        node.arguments.count == node.outputs.count + 2
      else { return }
      for position in node.outputs.indices.reversed() {
        let parameter = block.parameters[position + 1]
        let isKept = block.results[position + 1].graphValue == parameter
        guard uses[node.outputs[position].index] == 0,
          uses[parameter.index] == (isKept ? 1 : 0)
        else { continue }
        node.outputs.remove(at: position)
        block.parameters.remove(at: position + 1)
        count(block.results.remove(at: position + 1), -1)
        count(node.arguments.remove(at: position + 2), -1)
        changed = true
      }
      node.blocks = [block]
    }
    func prune(_ block: inout Block) {
      for index in block.nodes.indices.reversed() {
        var node = block.nodes[index]
        if node.prim == .if {
          let unread = node.outputs.indices.filter { uses[node.outputs[$0].index] == 0 }
          for position in unread.reversed() {
            node.outputs.remove(at: position)
            for inner in node.blocks.indices
            where position < node.blocks[inner].results.count {
              count(node.blocks[inner].results.remove(at: position), -1)
            }
          }
          changed = changed || !unread.isEmpty
        }
        if node.prim == .loop { pruneLoop(&node) }
        for inner in node.blocks.indices { prune(&node.blocks[inner]) }
        block.nodes[index] = node
      }
      let before = block.nodes.count
      block.nodes.removeAll { node in
        node.prim == .uninitialized && node.outputs.allSatisfy { uses[$0.index] == 0 }
      }
      changed = changed || block.nodes.count != before
    }
    var result = self
    while changed {
      changed = false
      prune(&result.body)
    }
    return result
  }
}
