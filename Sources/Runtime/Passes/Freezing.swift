import MartletTensor
import MartletTracer

extension Pass {
  /// Puts the module's tensors into the graph as constants and drops the module from its inputs.
  static func freezing(_ attributes: [String: Tensor]) -> Pass {
    Pass("freezing") { graph in
      guard let first = graph.inputs.first, case .module = graph.type(of: first) else { return }
      var paths: [GraphValue: String] = [first: ""]
      try graph.rewrite { node, rewriter in
        guard node.prim == .getAttr, let owner = node.arguments.first?.graphValue,
          let path = paths[owner], let label = node.label
        else { return rewriter.emit(node) }
        let full = path.isEmpty ? label : "\(path).\(label)"
        let output = node.outputs[0]
        if case .module = rewriter.graph.type(of: output) {
          paths[output] = full
          return
        }
        guard let tensor = attributes[full] else {
          throw MartletError(.weights, "the graph reads '\(full)', which the module lacks")
        }
        var constant = node
        constant.kind = .prim(.constant)
        constant.label = full
        constant.arguments = []
        rewriter.graph.constants[full] = tensor
        rewriter.emit(constant)
      }
      graph.body.parameters.removeFirst()
    }
  }
}
