import MartletTensor

/// One named property of a module.
package struct ModuleEntry {
  package let name: String
  package let content: Content

  package enum Content {
    case parameter(Parameter)
    case buffer(Buffer)
    case module(ModuleBase)
    /// An array (named by position) or dictionary (sorted by key) of modules.
    case modules([ModuleEntry], isDictionary: Bool)
  }
}

extension ModuleBase {
  /// The properties that belong to the tree, in declaration order, base classes first.
  package func entries() -> [ModuleEntry] {
    let names = attributeNames
    var levels: [Mirror] = []
    var level: Mirror? = Mirror(reflecting: self)
    while let mirror = level {
      levels.append(mirror)
      level = mirror.superclassMirror
    }
    return levels.reversed().flatMap(\.children).compactMap { child in
      guard let label = child.label, let content = ModuleEntry.content(child.value) else {
        return nil
      }
      return ModuleEntry(name: names[label] ?? snakeCase(label), content: content)
    }
  }

  /// This module and all below it with their paths, each once, parents first
  /// (`torch.nn.Module.named_modules`). The module itself has the empty path.
  public func namedModules() -> [(path: String, module: ModuleBase)] {
    var seen: Set<ObjectIdentifier> = []
    var found: [(String, ModuleBase)] = []
    func visit(_ module: ModuleBase, _ path: String) {
      guard seen.insert(ObjectIdentifier(module)).inserted else { return }
      found.append((path, module))
      visit(module.entries(), path)
    }
    func visit(_ entries: [ModuleEntry], _ path: String) {
      for entry in entries {
        switch entry.content {
        case .module(let child): visit(child, joined(path, entry.name))
        case .modules(let items, _): visit(items, joined(path, entry.name))
        case .parameter, .buffer: break
        }
      }
    }
    visit(self, "")
    return found
  }

  /// This module and all below it, each once, parents first.
  public func modules() -> [ModuleBase] { namedModules().map(\.module) }

  /// The parameters of the tree with their paths, each once (`named_parameters`).
  public func namedParameters() -> [(path: String, parameter: Parameter)] {
    var seen: Set<ObjectIdentifier> = []
    return namedModules().flatMap { path, module in
      module.entries().compactMap { entry in
        guard case .parameter(let parameter) = entry.content,
          seen.insert(ObjectIdentifier(parameter)).inserted
        else { return nil }
        return (joined(path, entry.name), parameter)
      }
    }
  }

  /// The buffers of the tree with their paths, each once (`named_buffers`).
  public func namedBuffers() -> [(path: String, buffer: Buffer)] {
    var seen: Set<ObjectIdentifier> = []
    return namedModules().flatMap { path, module in
      module.entries().compactMap { entry in
        guard case .buffer(let buffer) = entry.content,
          seen.insert(ObjectIdentifier(buffer)).inserted
        else { return nil }
        return (joined(path, entry.name), buffer)
      }
    }
  }

  /// Calls `body` with every module of the tree, children first (`torch.nn.Module.apply`).
  @discardableResult
  public func apply(_ body: (ModuleBase) throws -> Void) rethrows -> Self {
    for module in modules().reversed() { try body(module) }
    return self
  }
}

extension ModuleEntry {
  static func content(_ value: Any) -> Content? {
    switch value {
    case let parameter as Parameter: return .parameter(parameter)
    case let buffer as Buffer: return .buffer(buffer)
    case let module as ModuleBase: return .module(module)
    default: break
    }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional: return mirror.children.first.flatMap { content($0.value) }
    case .collection:
      let items = mirror.children.enumerated().compactMap { index, child in
        content(child.value).map { ModuleEntry(name: "\(index)", content: $0) }
      }
      return items.isEmpty || items.count < mirror.children.count
        ? nil : .modules(items, isDictionary: false)
    case .dictionary:
      let items = mirror.children.compactMap { child -> ModuleEntry? in
        let pair = Array(Mirror(reflecting: child.value).children)
        guard pair.count == 2, let key = pair[0].value as? String else { return nil }
        return content(pair[1].value).map { ModuleEntry(name: key, content: $0) }
      }
      return items.isEmpty
        ? nil : .modules(items.sorted { $0.name < $1.name }, isDictionary: true)
    default: return nil
    }
  }
}

func joined(_ path: String, _ name: String) -> String {
  if path.isEmpty { return name }
  return name.isEmpty ? path : "\(path).\(name)"
}

/// `runningMean` → `running_mean`; a run of capitals is one word, digits stay with their word.
func snakeCase(_ label: String) -> String {
  var result = ""
  var previousIsUpper = true
  for character in label {
    if character.isUppercase {
      if !previousIsUpper { result.append("_") }
      result.append(contentsOf: character.lowercased())
      previousIsUpper = true
    } else {
      result.append(character)
      previousIsUpper = character == "_"
    }
  }
  return result
}

extension MartletError {
  /// Adds the module that a call failed in, on the error's way up: the path so far becomes the
  /// path below this module, and the first location seen is the innermost.
  mutating func passed(through module: ModuleBase, at location: SourceLocation?) {
    if self.location == nil { self.location = location }
    modulePath = joined(pathOfFailingChild(in: module), modulePath ?? "")
    failingModule = ObjectIdentifier(module)
  }

  private func pathOfFailingChild(in module: ModuleBase) -> String {
    guard let failingModule else { return "" }
    func find(_ entries: [ModuleEntry], _ path: String) -> String? {
      for entry in entries {
        let here = joined(path, entry.name)
        switch entry.content {
        case .module(let child):
          if ObjectIdentifier(child) == failingModule { return here }
        case .modules(let items, _):
          if let found = find(items, here) { return found }
        case .parameter, .buffer: break
        }
      }
      return nil
    }
    return find(module.entries(), "") ?? ""
  }
}
