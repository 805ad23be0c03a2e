import MartletTensor

/// Lists and dictionaries of arguments, whether or not they have an identity.
extension Arguments {
  /// A list's items; those that are references stay references.
  package func items(_ name: String) throws -> [Value] {
    switch self[name].content {
    case .list(let items), .tuple(let items): return items
    case let other:
      throw MartletError(.argument, "'\(name)': expected a list, got \(other.kindName)")
    }
  }

  /// A dictionary's entries, values that are references as they are.
  package func entries(_ name: String) throws -> [Value.DictionaryEntry] {
    guard case .dictionary(let entries) = self[name].content else {
      throw MartletError(
        .argument, "'\(name)': expected a dictionary, got \(self[name].kindName)")
    }
    return entries
  }

  /// Changes a list where it is held. One without an identity has no other holder: the change
  /// is seen in what this gives alone.
  ///
  /// - Returns: the list.
  @discardableResult
  package func changeItems(
    _ name: String, _ body: (inout [Value]) throws -> Void
  ) throws -> Value {
    try change(name) { value in
      guard case .list(var items) = value else {
        throw MartletError(.argument, "'\(name)': expected a list, got \(value.kindName)")
      }
      // The array must have one owner to change in place.
      value = .none
      defer { value = .list(items) }
      try body(&items)
    }
  }

  /// As `changeItems`, of a dictionary.
  @discardableResult
  package func changeEntries(
    _ name: String, _ body: (inout [Value.DictionaryEntry]) throws -> Void
  ) throws -> Value {
    try change(name) { value in
      guard case .dictionary(var entries) = value else {
        throw MartletError(.argument, "'\(name)': expected a dictionary, got \(value.kindName)")
      }
      value = .none
      defer { value = .dictionary(entries) }
      try body(&entries)
    }
  }

  private func change(_ name: String, _ body: (inout Value) throws -> Void) throws -> Value {
    guard case .reference(let reference) = self[name] else {
      var value = self[name]
      try body(&value)
      return value
    }
    try reference.update { try body(&$0) }
    return self[name]
  }
}

extension Value {
  /// What a reference holds now, or the value itself.
  package var content: Value {
    if case .reference(let reference) = self { reference.current } else { self }
  }

  /// Whether two values are equal as Python's `==` says; tensors and objects by identity.
  package func isEqual(to other: Value) -> Bool {
    switch (self, other) {
    case (.none, .none): true
    case (.bool(let x), .bool(let y)): x == y
    case (.int(let x), .int(let y)): x.number == y.number
    case (.double(let x), .double(let y)): x == y
    case (.int(let x), .double(let y)), (.double(let y), .int(let x)): Double(x.number) == y
    case (.complex(let x, let y), .complex(let u, let v)): x == u && y == v
    case (.complex(let x, let y), .double(let number)),
      (.double(let number), .complex(let x, let y)):
      x == number && y == 0
    case (.string(let x), .string(let y)), (.device(let x), .device(let y)): x == y
    case (.list(let x), .list(let y)), (.tuple(let x), .tuple(let y)):
      x.count == y.count && zip(x, y).allSatisfy { $0.isEqual(to: $1) }
    case (.dictionary(let x), .dictionary(let y)):
      x.count == y.count
        && x.allSatisfy { entry in
          y.contains { $0.key.isEqual(to: entry.key) && $0.value.isEqual(to: entry.value) }
        }
    case (.enumeration(let x), .enumeration(let y)):
      x.className == y.className && x.name == y.name
    case (.reference, _), (_, .reference): content.isEqual(to: other.content)
    case (.tensor, .tensor), (.object, .object): isSame(as: other)
    default: false
    }
  }

  /// Whether two values are one object, as Python's `is` says; numbers and strings by value.
  package func isSame(as other: Value) -> Bool {
    switch (self, other) {
    case (.tensor(let x), .tensor(let y)):
      x.storage === y.storage && x.layout == y.layout && x.dtype == y.dtype
    case (.reference(let x), .reference(let y)): x === y
    case (.object(let x), .object(let y)): x === y
    case (.reference, _), (_, .reference), (.tensor, _), (_, .tensor), (.object, _),
      (_, .object):
      false
    default: isEqual(to: other)
    }
  }

  /// The same value with an identity for every list and dictionary in it that has none: what
  /// programs hold that change containers.
  package var givingIdentities: Value {
    switch self {
    case .list(let items):
      .reference(ContainerReference(.list(Value.givingIdentities(items) ?? items)))
    case .tuple(let items): Value.givingIdentities(items).map(Value.tuple) ?? self
    case .dictionary(let entries):
      .reference(
        ContainerReference(
          .dictionary(
            entries.map {
              DictionaryEntry(key: $0.key, value: $0.value.givingIdentities)
            })))
    default: self
    }
  }

  /// Nil where nothing changes.
  private static func givingIdentities(_ items: [Value]) -> [Value]? {
    let hasContainers = items.contains { item in
      switch item {
      case .list, .tuple, .dictionary: true
      default: false
      }
    }
    return hasContainers ? items.map(\.givingIdentities) : nil
  }
}
