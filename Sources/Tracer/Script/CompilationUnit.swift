import MartletOps
import MartletTensor
import MartletTensor

/// The classes and free functions that an archive or a script declares, by qualified name.
package final class CompilationUnit: Sendable {
  package let classes: [String: ScriptClass]
  package let functions: [String: ScriptFunction]
  /// The names of both, in the order in which they were declared.
  package let order: [String]
  /// What its functions and methods may change.
  package let traits: GraphTraits

  package init(
    classes: [String: ScriptClass] = [:], functions: [String: ScriptFunction] = [:],
    order: [String] = []
  ) {
    self.classes = classes
    self.functions = functions
    self.order = order
    var traits = GraphTraits()
    for function in functions.values { traits.formUnion(GraphTraits(function.graph)) }
    for type in classes.values {
      let restoring = CompilationUnit.restoringMethods(of: type)
      for method in type.methods {
        var found = GraphTraits(method.graph)
        if restoring.contains(method.name) { found.attributesSet = [] }
        traits.formUnion(found)
      }
    }
    self.traits = traits
  }

  /// The methods of a class that make an object from its pickled state, and those that they call:
  /// what they set is set before anyone calls the object.
  private static func restoringMethods(of type: ScriptClass) -> Set<String> {
    var found: Set<String> = []
    var open = type.kind == .object ? ["__setstate__", "__init__"] : ["__setstate__"]
    while let name = open.popLast() {
      guard found.insert(name).inserted, let method = type.method(name) else { continue }
      method.graph.forEachNode { node in
        if node.prim == .callMethod, let label = node.label,
          node.arguments.first?.graphValue == method.graph.inputs.first
        {
          open.append(label)
        }
      }
    }
    return found
  }

  package static let empty = CompilationUnit()

  /// A function that belongs to no class.
  ///
  /// - Throws: `MartletError` of kind `.graph` when there is none of the name.
  package func function(_ name: String) throws -> ScriptFunction {
    guard let function = functions[name] else {
      throw MartletError(.graph, "there is no function '\(name)'")
    }
    return function
  }

  /// A method of a class that is not a module.
  ///
  /// - Throws: `MartletError` of kind `.graph` when there is none of the name.
  package func method(_ name: String, of className: String) throws -> ScriptFunction {
    guard let method = classes[className]?.method(name) else {
      throw MartletError(.graph, "'\(className)' has no method '\(name)'")
    }
    return method
  }

  /// The member of an enumeration, by its qualified name as `__torch__.Color.RED`.
  package func enumMember(_ qualifiedName: String) -> EnumerationMember? {
    guard let dot = qualifiedName.lastIndex(of: ".") else { return nil }
    let name = qualifiedName[qualifiedName.index(after: dot)...]
    return classes[String(qualifiedName[..<dot])]?.members.first { $0.name == name }
  }
}
