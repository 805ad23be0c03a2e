import MartletOps
import MartletTensor
import MartletTracer

/// Makes modules of what `data.pkl` holds: one for each pickled object, however often it is named.
struct ModuleBuilder {
  private let unit: CompilationUnit
  private let values: ValueReader
  /// Whether classes list their buffers; PyTorch 1.4's do not.
  private let hasBufferLists: Bool
  private var modules: [ObjectIdentifier: TracedModule] = [:]
  /// Keeps the nodes alive whose identities are the keys.
  private var nodes: [PickleNode] = []

  init(unit: CompilationUnit, values: ValueReader, hasBufferLists: Bool) {
    self.unit = unit
    self.values = values
    self.hasBufferLists = hasBufferLists
  }

  mutating func root(
    _ pickled: PickleValue, exampleInputs: [String: [Value]], extraFiles: [String: [UInt8]]
  ) throws -> TracedModule {
    guard let object = pickled.object, let type = moduleClass(object) else {
      throw values.wrong("data", "is \(pickled.kindName), not a module")
    }
    return try make(
      object, type, path: "", exampleInputs: exampleInputs, extraFiles: extraFiles)
  }

  /// The module class that an object is of, or nil.
  private func moduleClass(_ object: PickleObject) -> ScriptClass? {
    guard object.kind == .new, let callee = object.callee,
      let type = unit.classes["\(callee)"], type.kind == .module
    else { return nil }
    return type
  }

  private mutating func module(_ object: PickleObject, _ type: ScriptClass, path: String) throws
    -> TracedModule
  {
    if let known = modules[ObjectIdentifier(object)] { return known }
    let module = try make(object, type, path: path)
    modules[ObjectIdentifier(object)] = module
    nodes.append(object)
    return module
  }

  private mutating func make(
    _ object: PickleObject, _ type: ScriptClass, path: String,
    exampleInputs: [String: [Value]] = [:], extraFiles: [String: [UInt8]] = [:]
  ) throws -> TracedModule {
    var parts = Parts()
    if type.method("__setstate__") != nil, let state = object.state {
      try restore(type, try values.value(state, named: path), &parts)
    } else if let state = object.state {
      guard let attributes = state.dictionary else {
        throw values.wrong(path, "has the state \(state.kindName); a dictionary is expected")
      }
      for (key, item) in attributes.entries {
        guard let name = key.string else {
          throw values.wrong(path, "names an attribute by \(key.kindName)")
        }
        let attributePath = path.isEmpty ? name : "\(path).\(name)"
        if let object = item.object, let childType = moduleClass(object) {
          parts.children.append((name, try module(object, childType, path: attributePath)))
        } else {
          let value = try values.value(item, named: attributePath)
          add(name, value, type, &parts)
        }
      }
    }
    return TracedModule(
      typeName: type.plainName, attributes: parts.attributes, children: parts.children,
      methods: type.methods.map { ($0.name, $0.graph) }, exampleInputs: exampleInputs,
      fields: parts.fields, unit: unit, scriptClass: type, extraFiles: extraFiles)
  }

  private struct Parts {
    var attributes: [TracedModule.Attribute] = []
    var children: [(name: String, module: TracedModule)] = []
    var fields: [TracedModule.Field] = []
  }

  /// Runs the class's own method on an empty module and takes what it set.
  private func restore(_ type: ScriptClass, _ state: Value, _ parts: inout Parts) throws {
    let empty = TracedModule(
      typeName: type.plainName, attributes: [], children: [],
      methods: type.methods.map { ($0.name, $0.graph) }, unit: unit, scriptClass: type)
    try InterpreterRun.restore(empty, by: "__setstate__", from: state)
    let set = empty.valuesSet
    for attribute in type.attributes {
      if let value = set[attribute.name] {
        add(attribute.name, value.resolvingReferences, type, &parts)
      }
    }
  }

  private func add(_ name: String, _ value: Value, _ type: ScriptClass, _ parts: inout Parts) {
    let isBuffer = type.buffers.contains(name) || !hasBufferLists
    if case .tensor(let tensor) = value, isBuffer || type.parameters.contains(name) {
      let kind: TracedModule.Attribute.Kind =
        type.parameters.contains(name) ? .parameter : .buffer(isPersistent: true)
      parts.attributes.append(.init(name, tensor, kind))
    } else {
      let declared = type.attribute(name)?.type ?? GraphType(of: value)
      parts.fields.append(.init(name, declared, value.adapted(to: declared)))
    }
  }
}

extension ScriptClass {
  /// The name of PyTorch's class, without what makes it unique in its archive:
  /// `torch.nn.modules.conv.Conv2d` for `__torch__.torch.nn.modules.conv.___torch_mangle_3.Conv2d`.
  var plainName: String {
    let parts = name.utf8.split(separator: UInt8(ascii: ".")).filter {
      !$0.starts(with: "___torch_mangle_".utf8)
    }
    let isOfTorch = parts.first?.elementsEqual("__torch__".utf8) == true
    return parts.dropFirst(isOfTorch ? 1 : 0).lazy.map { Substring($0) }.joined(separator: ".")
  }
}

extension Value {
  /// The value as an attribute of the type: integers where floats are declared, as pickles of
  /// older versions have them.
  fileprivate func adapted(to type: GraphType) -> Value {
    switch (type, self) {
    case (.float, .int(let number)): .double(Double(number.number))
    case (.optional(let wrapped), _): if case .none = self { self } else { adapted(to: wrapped) }
    case (.list(let element), .list(let items)): .list(items.map { $0.adapted(to: element) })
    default: self
    }
  }
}
