/// What statements assign, by a look at their syntax.
enum AssignedNames {
  /// The variables that the statements set, those within blocks included.
  static func variables(in statements: [Statement]) -> Set<String> {
    var names: Set<String> = []
    visit(statements) { target in
      if case .name(let name) = target.kind { names.insert(name) }
    }
    return names
  }

  /// The attributes of the object that the statements set.
  static func attributes(in statements: [Statement], of object: String) -> Set<String> {
    var names: Set<String> = []
    visit(statements) { target in
      if case .attribute(let base, let name) = target.kind, case .name(object) = base.kind {
        names.insert(name)
      }
    }
    return names
  }

  private static func visit(_ statements: [Statement], _ body: (Expression) -> Void) {
    for statement in statements {
      switch statement.kind {
      case .assign(let targets, _, _): for target in targets { visit(target, body) }
      case .augmented(_, let target, _): visit(target, body)
      case .if(_, let then, let otherwise):
        visit(then, body)
        visit(otherwise, body)
      case .while(_, let inner): visit(inner, body)
      case .for(let target, _, let inner):
        visit(target, body)
        visit(inner, body)
      case .with(let items, let inner):
        for item in items { if let name = item.name { visit(name, body) } }
        visit(inner, body)
      default: break
      }
    }
  }

  private static func visit(_ target: Expression, _ body: (Expression) -> Void) {
    switch target.kind {
    case .tuple(let items), .list(let items): for item in items { visit(item, body) }
    case .star(let inner): visit(inner, body)
    default: body(target)
    }
  }
}

/// Whether statements leave the block they stand in by `return`, `break` or `continue`.
enum Exits: Int {
  case never, maybe, always

  static func of(_ statements: [Statement]) -> Exits {
    var result = Exits.never
    for statement in statements {
      switch of(statement) {
      case .always: return .always
      case .maybe: result = .maybe
      case .never: break
      }
    }
    return result
  }

  static func of(_ statement: Statement) -> Exits {
    switch statement.kind {
    case .return, .break, .continue: return .always
    case .if(_, let then, let otherwise):
      let (a, b) = (of(then), of(otherwise))
      return a == b ? a : .maybe
    case .while(_, let body), .for(_, _, let body): return returns(body) ? .maybe : .never
    case .with(_, let body): return of(body)
    default: return .never
    }
  }

  /// Whether a `return` stands in them.
  static func returns(_ statements: [Statement]) -> Bool {
    statements.contains { statement in
      switch statement.kind {
      case .return: true
      case .if(_, let then, let otherwise): returns(then) || returns(otherwise)
      case .while(_, let body), .for(_, _, let body), .with(_, let body): returns(body)
      default: false
      }
    }
  }

  /// Whether a `return` stands in a loop of theirs.
  static func returnsFromLoop(_ statements: [Statement]) -> Bool {
    statements.contains { statement in
      switch statement.kind {
      case .if(_, let then, let otherwise): returnsFromLoop(then) || returnsFromLoop(otherwise)
      case .while(_, let body), .for(_, _, let body): returns(body)
      case .with(_, let body): returnsFromLoop(body)
      default: false
      }
    }
  }

  /// Whether a `break` of the loop around them stands in them.
  static func breaks(_ statements: [Statement]) -> Bool {
    statements.contains { statement in
      switch statement.kind {
      case .break: true
      case .if(_, let then, let otherwise): breaks(then) || breaks(otherwise)
      case .with(_, let body): breaks(body)
      default: false
      }
    }
  }

  /// Whether some branch leaves and others do not, so that what follows needs a flag.
  static func needsFlag(_ statements: [Statement]) -> Bool {
    statements.contains { statement in
      switch statement.kind {
      case .if(_, let then, let otherwise):
        // What follows moves into the branch that goes on, unless that one may leave itself.
        of(then) == .maybe || of(otherwise) == .maybe || needsFlag(then) || needsFlag(otherwise)
      case .with(_, let body): needsFlag(body) || of(body) == .maybe
      default: false
      }
    }
  }
}
