import MartletOps
import MartletTensor
import MartletTracer

/// The classes of a tree of modules: modules that declare the same and do the same share one.
///
/// A traced module's class has PyTorch's name; the second of a name has a `___torch_mangle_0`
/// before it, as PyTorch's tracer writes it, counted upwards through the tree, children first.
final class ModuleClasses {
  struct Entry {
    /// Qualified, as `__torch__.torch.nn.modules.conv.___torch_mangle_0.Conv2d`.
    let name: String
    /// One module of the class.
    let module: TracedModule
    let slots: [ModuleSlot]
  }

  /// In the order in which a walk from the root meets them, parents first.
  private(set) var entries: [Entry] = []
  private var names: [ObjectIdentifier: String] = [:]
  private var slots: [ObjectIdentifier: [ModuleSlot]] = [:]
  private var bySignature: [String: String] = [:]
  private var taken: Set<String>
  private var mangleCount = 0
  private let context: SourceContext

  /// - Parameter context: where the constants of the modules' code are numbered.
  init(_ root: TracedModule, context: SourceContext) throws {
    self.context = context
    taken = Set(root.unit.functions.keys)
    for (name, declared) in root.unit.classes where declared.kind != .module { taken.insert(name) }
    for (_, module) in root.namedModules {
      if let declared = module.scriptClass { taken.insert(declared.name) }
    }
    try addNames(root)
    var met: Set<String> = []
    var seen: Set<ObjectIdentifier> = []
    collect(root, &met, &seen)
  }

  func name(of module: TracedModule) -> String { names[ObjectIdentifier(module)] ?? "" }
  func slots(of module: TracedModule) -> [ModuleSlot] { slots[ObjectIdentifier(module)] ?? [] }

  /// Whether modules stand where the interface is asked for.
  func isModuleInterface(_ name: String) -> Bool {
    slots.values.contains { slots in
      slots.contains { slot in
        if case .module = slot.content { slot.type == .module(name) } else { false }
      }
    }
  }

  private func collect(
    _ module: TracedModule, _ met: inout Set<String>, _ seen: inout Set<ObjectIdentifier>
  ) {
    guard seen.insert(ObjectIdentifier(module)).inserted else { return }
    let own = slots(of: module)
    if met.insert(name(of: module)).inserted {
      entries.append(Entry(name: name(of: module), module: module, slots: own))
    }
    for slot in own {
      if case .module(let child) = slot.content { collect(child, &met, &seen) }
    }
  }

  private func addNames(_ module: TracedModule) throws {
    let key = ObjectIdentifier(module)
    guard slots[key] == nil else { return }
    let own = try ModuleSlot.slots(of: module)
    slots[key] = own
    for slot in own {
      if case .module(let child) = slot.content { try addNames(child) }
    }
    if let script = module.scriptClass {
      names[key] = script.name
      return
    }
    let signature = try signature(of: module, own)
    if let known = bySignature[signature] {
      names[key] = known
      return
    }
    let name = freeName(module.typeName.isEmpty ? "PlaceholderModule" : module.typeName)
    bySignature[signature] = name
    names[key] = name
  }

  /// Everything that the class's text depends on, but for its name.
  private func signature(of module: TracedModule, _ slots: [ModuleSlot]) throws -> String {
    var parts = [module.typeName]
    for slot in slots {
      switch slot.content {
      case .module(let child): parts.append("\(slot.name) : \(name(of: child))")
      default:
        let kind = slot.isParameter ? "parameter" : slot.isBuffer ? "buffer" : "attribute"
        parts.append("\(kind) \(slot.name) : \(slot.type?.annotation ?? "")")
      }
    }
    for method in module.methodNames {
      let signature = MethodSignature(
        method, graph: try AttentionForm.graph(of: method, of: module), of: module)
      var printer = SourcePrinter(signature.graph, context: context, names: SourceNames())
      printer.addFunction(
        named: method, signature.parameters(selfType: nil), returning: signature.returnType)
      parts.append(printer.text)
    }
    return parts.joined(separator: "\n")
  }

  private func freeName(_ typeName: String) -> String {
    let parts = typeName.split(separator: ".").map { SourceNames.identifier(String($0)) }
    let last = parts.last ?? "Module"
    let prefix = (["__torch__"] + parts.dropLast()).joined(separator: ".")
    var name = "\(prefix).\(last)"
    while !taken.insert(name).inserted {
      name = "\(prefix).___torch_mangle_\(mangleCount).\(last)"
      mangleCount += 1
    }
    return name
  }
}
