import MartletOps
import MartletTensor
import MartletTracer

/// TorchScript's subtyping. In formal types a type variable is `.module("'t")`, a name that no
/// class has.
enum TypeRules {
  typealias Bindings = [String: GraphType]

  /// How far a match may stretch.
  enum Strictness: Int, Comparable {
    /// As PyTorch's first attempt: subtypes only.
    case exact
    /// As its second: tensors become numbers, strings devices.
    case converting
    /// Beyond it: types that were lost (`Any`, unions), integers for floats.
    case lenient

    static func < (a: Strictness, b: Strictness) -> Bool { a.rawValue < b.rawValue }
  }

  /// Stands for any enumeration in a formal type.
  static let anyEnumeration = GraphType.enumeration("*")

  static func variable(_ name: String) -> GraphType { .module("'" + name) }

  static func variableName(_ type: GraphType) -> String? {
    if case .module(let name) = type, name.hasPrefix("'") { name } else { nil }
  }

  /// Whether a value of type `given` may stand where `formal` is asked for.
  static func fits(
    _ given: GraphType, _ formal: GraphType, _ bindings: inout Bindings,
    _ strictness: Strictness = .exact, implements: (String, String) -> Bool = { _, _ in false }
  ) -> Bool {
    if let name = variableName(formal) {
      guard let bound = bindings[name] else {
        bindings[name] = given
        return true
      }
      guard let joined = joined(bound, given) ?? (strictness == .lenient ? .any : nil) else {
        return false
      }
      bindings[name] = joined
      return true
    }
    switch (formal, given) {
    case (.any, _): return true
    case (_, .any): return strictness == .lenient
    case (.future(let inner), _):
      if case .future(let other) = given {
        return fits(other, inner, &bindings, strictness, implements: implements)
      }
      return fits(given, inner, &bindings, strictness, implements: implements)
    case (.optional, .none): return true
    case (.optional(let inner), .optional(let other)):
      return fits(other, inner, &bindings, strictness, implements: implements)
    case (.optional(let inner), _):
      return fits(given, inner, &bindings, strictness, implements: implements)
    case (.tensor, .tensor): return true
    case (.scalar, .int), (.scalar, .float), (.scalar, .complex), (.scalar, .scalar): return true
    case (.scalar, .bool): return strictness == .lenient
    case (.list(let inner), .list(let other)):
      return same(other, inner, &bindings, strictness)
    case (.dictionary(let key, let value), .dictionary(let otherKey, let otherValue)):
      return same(otherKey, key, &bindings, strictness)
        && same(otherValue, value, &bindings, strictness)
    case (.tuple(let items), .tuple(let others)):
      return fits(others, items, &bindings, strictness)
    case (.tuple(let items), .namedTuple(let other)):
      return fits(other.fieldTypes, items, &bindings, strictness)
    case (.namedTuple(let tuple), .namedTuple(let other)): return tuple.name == other.name
    case (.enumeration(let name), .enumeration(let other)): return name == "*" || name == other
    case (.module(let name), .module(let other)): return name == other || implements(other, name)
    default: return formal == given
    }
  }

  private static func fits(
    _ given: [GraphType], _ formal: [GraphType], _ bindings: inout Bindings,
    _ strictness: Strictness
  ) -> Bool {
    guard given.count == formal.count else { return false }
    for (other, item) in zip(given, formal) where !fits(other, item, &bindings, strictness) {
      return false
    }
    return true
  }

  /// Elements of containers must be of the very same type: a container can be written to.
  private static func same(
    _ given: GraphType, _ formal: GraphType, _ bindings: inout Bindings, _ strictness: Strictness
  ) -> Bool {
    guard strictness != .lenient, variableName(formal) == nil else {
      return fits(given, formal, &bindings, strictness)
    }
    switch (formal, given) {
    case (.scalar, .scalar), (.any, .any), (.none, .none): return true
    case (.scalar, _), (.any, _): return false
    case (.optional(let inner), .optional(let other)):
      return same(other, inner, &bindings, strictness)
    case (.optional, _): return false
    default: return fits(given, formal, &bindings, strictness)
    }
  }

  /// The type that values of both types have, or nil.
  static func joined(_ a: GraphType, _ b: GraphType) -> GraphType? {
    if a == b { return a }
    switch (a, b) {
    case (.any, _), (_, .any): return .any
    case (.tensor, .tensor): return .tensor
    case (.none, .optional), (.optional, .none): return a == .none ? b : a
    case (.none, _): return .optional(b)
    case (_, .none): return .optional(a)
    case (.optional(let inner), .optional(let other)):
      return joined(inner, other).map { .optional($0) }
    case (.optional(let inner), _): return joined(inner, b).map { .optional($0) }
    case (_, .optional(let inner)): return joined(a, inner).map { .optional($0) }
    case (.scalar, .int), (.scalar, .float), (.scalar, .complex), (.int, .scalar),
      (.float, .scalar),
      (.complex, .scalar):
      return .scalar
    case (.tuple(let items), .tuple(let others)) where items.count == others.count:
      let types = zip(items, others).compactMap { joined($0, $1) }
      return types.count == items.count ? .tuple(types) : nil
    // An empty display takes the other's type.
    case (.list(.any), .list): return b
    case (.list, .list(.any)): return a
    case (.future(let inner), .future(let other)): return joined(inner, other).map { .future($0) }
    default: return nil
    }
  }

  /// A formal type with its variables' values put in.
  static func substituted(_ type: GraphType, _ bindings: Bindings) -> GraphType {
    if let name = variableName(type) { return bindings[name] ?? .any }
    switch type {
    case .list(let element): return .list(substituted(element, bindings))
    case .optional(let inner): return .optional(substituted(inner, bindings))
    case .tuple(let items): return .tuple(items.map { substituted($0, bindings) })
    case .dictionary(let key, let value):
      return .dictionary(substituted(key, bindings), substituted(value, bindings))
    case .future(let inner): return .future(substituted(inner, bindings))
    default: return type
    }
  }

  /// As annotations spell it.
  static func text(_ type: GraphType) -> String { type.annotation }
}

extension GraphType {
  /// Whether its types within each other are few enough to walk.
  ///
  /// - Parameter parts: counts them.
  func isBounded(depth: Int, _ parts: inout Int, limit: Int) -> Bool {
    parts += 1
    guard depth > 0, parts <= limit else { return false }
    switch self {
    case .list(let inner), .optional(let inner), .future(let inner):
      return inner.isBounded(depth: depth - 1, &parts, limit: limit)
    case .dictionary(let key, let value):
      return key.isBounded(depth: depth - 1, &parts, limit: limit)
        && value.isBounded(depth: depth - 1, &parts, limit: limit)
    case .tuple(let items):
      for item in items where !item.isBounded(depth: depth - 1, &parts, limit: limit) {
        return false
      }
    case .namedTuple(let type):
      for item in type.fieldTypes where !item.isBounded(depth: depth - 1, &parts, limit: limit) {
        return false
      }
    default: break
    }
    return true
  }

  /// Without `Optional` around it.
  var withoutOptional: GraphType {
    if case .optional(let inner) = self { inner } else { self }
  }

  /// The items' types of a tuple, named or not.
  var tupleItems: [GraphType]? {
    switch self {
    case .tuple(let items): items
    case .namedTuple(let type): type.fieldTypes
    default: nil
    }
  }

  var isNumber: Bool {
    switch self {
    case .int, .float, .complex, .scalar: true
    default: false
    }
  }
}
