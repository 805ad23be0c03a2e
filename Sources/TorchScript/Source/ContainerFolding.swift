import MartletOps
import MartletTracer

/// Lists that only operators read stand in their arguments; the others stay nodes, because what
/// is written to one is seen by all who hold it.
enum ContainerFolding {
  static func fold(_ graph: inout Graph) {
    var isFoldable = [Bool](repeating: false, count: graph.valueCount)
    var hasAny = false
    graph.forEachNode { node in
      if node.prim == .listConstruct, let output = node.outputs.first {
        isFoldable[output.index] = true
        hasAny = true
      }
    }
    guard hasAny else { return }
    forbid(graph.body, &isFoldable)
    graph.rewrite { node, rewriter in
      if node.prim == .listConstruct, let output = node.outputs.first, isFoldable[output.index] {
        rewriter.replace(output, with: .list(node.arguments))
      } else {
        rewriter.emit(node)
      }
    }
  }

  /// Marks the lists with a use other than as an argument that is only read.
  private static func forbid(_ block: Block, _ isFoldable: inout [Bool]) {
    for node in block.nodes {
      for (index, argument) in node.arguments.enumerated() {
        if let value = argument.graphValue, isFoldable[value.index], isOnlyRead(node, index) {
          continue
        }
        argument.forEachValue { isFoldable[$0.index] = false }
      }
      for inner in node.blocks { forbid(inner, &isFoldable) }
    }
    for result in block.results { result.forEachValue { isFoldable[$0.index] = false } }
  }

  private static func isOnlyRead(_ node: Node, _ index: Int) -> Bool {
    guard let operation = node.operation, index < operation.schema.arguments.count,
      !operation.takesReferences
    else { return false }
    let parameter = operation.schema.arguments[index]
    guard parameter.aliasSet == nil, !parameter.isWritten else { return false }
    // Only lists of tensors and numbers: a type variable's operators may give the list back.
    switch parameter.type {
    case .list(let element, _): if case .variable = element { return false }
    case .optional(.list): break
    default: return false
    }
    return true
  }
}
