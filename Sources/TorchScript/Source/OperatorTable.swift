import MartletKernels
import MartletOps
import MartletTensor
import MartletTracer

/// One overload of an operator with its parameters' types in the compiler's terms.
struct OperatorOverload: Sendable {
  let schema: Schema
  /// Nil where the catalogue lacks it.
  let operation: Operator?
  let parameters: [CallMatcher.Parameter]
  let results: [GraphType]
  /// Whether any number of arguments may follow.
  let takesRest: Bool

  init(_ schema: Schema, _ operation: Operator?) {
    self.schema = schema
    self.operation = operation
    let takesEnumerations =
      schema.arguments.contains { $0.type == .any } && schema.description.contains("AnyEnumType")
    parameters = schema.arguments.map { argument in
      var count: Int?
      if case .list(_, let fixed) = argument.type.withoutOptional { count = fixed }
      return CallMatcher.Parameter(
        name: argument.name,
        type: takesEnumerations && argument.type == .any
          ? TypeRules.anyEnumeration : GraphType(formal: argument.type),
        count: count, defaultValue: argument.defaultValue, isKeywordOnly: argument.isKeywordOnly)
    }
    results = schema.returns.map { GraphType(formal: $0.type) }
    takesRest = schema.isVariadic
  }
}

/// The overloads of each operator, in the order in which PyTorch tries them.
enum OperatorTable {
  /// What was asked for so far: there are many more.
  private static let known = Locked<[String: [OperatorOverload]]>([:])

  static func overloads(of name: String) -> [OperatorOverload] {
    if let overloads = known.withLock({ $0[name] }) { return overloads }
    let overloads = makeOverloads(of: name)
    known.withLock { $0[name] = overloads }
    return overloads
  }

  private static func makeOverloads(of name: String) -> [OperatorOverload] {
    let known = Catalog.overloads(of: name)
    var overloads = known.map { OperatorOverload($0.schema, $0) }
    for schema in KnownSchemas.schemas(of: name) {
      let qualified = schema.qualifiedName
      if known.contains(where: { $0.name == qualified }) { continue }
      overloads.append(OperatorOverload(schema, nil))
    }
    guard overloads.count > 1, let order = OverloadOrder.overloads(of: name) else {
      return overloads
    }
    let rank = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    return overloads.sorted {
      (rank[$0.schema.overload] ?? Int.max, $0.schema.overload)
        < (rank[$1.schema.overload] ?? Int.max, $1.schema.overload)
    }
  }
}

extension SchemaType {
  fileprivate var withoutOptional: SchemaType {
    if case .optional(let inner) = self { inner } else { self }
  }
}

extension GraphType {
  /// The type that a schema asks for; type variables stay.
  init(formal type: SchemaType) {
    switch type {
    case .variable(let name): self = TypeRules.variable(name)
    case .list(let element, _): self = .list(GraphType(formal: element))
    case .optional(let inner): self = .optional(GraphType(formal: inner))
    case .tuple(let items): self = .tuple(items.map { GraphType(formal: $0) })
    case .dictionary(let key, let value):
      self = .dictionary(GraphType(formal: key), GraphType(formal: value))
    default: self = GraphType(type)
    }
  }
}
