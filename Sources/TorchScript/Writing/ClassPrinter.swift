import MartletOps
import MartletTensor
import MartletTracer

/// Prints classes and free functions into the files of an archive's `code/` folder.
struct ClassPrinter {
  let classes: ModuleClasses
  let unit: CompilationUnit
  let context: SourceContext
  /// The sources by the qualifiers of what they hold, as `__torch__.torch.nn.modules.conv`.
  private(set) var files: [(qualifier: String, text: String)] = []
  private var fileIndex: [String: Int] = [:]
  private var names: [String: SourceNames] = [:]
  private var printed: Set<String> = []

  init(classes: ModuleClasses, unit: CompilationUnit, context: SourceContext) {
    self.classes = classes
    self.unit = unit
    self.context = context
  }

  /// Prints the classes of all modules, then what these refer to.
  mutating func addAll() throws {
    for entry in classes.entries where printed.insert(entry.name).inserted {
      try add(entry)
    }
    var index = 0
    while index < context.dependencies.count {
      try addNamed(context.dependencies[index])
      index += 1
    }
  }

  private mutating func addNamed(_ name: String) throws {
    guard printed.insert(name).inserted else { return }
    if let function = unit.functions[name] {
      return append(function: function, named: name)
    }
    // A class that the unit lacks is one of PyTorch's own, as those of packed weights.
    guard let script = unit.classes[name] else { return }
    switch script.kind {
    case .module:
      try add(script, parameters: script.parameters, buffers: script.buffers)
    case .object: try add(script, parameters: nil, buffers: nil)
    case .namedTuple: add(namedTuple: script)
    case .enumeration: add(enumeration: script)
    case .interface: add(interface: script)
    }
  }

  private mutating func append(_ name: String, _ body: String, names: SourceNames? = nil) {
    let qualifier = QualifiedName(name).qualifier
    if let index = fileIndex[qualifier] {
      files[index].text += body
    } else {
      fileIndex[qualifier] = files.count
      files.append((qualifier, body))
    }
    if let names { self.names[qualifier] = names }
  }

  private func names(for name: String) -> SourceNames {
    names[QualifiedName(name).qualifier] ?? SourceNames()
  }
}

/// Modules and objects.
extension ClassPrinter {
  private mutating func add(_ entry: ModuleClasses.Entry) throws {
    if let script = entry.module.scriptClass {
      return try add(script, parameters: script.parameters, buffers: script.buffers)
    }
    var text = "class \(QualifiedName(entry.name).last)(Module):\n"
    text += list("__parameters__", entry.slots.filter(\.isParameter).map(\.name))
    text += list("__buffers__", entry.slots.filter(\.isBuffer).map(\.name))
    for (index, slot) in entry.slots.enumerated() {
      let type: String
      if case .module(let child) = slot.content {
        type = classes.name(of: child)
      } else {
        type = slot.type?.annotation ?? "Tensor"
        if let type = slot.type { context.depend(on: type) }
      }
      text += attribute(slot.name, type, isFirst: index == 0)
    }
    var names = names(for: entry.name)
    for method in entry.module.methodNames {
      guard SourceNames.isIdentifier(method) else {
        throw MartletError(.argument, "'\(method)' cannot be a method's name in TorchScript")
      }
      let signature = MethodSignature(
        method, graph: try AttentionForm.graph(of: method, of: entry.module), of: entry.module)
      let own = SourcePrinter.Parameter(name: "self", type: entry.name, defaultValue: nil)
      text += print(
        method, signature, extra: entry.module.isFunction ? own : nil, selfType: entry.name, &names)
    }
    append(entry.name, text, names: names)
  }

  private mutating func add(_ script: ScriptClass, parameters: [String]?, buffers: [String]?)
    throws
  {
    let head = parameters == nil ? "" : "(Module)"
    var text = "class \(QualifiedName(script.name).last)\(head):\n"
    if let parameters { text += list("__parameters__", parameters) }
    if let buffers { text += list("__buffers__", buffers) }
    for (index, item) in script.attributes.enumerated() {
      context.depend(on: item.type)
      text += attribute(item.name, item.type.annotation, isFirst: index == 0)
    }
    let printer = SourcePrinter(Graph(), context: context, names: SourceNames())
    for constant in script.constants {
      context.depend(on: constant.type)
      text +=
        "  \(constant.name) : Final[\(constant.type.annotation)] = "
        + "\(printer.literal(constant.value))\n"
    }
    var names = names(for: script.name)
    for method in script.methods {
      let signature = MethodSignature(method, hasSelf: true)
      text += print(method.name, signature, extra: nil, selfType: script.name, &names)
    }
    append(script.name, text, names: names)
  }

