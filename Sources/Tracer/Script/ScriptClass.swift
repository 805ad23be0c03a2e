import MartletOps
import MartletTensor

/// A class that an archive or a script declares.
package struct ScriptClass: Sendable {
  package enum Kind: String, Sendable, Hashable {
    /// `class Net(Module):`
    case module
    /// `class Counter:`
    case object
    /// `class Point(NamedTuple):`; the fields are the attributes.
    case namedTuple
    /// `class Color(Enum):`
    case enumeration
    /// `class Block(ModuleInterface):` or `(Interface)`; methods have no bodies.
    case interface
  }

  package struct Attribute: Sendable {
    package let name: String
    package let type: GraphType
    /// A named tuple's field may have one.
    package let defaultValue: Value?

    package init(_ name: String, _ type: GraphType, defaultValue: Value? = nil) {
      self.name = name
      self.type = type
      self.defaultValue = defaultValue
    }
  }

  package struct Constant: Sendable {
    package let name: String
    package let type: GraphType
    package let value: Value

    package init(_ name: String, _ type: GraphType, _ value: Value) {
      self.name = name
      self.type = type
      self.value = value
    }
  }

  package let kind: Kind
  /// Qualified, as `__torch__.torch.nn.modules.conv.Conv2d`.
  package let name: String
  /// In the order of the source; submodules are among them.
  package var attributes: [Attribute] = []
  /// The names of those attributes that are parameters, and of those that are buffers.
  package var parameters: [String] = []
  package var buffers: [String] = []
  /// `Final` attributes, whose values stand in the source.
  package var constants: [Constant] = []
  /// An enumeration's members.
  package var members: [EnumerationMember] = []
  /// In the order of the source.
  package var methods: [ScriptFunction] = []

  package init(kind: Kind, name: String) {
    self.kind = kind
    self.name = name
  }

  package func method(_ name: String) -> ScriptFunction? { methods.first { $0.name == name } }
  package func attribute(_ name: String) -> Attribute? { attributes.first { $0.name == name } }
  package func constant(_ name: String) -> Constant? { constants.first { $0.name == name } }
}
