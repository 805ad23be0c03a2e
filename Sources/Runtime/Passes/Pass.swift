import MartletTensor
import MartletTracer

/// One rewriting of a graph that keeps its meaning. Applied twice, it changes nothing more.
package struct Pass: Sendable {
  package let name: String
  /// The lowest level of optimisation that it runs at.
  let level: Optimization
  private let body: @Sendable (inout Graph) throws -> Void

  init(
    _ name: String, from level: Optimization = .exact,
    _ body: @escaping @Sendable (inout Graph) throws -> Void
  ) {
    self.name = name
    self.level = level
    self.body = body
  }

  /// Those that a fully optimised program goes through, in order.
  package static let all: [Pass] = [.constantFolding, .cleaning, .batchNormFolding, .deadCode]

  /// Runs the passes that the options want. Lints between them where somebody looks on, and in
  /// debug builds.
  static func runAll(_ graph: inout Graph, _ options: CompileOptions) throws {
    #if DEBUG
      let lints = true
    #else
      let lints = options.onPass != nil
    #endif
    for pass in all where options.runs(pass.name, from: pass.level) {
      if lints { try pass.run(&graph, onPass: options.onPass) } else { try pass.body(&graph) }
    }
  }

  /// Rewrites the graph and lints what comes out.
  ///
  /// - Parameter onPass: told what the pass did.
  package func run(
    _ graph: inout Graph, onPass: ((PassReport) -> Void)? = nil
  ) throws {
    let before = onPass.map { _ in "\(graph)" }
    try body(&graph)
    do {
      try graph.lint()
    } catch let error as MartletError {
      throw MartletError(error.kind, "after the pass '\(name)': \(error.message)")
    }
    if let onPass, let before {
      onPass(PassReport(name: name, before: before, after: "\(graph)"))
    }
  }
}
