import MartletTensor

private func mismatch(_ expected: String, _ value: Value) -> MartletError {
  MartletError(.argument, "expected \(expected), got \(value.summary) (\(value.kindName))")
}

extension Tensor: ValueConvertible {
  public init(_ value: Value) throws {
    guard case .tensor(let tensor) = value else { throw mismatch("a tensor", value) }
    self = tensor
  }
  public var value: Value { .tensor(self) }
}

extension Bool: ValueConvertible {
  public init(_ value: Value) throws {
    guard case .bool(let flag) = value else { throw mismatch("a bool", value) }
    self = flag
  }
  public var value: Value { .bool(self) }
}

extension Int: ValueConvertible {
  public init(_ value: Value) throws {
    guard case .int(let dim) = value else { throw mismatch("an int", value) }
    self.init(dim)
  }
  public var value: Value { .int(Dim(self)) }
}

extension Dim: ValueConvertible {
  public init(_ value: Value) throws {
    guard case .int(let dim) = value else { throw mismatch("an int", value) }
    self = dim
  }
  public var value: Value { .int(self) }
}

extension Double: ValueConvertible {
  public init(_ value: Value) throws {
    switch value {
    case .double(let number): self = number
    case .int(let dim): self = Double(Int(dim))
    default: throw mismatch("a float", value)
    }
  }
  public var value: Value { .double(self) }
}

extension Complex: ValueConvertible {
  public init(_ value: Value) throws {
    switch value {
    case .complex(let real, let imaginary): self.init(Component(real), Component(imaginary))
    case .double(let number): self.init(Component(number))
    case .int(let dim): self.init(Component(Int(dim)))
    default: throw mismatch("a complex number", value)
    }
  }
  public var value: Value { .complex(real.double, imaginary.double) }
}

extension String: ValueConvertible {
  public init(_ value: Value) throws {
    guard case .string(let text) = value else { throw mismatch("a str", value) }
    self = text
  }
  public var value: Value { .string(self) }
}

/// A dtype stands in schemas and archives as PyTorch's number for it.
extension DType: ValueConvertible {
  public init(_ value: Value) throws {
    guard case .int(let code) = value, let dtype = DType(scalarType: Int(code)) else {
      throw mismatch("a dtype", value)
    }
    self = dtype
  }
  public var value: Value { .int(Dim(scalarType)) }
}

extension Shape: ValueConvertible {
  public init(_ value: Value) throws {
    self = try [Dim](value).shape
  }
  public var value: Value { .list(map { .int($0) }) }
}

extension Optional: ValueConvertible where Wrapped: ValueConvertible {
  public init(_ value: Value) throws {
    if case .none = value { self = nil } else { self = try Wrapped(value) }
  }
  public var value: Value { self?.value ?? .none }
}

extension Array: ValueConvertible where Element: ValueConvertible {
  public init(_ value: Value) throws {
    switch value {
    case .list(let items), .tuple(let items): self = try items.map { try Element($0) }
    default: throw mismatch("a list", value)
    }
  }
  public var value: Value { .list(map(\.value)) }
}

extension Dictionary: ValueConvertible where Key == String, Value: ValueConvertible {
  public init(_ value: MartletOps.Value) throws {
    guard case .dictionary(let entries) = value else { throw mismatch("a dictionary", value) }
    self.init()
    for entry in entries { self[try String(entry.key)] = try Value(entry.value) }
  }
  /// Sorted by key: a Swift dictionary has no order of its own.
  public var value: MartletOps.Value {
    .dictionary(
      sorted { $0.key < $1.key }.map { .init(key: .string($0.key), value: $0.value.value) })
  }
}

extension Value {
  /// Any Swift value made of tensors, numbers, strings, optionals, arrays, dictionaries with
  /// string keys and tuples, nested as deep as wished.
  ///
  /// - Throws: `MartletError` of kind `.argument` that names the type that does not fit.
  public init(reflecting any: Any) throws {
    if let convertible = any as? any ValueConvertible {
      self = convertible.value
      return
    }
    let mirror = Mirror(reflecting: any)
    switch mirror.displayStyle {
    case .tuple:
      self = .tuple(try mirror.children.map { try Value(reflecting: $0.value) })
    case .collection:
      self = .list(try mirror.children.map { try Value(reflecting: $0.value) })
    case .optional:
      self = try mirror.children.first.map { try Value(reflecting: $0.value) } ?? .none
    case .dictionary:
      var entries: [DictionaryEntry] = []
      for child in mirror.children {
        let pair = Array(Mirror(reflecting: child.value).children)
        entries.append(
          DictionaryEntry(
            key: try Value(reflecting: pair[0].value), value: try Value(reflecting: pair[1].value)))
      }
      self = .dictionary(entries.sorted { $0.key.summary < $1.key.summary })
    default:
      throw MartletError(
        .argument,
        "expected tensors, numbers, strings, or tuples, arrays and dictionaries of them, "
          + "got a value of type \(Swift.type(of: any))")
    }
  }
}
