import MartletOps
import MartletTensor

/// Whether a value is of one of several types, given as TorchScript writes them.
struct InstanceTest {
  private let types: [Pattern]

  private indirect enum Pattern {
    case named(String)
    case generic(String, [Pattern])
  }

  /// - Parameter text: as `int|List[str]`.
  /// - Throws: `MartletError` of kind `.graph` for text that is no type.
  init(_ text: String) throws {
    types = try InstanceTest.split(text, at: "|").map(InstanceTest.parse)
  }

  func accepts(_ value: Value) -> Bool { types.contains { InstanceTest.fits(value, $0) } }

  private static func parse(_ text: Substring) throws -> Pattern {
    let text = text.drop { $0 == " " }
    guard let open = text.firstIndex(of: "[") else { return .named(String(text)) }
    guard text.last == "]" else {
      throw MartletError(.graph, "'\(text)' is not a type")
    }
    let inner = text[text.index(after: open)...].dropLast()
    return .generic(
      String(text[..<open]), try split(String(inner), at: ",").map { try parse($0) })
  }

  /// Parts between separators that stand in no brackets.
  private static func split(_ text: String, at separator: Character) -> [Substring] {
    var parts: [Substring] = []
    var start = text.startIndex
    var depth = 0
    for index in text.indices {
      switch text[index] {
      case "[", "(": depth += 1
      case "]", ")": depth -= 1
      case separator where depth == 0:
        parts.append(text[start..<index])
        start = text.index(after: index)
      default: break
      }
    }
    parts.append(text[start...])
    return parts.filter { !$0.isEmpty }
  }

  private static func fits(_ value: Value, _ type: Pattern) -> Bool {
    switch (type, value.content) {
    case (.named("Any"), _): true
    case (.generic("Optional", _), .none): true
    case (.generic("Optional", let inner), let value),
      (.generic("Union", let inner), let value):
      inner.contains { fits(value, $0) }
    case (.generic("List", let inner), .list(let items)):
      items.allSatisfy { item in inner.allSatisfy { fits(item, $0) } }
    case (.generic("Tuple", let inner), .tuple(let items)):
      inner.count == items.count && zip(items, inner).allSatisfy { fits($0, $1) }
    case (.generic("Dict", let inner), .dictionary(let entries)):
      inner.count == 2
        && entries.allSatisfy { fits($0.key, inner[0]) && fits($0.value, inner[1]) }
    case (.named(let name), let value): names(of: value).contains(name)
    default: false
    }
  }

  private static func names(of value: Value) -> [String] {
    switch value {
    case .none: ["None", "NoneType"]
    case .tensor: ["Tensor", "torch.Tensor"]
    case .bool: ["bool", "number", "Scalar"]
    case .int: ["int", "number", "Scalar"]
    case .double: ["float", "number", "Scalar"]
    case .string: ["str"]
    case .device: ["Device", "torch.device"]
    case .list: ["list", "List"]
    case .tuple: ["tuple", "Tuple"]
    case .dictionary: ["dict", "Dict"]
    case .enumeration(let member): [member.className]
    case .object(let object): [object.className]
    default: []
    }
  }
}

/// A tensor's elements as nested lists, as `tolist` gives them.
struct NestedLists {
  private let tensor: Tensor

  init(_ tensor: Tensor) { self.tensor = tensor }

  /// - Parameter type: lists as deep as the tensor has axes, of its elements' kind.
  func value(of type: GraphType) throws -> Value {
    var depth = 0
    var element = type
    while case .list(let inner) = element {
      depth += 1
      element = inner
    }
    guard depth == tensor.sizes.count else {
      throw MartletError(
        .shape,
        "Output annotation list dimension and runtime tensor dimension must match for tolist(): "
          + "got \(type) for sizes \(tensor.sizes)")
    }
    let fits =
      switch element {
      case .int: !tensor.dtype.isFloatingPoint && tensor.dtype != .bool
      case .float: tensor.dtype.isFloatingPoint
      case .bool: tensor.dtype == .bool
      default: true
      }
    guard fits else {
      throw MartletError(
        .dtype,
        "Output annotation element type and runtime tensor element type must match for tolist(): "
          + "got \(type) for \(tensor.dtype)")
    }
    guard !tensor.isMeta else { throw ValuesNeeded() }
    return try nested(try tensor.compacted(), axis: 0)
  }

  private func nested(_ part: Tensor, axis: Int) throws -> Value {
    guard axis < tensor.sizes.count else {
      return part.dtype == .bool
        ? .bool(try part.item() as Bool)
        : part.dtype.isFloatingPoint
          ? .double(try part.item() as Double) : .int(Dim(Int(try part.item() as Int64)))
    }
    return .list(
      try (0..<tensor.sizes[axis]).map { index in
        try nested(part.selectedView(0, index), axis: axis + 1)
      })
  }
}

/// A run on placeholders asked for the values of tensors.
package struct ValuesNeeded: Error {
  package init() {}
}
