import MartletTensor

/// What an operator takes and gives, and what a graph's values hold: TorchScript's value types.
public indirect enum Value: Sendable {
  case none
  case tensor(Tensor)
  case bool(Bool)
  /// An integer; one read from a traced tensor's sizes remembers where it comes from.
  case int(Dim)
  case double(Double)
  /// Real and imaginary part.
  case complex(Double, Double)
  case string(String)
  /// A device's name, `cpu` or `meta`.
  case device(String)
  case list([Value])
  case tuple([Value])
  /// The weights and settings of a quantised layer, as one object.
  case packed(PackedParameters)
  /// In insertion order, as Python's dictionaries.
  case dictionary([DictionaryEntry])
  /// A member of an enumeration.
  case enumeration(EnumerationMember)
  /// A list or dictionary that others hold too and that may change, as in Python.
  case reference(ContainerReference)
  /// An object of a class that is not a module.
  case object(ScriptObject)

  /// One key and its value.
  public struct DictionaryEntry: Sendable {
    public let key: Value
    public let value: Value

    public init(key: Value, value: Value) {
      self.key = key
      self.value = value
    }
  }
}

extension Value {
  /// The kind's name in PyTorch's words, for messages.
  package var kindName: String {
    switch self {
    case .none: "None"
    case .tensor: "Tensor"
    case .bool: "bool"
    case .int: "int"
    case .double: "float"
    case .complex: "complex"
    case .string: "str"
    case .device: "Device"
    case .packed(let object): object.className
    case .list(let items): items.first.map { "List[\($0.kindName)]" } ?? "List"
    case .tuple(let items): "Tuple[\(items.map(\.kindName).joined(separator: ", "))]"
    case .dictionary(let entries):
      entries.first.map { "Dict[\($0.key.kindName), \($0.value.kindName)]" } ?? "Dict"
    case .enumeration(let member): member.className
    case .reference(let reference): reference.snapshot.kindName
    case .object(let object): object.className
    }
  }

  /// A short text for messages: tensors by dtype and sizes, everything else by value.
  package var summary: String {
    switch self {
    case .none: "None"
    case .tensor(let tensor): "\(tensor.dtype)\(tensor.sizes)"
    case .bool(let value): value ? "True" : "False"
    case .int(let value): "\(value)"
    case .double(let value): "\(value)"
    case .complex(let real, let imaginary): Complex(real, imaginary).description
    case .string(let value): "'\(value)'"
    case .device(let name): "device('\(name)')"
    case .packed(let object): object.summary
    case .list(let items): "[\(items.map(\.summary).joined(separator: ", "))]"
    case .tuple(let items): "(\(items.map(\.summary).joined(separator: ", ")))"
    case .dictionary(let entries):
      "{\(entries.map { "\($0.key.summary): \($0.value.summary)" }.joined(separator: ", "))}"
    case .enumeration(let member): "\(member.className).\(member.name)"
    case .reference(let reference): reference.snapshot.summary
    case .object(let object): "<\(object.className) object>"
    }
  }

  /// Every tensor inside, in order.
  package var tensors: [Tensor] {
    switch self {
    case .tensor(let tensor): [tensor]
    case .list(let items), .tuple(let items): items.flatMap(\.tensors)
    case .dictionary(let entries): entries.flatMap { $0.key.tensors + $0.value.tensors }
    case .enumeration(let member): member.value.tensors
    case .reference(let reference): reference.snapshot.tensors
    default: []
    }
  }

  /// The same one by one.
  package func forEachTensor(_ body: (Tensor) throws -> Void) rethrows {
    switch self {
    case .tensor(let tensor): try body(tensor)
    case .list(let items), .tuple(let items): for item in items { try item.forEachTensor(body) }
    default: for tensor in tensors { try body(tensor) }
    }
  }

  /// The same structure with every tensor replaced.
  package func mapTensors(_ transform: (Tensor) throws -> Tensor) rethrows -> Value {
    switch self {
    case .tensor(let tensor): .tensor(try transform(tensor))
    case .list(let items): .list(try items.map { try $0.mapTensors(transform) })
    case .tuple(let items): .tuple(try items.map { try $0.mapTensors(transform) })
    case .dictionary(let entries):
      .dictionary(
        try entries.map {
          DictionaryEntry(key: $0.key, value: try $0.value.mapTensors(transform))
        })
    case .reference(let reference): try reference.snapshot.mapTensors(transform)
    default: self
    }
  }
}

extension Value: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
  ExpressibleByNilLiteral
{
  public init(integerLiteral value: Int) { self = .int(Dim(value)) }
  public init(floatLiteral value: Double) { self = .double(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(stringLiteral value: String) { self = .string(value) }
  public init(arrayLiteral elements: Value...) { self = .list(elements) }
  public init(nilLiteral: ()) { self = .none }
}

/// A Swift type that stands for a value, both ways.
public protocol ValueConvertible {
  init(_ value: Value) throws
  var value: Value { get }
}

extension Value: ValueConvertible {
  public init(_ value: Value) { self = value }
  public var value: Value { self }
}
