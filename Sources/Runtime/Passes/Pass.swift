import MartletTensor
import MartletTracer

/// One rewriting of a graph that keeps its meaning. Applied twice, it changes nothing more.
package struct Pass: Sendable {
  package let name: String
  private let body: @Sendable (inout Graph) throws -> Void

  init(_ name: String, _ body: @escaping @Sendable (inout Graph) throws -> Void) {
    self.name = name
    self.body = body
  }

  /// Those that every optimised program goes through, in order.
  package static let all: [Pass] = [.constantFolding, .cleaning, .batchNormFolding, .deadCode]

  /// Rewrites the graph and lints what comes out.
  ///
  /// - Parameter log: told the pass's name and the graph's text before and after.
  package func run(_ graph: inout Graph, log: ((String, String, String) -> Void)? = nil) throws {
    let before = log.map { _ in "\(graph)" }
    try body(&graph)
    do {
      try graph.lint()
    } catch let error as MartletError {
      throw MartletError(error.kind, "after the pass '\(name)': \(error.message)")
    }
    if let log, let before { log(name, before, "\(graph)") }
  }
}
