import MartletTensor

extension SourceParser {
  /// One expression, or several with commas between them, which are a tuple.
  mutating func expressions() throws(MartletError) -> Expression {
    let start = position
    let first = try starred()
    guard at(.comma) else { return first }
    var items = [first]
    while take(.comma), !endsExpressions { items.append(try starred()) }
    return make(.tuple(items), start, items)
  }

  /// The targets of a `for`, which end at `in`.
  mutating func targets() throws(MartletError) -> Expression {
    let start = position
    let first = try binary(5)
    guard at(.comma) else { return first }
    var items = [first]
    while take(.comma), !at("in") { items.append(try binary(5)) }
    return make(.tuple(items), start, items)
  }

  private var endsExpressions: Bool {
    switch kind {
    case .newline, .end, .dedent, .symbol(.assign), .symbol(.rightParenthesis), .symbol(.colon),
      .symbol(.rightBracket), .symbol(.rightBrace), .symbol(.semicolon):
      true
    default: false
    }
  }

  private mutating func starred() throws(MartletError) -> Expression {
    let start = position
    guard take(.times) else { return try expression() }
    let inner = try expression()
    return make(.star(inner), start, [inner])
  }

  mutating func expression() throws(MartletError) -> Expression {
    try nested { parser throws(MartletError) in
      let start = parser.position
      let value = try parser.binary(1)
      guard parser.take("if") else { return try parser.checked(value) }
      let condition = try parser.binary(1)
      try parser.expect("else")
      let otherwise = try parser.expression()
      return parser.make(
        .conditional(condition: condition, then: value, otherwise: otherwise), start,
        [value, condition, otherwise])
    }
  }

  func make(_ kind: Expression.Kind, _ position: Int, _ parts: [Expression]) -> Expression {
    var deepest = 0
    for part in parts { deepest = max(deepest, part.depth) }
    return Expression(kind: kind, position: position, depth: deepest + 1)
  }

  /// Refuses trees that grow deep without recursion here: long sums, long chains of calls.
  private func checked(_ expression: Expression) throws(MartletError) -> Expression {
    guard expression.depth <= SourceParser.greatestDepth else {
      throw source.failure(
        "expected at most \(SourceParser.greatestDepth) expressions within each other",
        at: expression.position)
    }
    return expression
  }

  /// Operators that bind at least as tightly as `level`: 1 `or`, 2 `and`, 3 `not`,
  /// 4 comparisons, 5 `|`, 6 `^`, 7 `&`, 8 shifts, 9 sums, 10 products, 11 signs, 12 `**`.
  mutating func binary(_ level: Int) throws(MartletError) -> Expression {
    let start = position
    var left = try unary(level)
    while let (operation, strength) = infix, strength >= level {
      let place = position
      advance()
      if case .comparison(.is) = operation, take("not") {
        left = try comparison(.isNot, left, start, place)
        continue
      }
      switch operation {
      case .or, .and:
        let right = try binary(strength + 1)
        var isAnd = false
        if case .and = operation { isAnd = true }
        left = make(.logical(isAnd: isAnd, left, right), start, [left, right])
      case .comparison(let kind):
        if kind == .notIn { try expect("in") }
        left = try comparison(kind, left, start, place)
      case .binary(let kind):
        // `**` groups to the right and takes a sign behind it.
        let right = try nested { parser throws(MartletError) in
          try parser.binary(kind == .power ? 11 : strength + 1)
        }
        left = make(.binary(kind, left, right), kind == .power ? place : start, [left, right])
      }
      left = try checked(left)
    }
    return left
  }

  /// `a < b < c` is `a < b and b < c`.
  private mutating func comparison(
    _ kind: Comparison, _ left: Expression, _ start: Int, _ place: Int
  ) throws(MartletError) -> Expression {
    let right = try binary(5)
    switch left.kind {
    case .comparison(_, _, let middle):
      let next = make(.comparison(kind, middle, right), place, [middle, right])
      return make(.logical(isAnd: true, left, next), start, [left, next])
    case .logical(isAnd: true, _, let last):
      if case .comparison(_, _, let middle) = last.kind, !tokenWasParenthesis(before: place) {
        let next = make(.comparison(kind, middle, right), place, [middle, right])
        return make(.logical(isAnd: true, left, next), start, [left, next])
      }
    default: break
    }
    return make(.comparison(kind, left, right), start, [left, right])
  }

  private enum Infix {
    case or, and
    case comparison(Comparison)
    case binary(BinaryOperator)
  }

