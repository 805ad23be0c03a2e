import MartletOps
import MartletTensor
import Synchronization

/// A module as a trace recorded it: its parameters and buffers, its submodules, and a graph for
/// each method. Any number of tasks may call it; only a script's methods that set attributes
/// change it.
///
///     let traced = try trace(model, example)
///     let y: Tensor = try traced(x)
public final class TracedModule: Sendable {
  /// A parameter or buffer.
  package struct Attribute: Sendable {
    package enum Kind: Sendable, Hashable {
      case parameter
      case buffer(isPersistent: Bool)
    }

    package let name: String
    package let tensor: Tensor
    package let kind: Kind

    package init(_ name: String, _ tensor: Tensor, _ kind: Kind) {
      self.name = name
      self.tensor = tensor
      self.kind = kind
    }
  }

  /// An attribute that is neither a tensor nor a module; archives have them.
  package struct Field: Sendable {
    package let name: String
    package let type: GraphType
    package let value: Value

    package init(_ name: String, _ type: GraphType, _ value: Value) {
      self.name = name
      self.type = type
      self.value = value
    }
  }

  /// The class, as `torch.nn.modules.conv.Conv2d`; empty for a function.
  public let typeName: String
  /// Whether a function was traced rather than a module: its graph has no `self`.
  public let isFunction: Bool
  /// The modules directly below, in the order they are declared.
  public let children: [(name: String, module: TracedModule)]
  /// The names of the methods, the traced one first.
  public let methodNames: [String]
  /// What the trace could not be sure of. Empty for submodules.
  public let warnings: [TraceWarning]
  /// The tensors from outside of the model that the trace holds. Empty for submodules.
  public let constants: [TracedConstant]
  package let attributes: [Attribute]
  /// Attributes of other kinds: numbers, strings, lists, None, objects.
  package let fields: [Field]
  /// The classes and functions that its methods refer to; empty where Swift was traced.
  package let unit: CompilationUnit
  /// Its class in `unit`, where it comes from an archive or a script.
  package let scriptClass: ScriptClass?
  /// The extra files of the archive it comes from, by name.
  public let extraFiles: [String: [UInt8]]
  package let methods: [String: Graph]
  /// The example inputs of each method, for those who write them to a file.
  package let exampleInputs: [String: [Value]]
  /// What the methods here and below, and all they call, may change.
  package let traits: GraphTraits
  /// The example inputs at the second size that `trace(dynamic:)` checked, by method.
  package let resizedInputs: [String: [Value]]
  private let childrenByName: [String: TracedModule]
  /// Attributes that a method has set, and containers that have an identity.
  private let state = Mutex<[String: Value]>([:])

  package init(
    typeName: String, isFunction: Bool = false, attributes: [Attribute],
    children: [(name: String, module: TracedModule)], methods: [(name: String, graph: Graph)],
    warnings: [TraceWarning] = [], constants: [TracedConstant] = [],
    exampleInputs: [String: [Value]] = [:], resizedInputs: [String: [Value]] = [:],
    fields: [Field] = [],
    unit: CompilationUnit = .empty, scriptClass: ScriptClass? = nil,
    extraFiles: [String: [UInt8]] = [:]
  ) {
    self.fields = fields
    self.unit = unit
    self.scriptClass = scriptClass
    self.extraFiles = extraFiles
    self.typeName = typeName
    self.isFunction = isFunction
    self.attributes = attributes
    self.children = children
    self.methodNames = methods.map(\.name)
    self.methods = Dictionary(methods.map { ($0.name, $0.graph) }) { first, _ in first }
    self.warnings = warnings
    self.constants = constants
    self.exampleInputs = exampleInputs
    self.resizedInputs = resizedInputs
    childrenByName = Dictionary(children.map { ($0.name, $0.module) }) { first, _ in first }
    var traits = unit.traits
    // A class's own methods are in its unit.
    if scriptClass == nil {
      for method in methods { traits.formUnion(GraphTraits(method.graph)) }
    }
    for child in children where child.module.unit !== unit {
      traits.formUnion(child.module.traits)
    }
    self.traits = traits
  }
}

/// Attributes, which a script's methods may set.
extension TracedModule {
  /// An attribute that is not a module, as it is now.
  package func value(of name: String) -> Value? {
    if traits.setsAttributes || traits.changesContainers, let known = state.withLock({ $0[name] }) {
      return known
    }
    if let tensor = attributes.first(where: { $0.name == name })?.tensor {
      return .tensor(tensor)
    }
    guard let field = fields.first(where: { $0.name == name }) else { return nil }
    guard traits.changesContainers else { return field.value }
    let value = field.value.givingIdentities
    return state.withLock { state in
      if let known = state[name] { return known }
      state[name] = value
      return value
    }
  }

  /// What methods have set, and containers that have an identity.
  package var valuesSet: [String: Value] { state.withLock { $0 } }

  package func set(_ name: String, to value: Value) {
    state.withLock { $0[name] = value }
  }

