import MartletOps
import MartletTensor

/// A method or free function of a script: its graph and how it may be called.
package struct ScriptFunction: Sendable {
  package let name: String
  /// `self` is the first input of a method.
  package let graph: Graph
  /// The parameters' names in the source, `self` included, one for each input of the graph.
  package let parameterNames: [String]
  /// One for each input of the graph; nil where the caller must give it.
  package let defaults: [Value?]
  package let returnType: GraphType

  package init(
    name: String, graph: Graph, parameterNames: [String], defaults: [Value?],
    returnType: GraphType
  ) {
    self.name = name
    self.graph = graph
    self.parameterNames = parameterNames
    self.defaults = defaults
    self.returnType = returnType
  }
}
