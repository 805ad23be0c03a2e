import MartletOps
import MartletTensor

/// The nodes that sizes have been recorded as, so that each is recorded once in a call.
struct SizeMemo {
  enum Operand: Hashable {
    case value(GraphValue)
    case number(Int)
  }

  enum Key: Hashable {
    case size(GraphValue, dim: Int)
    case binary(DimOperation, Operand, Operand)
  }

  /// A recorded value and the frame it can be seen in while that one is open.
  struct Entry {
    let value: GraphValue
    let frame: Int
    let block: Int?
    /// Keeps the object alive whose identity is the key.
    let expression: DimExpression?
  }

  var byKey: [Key: Entry] = [:]
  var byIdentity: [ObjectIdentifier: Entry] = [:]
}

extension Recorder {
  /// A size as an argument: its number, or the value that computes it from the inputs' sizes.
  func argument(for dim: Dim, at location: SourceLocation?) throws -> Argument {
    guard let expression = dim.expression else { return .int(dim.number) }
    if let value = known(expression) { return .value(try visible(value, at: location)) }
    guard dim.isTraced(in: session) else { return .int(dim.number) }
    // Expressions are as deep as the model's loops made them: no recursion.
    var pending: [(Dim, DimExpression)] = [(dim, expression)]
    while let (dim, expression) = pending.last {
      if known(expression) != nil {
        pending.removeLast()
        continue
      }
      if case .binary(_, let a, let b) = expression.source {
        let missing = [a, b].compactMap { part in
          part.expression.flatMap { known($0) == nil ? (part, $0) : nil }
        }
        guard missing.isEmpty else {
          // The last is recorded first.
          pending += missing.reversed()
          continue
        }
      }
      try record(expression, of: dim.number, at: location)
      pending.removeLast()
    }
    return known(expression).map { .value($0) } ?? .int(dim.number)
  }

  private func isVisible(_ entry: SizeMemo.Entry) -> Bool {
    recording.frames[entry.frame].isOpen && isOpen(entry.block)
  }

  private func known(_ expression: DimExpression) -> GraphValue? {
    if case .value(let tag) = expression.source {
      return tag.session == session ? GraphValue(index: tag.value) : nil
    }
    guard let entry = sizes.byIdentity[ObjectIdentifier(expression)], isVisible(entry) else {
      return nil
    }
    return entry.value
  }

  private func record(
    _ expression: DimExpression, of number: Int, at location: SourceLocation?
  ) throws {
    let key: SizeMemo.Key
    let name: String
    let arguments: [Argument]
    switch expression.source {
    case .size(let tag, let dim):
      let tensor = try visible(GraphValue(index: tag.value), at: location)
      key = .size(tensor, dim: dim)
      name = "aten::size.int"
      arguments = [.value(tensor), .int(dim)]
    case .binary(let operation, let a, let b):
      let operands = (operand(a), operand(b))
      key = .binary(operation, operands.0, operands.1)
      name = operation.operatorName
      arguments = [operands.0.argument, operands.1.argument]
    case .value:
      return
    }
    let value: GraphValue
    if let entry = sizes.byKey[key], isVisible(entry) {
      value = entry.value
    } else {
      guard let operation = Catalog.byName[name] else {
        throw MartletError(.unsupported, "\(name) is needed to record a size")
      }
      value = newValue(.int, dependsOnInputs: true)
      try append(
        Node(.operation(operation), arguments, outputs: [value], location: location),
        [.int(Dim(number))])
      sizes.byKey[key] = SizeMemo.Entry(
        value: value, frame: home, block: openBlocks.last?.number, expression: nil)
    }
    sizes.byIdentity[ObjectIdentifier(expression)] = SizeMemo.Entry(
      value: value, frame: home, block: openBlocks.last?.number, expression: expression)
  }

  private func operand(_ dim: Dim) -> SizeMemo.Operand {
    dim.expression.flatMap(known).map { .value($0) } ?? .number(dim.number)
  }
}

extension SizeMemo.Operand {
  fileprivate var argument: Argument {
    switch self {
    case .value(let value): .value(value)
    case .number(let number): .int(number)
    }
  }
}

extension DimOperation {
  fileprivate var operatorName: String {
    switch self {
    case .add: "aten::add.int"
    case .subtract: "aten::sub.int"
    case .multiply: "aten::mul.int"
    case .floorDivide: "aten::floordiv.int"
    case .remainder: "aten::remainder.int"
    }
  }
}

extension Dim {
  /// Whether the size comes from what this trace records; one from an earlier trace is a number.
  func isTraced(in session: UInt64) -> Bool {
    var expression = expression
    while let current = expression {
      switch current.source {
      case .size(let tag, _), .value(let tag): return tag.session == session
      case .binary(_, let a, let b): expression = a.expression ?? b.expression
      }
    }
    return false
  }
}
