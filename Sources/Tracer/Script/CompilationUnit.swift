import MartletOps
import MartletTensor

/// The classes and free functions that an archive or a script declares, by qualified name.
package final class CompilationUnit: Sendable {
  package let classes: [String: ScriptClass]
  package let functions: [String: ScriptFunction]
  /// The names of both, in the order in which they were declared.
  package let order: [String]

  package init(
    classes: [String: ScriptClass] = [:], functions: [String: ScriptFunction] = [:],
    order: [String] = []
  ) {
    self.classes = classes
    self.functions = functions
    self.order = order
  }

  package static let empty = CompilationUnit()

  /// The member of an enumeration, by its qualified name as `__torch__.Color.RED`.
  package func enumMember(_ qualifiedName: String) -> EnumerationMember? {
    guard let dot = qualifiedName.lastIndex(of: ".") else { return nil }
    let name = qualifiedName[qualifiedName.index(after: dot)...]
    return classes[String(qualifiedName[..<dot])]?.members.first { $0.name == name }
  }
}
