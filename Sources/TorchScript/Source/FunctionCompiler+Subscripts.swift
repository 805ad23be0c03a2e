import MartletOps
import MartletTensor
import MartletTracer

/// Indices.
extension FunctionCompiler {
  /// A tensor's index: a view by whole numbers and slices, and index tensors on top, if any.
  struct TensorIndex {
    var view: Typed
    /// One for each of the view's leading axes; none where an axis is taken whole.
    var tensors: [Operand]?
  }

  func item(of operand: Operand, _ indices: [Expression], at position: Int) throws -> Operand {
    switch operand {
    case .tuple(let items):
      if indices.count == 1, let picked = try pick(items, indices[0]) { return picked }
    case .list(let items, let element) where indices.count == 1:
      if case .slice = indices[0].kind { break }
      if let index = constantIndex(indices[0], items.count) {
        guard items.indices.contains(index) else { break }
        if let element { return .value(try converted(items[index], to: element) { $0 }) }
        return items[index]
      }
    default: break
    }
    let value = try materialized(operand)
    switch value.type {
    case .tuple, .namedTuple:
      return try item(ofTuple: value, value.type.tupleItems ?? [], indices, at: position)
    case .tensor:
      let index = try tensorIndex(value, indices, at: position)
      return try read(index, at: position)
    case .list, .string:
      guard indices.count == 1 else { throw failure("expected one index", at: position) }
      if case .slice(let start, let end, let step) = indices[0].kind {
        let parts: [Operand] = [
          try start.map { try compile($0) } ?? .none, try end.map { try compile($0) } ?? .none,
          try step.map { try compile($0) } ?? .int(1),
        ]
        return try callOperator("aten::slice", [.value(value)] + parts, [], at: position)
      }
    case .module:
      guard indices.count == 1 else { break }
      if case .string(let name) = indices[0].kind {
        return try attribute(.value(value), name, at: position)
      }
      if case .int(let number) = indices[0].kind {
        return try attribute(.value(value), String(number), at: position)
      }
      return try callMethod(
        value, "__getitem__", try indices.map { try compile($0) }, at: position)
    default: break
    }
    guard indices.count == 1 else { throw failure("expected one index", at: position) }
    return try callOperator(
      "aten::__getitem__", [.value(value), try compile(indices[0])], [], at: position)
  }

  /// An index that is known, counted from the front.
  private func constantIndex(_ expression: Expression, _ count: Int) -> Int? {
    guard case .int(let number) = expression.kind else { return nil }
    return number < 0 ? number &+ count : number
  }

  private func pick(_ items: [Operand], _ index: Expression) throws -> Operand? {
    if case .slice(let start, let end, let step) = index.kind {
      let range = try bounds(start, end, step, items.count, at: index.position)
      return .tuple(range.map { items[$0] })
    }
    guard let number = constantIndex(index, items.count) else { return nil }
    guard items.indices.contains(number) else {
      throw failure(
        "expected an index of a tuple of \(items.count) items, got \(number)", at: index.position)
    }
    return items[number]
  }

  private func bounds(
    _ start: Expression?, _ end: Expression?, _ step: Expression?, _ count: Int, at position: Int
  ) throws -> StrideTo<Int> {
    func number(_ expression: Expression?, _ usual: Int) throws -> Int {
      guard let expression else { return usual }
      guard case .value(let value) = try compile(expression) else {
        throw failure("expected a constant", at: position)
      }
      switch value.argument {
      case .int(let number): return number
      case .none: return usual
      default: throw failure("expected a constant as an index of a tuple", at: position)
      }
    }
    let step = try number(step, 1)
    guard step > 0 else { throw failure("expected a positive step", at: position) }
    func clamped(_ number: Int) -> Int { min(max(number < 0 ? number &+ count : number, 0), count) }
    return Swift.stride(
      from: clamped(try number(start, 0)), to: clamped(try number(end, count)), by: step)
  }

  private func item(
    ofTuple value: Typed, _ types: [GraphType], _ indices: [Expression], at position: Int
  ) throws -> Operand {
    guard indices.count == 1 else { throw failure("expected one index", at: position) }
    if case .slice(let start, let end, let step) = indices[0].kind {
      let range = try bounds(start, end, step, types.count, at: position)
      return .tuple(range.map { tupleItem(value, $0, types[$0]) })
    }
    guard case .value(let index) = try compile(indices[0]) else {
      throw failure("expected an int as an index of a tuple", at: position)
    }
    guard case .int(var number) = index.argument else {
      // Items of one type may be picked while running.
      guard let first = types.first, types.allSatisfy({ $0 == first }), index.type == .int else {
        throw failure("expected a constant as an index of a tuple", at: position)
      }
      let list = Operand.list(
        types.indices.map { tupleItem(value, $0, types[$0]) }, element: first)
      return try callOperator(
        "aten::__getitem__", [.value(try materialized(list)), .value(index)], [], at: position)
    }
    if number < 0 { number += types.count }
    guard types.indices.contains(number) else {
      throw failure(
        "expected an index of a tuple of \(types.count) items, got \(number)", at: position)
    }
    return tupleItem(value, number, types[number])
  }
}

