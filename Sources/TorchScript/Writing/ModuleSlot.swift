import MartletOps
import MartletTensor
import MartletTracer

/// One attribute of a module as an archive holds it: its place in the class and its value.
struct ModuleSlot {
  enum Content {
    case parameter(Tensor)
    case buffer(Tensor)
    case tensor(Tensor)
    case value(Value)
    case module(TracedModule)
  }

  let name: String
  /// As the class declares it; nil for a module, whose class is known by itself.
  let type: GraphType?
  let content: Content
}

extension ModuleSlot {
  /// In the order in which PyTorch's classes have them.
  static func slots(of module: TracedModule) throws -> [ModuleSlot] {
    if let script = module.scriptClass { return try slots(of: module, script) }
    let tensors = module.attributes.map { attribute in
      ModuleSlot(
        name: attribute.name, type: .tensor,
        content: attribute.kind == .parameter
          ? .parameter(attribute.tensor) : .buffer(attribute.tensor))
    }
    var slots = tensors.filter(\.isParameter) + tensors.filter { !$0.isParameter }
    if module.fields.allSatisfy({ $0.name != "training" }) {
      slots.append(
        ModuleSlot(name: "training", type: .bool, content: .value(.bool(module.isFunction))))
    }
    if !module.isFunction, module.fields.allSatisfy({ $0.name != "_is_full_backward_hook" }) {
      slots.append(
        ModuleSlot(
          name: "_is_full_backward_hook", type: .optional(.bool), content: .value(.none)))
    }
    slots += module.fields.map {
      ModuleSlot(name: $0.name, type: $0.type, content: .value($0.value))
    }
    slots += module.children.map {
      ModuleSlot(name: $0.name, type: nil, content: .module($0.module))
    }
    return slots
  }

  private static func slots(of module: TracedModule, _ script: ScriptClass) throws -> [ModuleSlot] {
    try script.attributes.map { attribute in
      let name = attribute.name
      if let child = module.child(name) {
        return ModuleSlot(name: name, type: attribute.type, content: .module(child))
      }
      if let field = module.fields.first(where: { $0.name == name }) {
        return ModuleSlot(name: name, type: attribute.type, content: .value(field.value))
      }
      guard let tensor = module.attribute(name) else {
        // A class's own `__setstate__` need not set what may be None.
        if attribute.type == .none || attribute.type.isOptional {
          return ModuleSlot(name: name, type: attribute.type, content: .value(.none))
        }
        throw MartletError(
          .graph, "a module of class \(script.name) has no value for its attribute '\(name)'")
      }
      let content: Content =
        script.parameters.contains(name)
        ? .parameter(tensor) : script.buffers.contains(name) ? .buffer(tensor) : .tensor(tensor)
      return ModuleSlot(name: name, type: attribute.type, content: content)
    }
  }

  var isParameter: Bool { if case .parameter = content { true } else { false } }
  var isBuffer: Bool { if case .buffer = content { true } else { false } }
}
