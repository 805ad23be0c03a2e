import MartletOps
import MartletTensor

/// What is known of a tensor in a graph: nothing, or its dtype, or its sizes too.
public struct TensorType: Sendable, Hashable {
  public let dtype: DType?
  /// Outermost first; nil for an axis whose size is not known, nil as a whole for unknown rank.
  public let sizes: [Int?]?

  public init(_ dtype: DType? = nil, _ sizes: [Int?]? = nil) {
    self.dtype = dtype
    self.sizes = sizes
  }

  /// The sizes when all of them are known.
  public var fixedSizes: [Int]? {
    guard let sizes else { return nil }
    let known = sizes.compactMap { $0 }
    return known.count == sizes.count ? known : nil
  }
}

/// A class that TorchScript derives from `NamedTuple`.
public struct NamedTupleType: Sendable, Hashable {
  /// Qualified, as `__torch__.Point`.
  public let name: String
  public let fieldNames: [String]
  public let fieldTypes: [GraphType]

  package init(name: String, fieldNames: [String], fieldTypes: [GraphType]) {
    self.name = name
    self.fieldNames = fieldNames
    self.fieldTypes = fieldTypes
  }
}

extension NamedTupleType: CustomStringConvertible {
  /// With its fields, as `__torch__.Point(x : Tensor, n : int)`.
  public var description: String {
    let fields = zip(fieldNames, fieldTypes).map { "\($0) : \($1)" }
    return "\(name)(\(fields.joined(separator: ", ")))"
  }
}

/// The type of a value in a graph, in TorchScript's terms.
public indirect enum GraphType: Sendable, Hashable {
  case tensor(TensorType)
  case int, float, complex, bool, string, device, none, any
  /// A number of any kind (`Scalar`).
  case scalar
  case list(GraphType)
  case optional(GraphType)
  case tuple([GraphType])
  case dictionary(GraphType, GraphType)
  /// A module or an object of another class, by the class's qualified name, as `__torch__.Net`.
  case module(String)
  /// A tuple whose items have names. Its values are plain tuples.
  case namedTuple(NamedTupleType)
  /// A member of an enumeration, by the class's qualified name.
  case enumeration(String)
  /// What `fork` gives; it has run already.
  case future(GraphType)

  /// A tensor of which nothing is known.
  public static var tensor: GraphType { .tensor(TensorType()) }
}

extension GraphType {
  /// The type of a value at hand; lists of tensors only know that their elements are tensors.
  package init(of value: Value) {
    switch value {
    case .none: self = .none
    case .tensor(let tensor): self = .tensor(TensorType(tensor.dtype, tensor.sizes))
    case .bool: self = .bool
    case .int: self = .int
    case .double: self = .float
    case .complex: self = .complex
    case .string: self = .string
    case .device: self = .device
    case .packed(let object): self = .module(object.className)
    case .enumeration(let member): self = .enumeration(member.className)
    case .reference(let reference): self = GraphType(of: reference.snapshot)
    case .object(let object): self = .module(object.className)
    case .list(let items): self = .list(GraphType.common(items.map(GraphType.init(of:))))
    case .tuple(let items): self = .tuple(items.map(GraphType.init(of:)))
    case .dictionary(let entries):
      self = .dictionary(
        .common(entries.map { GraphType(of: $0.key) }),
        .common(entries.map { GraphType(of: $0.value) }))
    }
  }

  /// What a container says of its elements: a tensor without sizes, or their one type.
  static func common(_ types: [GraphType]) -> GraphType {
    guard let first = types.first else { return .tensor }
    if types.allSatisfy(\.isTensor) { return .tensor }
    return types.allSatisfy { $0 == first } ? first : .any
  }

  /// The type that a schema states; a type variable says nothing.
  package init(_ type: SchemaType) {
    switch type {
    case .tensor: self = .tensor
    case .int, .dtype, .layout, .memoryFormat, .quantizationScheme: self = .int
    case .object(let name): self = .module(name)
    case .float: self = .float
    case .complex: self = .complex
    case .bool: self = .bool
    case .string: self = .string
    case .scalar: self = .scalar
    case .device: self = .device
    case .any, .generator, .variable: self = .any
    case .list(let element, _): self = .list(GraphType(element))
    case .optional(let wrapped): self = .optional(GraphType(wrapped))
    case .tuple(let items): self = .tuple(items.map(GraphType.init))
    case .dictionary(let key, let value): self = .dictionary(GraphType(key), GraphType(value))
    }
  }

