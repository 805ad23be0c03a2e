import MartletOps
import MartletTensor
import MartletTracer

/// What becomes of the flow behind a statement.
enum Outcome {
  case goesOn
  /// By `return`, `break` or `continue` on every path.
  case leaves
  /// On some paths; a flag tells.
  case mayLeave
  case raises
}

extension FunctionCompiler {
  func compile(_ statements: ArraySlice<Statement>) throws -> Outcome {
    var result = Outcome.goesOn
    for index in statements.indices {
      let statement = statements[index]
      let rest = statements[(index + 1)...]
      position = statement.position
      try spend()
      if case .if(let condition, let then, let otherwise) = statement.kind {
        let (first, second) = (Exits.of(then), Exits.of(otherwise))
        if first == .always, second != .always {
          return try compileIf(condition, then[...], (otherwise + rest)[...])
        }
        if second == .always, first != .always {
          return try compileIf(condition, (then + rest)[...], otherwise[...])
        }
      }
      switch try compile(statement) {
      case .goesOn: break
      case .leaves: return .leaves
      case .raises: return .raises
      case .mayLeave:
        result = .mayLeave
        if !rest.isEmpty { return try compileUnlessLeft(rest) }
      }
    }
    return result
  }

  /// What follows a statement that may have left.
  private func compileUnlessLeft(_ rest: ArraySlice<Statement>) throws -> Outcome {
    let flag = try leftFlag()
    return try compileBranches(flag, then: { .leaves }, otherwise: { try self.compile(rest) })
  }

  /// Whether the current block was left.
  func leftFlag() throws -> Typed {
    var flags: [Typed] = []
    for name in ["$exited", "$returned"] {
      if let variable = variable(name) { flags.append(try materialized(variable.operand)) }
    }
    guard var flag = flags.first else { throw failure("expected a block that may be left") }
    for other in flags.dropFirst() {
      flag = try materialized(
        try callOperator("aten::__or__", [.value(flag), .value(other)], [], at: position))
    }
    return flag
  }

  private func compile(_ statement: Statement) throws -> Outcome {
    switch statement.kind {
    case .pass: return .goesOn
    case .expression(let expression):
      if case .string = expression.kind { return .goesOn }
      _ = try compile(expression)
      return lastNodeRaises ? .raises : .goesOn
    case .assign(let targets, let annotation, let value):
      try compileAssignment(targets, annotation, value)
      return .goesOn
    case .augmented(let operation, let target, let value):
      try compileAugmented(operation, target, value)
      return .goesOn
    case .if(let condition, let then, let otherwise):
      return try compileIf(condition, then[...], otherwise[...])
    case .while(let condition, let body): return try compileWhile(condition, body)
    case .for(let target, let iterable, let body):
      return try compileFor(target, iterable, body)
    case .return(let value): return try compileReturn(value)
    case .break:
      guard variable("$broken") != nil else { throw failure("expected 'break' within a loop") }
      assign("$broken", .bool(true))
      markLeft()
      return .leaves
    case .continue:
      guard variable("$loop") != nil else { throw failure("expected 'continue' within a loop") }
      markLeft()
      return .leaves
    case .raise(let exception):
      try compileRaise(exception)
      return .raises
    case .assert(let condition, let message):
      try compileAssert(condition, message)
      return .goesOn
    case .delete(let targets):
      for target in targets { try compileDelete(target) }
      return .goesOn
    case .define(let function):
      assign(function.name, .closure(function))
      return .goesOn
    case .with(let items, let body): return try compileWith(items, body)
    }
  }

  /// `ops.prim.RaiseException(…)` stands as an expression in archives.
  private var lastNodeRaises: Bool {
    blocks[blocks.count - 1].nodes.last?.prim == .raiseException
  }

  private func markLeft() {
    if variable("$exited") != nil { assign("$exited", .bool(true)) }
  }

  private func compileReturn(_ expression: Expression?) throws -> Outcome {
    var value = try expression.map { try compile($0, hint: returnType) } ?? .none
    if let returnType {
      value = .value(try converted(value, to: returnType) { "a result of type \($0)" })
    } else {
      value = .value(try materialized(value))
    }
    assign("$return", value, type: returnType)
    if variable("$returned") != nil { assign("$returned", .bool(true)) }
    markLeft()
    return .leaves
  }

  private func compileRaise(_ exception: Expression?) throws {
    var message: Typed = Typed(.string(""), .string)
    var className: String?
    if let exception {
      var arguments: [Expression] = []
      var head = exception
      if case .call(let function, let given, _) = exception.kind {
        head = function
        arguments = given
      }
      if let name = TypeReader.dotted(head) { className = name }
      if let first = arguments.first {
        let value = try materialized(try compile(first))
        message =
          value.type == .string
          ? value
          : try materialized(try callOperator("aten::str", [.value(value)], [], at: position))
      }
    }
    var given = [message.argument]
    if let className { given.append(.string(className)) }
    emit(.prim(.raiseException), given, outputs: [])
  }

  private func compileAssert(_ condition: Expression, _ message: Expression?) throws {
    let raise = Expression.Kind.call(
      Expression(kind: .name("AssertionError"), position: position, depth: 1),
      message.map { [$0] } ?? [], [])
    let statement = Statement(
      kind: .raise(
        Expression(kind: raise, position: position, depth: 1 + (message?.depth ?? 0))),
      position: position)
    _ = try compileIf(condition, [], [statement])
  }

  private func compileDelete(_ target: Expression) throws {
    switch target.kind {
    case .name(let name):
      guard variable(name) != nil else { throw failure("expected a variable, got '\(name)'") }
      for index in frames.indices { frames[index].variables[name] = nil }
    case .subscripted(let base, let indices):
      guard indices.count == 1 else { throw failure("expected one index") }
      let container = try compile(base)
      _ = try callOperator(
        "aten::Delete", [container, try compile(indices[0])], [], at: target.position)
    default: throw failure("expected a variable or an item", at: target.position)
    }
  }

  /// `torch.no_grad()` and its like change nothing where no gradients are recorded.
  private func isGradientMode(_ context: Expression) -> Bool {
    guard case .call(let function, _, _) = context.kind,
      case .attribute(let base, let name) = function.kind, case .name("torch") = base.kind
    else { return false }
    return ["no_grad", "enable_grad", "inference_mode", "set_grad_enabled"].contains(name)
  }

  /// `__enter__` before the body, `__exit__` behind it.
  private func compileWith(
    _ items: [(context: Expression, name: Expression?)], _ body: [Statement]
  ) throws -> Outcome {
    guard Exits.of(body) == .never else {
      throw failure("expected no 'return', 'break' or 'continue' within 'with'")
    }
    var contexts: [Typed] = []
    for item in items where !isGradientMode(item.context) {
      let context = try materialized(try compile(item.context))
      contexts.append(context)
      let entered = try callMethod(context, "__enter__", [], at: item.context.position)
      if let name = item.name { try assign(to: name, entered) }
    }
    let outcome = try compile(body[...])
    for context in contexts.reversed() {
      _ = try callMethod(
        context, "__exit__", [.none, .none, .none], at: position)
    }
    return outcome
  }
}
