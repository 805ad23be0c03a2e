extension ModuleBase: CustomStringConvertible {
  /// The tree of layers and their settings, as PyTorch prints a module.
  public var description: String {
    let children = entries().compactMap { entry in
      entry.content.text.map { (name: entry.name, text: $0) }
    }
    return Self.text(
      typeName, extraDescription, groupsEqualChildren ? Self.grouped(children) : children)
  }

  /// The class's name without the file it lives in.
  var typeName: String {
    String(Self.torchTypeName.split(separator: ".").last ?? "")
  }

  fileprivate static func text(
    _ typeName: String, _ extra: String, _ children: [(name: String, text: String)]
  ) -> String {
    if children.isEmpty && !extra.contains("\n") { return "\(typeName)(\(extra))" }
    var lines = extra.isEmpty ? [] : extra.split(separator: "\n").map(String.init)
    lines += children.map { "(\($0.name)): \(Python.indented($0.text))" }
    return "\(typeName)(\n  \(lines.joined(separator: "\n  "))\n)"
  }

  /// Neighbours that print alike become one line: `(0-5): 6 x Block(…)`.
  fileprivate static func grouped(_ children: [(name: String, text: String)])
    -> [(name: String, text: String)]
  {
    var groups: [(first: String, last: String, count: Int, text: String)] = []
    for child in children {
      if let last = groups.last, last.text == child.text {
        groups[groups.count - 1].last = child.name
        groups[groups.count - 1].count += 1
      } else {
        groups.append((child.name, child.name, 1, child.text))
      }
    }
    return groups.map { group in
      group.count == 1
        ? (group.first, group.text)
        : ("\(group.first)-\(group.last)", "\(group.count) x \(group.text)")
    }
  }
}

extension ModuleEntry.Content {
  /// What a child prints as; nil for parameters and buffers, which are not shown.
  fileprivate var text: String? {
    switch self {
    case .parameter, .buffer: return nil
    case .module(let module): return module.description
    case .modules(let items, let isDictionary):
      let children = items.compactMap { item in
        item.content.text.map { (name: item.name, text: $0) }
      }
      if children.isEmpty { return nil }
      return isDictionary
        ? ModuleBase.text("ModuleDict", "", children)
        : ModuleBase.text("ModuleList", "", ModuleBase.grouped(children))
    }
  }
}