  private var infix: (Infix, Int)? {
    switch kind {
    case .name("or"): (.or, 1)
    case .name("and"): (.and, 2)
    case .name("is"): (.comparison(.is), 4)
    case .name("in"): (.comparison(.in), 4)
    case .name("not") where following == .name("in"): (.comparison(.notIn), 4)
    case .symbol(let symbol):
      switch symbol {
      case .less: (.comparison(.less), 4)
      case .greater: (.comparison(.greater), 4)
      case .lessOrEqual: (.comparison(.lessOrEqual), 4)
      case .greaterOrEqual: (.comparison(.greaterOrEqual), 4)
      case .equal: (.comparison(.equal), 4)
      case .notEqual: (.comparison(.notEqual), 4)
      case .or: (.binary(.or), 5)
      case .xor: (.binary(.xor), 6)
      case .and: (.binary(.and), 7)
      case .shiftLeft: (.binary(.shiftLeft), 8)
      case .shiftRight: (.binary(.shiftRight), 8)
      case .plus: (.binary(.add), 9)
      case .minus: (.binary(.subtract), 9)
      case .times: (.binary(.multiply), 10)
      case .divide: (.binary(.divide), 10)
      case .floorDivide: (.binary(.floorDivide), 10)
      case .remainder: (.binary(.remainder), 10)
      case .at: (.binary(.matMul), 10)
      case .power: (.binary(.power), 12)
      default: nil
      }
    default: nil
    }
  }

  private mutating func unary(_ level: Int) throws(MartletError) -> Expression {
    let start = position
    if at("not") {
      advance()
      let inner = try nested { parser throws(MartletError) in try parser.binary(3) }
      return make(.not(inner), start, [inner])
    }
    guard at(.minus) || at(.plus) || at(.invert) else { return try postfix() }
    let isMinus = at(.minus)
    let isPlus = at(.plus)
    advance()
    if isMinus, case .int(let number) = kind, number == UInt(Int.max) + 1,
      following != .symbol(.power)
    {
      advance()
      return make(.int(Int.min), start, [])
    }
    let inner = try nested { parser throws(MartletError) in try parser.binary(11) }
    if isPlus { return inner }
    guard isMinus else { return make(.invert(inner), start, [inner]) }
    switch inner.kind {
    case .int(let number): return make(.int(0 &- number), start, [])
    case .double(let number): return make(.double(-number), start, [])
    case .imaginary(let number): return make(.imaginary(-number), start, [])
    default: return make(.negative(inner), start, [inner])
    }
  }

  private mutating func postfix() throws(MartletError) -> Expression {
    let start = position
    var value = try atom()
    while true {
      switch kind {
      case .symbol(.dot):
        advance()
        guard case .name(let name) = kind else { throw expected("an attribute's name") }
        advance()
        value = make(.attribute(value, name), start, [value])
      case .symbol(.leftParenthesis): value = try call(value, start)
      case .symbol(.leftBracket): value = try subscripted(value, start)
      default: return value
      }
      value = try checked(value)
    }
  }

  private mutating func call(_ function: Expression, _ start: Int) throws(MartletError)
    -> Expression
  {
    advance()
    var arguments: [Expression] = []
    var keywords: [Expression.Keyword] = []
    var parts = [function]
    while !take(.rightParenthesis) {
      if case .name(let name) = kind, following == .symbol(.assign) {
        advance()
        advance()
        let value = try expression()
        keywords.append(Expression.Keyword(name: name, value: value))
        parts.append(value)
      } else {
        guard keywords.isEmpty else { throw expected("an argument with its name") }
        var argument = try starred()
        if at("for") {
          let clauses = try clauses()
          argument = make(.listComprehension(argument, clauses), argument.position, [argument])
        }
        arguments.append(argument)
        parts.append(argument)
      }
      if !at(.rightParenthesis) { try expect(.comma) }
    }
    return make(.call(function, arguments, keywords), start, parts)
  }

  private mutating func subscripted(_ value: Expression, _ start: Int) throws(MartletError)
    -> Expression
  {
    advance()
    var indices: [Expression] = []
    guard !at(.rightBracket) else { throw expected("an index") }
    while !take(.rightBracket) {
      indices.append(try subscriptIndex())
      if !at(.rightBracket) { try expect(.comma) }
    }
    return make(.subscripted(value, indices), start, [value] + indices)
  }

  private mutating func subscriptIndex() throws(MartletError) -> Expression {
    let start = position
    var parts: [Expression?] = [nil, nil, nil]
    if !at(.colon) {
      let first = try starred()
      guard at(.colon) else { return first }
      parts[0] = first
    }
    for part in 1...2 where take(.colon) {
      if !at(.colon), !at(.comma), !at(.rightBracket) { parts[part] = try expression() }
    }
    return make(.slice(parts[0], parts[1], parts[2]), start, parts.compactMap { $0 })
  }
}
