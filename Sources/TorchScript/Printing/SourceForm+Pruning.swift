import MartletOps
import MartletTracer

extension Graph {
  /// Without results of branches that nothing reads, and values that stand for none: reading a
  /// source leaves them behind for each variable that a branch sets.
  func withoutUnreadBranchResults() -> Graph {
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
