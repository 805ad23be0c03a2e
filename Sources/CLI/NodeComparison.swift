import Martlet
import MartletOps
import MartletTensor
import MartletTracer

/// Finds the first node whose value differs between two ways to run a model.
struct NodeComparison {
  let threads: Int?
  let tolerance: Double
  /// Whether the archive itself is run by the reference too.
  let reference: Bool

  /// What was found; `node` is nil when nothing differs.
  struct Finding: Encodable, CustomStringConvertible {
    let compared: Int
    var node: String?
    var module: String?
    var source: String?
    var difference: String?

    var description: String {
      guard let node else { return "\(compared) nodes compared, none differs" }
      return [
        "the first node that differs: \(node)", difference.map { "  \($0)" },
        module.map { "  in module \($0)" }, source.map { "  at \($0)" },
      ].compactMap(\.self).joined(separator: "\n")
    }
  }

  /// A node, and where it stands in the graph's flattened outputs.
  private struct Watched {
    let node: Node
    let value: GraphValue
  }

  /// The compiled program beside the operators' reference.
  func first(in module: TracedModule, _ inputs: [Value]) throws -> Finding {
    let (graph, watched) = try watching(module)
    let expected = try run(graph, inputs, .none)
    let got = try run(graph, inputs, reference ? .none : .full)
    return try compare(graph, watched, got, watched, expected)
  }

  /// One archive beside another whose operators are the same, in order.
  func first(in module: TracedModule, against other: TracedModule, _ inputs: [Value]) throws
    -> Finding
  {
    let (graph, watched) = try watching(module)
    let (otherGraph, otherWatched) = try watching(other)
    let got = try run(graph, inputs, reference ? .none : .full)
    let expected = try run(otherGraph, inputs, .none)
    return try compare(graph, watched, got, otherWatched, expected)
  }

  private func run(_ graph: Graph, _ inputs: [Value], _ optimization: Optimization) throws
    -> [Value]
  {
    let program = try Program(graph, threads: threads, optimization: optimization)
    return try program.run(inputs)
  }

  /// The graph with the value of every operator's call as an output.
  private func watching(_ module: TracedModule) throws -> (Graph, [Watched]) {
    var graph = try module.frozenGraph()
    var watched: [Watched] = []
    for node in graph.nodes where node.operation != nil {
      for output in node.outputs { watched.append(Watched(node: node, value: output)) }
    }
    graph.body.results = watched.map { .value($0.value) }
    return (graph, watched)
  }

  private func compare(
    _ graph: Graph, _ watched: [Watched], _ got: [Value], _ others: [Watched], _ expected: [Value]
  ) throws -> Finding {
    for index in watched.indices {
      let node = watched[index].node
      func finding(_ difference: String) -> Finding {
        Finding(
          compared: index + 1, node: graph.line(of: node), module: node.scope?.path,
          source: node.location?.description, difference: difference)
      }
      guard index < others.count else { return finding("the other graph ends before it") }
      guard others[index].node.name == node.name else {
        return finding("the other graph has \(others[index].node.name) in its place")
      }
      let (ours, theirs) = (try got[index].leaves(), try expected[index].leaves())
      guard ours.count == theirs.count else {
        return finding("\(ours.count) tensors, expected \(theirs.count)")
      }
      for (our, their) in zip(ours, theirs) {
        let difference = try TensorDifference(our, expected: their)
        if !difference.isWithin(tolerance) {
          let relative =
            difference.mismatch == nil ? ", relative \(shortNumber(difference.relative))" : ""
          return finding(difference.explanation + relative)
        }
      }
    }
    return Finding(compared: watched.count)
  }
}
