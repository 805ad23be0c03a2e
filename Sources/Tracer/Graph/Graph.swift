import MartletOps
import MartletTensor

/// A recorded computation: parameters, nodes in the order they run, results.
///
/// A value type: a `let` graph never changes. It prints as text that parses back
/// (`Graph(parsing:)`), and `lint()` tells what is wrong with it.
public struct Graph: Sendable {
  struct ValueInfo: Sendable {
    var name: String
    var type: GraphType
  }

  var values: [ValueInfo] = []
  private var valueIndex: [String: Int] = [:]
  private var nextNumber = 0

  /// What runs. Its parameters are the graph's inputs (`self` first in a module's method), its
  /// results the outputs.
  public package(set) var body = Block()
  /// The tensors of `prim::Constant` nodes, by their labels. Not part of the text.
  public package(set) var constants: [String: Tensor] = [:]

  package init() {}

  public var inputs: [GraphValue] { body.parameters }
  public var nodes: [Node] { body.nodes }
  public var outputs: [Argument] { body.results }

  /// One more than the largest `GraphValue.index`, for tables by value.
  package var valueCount: Int { values.count }

  /// The name without the `%`.
  public func name(of value: GraphValue) -> String { values[value.index].name }
  public func type(of value: GraphValue) -> GraphType { values[value.index].type }
  public func type(of argument: Argument) -> GraphType { argument.type { type(of: $0) } }

  /// The value of the name, or nil.
  public func value(named name: String) -> GraphValue? {
    valueIndex[name].map { GraphValue(index: $0) }
  }
}

/// Building.
extension Graph {
  /// A new value. Without a name it gets the next free number; a name that is taken gets a
  /// number behind a dot, as PyTorch's do (`input`, `input.1`).
  package mutating func newValue(_ type: GraphType, name: String? = nil) -> GraphValue {
    let unique = freeName(name)
    let value = GraphValue(index: values.count)
    values.append(ValueInfo(name: unique, type: type))
    valueIndex[unique] = value.index
    return value
  }

  private mutating func freeName(_ wish: String?) -> String {
    if let wish, valueIndex[wish] == nil { return wish }
    while true {
      let name = wish.map { "\($0).\(nextNumber)" } ?? "\(nextNumber)"
      nextNumber += 1
      if valueIndex[name] == nil { return name }
    }
  }

  package mutating func setType(_ type: GraphType, of value: GraphValue) {
    values[value.index].type = type
  }

  /// Gives the value another name, with a number behind it where the name is taken.
  package mutating func rename(_ value: GraphValue, to name: String) {
    let old = values[value.index].name
    guard old != name else { return }
    valueIndex[old] = nil
    let unique = freeName(name)
    values[value.index].name = unique
    valueIndex[unique] = value.index
  }

  /// The tensor that `prim::Constant` nodes of the label give.
  package mutating func setConstant(_ tensor: Tensor, label: String) {
    constants[label] = tensor
  }

  /// Adds a parameter to the body.
  package mutating func addInput(_ type: GraphType, name: String? = nil) -> GraphValue {
    let value = newValue(type, name: name)
    body.parameters.append(value)
    return value
  }

  /// Appends a node to the body, with new values for its outputs.
  @discardableResult
  package mutating func append(
    _ kind: NodeKind, label: String? = nil, _ arguments: [Argument], outputs types: [GraphType],
    names: [String?] = [], scope: Scope? = nil, location: SourceLocation? = nil
  ) -> [GraphValue] {
    let outputs = types.enumerated().map { index, type in
      newValue(type, name: index < names.count ? names[index] : nil)
    }
    body.nodes.append(
      Node(
        kind, label: label, arguments, outputs: outputs, scope: scope, location: location))
    return outputs
  }

  /// Appends a node that gives a tensor of `constants`.
  package mutating func appendConstant(_ tensor: Tensor, label: String, scope: Scope? = nil)
    -> GraphValue
  {
    constants[label] = tensor
    return append(
      .prim(.constant), label: label, [], outputs: [GraphType(of: .tensor(tensor))], scope: scope
    )[0]
  }
}
