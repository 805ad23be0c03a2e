import MartletOps
import MartletTensor
import MartletTracer

extension FunctionCompiler {
  /// - Parameter hint: the type that is stated for the result, if any.
  func compile(_ expression: Expression, hint: GraphType? = nil) throws -> Operand {
    try spend()
    switch expression.kind {
    case .none: return .none
    case .bool(let flag): return .bool(flag)
    case .int(let number): return .int(number)
    case .double(let number): return .value(.double(number), .float)
    case .string(let text): return .string(text)
    case .imaginary(let number): return .value(.complex(0, number), .complex)
    case .ellipsis: throw failure("expected '...' only as an index", at: expression.position)
    case .name(let name): return try compileName(name, at: expression.position)
    case .attribute(let base, let name):
      return try attribute(try compile(base), name, at: expression.position)
    case .call(let function, let arguments, let keywords):
      if let hint, arguments.isEmpty, case .attribute(let base, "tolist") = function.kind {
        return try compileToList(try compile(base), hint, at: expression.position)
      }
      return try compileCall(function, arguments, keywords, at: expression.position)
    case .tuple(let items): return .tuple(try compileItems(items, hints: hint?.tupleItems))
    case .list(let items):
      var element: GraphType?
      if case .list(let stated)? = hint?.withoutOptional { element = stated }
      let operands = try items.map { try compile($0, hint: element) }
      return .list(operands, element: nil)
    case .dictionary(let entries):
      return .dictionary(
        try entries.map { (try compile($0.key), try compile($0.value)) }, nil)
    case .subscripted(let base, let indices):
      return try item(of: try compile(base), indices, at: expression.position)
    case .negative(let inner):
      if case .name(let name) = inner.kind, name == "inf" || name == "nan", variable(name) == nil {
        return .value(.double(name == "inf" ? -.infinity : .nan), .float)
      }
      return try callOperator("aten::neg", [try compile(inner)], [], at: expression.position)
    case .invert(let inner):
      return try callOperator(
        "aten::bitwise_not", [try compile(inner)], [], at: expression.position)
    case .binary(let operation, let left, let right):
      if let number = expression.complexNumber {
        return .value(.complex(number.real, number.imaginary), .complex)
      }
      return try compileBinary(operation, left, right, at: expression.position)
    case .not, .logical:
      switch try compileCondition(expression).truth {
      case .known(let flag): return .bool(flag)
      case .value(let value): return .value(value)
      }
    case .comparison(let kind, let left, let right):
      return try compileComparison(kind, left, right, expression)
    case .conditional(let condition, let then, let otherwise):
      return try compileChoice(condition, then, otherwise, hint)
    case .formatted(let text, let fields):
      let values = try fields.map { Operand.value(try materialized(try compile($0))) }
      return try callOperator(
        "aten::format", [.string(text)] + values, [], at: expression.position)
    case .star: throw failure("expected '*' only within a call", at: expression.position)
    case .slice: throw failure("expected ':' only within an index", at: expression.position)
    case .listComprehension(let element, let clauses):
      return try compileComprehension(element, nil, clauses, hint, at: expression.position)
    case .dictionaryComprehension(let key, let value, let clauses):
      return try compileComprehension(value, key, clauses, hint, at: expression.position)
    }
  }

  /// Arguments or items; `*tuple` stands for the tuple's items.
  func compileItems(_ expressions: [Expression], hints: [GraphType]? = nil) throws -> [Operand] {
    var items: [Operand] = []
    for (index, expression) in expressions.enumerated() {
      guard case .star(let inner) = expression.kind else {
        let hint = hints.flatMap { index < $0.count ? $0[index] : nil }
        items.append(try compile(expression, hint: hint))
        continue
      }
      let source = try compile(inner)
      if case .tuple(let parts) = source {
        items += parts
      } else if case .list(let parts, _) = source {
        items += parts
      } else {
        let value = try materialized(source)
        guard let types = value.type.tupleItems else {
          throw failure(
            "expected a tuple behind '*', got \(TypeRules.text(value.type))",
            at: expression.position)
        }
        items += types.indices.map { tupleItem(value, $0, types[$0]) }
      }
    }
    return items
  }

