import Synchronization

/// A member of an enumeration that an archive or a script declares.
public struct EnumerationMember: Sendable {
  /// The enumeration's qualified name, as `__torch__.Color`.
  public let className: String
  public let name: String
  public let value: Value

  public init(className: String, name: String, value: Value) {
    self.className = className
    self.name = name
    self.value = value
  }
}

/// A list or dictionary with an identity: what one holder changes, all see.
public final class ContainerReference: Sendable {
  private let content: Mutex<Value>

  /// - Parameter content: a list or a dictionary.
  package init(_ content: Value) { self.content = Mutex(content) }

  /// What it holds now; items that are references stay references.
  package var current: Value { content.withLock { $0 } }

  /// What it holds now, references within it resolved too.
  package var snapshot: Value { current.resolvingReferences }

  /// Changes what it holds.
  package func update<R: Sendable>(_ body: (inout Value) throws -> R) rethrows -> R {
    try content.withLock { try body(&$0) }
  }
}

/// An object of a class that is not a module: attributes that may change.
public final class ScriptObject: Sendable {
  /// Qualified, as `__torch__.Counter`.
  public let className: String
  private let attributes: Mutex<[String: Value]>

  package init(className: String, attributes: [String: Value] = [:]) {
    self.className = className
    self.attributes = Mutex(attributes)
  }

  package subscript(name: String) -> Value? {
    get { attributes.withLock { $0[name] } }
    set { attributes.withLock { $0[name] = newValue } }
  }

  /// All attributes as they are now.
  package var current: [String: Value] { attributes.withLock { $0 } }
}

extension Value {
  /// Whether a container with an identity stands somewhere in it.
  package var holdsReferences: Bool {
    switch self {
    case .reference: true
    case .list(let items):
      // Items are of one kind: numbers need no walk.
      switch items.first {
      case .tensor?, .int?, .double?, .bool?, .string?, nil: false
      default: items.contains(where: \.holdsReferences)
      }
    case .tuple(let items): items.contains(where: \.holdsReferences)
    case .dictionary(let entries):
      entries.contains { $0.key.holdsReferences || $0.value.holdsReferences }
    default: false
    }
  }

  /// The same value with lists and dictionaries in place of references to them: what operators
  /// that do not change containers are given.
  package var resolvingReferences: Value {
    guard holdsReferences else { return self }
    return resolved
  }

  private var resolved: Value {
    switch self {
    case .reference(let reference): reference.current.resolvingReferences
    case .list(let items): .list(items.map(\.resolvingReferences))
    case .tuple(let items): .tuple(items.map(\.resolvingReferences))
    case .dictionary(let entries):
      .dictionary(
        entries.map {
          DictionaryEntry(
            key: $0.key.resolvingReferences, value: $0.value.resolvingReferences)
        })
    default: self
    }
  }
}
