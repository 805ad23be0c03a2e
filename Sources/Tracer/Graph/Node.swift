import MartletOps
import MartletTensor

/// The nodes that are not operators: they build and take apart values, reach into modules, and
/// hold blocks. Names and meaning are PyTorch's.
package enum Prim: String, Sendable, Hashable, CaseIterable {
  /// A tensor that the graph holds (`Graph.constants`), by the node's label.
  case constant = "prim::Constant"
  /// A parameter, buffer or submodule of its argument, by the node's label.
  case getAttr = "prim::GetAttr"
  case setAttr = "prim::SetAttr"
  /// Calls the method that the label names on its first argument.
  case callMethod = "prim::CallMethod"
  case listConstruct = "prim::ListConstruct"
  case listUnpack = "prim::ListUnpack"
  case tupleConstruct = "prim::TupleConstruct"
  case tupleUnpack = "prim::TupleUnpack"
  case tupleIndex = "prim::TupleIndex"
  case dictConstruct = "prim::DictConstruct"
  case dictItem = "aten::__getitem__.Dict_str"
  /// One condition; two blocks without parameters; outputs are the taken block's results.
  case `if` = "prim::If"
  /// Greatest number of rounds, first condition, carried values; one block from (round, carried
  /// values…) to (next condition, carried values…); outputs are the carried values.
  case loop = "prim::Loop"
  /// Calls the free function that the label names (qualified, as `__torch__.helper`).
  case callFunction = "prim::CallFunction"
  /// A new object of the class that its output's type names, without attributes yet.
  case createObject = "prim::CreateObject"
  /// The member `Color.RED` that the label names, qualified: `__torch__.Color.RED`.
  case enumMember = "prim::EnumMember"
  /// Its one argument, known to be of its output's type from here on.
  case uncheckedCast = "prim::unchecked_cast"
  /// Stands for a value that no path of the program reads.
  case uninitialized = "prim::Uninitialized"
  /// Ends the run with its first argument as the message; the second, if any, is the exception's
  /// class.
  case raiseException = "prim::RaiseException"
  /// Whether its argument is of one of the types in the label, as source text joined by `|`.
  case isInstance = "prim::isinstance"
  /// From first to last item, two integers behind the tuple.
  case tupleSlice = "prim::TupleSlice"
  /// A tensor's elements as nested lists; rank and element's type are the output type's.
  case toList = "prim::tolist"
}

/// What a node does.
package enum NodeKind: Sendable {
  case operation(Operator)
  case prim(Prim)
  /// An operator that the catalogue does not have.
  case unknown(String)

  package init(_ name: String) {
    if let prim = Prim(rawValue: name) {
      self = .prim(prim)
    } else if let operation = Catalog.byName[name] {
      self = .operation(operation)
    } else {
      self = .unknown(name)
    }
  }
}

/// The module that a node was recorded in.
public struct Scope: Sendable, Hashable {
  /// Below the module that was traced, as `layer1.0.conv1`.
  public let path: String
  /// The module's class, as `torch.nn.modules.conv.Conv2d`; not part of a graph's text.
  public let typeName: String

  public init(path: String, typeName: String = "") {
    self.path = path
    self.typeName = typeName
  }
}

/// One step of a graph: an operator's call, or one of the structural nodes.
public struct Node: Sendable {
  package var kind: NodeKind
  /// What `prim::GetAttr`, `prim::CallMethod` and `prim::Constant` refer to.
  public package(set) var label: String?
  /// In the order of the schema, defaults filled in.
  public package(set) var arguments: [Argument]
  public package(set) var outputs: [GraphValue]
  /// The bodies of `prim::If` and `prim::Loop`.
  public package(set) var blocks: [Block]
  public package(set) var scope: Scope?
  public package(set) var location: SourceLocation?

  package init(
    _ kind: NodeKind, label: String? = nil, _ arguments: [Argument] = [],
    outputs: [GraphValue] = [], blocks: [Block] = [], scope: Scope? = nil,
    location: SourceLocation? = nil
  ) {
    self.kind = kind
    self.label = label
    self.arguments = arguments
    self.outputs = outputs
    self.blocks = blocks
    self.scope = scope
    self.location = location
  }

  /// With the overload, as in `aten::add.Tensor`.
  public var name: String {
    switch kind {
    case .operation(let operation): operation.name
    case .prim(let prim): prim.rawValue
    case .unknown(let name): name
    }
  }

  /// The catalogue's operator, or nil for structural nodes and operators that it lacks.
  package var operation: Operator? {
    if case .operation(let operation) = kind { operation } else { nil }
  }

  package var prim: Prim? { if case .prim(let prim) = kind { prim } else { nil } }

  /// Whether it must stay even when nothing uses its outputs: it writes to something, it calls a
  /// method whose body is not known here, or nothing is known of it.
  package var hasEffects: Bool {
    switch kind {
    case .operation(let operation): operation.schema.isMutating
    case .prim(.setAttr), .prim(.callMethod), .prim(.callFunction), .prim(.raiseException),
      .unknown:
      true
    case .prim(.loop): true  // It may not end.
    case .prim: blocks.contains { $0.nodes.contains(where: \.hasEffects) }
    }
  }

  /// Whether two runs on the same inputs may differ.
  package var isRandom: Bool {
    guard let operation else { return blocks.contains { $0.nodes.contains(where: \.isRandom) } }
    guard operation.isRandom else { return false }
    // Dropout is the identity unless it trains.
    if let index = operation.schema.trainingArgument, case .bool(false) = arguments[index] {
      return false
    }
    return true
  }

  /// The argument of the schema's name, or nil where there is none.
  package subscript(name: String) -> Argument? {
    guard let operation,
      let index = operation.schema.arguments.firstIndex(where: { $0.name == name })
    else { return nil }
    return arguments[index]
  }
}

/// A list of nodes that runs in order: a graph's body, or a branch or loop body within it.
public struct Block: Sendable {
  public package(set) var parameters: [GraphValue]
  public package(set) var nodes: [Node]
  public package(set) var results: [Argument]

  package init(parameters: [GraphValue] = [], nodes: [Node] = [], results: [Argument] = []) {
    self.parameters = parameters
    self.nodes = nodes
    self.results = results
  }
}
