import MartletTensor

/// How large a traced model is, and which operators it is made of.
public struct TraceSummary: Sendable, Encodable {
  /// An operator and how often the graph calls it.
  public struct OperatorCount: Sendable, Hashable, Encodable {
    public let name: String
    public let count: Int
  }

  /// The traced module and all below it.
  public let moduleCount: Int
  /// The elements of all parameters; one that is shared counts once.
  public let parameterCount: Int
  public let parameterByteCount: Int
  /// Calls of operators, without the nodes that only build and take apart values.
  public let operatorCallCount: Int
  /// The most frequent first.
  public let operators: [OperatorCount]
}

extension TracedModule {
  /// Counts what the trace holds, calls of submodules put in their places.
  public func summary() throws -> TraceSummary {
    var counts: [String: Int] = [:]
    func visit(_ nodes: [Node]) {
      for node in nodes {
        if node.prim == nil { counts[node.name, default: 0] += 1 }
        for block in node.blocks { visit(block.nodes) }
      }
    }
    visit(try inlinedGraph.nodes)
    let parameters = namedParameters.map(\.tensor)
    return TraceSummary(
      moduleCount: namedModules.count,
      parameterCount: parameters.reduce(0) { $0 + $1.count },
      parameterByteCount: parameters.reduce(0) { $0 + $1.count * $1.dtype.byteCount },
      operatorCallCount: counts.values.reduce(0, +),
      operators: counts.map { TraceSummary.OperatorCount(name: $0.key, count: $0.value) }
        .sorted { ($1.count, $0.name) < ($0.count, $1.name) })
  }
}

extension TraceSummary: CustomStringConvertible {
  /// A few lines: the sizes, then one line for each operator.
  public var description: String {
    let megabytes = Double(parameterByteCount) / 1e6
    let width = operators.map { "\($0.count)".count }.max() ?? 0
    let lines = operators.map { entry in
      let count = "\(entry.count)"
      return String(repeating: " ", count: width - count.count + 2) + "\(count)  \(entry.name)"
    }
    return """
      \(moduleCount) modules, \(parameterCount) parameters (\(rounded(megabytes)) MB), \
      \(operatorCallCount) operator calls:
      \(lines.joined(separator: "\n"))
      """
  }

  private func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