  /// The parameters and buffers as they are now.
  package var currentAttributes: [Attribute] {
    guard !traits.attributesSet.isEmpty else { return attributes }
    return attributes.map { attribute in
      guard case .tensor(let tensor)? = value(of: attribute.name) else { return attribute }
      return Attribute(attribute.name, tensor, attribute.kind)
    }
  }

  /// Every tensor that it holds itself.
  package var heldTensors: [Tensor] {
    attributes.map(\.tensor) + fields.flatMap(\.value.tensors)
      + valuesSet.values.flatMap(\.tensors)
  }

  /// The class's name as graphs have it.
  package var qualifiedName: String { scriptClass?.name ?? "__torch__.\(typeName)" }

  /// Whether some method sets the attribute.
  package func isSet(_ name: String) -> Bool {
    !traits.attributesSet.isEmpty && traits.attributesSet.contains("\(qualifiedName).\(name)")
  }
}

/// The tree.
extension TracedModule {
  /// The submodule at a path, as in `traced["layer1.0"]`.
  public subscript(path: String) -> TracedModule? {
    var module = self
    for name in path.split(separator: ".") {
      guard let child = module.child(String(name)) else { return nil }
      module = child
    }
    return module
  }

  /// This module and all below it with their paths, each once, parents first.
  public var namedModules: [(path: String, module: TracedModule)] {
    var seen: Set<ObjectIdentifier> = []
    var found: [(String, TracedModule)] = []
    func visit(_ module: TracedModule, _ path: String) {
      guard seen.insert(ObjectIdentifier(module)).inserted else { return }
      found.append((path, module))
      for child in module.children { visit(child.module, joined(path, child.name)) }
    }
    visit(self, "")
    return found
  }

  /// The parameters of the tree with their paths; one that is shared comes once.
  public var namedParameters: [(path: String, tensor: Tensor)] {
    named { $0 == .parameter }
  }

  /// The buffers of the tree with their paths; one that is shared comes once.
  public var namedBuffers: [(path: String, tensor: Tensor)] {
    named { $0 != .parameter }
  }

  /// Parameters and persistent buffers under every path they have, as PyTorch's `state_dict`.
  public var stateDict: [(path: String, tensor: Tensor)] {
    namedModules.flatMap { path, module in
      module.currentAttributes.filter { $0.kind != .buffer(isPersistent: false) }
        .map { (joined(path, $0.name), $0.tensor) }
    }
  }

  private func named(where isWanted: (Attribute.Kind) -> Bool) -> [(path: String, tensor: Tensor)] {
    var seen: Set<TensorKey> = []
    return namedModules.flatMap { path, module in
      module.currentAttributes.compactMap { attribute in
        guard isWanted(attribute.kind), seen.insert(TensorKey(attribute.tensor)).inserted else {
          return nil
        }
        return (joined(path, attribute.name), attribute.tensor)
      }
    }
  }
}

/// Graphs.
extension TracedModule {
  /// `forward`'s graph; submodules are called through `prim::CallMethod`.
  public var graph: Graph { methods["forward"] ?? methods[methodNames.first ?? ""] ?? Graph() }

  /// The graph of a method.
  ///
  /// - Throws: `MartletError` of kind `.argument` when there is no such method.
  public func graph(of method: String) throws -> Graph {
    guard let graph = methods[method] else {
      throw MartletError(
        .argument,
        "there is no method '\(method)': the methods are \(methodNames.joined(separator: ", "))")
    }
    return graph
  }

  /// `forward` with the methods it calls put in their places.
  public var inlinedGraph: Graph { get throws { try inlinedGraph(of: mainMethod) } }

  public func inlinedGraph(of method: String) throws -> Graph {
    try Inliner.inline(method, of: self, freezing: false)
  }

  /// As `inlinedGraph`, without `self`: parameters and buffers are the graph's constants, under
  /// their paths, each once however many places share it. What the runtime compiles.
  ///
  /// - Throws: `NotFreezable` when some attribute changes in a run.
  package func frozenGraph(of method: String? = nil) throws -> Graph {
    try Inliner.inline(method ?? mainMethod, of: self, freezing: true)
  }

  package var mainMethod: String {
    methods["forward"] != nil ? "forward" : methodNames.first ?? "forward"
  }

  package func attribute(_ name: String) -> Tensor? {
    guard case .tensor(let tensor)? = value(of: name) else { return nil }
    return tensor
  }

  package func child(_ name: String) -> TracedModule? {
    childrenByName[name]
  }
}

extension TracedModule: CustomStringConvertible {
  /// The tree of names and classes, as PyTorch prints a traced module.
  public var description: String {
    func text(_ module: TracedModule, _ indent: String) -> String {
      let type = module.typeName.split(separator: ".").last.map(String.init) ?? "function"
      guard !module.children.isEmpty else { return "\(type)(original_name=\(type))" }
      let lines = module.children.map {
        "\(indent)  (\($0.name)): \(text($0.module, indent + "  "))\n"
      }
      return "\(type)(\n\(indent)  original_name=\(type)\n\(lines.joined())\(indent))"
    }
    return text(self, "")
  }
}