  private func print(
    _ name: String, _ signature: MethodSignature, extra: SourcePrinter.Parameter?,
    selfType: String, _ names: inout SourceNames
  ) -> String {
    signature.noteTypes(in: context)
    var printer = SourcePrinter(signature.graph, context: context, names: names, level: 1)
    printer.addFunction(
      named: name, extra: extra, signature.parameters(selfType: selfType),
      returning: signature.returnType)
    names = printer.names
    return printer.text
  }

  private func list(_ name: String, _ items: [String]) -> String {
    "  \(name) = [\(items.map { "\"\($0)\", " }.joined())]\n"
  }

  private func attribute(_ name: String, _ type: String, isFirst: Bool) -> String {
    if SourceNames.isIdentifier(name) { return "  \(name) : \(type)\n" }
    return (isFirst ? "  __annotations__ = []\n" : "")
      + "  __annotations__[\"\(name)\"] = \(type)\n"
  }
}

/// Everything else that has a name.
extension ClassPrinter {
  private mutating func append(function: ScriptFunction, named name: String) {
    let signature = MethodSignature(function, hasSelf: false)
    signature.noteTypes(in: context)
    var printer = SourcePrinter(signature.graph, context: context, names: names(for: name))
    printer.addFunction(
      named: QualifiedName(name).last, signature.parameters(selfType: nil),
      returning: signature.returnType)
    append(name, printer.text, names: printer.names)
  }

  private mutating func add(namedTuple script: ScriptClass) {
    var text = "class \(QualifiedName(script.name).last)(NamedTuple):\n"
    let printer = SourcePrinter(Graph(), context: context, names: SourceNames())
    for field in script.attributes {
      context.depend(on: field.type)
      let standard = field.defaultValue.map { " = \(printer.literal($0))" } ?? ""
      text += "  \(field.name) : \(field.type.annotation)\(standard)\n"
    }
    append(script.name, text)
  }

  private mutating func add(enumeration script: ScriptClass) {
    var text = "class \(QualifiedName(script.name).last)(Enum):\n"
    let printer = SourcePrinter(Graph(), context: context, names: SourceNames())
    for member in script.members {
      text += "  \(member.name) = \(printer.literal(member.value))\n"
    }
    append(script.name, text)
  }

  private mutating func add(interface script: ScriptClass) {
    let kind = classes.isModuleInterface(script.name) ? "ModuleInterface" : "Interface"
    var text = "class \(QualifiedName(script.name).last)(\(kind)):\n"
    for method in script.methods {
      let signature = MethodSignature(method, hasSelf: true)
      signature.noteTypes(in: context)
      let parameters = signature.parameters(selfType: nil).map { parameter in
        parameter.name + (parameter.type.map { ": \($0)" } ?? "")
      }
      text += "  def \(method.name)(\(parameters.joined(separator: ", "))) -> "
      text += "\(signature.returnType):\n    pass\n"
    }
    append(script.name, text)
  }
}

/// A name with its qualifier before the last dot.
struct QualifiedName {
  let qualifier: String
  let last: String

  init(_ name: String) {
    guard let dot = name.lastIndex(of: ".") else {
      (qualifier, last) = ("", name)
      return
    }
    qualifier = String(name[..<dot])
    last = String(name[name.index(after: dot)...])
  }
}

extension MethodSignature {
  /// Notes the classes of parameters and result.
  func noteTypes(in context: SourceContext) {
    for input in graph.inputs { context.depend(on: graph.type(of: input)) }
    if let scriptReturnType {
      context.depend(on: scriptReturnType)
    } else {
      for output in graph.outputs { context.depend(on: graph.type(of: output)) }
    }
  }
}
