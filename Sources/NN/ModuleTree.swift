import MartletTensor

/// One named property of a module.
package struct ModuleEntry {
  package let name: String
  package let content: Content

  package init(name: String, content: Content) {
    self.name = name
    self.content = content
  }

  package enum Content {
    case parameter(Parameter)
    case buffer(Buffer)
    case module(ModuleBase)
    /// An array (named by position) or dictionary (sorted by key) of modules or parameters.
    case modules([ModuleEntry], isDictionary: Bool)
  }
}

extension ModuleBase {
  func reflectedEntries() -> [ModuleEntry] {
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

  /// The modules directly below with their names, each once (`named_children`); those in arrays and
  /// dictionaries as `blocks.0`.
  public func namedChildren() -> [(name: String, module: ModuleBase)] {
    var seen: Set<ObjectIdentifier> = []
    func children(_ entries: [ModuleEntry], _ path: String) -> [(String, ModuleBase)] {
      entries.flatMap { entry -> [(String, ModuleBase)] in
        switch entry.content {
        case .parameter, .buffer: []
        case .module(let child):
          seen.insert(ObjectIdentifier(child)).inserted ? [(joined(path, entry.name), child)] : []
        case .modules(let items, _): children(items, joined(path, entry.name))
        }
      }
    }
    return children(entries(), "")
  }

  /// The parameters of the tree with their paths, each once (`named_parameters`).
  public func namedParameters() -> [(path: String, parameter: Parameter)] {
    var seen: Set<ObjectIdentifier> = []
    return leaves(eachModuleOnce: true).compactMap { path, leaf in
      guard case .parameter(let parameter) = leaf,
        seen.insert(ObjectIdentifier(parameter)).inserted
      else { return nil }
      return (path, parameter)
    }
  }

  /// The buffers of the tree with their paths, each once (`named_buffers`).
  public func namedBuffers() -> [(path: String, buffer: Buffer)] {
    var seen: Set<ObjectIdentifier> = []
    return leaves(eachModuleOnce: true).compactMap { path, leaf in
      guard case .buffer(let buffer) = leaf, seen.insert(ObjectIdentifier(buffer)).inserted else {
        return nil
      }
      return (path, buffer)
    }
  }

  /// The number of elements in all parameters; shared ones count once.
  public var parameterCount: Int {
    namedParameters().reduce(0) { $0 + $1.parameter.value.count }
  }

  /// Converts the floating-point parameters and buffers of the tree (`torch.nn.Module.to`).
  ///
  /// - Throws: `MartletError` of kind `.dtype` unless the dtype is a floating-point one.
  @discardableResult
  public func to(_ dtype: DType) throws -> Self {
    guard dtype.isFloatingPoint else {
      throw MartletError(
        .dtype, "a module's parameters take a floating-point dtype, got \(dtype)")
    }
    for (_, leaf) in leaves(eachModuleOnce: true) where leaf.value.dtype.isFloatingPoint {
      leaf.set(try leaf.value.converted(to: dtype))
    }
    return self
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

/// A parameter or buffer at its place in the tree.
enum Leaf {
  case parameter(Parameter)
  case buffer(Buffer)

  var value: Tensor {
    switch self {
    case .parameter(let parameter): parameter.value
    case .buffer(let buffer): buffer.value
    }
  }

  func set(_ value: Tensor) {
    switch self {
    case .parameter(let parameter): parameter.value = value
    case .buffer(let buffer): buffer.value = value
    }
  }

  /// Whether it belongs to the state dictionary.
  var isPersistent: Bool {
    if case .buffer(let buffer) = self { buffer.isPersistent } else { true }
  }

  /// Whether a state dictionary without it is complete.
  var mayBeMissing: Bool {
    if case .buffer(let buffer) = self { buffer.mayBeMissing } else { false }
  }
}

extension ModuleBase {
  /// What the state dictionary holds, in its order.
  func stateLeaves() -> [(path: String, leaf: Leaf)] {
    leaves(eachModuleOnce: false).filter(\.leaf.isPersistent)
  }

  /// Each module's own parameters, then its buffers, then its children's.
  func leaves(eachModuleOnce: Bool) -> [(path: String, leaf: Leaf)] {
    var seen: Set<ObjectIdentifier> = []
    var found: [(path: String, leaf: Leaf)] = []
    func visit(_ entries: [ModuleEntry], _ path: String) {
      for entry in entries {
        if case .parameter(let parameter) = entry.content {
          found.append((joined(path, entry.name), .parameter(parameter)))
        }
      }
      for entry in entries {
        if case .buffer(let buffer) = entry.content {
          found.append((joined(path, entry.name), .buffer(buffer)))
        }
      }
      for entry in entries {
        let here = joined(path, entry.name)
        switch entry.content {
        case .parameter, .buffer: break
        case .modules(let items, _): visit(items, here)
        case .module(let child):
          if eachModuleOnce, !seen.insert(ObjectIdentifier(child)).inserted { break }
          visit(child.entries(), here)
        }
      }
    }
    visit(entries(), "")
    return found
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
  /// path below this module, and the location becomes the innermost one outside of the layers.
  mutating func passed(through module: ModuleBase, at location: SourceLocation?) {
    if let location, self.location?.isInLayers ?? true {
      self.location = location
    }
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
