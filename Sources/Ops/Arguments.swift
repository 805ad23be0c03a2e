import MartletTensor

/// An operator's arguments by name, checked against its schema.
package struct Arguments: Sendable {
  package let schema: Schema
  package let values: [Value]

  /// Checks number and types, and fills in defaults.
  ///
  /// - Throws: `MartletError` of kind `.argument`.
  package init(_ schema: Schema, _ given: [Value]) throws {
    let parameters = schema.arguments
    guard given.count <= parameters.count || schema.isVariadic else {
      throw MartletError(
        .argument,
        "\(schema.qualifiedName) takes \(parameters.count) arguments, got \(given.count)")
    }
    var values = given
    for parameter in parameters.dropFirst(given.count) {
      guard let value = parameter.defaultValue else {
        throw MartletError(
          .argument, "\(schema.qualifiedName) is missing its argument '\(parameter.name)'")
      }
      values.append(value)
    }
    for (parameter, value) in zip(parameters, values) where !parameter.type.accepts(value) {
      throw MartletError(
        .argument,
        "\(schema.qualifiedName) expects \(parameter.type) for '\(parameter.name)', "
          + "got \(value.summary) (\(value.kindName))")
    }
    self.schema = schema
    self.values = values
  }

  package subscript(name: String) -> Value {
    guard let index = schema.arguments.firstIndex(where: { $0.name == name }) else {
      preconditionFailure("\(schema.qualifiedName) has no argument '\(name)'")
    }
    return values[index]
  }

  /// Whether results can only be shapes: a tensor among the arguments has no values.
  package var hasMetaTensor: Bool {
    values.contains { value in value.tensors.contains { $0.isMeta } }
  }

  /// As `hasMetaTensor`; creation operators also look at `device`.
  package var isMeta: Bool {
    if hasMetaTensor { return true }
    guard let index = schema.arguments.firstIndex(where: { $0.type == .optional(.device) }) else {
      return false
    }
    switch values[index] {
    case .device(let name), .string(let name): return name == "meta"
    default: return false
    }
  }

  /// `name(argument: float32[2, 3], …)`, for messages.
  package var summary: String {
    let pairs = zip(schema.arguments, values).map { "\($0.name): \($1.summary)" }
    return "\(schema.qualifiedName)(\(pairs.joined(separator: ", ")))"
  }
}

extension Arguments {
  /// - Throws: `MartletError` of kind `.argument` where the schema has no such argument, as those
  ///   below do: rewrites ask operators for arguments that only some have.
  private func given(_ name: String) throws -> Value {
    guard let index = schema.arguments.firstIndex(where: { $0.name == name }) else {
      throw MartletError(.argument, "\(schema.qualifiedName) has no argument '\(name)'")
    }
    return values[index]
  }

  package func tensor(_ name: String) throws -> Tensor { try Tensor(given(name)) }
  package func optionalTensor(_ name: String) throws -> Tensor? { try Tensor?(given(name)) }
  package func tensors(_ name: String) throws -> [Tensor] { try [Tensor](given(name)) }
  package func bool(_ name: String) throws -> Bool { try Bool(given(name)) }
  package func string(_ name: String) throws -> String { try String(given(name)) }
  package func double(_ name: String) throws -> Double { try Double(given(name)) }
  package func scalar(_ name: String) throws -> Scalar { try Scalar(given(name)) }

  package func optionalScalar(_ name: String) throws -> Scalar? {
    if case .none = try given(name) { return nil }
    return try scalar(name)
  }

  package func optionalDouble(_ name: String) throws -> Double? { try Double?(given(name)) }
  package func optionalString(_ name: String) throws -> String? { try String?(given(name)) }

  package func dtype(_ name: String) throws -> DType? {
    if case .none = try given(name) { return nil }
    if case .int(let code) = try given(name), DType(scalarType: code.number) == nil {
      let name = code.number == 8 ? " (complex32)" : ""
      throw MartletError(
        .dtype, "PyTorch's dtype number \(code)\(name) is not one that Martlet has")
    }
    return try DType(given(name))
  }

  /// An integer; a size that a trace knows stays recorded with the call, so nothing is reported.
  package func int(_ name: String) throws -> Int { try Dim(given(name)).number }

  package func optionalInt(_ name: String) throws -> Int? {
    if case .none = try given(name) { return nil }
    return try int(name)
  }

  /// A list of integers; one number stands for a list of it where the schema says so.
  package func ints(_ name: String) throws -> [Int] {
    if case .int(let one) = try given(name) {
      let type = schema.arguments.first { $0.name == name }?.type
      if case .list(_, let count?) = type { return Array(repeating: one.number, count: count) }
      if case .optional(.list(_, let count?)) = type {
        return Array(repeating: one.number, count: count)
      }
      return [one.number]
    }
    return try [Dim](given(name)).map(\.number)
  }

  package func optionalInts(_ name: String) throws -> [Int]? {
    if case .none = try given(name) { return nil }
    return try ints(name)
  }

  /// A list of `count` integers; a list of one stands for all, as `kernel_size` in PyTorch.
  package func ints(_ name: String, count: Int) throws -> [Int] {
    let given = try ints(name)
    if given.count == count { return given }
    if given.count == 1 { return Array(repeating: given[0], count: count) }
    throw MartletError(
      .argument, "'\(name)' must be one integer or \(count) of them, got \(given)")
  }

  /// A dimension's index, negative ones counted from the end.
  package func dim(_ name: String, rank: Int) throws -> Int {
    try wrapDim(try int(name), rank: rank)
  }
}

/// The axis that a possibly negative index names; a 0-dimensional tensor counts as one axis.
package func wrapDim(_ dim: Int, rank: Int) throws -> Int {
  let limit = max(rank, 1)
  guard dim >= -limit, dim < limit else {
    throw MartletError(
      .index,
      "dimension out of range (expected to be in range of [\(-limit), \(limit - 1)], "
        + "but got \(dim))")
  }
  return dim < 0 ? dim + limit : dim
}

/// A Python number: an argument of schema type `Scalar`.
package enum Scalar: Sendable, Hashable {
  case int(Int)
  case double(Double)
  case bool(Bool)
  /// Real and imaginary part.
  case complex(Double, Double)

  package init(_ value: Value) throws {
    switch value {
    case .int(let dim): self = .int(dim.number)
    case .double(let number): self = .double(number)
    case .bool(let flag): self = .bool(flag)
    case .complex(let real, let imaginary): self = .complex(real, imaginary)
    default:
      throw MartletError(
        .argument, "expected a number, got \(value.summary) (\(value.kindName))")
    }
  }

  /// A complex number's real part.
  package var double: Double {
    switch self {
    case .int(let value): Double(value)
    case .double(let value): value
    case .bool(let value): value ? 1 : 0
    case .complex(let real, _): real
    }
  }

  package var int64: Int64 {
    switch self {
    case .int(let value): Int64(value)
    case .double(let value): Int64(saturating: value)
    case .bool(let value): value ? 1 : 0
    case .complex(let real, _): Int64(saturating: real)
    }
  }

  package var complex: Complex<Double> {
    if case .complex(let real, let imaginary) = self { return Complex(real, imaginary) }
    return Complex(double)
  }

  package var isComplex: Bool { if case .complex = self { true } else { false } }
  package var isFloatingPoint: Bool { if case .double = self { true } else { false } }
}