  public var isTensor: Bool { if case .tensor = self { true } else { false } }

  /// The tensor's dtype and sizes, or nil for another kind of value.
  public var tensorType: TensorType? { if case .tensor(let type) = self { type } else { nil } }

  /// Whether a value of type `other` can stand where this type is asked for. What is unknown on
  /// either side fits.
  package func accepts(_ other: GraphType) -> Bool {
    switch (self, other) {
    case (.any, _), (_, .any): true
    case (.optional(let wanted), .optional(let given)): wanted.accepts(given)
    case (.optional, .none): true
    case (.optional(let wanted), _): wanted.accepts(other)
    case (.tensor(let wanted), .tensor(let given)): wanted.accepts(given)
    case (.float, .float), (.float, .int), (.float, .scalar): true
    case (.int, .int), (.int, .scalar), (.bool, .bool), (.bool, .scalar): true
    case (.complex, .complex), (.complex, .float), (.complex, .int), (.complex, .scalar): true
    case (.scalar, .complex), (.scalar, .scalar), (.scalar, .int), (.scalar, .float),
      (.scalar, .bool):
      true
    case (.string, .string), (.device, .device), (.device, .string), (.none, .none): true
    case (.list(let wanted), .list(let given)): wanted.accepts(given)
    case (.tuple(let wanted), .tuple(let given)):
      wanted.count == given.count && zip(wanted, given).allSatisfy { $0.accepts($1) }
    case (.dictionary(let key, let value), .dictionary(let givenKey, let givenValue)):
      key.accepts(givenKey) && value.accepts(givenValue)
    // A class may stand for an interface; the compiler of the source checked it.
    case (.module, .module): true
    case (.namedTuple(let wanted), .namedTuple(let given)): wanted == given
    case (.tuple(let wanted), .namedTuple(let given)):
      GraphType.tuple(wanted).accepts(.tuple(given.fieldTypes))
    case (.namedTuple(let wanted), .tuple(let given)):
      GraphType.tuple(wanted.fieldTypes).accepts(.tuple(given))
    case (.enumeration(let wanted), .enumeration(let given)): wanted == given
    case (.future(let wanted), .future(let given)): wanted.accepts(given)
    default: false
    }
  }
}

extension TensorType {
  fileprivate func accepts(_ other: TensorType) -> Bool {
    if let dtype, let given = other.dtype, dtype != given { return false }
    guard let sizes, let given = other.sizes else { return true }
    return sizes.count == given.count
      && zip(sizes, given).allSatisfy { $0 == nil || $1 == nil || $0 == $1 }
  }
}

extension GraphType: CustomStringConvertible {
  /// As in PyTorch's graphs: `Float(2, 3)`, `Tensor`, `int[]`, `(Tensor, int)`.
  public var description: String {
    switch self {
    case .tensor(let type): type.description
    case .int: "int"
    case .float: "float"
    case .complex: "complex"
    case .bool: "bool"
    case .string: "str"
    case .device: "Device"
    case .none: "NoneType"
    case .any: "Any"
    case .scalar: "Scalar"
    case .list(let element): "\(element)[]"
    case .optional(let wrapped): "\(wrapped)?"
    case .tuple(let items): "(\(items.map(\.description).joined(separator: ", ")))"
    case .dictionary(let key, let value): "Dict(\(key), \(value))"
    case .module(let name), .enumeration(let name): name
    case .namedTuple(let type): type.description
    case .future(let type): "Future(\(type))"
    }
  }
}

extension TensorType: CustomStringConvertible {
  public var description: String {
    let head = dtype?.graphName ?? "Tensor"
    guard let sizes else { return head }
    return "\(head)(\(sizes.map { $0.map(String.init) ?? "*" }.joined(separator: ", ")))"
  }
}

extension DType {
  /// PyTorch's name of the scalar type, as graphs print it.
  package var graphName: String {
    switch self {
    case .float32: "Float"
    case .float64: "Double"
    case .float16: "Half"
    case .bfloat16: "BFloat16"
    case .int8: "Char"
    case .int16: "Short"
    case .int32: "Int"
    case .int64: "Long"
    case .uint8: "Byte"
    case .qint8: "QInt8"
    case .quint8: "QUInt8"
    case .qint32: "QInt32"
    case .bool: "Bool"
    case .complex64: "ComplexFloat"
    case .complex128: "ComplexDouble"
    }
  }

  package init?(graphName: String) {
    guard let match = DType.allCases.first(where: { $0.graphName == graphName }) else { return nil }
    self = match
  }
}
