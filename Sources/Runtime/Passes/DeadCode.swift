import MartletTracer

extension Pass {
  /// Removes what nothing uses and what has no effect.
  static let deadCode = Pass("dead code") { graph in
    graph.eraseDeadNodes()
    graph.dropUnusedConstants()
  }
}
