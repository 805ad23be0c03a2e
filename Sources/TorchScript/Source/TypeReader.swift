import MartletOps
import MartletTensor
import MartletTracer

/// Reads annotations and constant expressions.
struct TypeReader {
  let unit: UnitCompiler
  let source: SourceText
  let qualifier: String

  /// The type that an annotation states.
  func type(_ annotation: Expression) throws -> GraphType {
    switch annotation.kind {
    case .none: return .none
    case .string(let text):
      var parser = try SourceParser(
        SourceText(path: source.path, text: text), place: annotation.position)
      parser.depth = annotation.depth + 10
      return try type(try parser.expression())
    case .name, .attribute:
      guard let name = TypeReader.dotted(annotation) else { break }
      return try named(name, annotation)
    case .subscripted(let base, let items):
      guard let name = TypeReader.dotted(base) else { break }
      return try generic(name, items, annotation)
    case .binary(.or, let left, let right):
      return union([try type(left), try type(right)])
    case .tuple(let items): return .tuple(try items.map { try type($0) })
    default: break
    }
    throw source.failure("expected a type", at: annotation.position)
  }

  /// `a.b.c` as text.
  static func dotted(_ expression: Expression) -> String? {
    switch expression.kind {
    case .name(let name): name
    case .attribute(let base, let name): dotted(base).map { "\($0).\(name)" }
    default: nil
    }
  }

  /// For `Final` and `Final[T]`: the inner type, if any. Nil for other annotations.
  static func finalType(_ annotation: Expression) -> Expression?? {
    switch annotation.kind {
    case .name("Final"): return .some(nil)
    case .subscripted(let base, let items):
      guard dotted(base)?.split(separator: ".").last == "Final", items.count == 1 else {
        return nil
      }
      return .some(items[0])
    default: return nil
    }
  }

  /// The N of `BroadcastingListN[int]`, also within `Optional`.
  static func broadcastCount(_ annotation: Expression) -> Int? {
    guard case .subscripted(let base, let items) = annotation.kind, let name = dotted(base) else {
      return nil
    }
    if name == "Optional" { return items.first.flatMap { broadcastCount($0) } }
    guard name.hasPrefix("BroadcastingList") else { return nil }
    return Int(name.dropFirst("BroadcastingList".count))
  }

  private func named(_ name: String, _ place: Expression) throws -> GraphType {
    if name.hasPrefix("__torch__.") {
      // Classes of PyTorch's C++ parts.
      if name.hasPrefix("__torch__.torch.classes.") { return .module(name) }
      return try unit.instanceType(name, from: source, at: place.position)
    }
    if unit.classSyntax["\(qualifier).\(name)"] != nil {
      return try unit.instanceType("\(qualifier).\(name)", from: source, at: place.position)
    }
    let word = name.split(separator: ".").last.map(String.init) ?? name
    guard let type = TypeReader.simple[word] else {
      throw source.failure("expected a type, got '\(name)'", at: place.position)
    }
    return type
  }

  private static let simple: [String: GraphType] = [
    "Tensor": .tensor, "int": .int, "float": .float, "complex": .complex, "bool": .bool,
    "str": .string,
    "NoneType": .none, "number": .scalar, "Scalar": .scalar, "Device": .device,
    "device": .device, "Any": .any, "dtype": .int, "layout": .int, "memory_format": .int,
    "Layout": .int, "Generator": .any, "Stream": .any, "Storage": .any, "AnyEnumType": .any,
    "List": .list(.tensor), "Dict": .dictionary(.string, .tensor), "AnyListType": .any,
    "AnyTupleType": .any, "Capsule": .any, "PyObject": .any, "QScheme": .int, "SymInt": .int,
    "Size": .list(.int), "LongTensor": .tensor, "FloatTensor": .tensor, "BoolTensor": .tensor,
    "list": .list(.tensor), "dict": .dictionary(.string, .tensor), "NamedTuple": .any,
    "ScalarType": .int, "Parameter": .tensor,
  ]

  private func generic(_ name: String, _ items: [Expression], _ place: Expression) throws
    -> GraphType
  {
    let word = name.split(separator: ".").last.map(String.init) ?? name
    switch word {
    case "Tuple", "tuple":
      if items.count == 1, case .tuple(let inner) = items[0].kind, inner.isEmpty {
        return .tuple([])
      }
      return .tuple(try items.map { try type($0) })
    case "Union": return union(try items.map { try type($0) })
    case "Dict", "dict":
      guard items.count == 2 else { break }
      return .dictionary(try type(items[0]), try type(items[1]))
    case "List", "list", "Optional", "Future", "Await", "RRef", "Final", "ClassVar",
      "BroadcastingList1", "BroadcastingList2", "BroadcastingList3":
      guard items.count == 1 else { break }
      let inner = try type(items[0])
      switch word {
      case "Optional": return optional(inner)
      case "Future", "Await", "RRef": return .future(inner)
      case "Final", "ClassVar": return inner
      default: return .list(inner)
      }
    default: throw source.failure("expected a type, got '\(name)'", at: place.position)
    }
    throw source.failure("expected '\(name)' with its types between brackets", at: place.position)
  }

  private func optional(_ inner: GraphType) -> GraphType {
    if case .optional = inner { return inner }
    return inner == .any || inner == .none ? inner : .optional(inner)
  }

  /// What a value of one of the types is known to be; `Any` where they have nothing in common.
  private func union(_ types: [GraphType]) -> GraphType {
    var isOptional = false
    var rest: [GraphType] = []
    for type in types {
      if type == .none {
        isOptional = true
      } else if case .optional(let inner) = type {
        isOptional = true
        rest.append(inner)
      } else {
        rest.append(type)
      }
    }
    guard let first = rest.first else { return .none }
    let type = rest.allSatisfy { $0 == first } ? first : .any
    return isOptional ? optional(type) : type
  }
}
