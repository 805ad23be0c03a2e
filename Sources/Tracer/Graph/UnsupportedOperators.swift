import MartletOps
import MartletTensor

/// An operator that a model uses and that Martlet does not have.
public struct UnsupportedOperator: Sendable, Hashable, Encodable {
  /// With the overload where the source tells it, as in `aten::cdist`.
  public let name: String
  /// How the model calls it: the types of its arguments and results.
  public let call: String
  public let count: Int
}

extension UnsupportedOperator: CustomStringConvertible {
  public var description: String { "\(name)\(call) (\(count)x)" }
}

extension Graph {
  /// The operators of the graph that the catalogue lacks, each once for each way it is called, the
  /// most frequent first.
  package var unsupportedOperators: [UnsupportedOperator] {
    var counts: [String: [String: Int]] = [:]
    forEachNode { node in
      guard case .unknown(let name) = node.kind else { return }
      let arguments = node.arguments.map { "\(type(of: $0))" }.joined(separator: ", ")
      let results = node.outputs.map { "\(type(of: $0))" }.joined(separator: ", ")
      let call = "(\(arguments)) -> " + (node.outputs.count == 1 ? results : "(\(results))")
      counts[name, default: [:]][call, default: 0] += 1
    }
    return counts.flatMap { name, calls in
      calls.map { UnsupportedOperator(name: name, call: $0.key, count: $0.value) }
    }.sorted { ($1.count, $0.name, $0.call) < ($0.count, $1.name, $1.call) }
  }

  /// - Throws: `MartletError` of kind `.unsupported` that lists all that the catalogue lacks.
  package func requireSupport() throws {
    let missing = unsupportedOperators
    guard !missing.isEmpty else { return }
    throw MartletError(
      .unsupported,
      "the model uses \(missing.count) operators that Martlet does not have:\n  "
        + missing.map(\.description).joined(separator: "\n  "))
  }
}

extension TracedModule {
  /// The operators that a method needs and Martlet lacks, in all that it calls. Branches that the
  /// module's attributes rule out do not count.
  public func unsupportedOperators(of method: String? = nil) throws -> [UnsupportedOperator] {
    try graphForSupport(method ?? mainMethod).unsupportedOperators
  }

  func requireSupport(_ method: String) throws {
    guard traits.hasUnknownOperators else { return }
    try graphForSupport(method).requireSupport()
  }

  private func graphForSupport(_ method: String) throws -> Graph {
    do {
      return try frozenGraph(of: method)
    } catch is NotFreezable {
      return try inlinedGraph(of: method)
    }
  }
}