  /// An item of a tuple whose place is known.
  func tupleItem(_ value: Typed, _ index: Int, _ type: GraphType) -> Operand {
    if case .tuple(let items) = value.argument { return .value(items[index], type) }
    let item = emit(.prim(.tupleIndex), [value.argument, .int(index)], type)
    return .value(.value(item), type)
  }

  static func operatorName(_ operation: BinaryOperator) -> String {
    switch operation {
    case .add: "aten::add"
    case .subtract: "aten::sub"
    case .multiply: "aten::mul"
    case .divide: "aten::div"
    case .floorDivide: "aten::floor_divide"
    case .remainder: "aten::remainder"
    case .power: "aten::pow"
    case .matMul: "aten::matmul"
    case .and: "aten::__and__"
    case .or: "aten::__or__"
    case .xor: "aten::__xor__"
    case .shiftLeft: "aten::__lshift__"
    case .shiftRight: "aten::__rshift__"
    }
  }

  private func compileBinary(
    _ operation: BinaryOperator, _ left: Expression, _ right: Expression, at position: Int
  ) throws -> Operand {
    let (a, b) = (try compile(left), try compile(right))
    return try callBinary(operation, a, b, at: position)
  }

  func callBinary(_ operation: BinaryOperator, _ a: Operand, _ b: Operand, at position: Int) throws
    -> Operand
  {
    var name = FunctionCompiler.operatorName(operation)
    switch (operation, a.type) {
    case (.floorDivide, let type?) where type != .tensor:
      if b.type != .tensor { name = "aten::floordiv" }
    case (.remainder, .string?):
      // As `"%d" % x`.
      let values = b.type?.tupleItems == nil ? [b] : try self.tupleItems(b)
      return try callOperator(
        "aten::percentFormat", [a] + (values.count == 1 ? values : [.tuple(values)]), [],
        at: position)
    default: break
    }
    return try callOperator(name, [a, b], [], at: position)
  }

  private func tupleItems(_ operand: Operand) throws -> [Operand] {
    if case .tuple(let items) = operand { return items }
    let value = try materialized(operand)
    return (value.type.tupleItems ?? []).enumerated().map { tupleItem(value, $0, $1) }
  }

  private func compileComparison(
    _ kind: Comparison, _ left: Expression, _ right: Expression, _ expression: Expression
  ) throws -> Operand {
    switch kind {
    case .is, .isNot:
      if case .none = right.kind {
        switch try compileCondition(expression).truth {
        case .known(let flag): return .bool(flag)
        case .value(let value): return .value(value)
        }
      }
      return try callOperator(
        kind == .is ? "aten::__is__" : "aten::__isnot__", [try compile(left), try compile(right)],
        [], at: expression.position)
    case .in, .notIn:
      let (item, container) = (try compile(left), try compile(right))
      if container.type == .string {
        let place = try callOperator("aten::find", [container, item], [], at: expression.position)
        return try callOperator(
          kind == .in ? "aten::ne" : "aten::eq", [place, .int(-1)], [], at: expression.position)
      }
      let found = try callOperator(
        "aten::__contains__", [container, item], [], at: expression.position)
      return kind == .in
        ? found : try callOperator("aten::__not__", [found], [], at: expression.position)
    default:
      let name =
        switch kind {
        case .less: "aten::lt"
        case .greater: "aten::gt"
        case .lessOrEqual: "aten::le"
        case .greaterOrEqual: "aten::ge"
        case .equal: "aten::eq"
        default: "aten::ne"
        }
      return try callOperator(
        name, [try compile(left), try compile(right)], [], at: expression.position)
    }
  }

  /// `a if c else b`.
  private func compileChoice(
    _ condition: Expression, _ then: Expression, _ otherwise: Expression, _ hint: GraphType?
  ) throws -> Operand {
    let target = "$choice\(depth)"
    let outcome = try compileBranches(
      try compileCondition(condition),
      then: {
        self.assign(target, .value(try self.chosen(then, hint)))
        return .goesOn
      },
      otherwise: {
        self.assign(target, .value(try self.chosen(otherwise, hint)))
        return .goesOn
      })
    guard outcome == .goesOn, let variable = variable(target) else { return .none }
    if let problem = variable.problem {
      throw failure("expected one type for both values: \(problem)", at: then.position)
    }
    frames[frames.count - 1].variables[target] = nil
    if frames[frames.count - 1].assigned.last == target {
      frames[frames.count - 1].assigned.removeLast()
    }
    return variable.operand
  }

