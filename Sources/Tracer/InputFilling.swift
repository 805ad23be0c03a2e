import MartletOps
import MartletTensor

/// A method's inputs from tensors in turn, for those who have files and no Swift types.
extension TracedModule {
  /// The inputs of a method, filled with tensors in the order of its parameters: tuples item by
  /// item; numbers from tensors of one element; lists with as many as the example had, or with
  /// all that the parameters after them leave; dictionaries under the example's keys. Parameters
  /// that have defaults, or may be None, get none when the tensors do not suffice.
  ///
  /// - Throws: `MartletError` of kind `.argument` when there are too few or too many tensors, or
  ///   a parameter cannot be filled.
  package func inputs(filledWith tensors: [Tensor], method: String? = nil) throws -> [Value] {
    let method = method ?? mainMethod
    let graph = try graph(of: method)
    let parameters = Array(graph.inputs.dropFirst(isFunction ? 0 : 1))
    let defaults = (scriptClass?.method(method)?.defaults).map { Array($0.dropFirst()) } ?? []
    let examples = exampleInputs[method] ?? []
    var filling = InputFilling(tensors: tensors[...])
    for (index, parameter) in parameters.enumerated() {
      filling.pending.append(
        .init(
          name: graph.name(of: parameter), type: graph.type(of: parameter),
          example: index < examples.count ? examples[index] : Optional<Value>.none,
          defaultValue: index < defaults.count ? defaults[index] : nil))
    }
    return try filling.fillAll()
  }
}

extension Value {
  /// The tensors and numbers inside, in order: nested tuples, lists and dictionaries in turn, a
  /// number as a tensor without axes, None and texts left out.
  package func leaves() throws -> [Tensor] {
    switch self {
    case .tensor(let tensor): [tensor]
    case .bool(let value): [try .filled([], .bool, with: value ? 1 : 0)]
    case .int(let value): [try Tensor([Int64(value.number)], shape: [Int]())]
    case .double(let value): [try .filled([], .float64, with: value)]
    case .complex(let real, let imaginary):
      [try Tensor([Complex<Double>(real, imaginary)], shape: [Int]())]
    case .list(let items), .tuple(let items): try items.flatMap { try $0.leaves() }
    case .dictionary(let entries): try entries.flatMap { try $0.value.leaves() }
    case .reference(let reference): try reference.snapshot.leaves()
    case .enumeration(let member): try member.value.leaves()
    case .object, .packed:
      throw MartletError(.unsupported, "the result holds \(summary), which is no tensor")
    case .none, .string, .device: []
    }
  }
}

private struct InputFilling {
  struct Parameter {
    let name: String
    let type: GraphType
    let example: Value?
    let defaultValue: Value?

    /// How many tensors it takes at least.
    var leastCount: Int { defaultValue == nil ? InputFilling.leastCount(type, example) : 0 }
  }

  var tensors: ArraySlice<Tensor>
  var pending: [Parameter] = []

  init(tensors: ArraySlice<Tensor>) { self.tensors = tensors }

  mutating func fillAll() throws -> [Value] {
    let (given, least) = (tensors.count, pending.reduce(0) { $0 + $1.leastCount })
    let names = pending.map(\.name).joined(separator: ", ")
    guard given >= least else {
      throw MartletError(
        .argument, "expected at least \(least) tensors for the inputs (\(names)), got \(given)")
    }
    var values: [Value] = []
    while !pending.isEmpty {
      let parameter = pending.removeFirst()
      if parameter.leastCount == 0, spare == 0, let value = parameter.defaultValue {
        values.append(value)
      } else {
        values.append(try fill(parameter.type, parameter.example, parameter.name))
      }
    }
    guard tensors.isEmpty else {
      throw MartletError(
        .argument,
        "expected \(given - tensors.count) tensors for the inputs (\(names)), got \(given)")
    }
    return values
  }

  /// How many tensors the parameters after this one leave.
  private var spare: Int { tensors.count - pending.reduce(0) { $0 + $1.leastCount } }

  private mutating func next(_ name: String) throws -> Tensor {
    guard let tensor = tensors.popFirst() else {
      throw MartletError(.argument, "there is no tensor left for the input '\(name)'")
    }
    return tensor
  }

  private mutating func fill(_ type: GraphType, _ example: Value?, _ name: String) throws -> Value {
    switch (type, example) {
    case (.tensor, _), (.any, _): return .tensor(try next(name))
    case (.int, _): return .int(Dim(Int(try next(name).scalar(as: Int64.self))))
    case (.bool, _): return .bool(try next(name).scalar(as: Bool.self))
    case (.float, _): return .double(try next(name).scalar(as: Double.self))
    case (.scalar, _):
      let tensor = try next(name)
      if tensor.dtype == .bool { return .bool(try tensor.scalar(as: Bool.self)) }
      return tensor.dtype.isFloatingPoint
        ? .double(try tensor.scalar(as: Double.self))
        : .int(Dim(Int(try tensor.scalar(as: Int64.self))))
    case (.none, _): return .none
    case (.optional(let wrapped), _):
      if let example, case .none = example { return .none }
      return spare > 0 ? try fill(wrapped, example, name) : .none
    case (.tuple(let types), _): return .tuple(try fill(types, example, name))
    case (.namedTuple(let tuple), _): return .tuple(try fill(tuple.fieldTypes, example, name))
    case (.list(let element), .list(let items)?):
      return .list(try items.map { try fill(element, $0, name) })
    case (.list(let element), _):
      let each = max(Self.leastCount(element, nil), 1)
      return .list(try (0..<spare / each).map { _ in try fill(element, nil, name) })
    case (.dictionary(_, let element), .dictionary(let entries)?):
      return .dictionary(
        try entries.map { .init(key: $0.key, value: try fill(element, $0.value, name)) })
    default:
      throw MartletError(
        .argument, "the input '\(name)' is of type \(type), which tensors alone cannot fill")
    }
  }

  private mutating func fill(_ types: [GraphType], _ example: Value?, _ name: String) throws
    -> [Value]
  {
    var examples: [Value] = []
    if case .tuple(let items)? = example { examples = items }
    return try types.enumerated().map { index, type in
      try fill(type, index < examples.count ? examples[index] : Optional<Value>.none, name)
    }
  }

  private static func leastCount(_ type: GraphType, _ example: Value?) -> Int {
    switch (type, example) {
    case (.optional, _), (.none, _): 0
    case (.tuple(let types), _): types.reduce(0) { $0 + leastCount($1, nil) }
    case (.namedTuple(let tuple), _): tuple.fieldTypes.reduce(0) { $0 + leastCount($1, nil) }
    case (.list(let element), .list(let items)?):
      items.reduce(0) { $0 + leastCount(element, $1) }
    case (.dictionary(_, let element), .dictionary(let entries)?):
      entries.reduce(0) { $0 + leastCount(element, $1.value) }
    case (.list, _), (.dictionary, _): 0
    default: 1
    }
  }
}
