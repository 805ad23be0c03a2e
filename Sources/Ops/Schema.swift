/// An operator's signature, as PyTorch's schema language states it.
public struct Schema: Sendable, CustomStringConvertible {
  /// As PyTorch prints it.
  public let description: String
  /// With its namespace and without the overload, as in `aten::add`.
  public let name: String
  /// As in `Tensor` for `aten::add.Tensor`; empty for the first.
  public let overload: String
  public let arguments: [SchemaArgument]
  public let returns: [SchemaReturn]
  /// Whether any more arguments may follow: `aten::format(str self, ...)`.
  public let isVariadic: Bool

  /// With the overload, as in `aten::add.Tensor`.
  public var qualifiedName: String { overload.isEmpty ? name : "\(name).\(overload)" }

  /// The parameter that a call's argument stands for; nil for those that follow all parameters.
  package func parameter(_ index: Int) -> SchemaArgument? {
    arguments.indices.contains(index) ? arguments[index] : nil
  }

  /// Whether it writes to one of its arguments, as `aten::relu_` does.
  public var isMutating: Bool { arguments.contains { $0.isWritten } }
}

/// One parameter of a schema.
public struct SchemaArgument: Sendable {
  public let name: String
  public let type: SchemaType
  /// Nil when the caller must give it.
  public let defaultValue: Value?
  public let isKeywordOnly: Bool
  /// The alias set, as `a` in `Tensor(a!)`.
  public let aliasSet: String?
  public let isWritten: Bool
}

/// One result of a schema.
public struct SchemaReturn: Sendable {
  public let name: String?
  public let type: SchemaType
  public let aliasSet: String?
}

/// The types of the schema language.
public indirect enum SchemaType: Sendable, Hashable {
  case tensor, int, float, complex, bool, string, scalar, device, any
  /// `ScalarType`, `Layout`, `MemoryFormat` and `QScheme`, which are numbers in a graph.
  case dtype, layout, memoryFormat, quantizationScheme
  /// An object of a class by its qualified name, as `__torch__.torch.classes.…`.
  case object(String)
  case generator
  /// `T`, `t`: a type variable.
  case variable(String)
  /// `int[2]` also takes one number for all.
  case list(SchemaType, count: Int?)
  case optional(SchemaType)
  case tuple([SchemaType])
  case dictionary(SchemaType, SchemaType)
}

extension SchemaType: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tensor: "Tensor"
    case .int: "int"
    case .float: "float"
    case .complex: "complex"
    case .bool: "bool"
    case .string: "str"
    case .scalar: "Scalar"
    case .device: "Device"
    case .any: "Any"
    case .dtype: "ScalarType"
    case .layout: "Layout"
    case .memoryFormat: "MemoryFormat"
    case .quantizationScheme: "QScheme"
    case .object(let name): name
    case .generator: "Generator"
    case .variable(let name): name
    case .list(let element, let count): "\(element)[\(count.map(String.init) ?? "")]"
    case .optional(let wrapped): "\(wrapped)?"
    case .tuple(let items): "(\(items.map(\.description).joined(separator: ", ")))"
    case .dictionary(let key, let value): "Dict(\(key), \(value))"
    }
  }
}

extension SchemaType {
  /// Whether a value can stand for an argument of this type.
  package func accepts(_ value: Value) -> Bool {
    switch (self, value) {
    case (.any, _), (.variable, _): true
    case (_, .reference(let reference)): accepts(reference.current)
    case (.optional(let wrapped), _):
      if case .none = value { true } else { wrapped.accepts(value) }
    case (.tensor, .tensor), (.int, .int), (.bool, .bool), (.string, .string): true
    case (.float, .double), (.float, .int): true
    case (.complex, .complex), (.complex, .double), (.complex, .int): true
    case (.scalar, .int), (.scalar, .double), (.scalar, .bool), (.scalar, .complex): true
    case (.dtype, .int), (.layout, .int), (.memoryFormat, .int),
      (.quantizationScheme, .int):
      true
    case (.object(let name), .packed(let object)): object.className == name
    case (.device, .device), (.device, .string): true
    case (.list(let element, _), .list(let items)): items.allSatisfy(element.accepts)
    case (.list(let element, let count?), _) where count > 0: element.accepts(value)
    case (.tuple(let types), .tuple(let items)):
      types.count == items.count && zip(types, items).allSatisfy { $0.accepts($1) }
    case (.dictionary(let key, let item), .dictionary(let entries)):
      entries.allSatisfy { key.accepts($0.key) && item.accepts($0.value) }
    default: false
    }
  }
}
