import MartletTensor

extension SourceParser {
  /// `: statements`, indented or on the same line.
  mutating func block() throws(MartletError) -> [Statement] {
    try expect(.colon)
    var statements: [Statement] = []
    if kind != .newline {
      repeat {
        statements.append(try simpleStatement())
      } while kind != .newline && kind != .end && kind != .dedent
        && previous == .symbol(.semicolon)
      return statements
    }
    advance()
    guard kind == .indent else { throw expected("an indented block") }
    advance()
    while kind != .dedent, kind != .end {
      if kind == .newline {
        advance()
        continue
      }
      statements.append(try nested { parser throws(MartletError) in try parser.statement() })
    }
    if kind == .dedent { advance() }
    return statements
  }

  private mutating func statement() throws(MartletError) -> Statement {
    let start = position
    guard case .name(let word) = kind else { return try simpleStatement() }
    let body: Statement.Kind
    switch word {
    case "if":
      advance()
      body = try conditional()
    case "while":
      advance()
      let condition = try expression()
      body = .while(condition, try block())
    case "for":
      advance()
      let target = try targets()
      try expect("in")
      let iterable = try expressions()
      body = .for(target: target, iterable: iterable, try block())
    case "with":
      advance()
      body = try with()
    case "def": body = .define(try function())
    case "class", "import", "from", "global", "nonlocal", "lambda", "try", "yield":
      throw expected("a statement of TorchScript")
    default:
      if word == "async" { advance() }
      return try simpleStatement()
    }
    return Statement(kind: body, position: start)
  }

  /// Behind `if` or `elif`.
  private mutating func conditional() throws(MartletError) -> Statement.Kind {
    let condition = try expression()
    let then = try block()
    var otherwise: [Statement] = []
    let start = position
    if take("elif") {
      let inner = try nested { parser throws(MartletError) in try parser.conditional() }
      otherwise = [Statement(kind: inner, position: start)]
    } else if take("else") {
      otherwise = try block()
    }
    return .if(condition, then: then, otherwise: otherwise)
  }

  private mutating func with() throws(MartletError) -> Statement.Kind {
    var items: [(context: Expression, name: Expression?)] = []
    repeat {
      let context = try expression()
      items.append((context, take("as") ? try expression() : nil))
    } while take(.comma)
    return .with(items, try block())
  }

  private mutating func simpleStatement() throws(MartletError) -> Statement {
    let start = position
    let kind = try simpleKind()
    try endLine()
    return Statement(kind: kind, position: start)
  }

  private mutating func simpleKind() throws(MartletError) -> Statement.Kind {
    if case .name(let word) = kind {
      switch word {
      case "pass":
        advance()
        return .pass
      case "break":
        advance()
        return .break
      case "continue":
        advance()
        return .continue
      case "return":
        advance()
        return .return(isLineEnd ? nil : try expressions())
      case "raise":
        advance()
        return .raise(isLineEnd ? nil : try expression())
      case "assert":
        advance()
        let condition = try expression()
        return .assert(condition, take(.comma) ? try expression() : nil)
      case "del":
        advance()
        var victims = [try expression()]
        while take(.comma), !isLineEnd { victims.append(try expression()) }
        return .delete(victims)
      default: break
      }
    }
    return try assignment()
  }

  private mutating func assignment() throws(MartletError) -> Statement.Kind {
    let first = try expressions()
    if take(.colon) {
      let annotation = try expression()
      return .assign(
        [first], annotation: annotation, value: take(.assign) ? try expressions() : nil)
    }
    if case .symbol(let symbol) = kind, let operation = SourceParser.augmented[symbol] {
      advance()
      return .augmented(operation, first, try expressions())
    }
    guard at(.assign) else { return .expression(first) }
    var targets = [first]
    while take(.assign) { targets.append(try expressions()) }
    let value = targets.removeLast()
    return .assign(targets, annotation: nil, value: value)
  }

  private var isLineEnd: Bool {
    switch kind {
    case .newline, .end, .dedent, .symbol(.semicolon): true
    default: false
    }
  }

  private static let augmented: [SourceSymbol: BinaryOperator] = [
    .plusAssign: .add, .minusAssign: .subtract, .timesAssign: .multiply, .divideAssign: .divide,
    .floorDivideAssign: .floorDivide, .remainderAssign: .remainder, .powerAssign: .power,
    .andAssign: .and, .orAssign: .or, .xorAssign: .xor, .matMulAssign: .matMul,
    .shiftLeftAssign: .shiftLeft, .shiftRightAssign: .shiftRight,
  ]
}