  private func chosen(_ expression: Expression, _ hint: GraphType?) throws -> Typed {
    let operand = try compile(expression, hint: hint)
    guard let hint else { return try materialized(operand) }
    return try converted(operand, to: hint) { "a value of type \($0)" }
  }
}

/// Comprehensions.
extension FunctionCompiler {
  private func compileComprehension(
    _ element: Expression, _ key: Expression?, _ clauses: [Expression.Clause],
    _ hint: GraphType?, at position: Int
  ) throws -> Operand {
    if key == nil, clauses.count == 1, clauses[0].conditions.isEmpty,
      let items = try fixed(element, clauses[0])
    {
      return .list(items, element: nil)
    }
    let type = try hint ?? comprehensionType(element, key, clauses[...])
    let prim: Prim = key == nil ? .listConstruct : .dictConstruct
    let container = Typed(emit(.prim(prim), [], type), type)
    let name = "$container\(position)"
    assign(name, .value(container))
    try walk(clauses[...], at: position) {
      let value = try self.compile(element)
      if let key {
        _ = try self.callOperator(
          "aten::_set_item", [.value(container), try self.compile(key), value], [], at: position)
      } else {
        _ = try self.callOperator(
          "aten::append", [.value(container), value], [], at: position)
      }
    }
    return .value(container)
  }

  /// Over a tuple: a list of as many items.
  private func fixed(_ element: Expression, _ clause: Expression.Clause) throws -> [Operand]? {
    guard case .name(let name) = clause.iterable.kind,
      let source = variable(name)?.operand, let types = source.type?.tupleItems
    else { return nil }
    let value = try materialized(source)
    return try types.indices.map { index in
      try assign(to: clause.target, tupleItem(value, index, types[index]))
      return .value(try materialized(try compile(element)))
    }
  }

  private func walk(
    _ clauses: ArraySlice<Expression.Clause>, at position: Int, _ body: () throws -> Void
  ) throws {
    guard let clause = clauses.first else { return try body() }
    let walk = try Walk(try compile(clause.iterable), self, at: clause.iterable.position)
    let round = graph.newValue(.int)
    var part = try inBlock([round]) {
      self.position = position
      try self.assign(to: clause.target, try walk.item(Typed(round, .int), self))
      try self.filtered(clause.conditions[...]) {
        try self.walk(clauses.dropFirst(), at: position, body)
      }
    }
    part.block.results = [.bool(true)]
    blocks[blocks.count - 1].nodes.append(
      Node(
        .prim(.loop), [walk.rounds, .bool(true)], blocks: [part.block], location: location))
  }

  private func filtered(_ conditions: ArraySlice<Expression>, _ body: () throws -> Void) throws {
    guard let condition = conditions.first else { return try body() }
    _ = try compileBranches(
      try compileCondition(condition),
      then: {
        try self.filtered(conditions.dropFirst(), body)
        return .goesOn
      }, otherwise: { .goesOn })
  }

  /// The type of what a comprehension makes, by compiling its element once and forgetting it.
  private func comprehensionType(
    _ element: Expression, _ key: Expression?, _ clauses: ArraySlice<Expression.Clause>
  ) throws -> GraphType {
    let saved = (graph, blocks, frames, unit.calls[name])
    defer { (graph, blocks, frames, unit.calls[name]) = saved }
    var type = GraphType.list(.tensor)
    _ = try inBlock {
      for clause in clauses {
        let walk = try Walk(try self.compile(clause.iterable), self, at: clause.iterable.position)
        let round = self.graph.newValue(.int)
        try self.assign(to: clause.target, try walk.item(Typed(round, .int), self))
        for condition in clause.conditions {
          let found = try self.compileCondition(condition)
          self.refine(found.whenTrue)
        }
      }
      let value = try self.materialized(try self.compile(element)).type
      if let key {
        type = .dictionary(try self.materialized(try self.compile(key)).type, value)
      } else {
        type = .list(value)
      }
    }
    return type
  }
}
