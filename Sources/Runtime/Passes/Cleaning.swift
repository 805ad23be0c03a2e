import MartletOps
import MartletTracer

extension Pass {
  /// Takes out what does nothing in inference: dropout that is off, and names for the same value.
  static let cleaning = Pass("cleaning") { graph in
    graph.rewrite { node, rewriter in
      if let kept = node.passedOn {
        rewriter.replace(node.outputs[0], with: kept)
      } else {
        rewriter.emit(node)
      }
    }
  }
}

extension Node {
  /// The argument that the node gives back unchanged, or nil.
  fileprivate var passedOn: Argument? {
    switch name {
    case "aten::dropout", "aten::feature_dropout", "aten::alpha_dropout",
      "aten::feature_alpha_dropout":
      if case .bool(false)? = self["train"] { return self["input"] }
      return nil
    case "aten::detach", "aten::alias": return arguments.first
    default: return nil
    }
  }
}
