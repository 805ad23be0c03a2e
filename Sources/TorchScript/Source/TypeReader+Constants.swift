import MartletOps
import MartletTensor
import MartletTracer

/// Expressions whose values stand in the source: defaults, `Final` attributes, members.
extension TypeReader {
  /// The value and its type.
  func constant(_ expression: Expression) throws -> (Value, GraphType) {
    switch expression.kind {
    case .none: return (.none, .none)
    case .bool(let flag): return (.bool(flag), .bool)
    case .int(let number): return (.int(Dim(number)), .int)
    case .double(let number): return (.double(number), .float)
    case .string(let text): return (.string(text), .string)
    case .imaginary, .binary:
      if let number = expression.complexNumber {
        return (.complex(number.real, number.imaginary), .complex)
      }
    case .name("inf"): return (.double(.infinity), .float)
    case .name("nan"): return (.double(.nan), .float)
    case .negative(let inner):
      switch try constant(inner) {
      case (.int(let number), _): return (.int(Dim(0 &- number.number)), .int)
      case (.double(let number), _): return (.double(-number), .float)
      case (.complex(let real, let imaginary), _): return (.complex(-real, -imaginary), .complex)
      default: break
      }
    case .list(let items):
      let parts = try items.map { try constant($0) }
      let first = parts.first?.1 ?? .tensor
      let element = parts.dropFirst().reduce(first) { TypeRules.joined($0, $1.1) ?? .any }
      return (.list(parts.map(\.0)), .list(element))
    case .tuple(let items):
      let parts = try items.map { try constant($0) }
      return (.tuple(parts.map(\.0)), .tuple(parts.map(\.1)))
    case .dictionary(let entries):
      let keys = try entries.map { try constant($0.key) }
      let values = try entries.map { try constant($0.value) }
      return (
        .dictionary(zip(keys, values).map { .init(key: $0.0, value: $1.0) }),
        .dictionary(keys.first?.1 ?? .string, values.first?.1 ?? .tensor)
      )
    case .call(let function, let arguments, _): return try call(function, arguments, expression)
    case .attribute(let base, let name):
      if let found = try attribute(base, name, expression) { return found }
    default: break
    }
    throw source.failure("expected a constant", at: expression.position)
  }

  private func call(_ function: Expression, _ arguments: [Expression], _ place: Expression) throws
    -> (Value, GraphType)
  {
    switch (TypeReader.dotted(function), arguments.count) {
    case ("torch.device", 1), ("torch.device", 2):
      guard case .string(var text) = try constant(arguments[0]).0 else { break }
      if arguments.count == 2, case .int(let index) = try constant(arguments[1]).0 {
        text += ":\(index)"
      }
      return (.device(text), .device)
    case ("annotate", 2):
      let type = try type(arguments[0])
      return (adapted(try constant(arguments[1]).0, to: type), type)
    case ("float", 1):
      if case .string(let text) = try constant(arguments[0]).0, let number = Double(text) {
        return (.double(number), .float)
      }
    default: break
    }
    throw source.failure("expected a constant", at: place.position)
  }

  private func attribute(_ base: Expression, _ name: String, _ place: Expression) throws
    -> (Value, GraphType)?
  {
    guard let owner = TypeReader.dotted(base) else { return nil }
    if owner == "CONSTANTS" {
      let value = try archived(name, at: place.position)
      return (value, GraphType(of: value))
    }
    if owner == "torch", let value = TorchConstants.byName[name] { return (value, .int) }
    if owner == "math", let value = TorchConstants.math[name] { return (.double(value), .float) }
    let names = [owner, "\(qualifier).\(owner)"]
    for name in names where unit.kind(ofClass: name) == .enumeration {
      let declared = try unit.declaredClass(name, from: source, at: place.position)
      if case .attribute(_, let wanted) = place.kind,
        let member = declared.script.members.first(where: { $0.name == wanted })
      {
        return (.enumeration(member), .enumeration(name))
      }
    }
    return nil
  }

  /// `CONSTANTS.c7`.
  func archived(_ name: String, at position: Int) throws -> Value {
    guard name.hasPrefix("c"), let index = Int(name.dropFirst()),
      unit.constants.indices.contains(index)
    else {
      throw source.failure(
        "expected one of the archive's \(unit.constants.count) constants, got 'CONSTANTS.\(name)'",
        at: position)
    }
    return unit.constants[index]
  }

  /// A constant as a value of the type that is stated for it: whole numbers as floats, tuples as
  /// lists, one number for a list of the same.
  func adapted(_ value: Value, to type: GraphType) -> Value {
    switch (type, value) {
    case (.float, .int(let number)): .double(Double(number.number))
    case (.optional(let inner), _): adapted(value, to: inner)
    case (.list(let element), .list(let items)), (.list(let element), .tuple(let items)):
      .list(items.map { adapted($0, to: element) })
    case (.tuple(let types), .tuple(let items)) where types.count == items.count:
      .tuple(zip(items, types).map { adapted($0, to: $1) })
    case (.dictionary(let key, let item), .dictionary(let entries)):
      .dictionary(
        entries.map { .init(key: adapted($0.key, to: key), value: adapted($0.value, to: item)) })
    default: value
    }
  }

  /// A list of strings.
  func strings(_ expression: Expression) throws -> [String] {
    guard case .list(let items) = try constant(expression).0 else {
      throw source.failure("expected a list of names", at: expression.position)
    }
    return try items.map { item in
      guard case .string(let text) = item else {
        throw source.failure("expected a list of names", at: expression.position)
      }
      return text
    }
  }
}

/// Names of `torch` that stand for numbers in a graph.
enum TorchConstants {
  static let byName: [String: Value] = {
    var table: [String: Value] = [
      "strided": 0, "sparse_coo": 1, "sparse_csr": 2, "contiguous_format": 0,
      "preserve_format": 1, "channels_last": 2, "channels_last_3d": 3,
      "per_tensor_affine": 0, "per_channel_affine": 1,
    ]
    let dtypes = [
      ["uint8"], ["int8"], ["int16", "short"], ["int32", "int"], ["int64", "long"],
      ["float16", "half"], ["float32", "float"], ["float64", "double"], ["complex32", "chalf"],
      ["complex64", "cfloat"], ["complex128", "cdouble"], ["bool"], ["qint8"], ["quint8"],
      ["qint32"], ["bfloat16"],
    ]
    for (code, names) in dtypes.enumerated() {
      for name in names { table[name] = .int(Dim(code)) }
    }
    return table
  }()

  static let math: [String: Double] = [
    "pi": .pi, "e": 2.718281828459045, "tau": 2 * .pi, "inf": .infinity, "nan": .nan,
  ]
}