/// Tensors.
extension FunctionCompiler {
  /// Whole numbers, slices, `None` and `...` become views at once, as in PyTorch.
  func tensorIndex(_ tensor: Typed, _ indices: [Expression], at position: Int) throws
    -> TensorIndex
  {
    var view = tensor
    var tensors: [Operand] = []
    var axis = 0
    func apply(_ name: String, _ arguments: [Operand]) throws {
      view = try materialized(
        try callOperator(name, [.value(view)] + arguments, [], at: position))
    }
    var flat: [Expression] = indices
    if indices.count == 1, case .tuple(let items) = indices[0].kind { flat = items }
    for (place, index) in flat.enumerated() {
      switch index.kind {
      case .ellipsis:
        // Axes that follow are counted from the back.
        let behind = flat[(place + 1)...].filter { takesAxis($0) }.count
        axis = -behind
        if behind == 0 { continue }
      case .slice(let start, let end, let step):
        let parts: [Operand] = [
          try start.map { try compile($0) } ?? .none, try end.map { try compile($0) } ?? .none,
          try step.map { try compile($0) } ?? .int(1),
        ]
        try apply("aten::slice", [.int(axis)] + parts)
        axis += 1
      case .none:
        try apply("aten::unsqueeze", [.int(axis)])
        axis += 1
      default:
        let operand = try compile(index)
        switch operand.type {
        case .int?:
          try apply("aten::select", [.int(axis), operand])
          // The axes behind move up, unless they are counted from the back.
          if axis < 0 { axis += 1 }
        case .none?:
          try apply("aten::unsqueeze", [.int(axis)])
          axis += 1
        default:
          guard axis >= 0 else {
            throw failure("expected index tensors before '...'", at: index.position)
          }
          while tensors.count < axis { tensors.append(.none) }
          tensors.append(try indexTensor(operand, at: index.position))
          axis += 1
        }
      }
    }
    return TensorIndex(view: view, tensors: tensors.isEmpty ? nil : tensors)
  }

  private func takesAxis(_ index: Expression) -> Bool {
    switch index.kind {
    case .none, .ellipsis: false
    default: true
    }
  }

  private func indexTensor(_ operand: Operand, at position: Int) throws -> Operand {
    switch operand.type {
    case .tensor?, .optional(.tensor)?: return operand
    case .list?:
      return try callOperator(
        "aten::tensor", [operand], [("dtype", .int(4))], at: position)
    case .bool?:
      return try callOperator("aten::tensor", [operand], [("dtype", .int(11))], at: position)
    default:
      throw failure("expected an index of a tensor, got \(operand.summary)", at: position)
    }
  }

  func read(_ index: TensorIndex, at position: Int) throws -> Operand {
    guard let tensors = index.tensors else { return .value(index.view) }
    return try callOperator(
      "aten::index", [.value(index.view), .list(tensors, element: .optional(.tensor))], [],
      at: position)
  }

  func write(_ index: TensorIndex, _ operand: Operand, at position: Int) throws {
    var value = operand
    if value.type != .tensor {
      // Numbers become tensors of the target's kind.
      value = try callOperator(
        "aten::tensor", [operand],
        [
          ("dtype", try callOperator("prim::dtype", [.value(index.view)], [], at: position)),
          ("device", try callOperator("prim::device", [.value(index.view)], [], at: position)),
        ], at: position)
    }
    guard let tensors = index.tensors else {
      _ = try callOperator("aten::copy_", [.value(index.view), value], [], at: position)
      return
    }
    _ = try callOperator(
      "aten::index_put_",
      [.value(index.view), .list(tensors, element: .optional(.tensor)), value], [], at: position)
  }

  /// `x[i] = value`.
  func assignItem(
    _ base: Expression, _ indices: [Expression], _ operand: Operand, at position: Int
  ) throws {
    let container = try materialized(try compile(base))
    if container.type == .tensor {
      try write(try tensorIndex(container, indices, at: position), operand, at: position)
      return
    }
    guard indices.count == 1 else { throw failure("expected one index", at: position) }
    if case .module = container.type {
      _ = try callMethod(
        container, "__setitem__", [try compile(indices[0]), operand], at: position)
      return
    }
    let key = Operand.value(try materialized(try compile(indices[0])))
    var value = Operand.value(try materialized(operand))
    switch container.type {
    case .list(let element): value = .value(try converted(operand, to: element) { $0 })
    case .dictionary(_, let element): value = .value(try converted(operand, to: element) { $0 })
    default: break
    }
    _ = try callOperator("aten::_set_item", [.value(container), key, value], [], at: position)
  }
}
