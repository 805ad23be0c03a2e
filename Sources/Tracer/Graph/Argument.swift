import MartletOps
import MartletTensor

/// One value of a graph: a node's output or a block's parameter. A handle; the graph knows its
/// name and type.
public struct GraphValue: Sendable, Hashable {
  package let index: Int

  package init(index: Int) { self.index = index }
}

/// What a node is given: a value, a literal, or lists, tuples and dictionaries of them.
public indirect enum Argument: Sendable {
  case value(GraphValue)
  case none
  case bool(Bool)
  case int(Int)
  case double(Double)
  /// Real and imaginary part.
  case complex(Double, Double)
  case string(String)
  case device(String)
  /// The weights and settings of a quantised layer.
  case packed(PackedParameters)
  case list([Argument])
  case tuple([Argument])
  /// Keys and values in insertion order.
  case dictionary([(key: Argument, value: Argument)])
}

extension Argument {
  /// A literal for a value that holds no tensor, or nil.
  package init?(literal value: Value) {
    switch value {
    case .none: self = .none
    case .tensor, .enumeration, .reference, .object: return nil
    case .bool(let flag): self = .bool(flag)
    case .int(let dim): self = .int(dim.number)
    case .double(let number): self = .double(number)
    case .complex(let real, let imaginary): self = .complex(real, imaginary)
    case .string(let text): self = .string(text)
    case .device(let name): self = .device(name)
    case .packed(let object): self = .packed(object)
    case .list(let items), .tuple(let items):
      let parts = items.compactMap(Argument.init(literal:))
      guard parts.count == items.count else { return nil }
      if case .list = value { self = .list(parts) } else { self = .tuple(parts) }
    case .dictionary(let entries):
      var parts: [(Argument, Argument)] = []
      for entry in entries {
        guard let key = Argument(literal: entry.key), let item = Argument(literal: entry.value)
        else { return nil }
        parts.append((key, item))
      }
      self = .dictionary(parts)
    }
  }

  /// The value it stands for, given those of the graph's values.
  package func resolved(_ lookUp: (GraphValue) throws -> Value) rethrows -> Value {
    switch self {
    case .value(let value): try lookUp(value)
    case .none: .none
    case .bool(let flag): .bool(flag)
    case .int(let number): .int(Dim(number))
    case .double(let number): .double(number)
    case .complex(let real, let imaginary): .complex(real, imaginary)
    case .string(let text): .string(text)
    case .device(let name): .device(name)
    case .packed(let object): .packed(object)
    case .list(let items): .list(try items.map { try $0.resolved(lookUp) })
    case .tuple(let items): .tuple(try items.map { try $0.resolved(lookUp) })
    case .dictionary(let entries):
      .dictionary(
        try entries.map {
          Value.DictionaryEntry(
            key: try $0.key.resolved(lookUp), value: try $0.value.resolved(lookUp))
        })
    }
  }

  /// The literal as a value, or nil when it refers to values of the graph.
  package var literal: Value? {
    var isLiteral = true
    let value = resolved { _ in
      isLiteral = false
      return .none
    }
    // `Value` has a nil literal of its own.
    return isLiteral ? value : Optional<Value>.none
  }

  /// The one value it is, or nil for literals and containers.
  public var graphValue: GraphValue? { if case .value(let value) = self { value } else { nil } }

  package func forEachValue(_ body: (GraphValue) throws -> Void) rethrows {
    switch self {
    case .value(let value): try body(value)
    case .list(let items), .tuple(let items):
      for item in items { try item.forEachValue(body) }
    case .dictionary(let entries):
      for entry in entries {
        try entry.key.forEachValue(body)
        try entry.value.forEachValue(body)
      }
    default: break
    }
  }

  /// The same argument with every value replaced.
  package func mapValues(_ transform: (GraphValue) throws -> Argument) rethrows -> Argument {
    switch self {
    case .value(let value): try transform(value)
    case .list(let items): .list(try items.map { try $0.mapValues(transform) })
    case .tuple(let items): .tuple(try items.map { try $0.mapValues(transform) })
    case .dictionary(let entries):
      .dictionary(
        try entries.map { (try $0.key.mapValues(transform), try $0.value.mapValues(transform)) })
    default: self
    }
  }

  /// Its type, given those of the graph's values.
  package func type(_ lookUp: (GraphValue) -> GraphType) -> GraphType {
    switch self {
    case .value(let value): lookUp(value)
    case .none: .none
    case .bool: .bool
    case .int: .int
    case .double: .float
    case .complex: .complex
    case .string: .string
    case .device: .device
    case .packed(let object): .module(object.className)
    case .list(let items): .list(.common(items.map { $0.type(lookUp) }))
    case .tuple(let items): .tuple(items.map { $0.type(lookUp) })
    case .dictionary(let entries):
      .dictionary(
        .common(entries.map { $0.key.type(lookUp) }), .common(entries.map { $0.value.type(lookUp) })
      )
    }
  }
}
