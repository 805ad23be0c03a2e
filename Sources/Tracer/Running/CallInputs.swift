import MartletOps
import MartletTensor

/// The inputs that a caller gives to a graph, checked and brought into the graph's types.
package struct CallInputs {
  private let checked: [Value]

  /// - Parameter defaults: stand for inputs that are missing at the end.
  /// - Throws: `MartletError` of kind `.argument` when number or structure do not fit.
  package init(
    _ inputs: [Value], _ parameters: [GraphValue], of graph: Graph,
    defaults: some Collection<Value?> = [Value?]()
  ) throws {
    var inputs = inputs
    for standard in Array(defaults).dropFirst(inputs.count) {
      guard let standard else { break }
      inputs.append(standard)
    }
    guard parameters.count == inputs.count else {
      throw MartletError(
        .argument,
        "expected \(parameters.count) inputs "
          + "(\(parameters.map { graph.name(of: $0) }.joined(separator: ", "))), "
          + "got \(inputs.count)")
    }
    checked = try zip(parameters, inputs).map { parameter, input in
      try CallInputs.fit(input, to: graph.type(of: parameter), graph.name(of: parameter))
    }
  }

  /// The inputs; where the graph may write to them, copies that share memory as the inputs do.
  package func values(copying: Bool) throws -> [Value] {
    guard copying else { return checked }
    var copies: [ObjectIdentifier: Storage] = [:]
    return try checked.map { value in
      try value.mapTensors { tensor in
        guard !tensor.isMeta else { return tensor }
        let key = ObjectIdentifier(tensor.storage)
        let copy = try copies[key] ?? tensor.storage.copied()
        copies[key] = copy
        var result = tensor
        result.storage = copy
        return result
      }
    }
  }

  /// Structure and number of items; sizes and dtypes are the operators' to judge.
  private static func fit(_ input: Value, to type: GraphType, _ name: String) throws -> Value {
    switch (type, input) {
    case (.optional, .none): return .none
    case (.optional(let wrapped), _): return try fit(input, to: wrapped, name)
    case (.namedTuple(let tuple), _):
      return try fit(input, to: .tuple(tuple.fieldTypes), name)
    case (.tuple(let types), .tuple(let items)), (.tuple(let types), .list(let items)):
      guard types.count == items.count else { break }
      return .tuple(try zip(types, items).map { try fit($1, to: $0, name) })
    case (.list(let type), .list(let items)), (.list(let type), .tuple(let items)):
      return .list(try items.map { try fit($0, to: type, name) })
    case (.dictionary(let keyType, let type), .dictionary(let entries)):
      return .dictionary(
        try entries.map {
          .init(key: try fit($0.key, to: keyType, name), value: try fit($0.value, to: type, name))
        })
    case (.float, .int(let number)): return .double(Double(number.number))
    case (.tensor, .tensor): return input
    case (.tensor, _), (.tuple, _), (.list, _), (.dictionary, _): break
    case (.int, .int), (.float, .double), (.bool, .bool), (.string, .string): return input
    case (.int, _), (.float, _), (.bool, _), (.string, _): break
    default: return input
    }
    throw MartletError(
      .argument, "input '\(name)': expected \(type), got \(input.summary) (\(input.kindName))")
  }
}
