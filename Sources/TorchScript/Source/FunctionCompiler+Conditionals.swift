import MartletOps
import MartletTensor
import MartletTracer

/// A condition: a truth value, or one known while compiling, and what it says of variables' types.
struct Condition {
  enum Truth {
    case known(Bool)
    case value(Typed)
  }

  var truth: Truth
  /// Types of variables where it holds, and where it does not.
  var whenTrue: [String: GraphType] = [:]
  var whenFalse: [String: GraphType] = [:]
}

extension FunctionCompiler {
  func compileIf(
    _ expression: Expression, _ then: ArraySlice<Statement>, _ otherwise: ArraySlice<Statement>
  ) throws -> Outcome {
    let condition = try compileCondition(expression)
    return try compileBranches(
      condition, then: { try self.compile(then) }, otherwise: { try self.compile(otherwise) })
  }

  func compileBranches(
    _ flag: Typed, then: () throws -> Outcome, otherwise: () throws -> Outcome
  ) throws -> Outcome {
    try compileBranches(Condition(truth: .value(flag)), then: then, otherwise: otherwise)
  }

  func compileBranches(
    _ condition: Condition, then: () throws -> Outcome, otherwise: () throws -> Outcome
  ) throws -> Outcome {
    switch condition.truth {
    case .known(let flag):
      refine(flag ? condition.whenTrue : condition.whenFalse)
      return try flag ? then() : otherwise()
    case .value(let flag):
      var (first, second) = (Outcome.goesOn, Outcome.goesOn)
      let start = position
      var thenPart = try inBlock {
        self.refine(condition.whenTrue)
        first = try then()
      }
      var elsePart = try inBlock {
        self.refine(condition.whenFalse)
        second = try otherwise()
      }
      position = start
      let outputs = try join(&thenPart, &elsePart, first, second)
      blocks[blocks.count - 1].nodes.append(
        Node(
          .prim(.if), [flag.argument], outputs: outputs,
          blocks: [thenPart.block, elsePart.block], location: location))
      if first == .raises { refine(condition.whenFalse) }
      if second == .raises { refine(condition.whenTrue) }
      return FunctionCompiler.joined(first, second)
    }
  }

  private static func joined(_ first: Outcome, _ second: Outcome) -> Outcome {
    switch (first, second) {
    case (.raises, .raises): .raises
    case (.raises, let other), (let other, .raises): other == .goesOn ? .goesOn : other
    case (.leaves, .leaves): .leaves
    case (.goesOn, .goesOn): .goesOn
    default: .mayLeave
    }
  }

  /// From here on the variables are known to be of these types.
  func refine(_ types: [String: GraphType]) {
    for name in types.keys.sorted() {
      guard let type = types[name], let variable = variable(name),
        case .value(let value) = variable.operand, value.type != type
      else { continue }
      let cast = emit(.prim(.uncheckedCast), [value.argument], type)
      frames[frames.count - 1].variables[name] = Variable(
        operand: .value(.value(cast), type), type: variable.type)
    }
  }
}

/// Joining what two branches set.
extension FunctionCompiler {
  private typealias Part = (block: Block, frame: Frame)

  private func join(
    _ then: inout Part, _ otherwise: inout Part, _ first: Outcome, _ second: Outcome
  ) throws -> [GraphValue] {
    var outputs: [GraphValue] = []
    var names = then.frame.assigned
    let known = Set(names)
    names += otherwise.frame.assigned.filter { !known.contains($0) }
    for name in names {
      let outer = variable(name)
      let isNew = outer == nil
      let a = then.frame.variables[name] ?? outer
      let b = otherwise.frame.variables[name] ?? outer
      let (aEnds, bEnds) = (ends(first, name, isNew), ends(second, name, isNew))
      if aEnds, bEnds, isNew, name != "$return" { continue }
      guard let result = try join(name, outer, a, b, aEnds, bEnds, &then, &otherwise) else {
        continue
      }
      if let output = result.output { outputs.append(output) }
      set(name, result.variable)
    }
    return outputs
  }

  /// Whether a branch's value of the variable is never read.
  private func ends(_ outcome: Outcome, _ name: String, _ isNew: Bool) -> Bool {
    switch outcome {
    case .raises: true
    case .leaves: isNew
    case .goesOn, .mayLeave: false
    }
  }

  private func join(
    _ name: String, _ outer: Variable?, _ a: Variable?, _ b: Variable?, _ aEnds: Bool,
    _ bEnds: Bool, _ then: inout Part, _ otherwise: inout Part
  ) throws -> (variable: Variable, output: GraphValue?)? {
    let isResult = name == "$return"
    var first: Typed?
    var second: Typed?
    if let a, !aEnds || isResult {
      if a.problem != nil { return (a, nil) }
      guard a.operand.type != nil else { return sameOperand(name, a, b) }
      first = try reopened(&then) { try materialized(a.operand) }
    }
    if let b, !bEnds || isResult {
      if b.problem != nil { return (b, nil) }
      guard b.operand.type != nil else { return sameOperand(name, a, b) }
      second = try reopened(&otherwise) { try materialized(b.operand) }
    }
    if first == nil, second == nil { return nil }
    if first == nil || second == nil {
      // Only one branch sets it: read afterwards only where the other does not come through.
      guard aEnds || bEnds || isResult || name.hasPrefix("$") else {
        let problem = "'\(name)' is not set on every path"
        return (Variable(operand: .none, type: nil, problem: problem), nil)
      }
    }
    let type = first?.type ?? second?.type ?? .none
    if first == nil {
      first = try reopened(&then) { try materialized(uninitialized(type)) }
    }
    if second == nil {
      second = try reopened(&otherwise) { try materialized(uninitialized(type)) }
    }
    guard let first, let second else { return nil }
    guard let joint = jointType(first.type, second.type, outer?.type ?? a?.type ?? b?.type) else {
      let problem =
        "'\(name)' is \(TypeRules.text(first.type)) in one branch and "
        + "\(TypeRules.text(second.type)) in the other"
      return (Variable(operand: .none, type: nil, problem: problem), nil)
    }
    let output = graph.newValue(joint)
    nameValue(output, name)
    then.block.results.append(first.argument)
    otherwise.block.results.append(second.argument)
    return (Variable(operand: .value(.value(output), joint), type: outer?.type ?? joint), output)
  }

  private func jointType(_ a: GraphType, _ b: GraphType, _ declared: GraphType?) -> GraphType? {
    if let joined = TypeRules.joined(a, b) { return joined }
    var bindings: TypeRules.Bindings = [:]
    guard let declared, TypeRules.fits(a, declared, &bindings, implements: unit.implements),
      TypeRules.fits(b, declared, &bindings, implements: unit.implements)
    else { return nil }
    return declared
  }

  /// What is no value stays when both branches leave it alone or set it alike.
  private func sameOperand(_ name: String, _ a: Variable?, _ b: Variable?)
    -> (variable: Variable, output: GraphValue?)?
  {
    let problem = "'\(name)' is no value that branches can join"
    return (Variable(operand: .none, type: nil, problem: problem), nil)
  }

  /// The name of the source. `_0` and its like are the printer's own.
  func nameValue(_ value: GraphValue, _ name: String) {
    let isNumbered = name.hasPrefix("_") && name.dropFirst().allSatisfy(\.isNumber)
    guard !name.hasPrefix("$"), !isNumbered else { return }
    graph.rename(value, to: name)
  }

  /// As `nameValue`, where the value has no name yet and is made in this block: another name for
  /// it would make the source change each time it is read and printed.
  func nameNewValue(_ value: GraphValue, _ name: String) {
    guard graph.name(of: value).allSatisfy(\.isNumber),
      blocks.last?.nodes.last(where: { $0.outputs.contains(value) }) != nil
    else { return }
    nameValue(value, name)
  }
}

/// Conditions.
extension FunctionCompiler {
  func compileCondition(_ expression: Expression) throws -> Condition {
    switch expression.kind {
    case .bool(let flag): return Condition(truth: .known(flag))
    case .not(let inner):
      var condition = try compileCondition(inner)
      swap(&condition.whenTrue, &condition.whenFalse)
      switch condition.truth {
      case .known(let flag): condition.truth = .known(!flag)
      case .value(let value):
        condition.truth = .value(
          try materialized(
            try callOperator("aten::__not__", [.value(value)], [], at: expression.position)))
      }
      return condition
    case .logical(let isAnd, let left, let right):
      return try compileLogical(isAnd, left, right)
    case .comparison(.is, let left, let right):
      if let found = try compileNoneCheck(left, right, isNot: false) { return found }
    case .comparison(.isNot, let left, let right):
      if let found = try compileNoneCheck(left, right, isNot: true) { return found }
    case .call(let function, let arguments, _):
      if case .name("isinstance") = function.kind, arguments.count == 2 {
        return try compileIsInstance(arguments[0], arguments[1])
      }
    default: break
    }
    let operand = try compile(expression)
    if case .value(let value) = operand, case .bool(let flag) = value.argument,
      isStatic(expression)
    {
      return Condition(truth: .known(flag))
    }
    return Condition(truth: .value(try truth(of: operand, at: expression.position)))
  }

  /// Calls that are answered while compiling.
  private func isStatic(_ expression: Expression) -> Bool {
    guard case .call(let function, _, _) = expression.kind,
      let name = TypeReader.dotted(function)?.split(separator: ".").last
    else { return false }
    return ["hasattr", "is_scripting", "is_tracing", "is_exporting"].contains(name)
  }

  /// `bool(x)` where x is no bool.
  func truth(of operand: Operand, at position: Int) throws -> Typed {
    let value = try materialized(operand)
    if value.type == .bool { return value }
    switch value.type {
    case .tensor, .int, .float, .complex, .scalar, .any:
      return try materialized(try callOperator("aten::Bool", [.value(value)], [], at: position))
    default:
      throw failure("expected a bool, got \(TypeRules.text(value.type))", at: position)
    }
  }

  /// `and` and `or` do not look at the right side when the left decides.
  private func compileLogical(_ isAnd: Bool, _ left: Expression, _ right: Expression) throws
    -> Condition
  {
    let first = try compileCondition(left)
    if case .known(let flag) = first.truth {
      if flag != isAnd { return first }
      refine(isAnd ? first.whenTrue : first.whenFalse)
      return try compileCondition(right)
    }
    guard case .value(let flag) = first.truth else { return first }
    var second = Condition(truth: .known(isAnd))
    var result = Typed(.bool(isAnd), .bool)
    let part = try inBlock {
      self.refine(isAnd ? first.whenTrue : first.whenFalse)
      second = try self.compileCondition(right)
      switch second.truth {
      case .known(let flag): result = Typed(.bool(flag), .bool)
      case .value(let value): result = value
      }
    }
    var decided = Block()
    decided.results = [.bool(!isAnd)]
    var evaluated = part.block
    evaluated.results = [result.argument]
    let output = emit(
      .prim(.if), [flag.argument], outputs: [.bool],
      blocks: isAnd ? [evaluated, decided] : [decided, evaluated])[0]
    var condition = Condition(truth: .value(Typed(output, .bool)))
    // Both sides hold where an `and` does, neither where an `or` does not.
    if isAnd {
      condition.whenTrue = first.whenTrue.merging(second.whenTrue) { $1 }
    } else {
      condition.whenFalse = first.whenFalse.merging(second.whenFalse) { $1 }
    }
    return condition
  }

  /// `x is None`, and what it says of x.
  private func compileNoneCheck(_ left: Expression, _ right: Expression, isNot: Bool) throws
    -> Condition?
  {
    guard case .none = right.kind else { return nil }
    let value = try materialized(try compile(left))
    switch value.type {
    case .none: return Condition(truth: .known(!isNot))
    case .optional(let inner):
      let name = isNot ? "aten::__isnot__" : "aten::__is__"
      let truth = try materialized(
        try callOperator(name, [.value(value), .none], [], at: left.position))
      var condition = Condition(truth: .value(truth))
      if case .name(let variable) = left.kind {
        if isNot {
          condition.whenTrue[variable] = inner
        } else {
          condition.whenFalse[variable] = inner
        }
      }
      return condition
    case .any:
      // It may be anything, and nothing is known of it afterwards.
      return Condition(
        truth: .value(
          try materialized(
            try callOperator(
              isNot ? "aten::__isnot__" : "aten::__is__", [.value(value), .none], [],
              at: left.position))))
    default: return Condition(truth: .known(isNot))
    }
  }

  private func compileIsInstance(_ subject: Expression, _ wanted: Expression) throws -> Condition {
    let value = try materialized(try compile(subject))
    let wantedTypes: [GraphType]
    switch wanted.kind {
    case .tuple(let items), .list(let items): wantedTypes = try items.map { try types.type($0) }
    default: wantedTypes = [try types.type(wanted)]
    }
    var bindings: TypeRules.Bindings = [:]
    func isOne(_ type: GraphType) -> Bool {
      wantedTypes.contains { TypeRules.fits(type, $0, &bindings, implements: unit.implements) }
    }
    switch value.type {
    case .any, .scalar: break
    case .optional(let inner):
      // Only None keeps it from being decided.
      if isOne(inner), isOne(.none) { return Condition(truth: .known(true)) }
      if !isOne(inner), !isOne(.none) { return Condition(truth: .known(false)) }
    case .list(let element):
      let isBare = wantedTypes.contains { if case .list = $0 { true } else { false } }
      if case .subscripted = wanted.kind { return Condition(truth: .known(isOne(value.type))) }
      return Condition(truth: .known(isBare && element != .none))
    case .tuple, .namedTuple: return Condition(truth: .known(isOne(value.type)))
    default: return Condition(truth: .known(isOne(value.type)))
    }
    let label = wantedTypes.map { TypeRules.text($0) }.joined(separator: "|")
    let output = emit(.prim(.isInstance), label: label, [value.argument], .bool)
    var condition = Condition(truth: .value(Typed(output, .bool)))
    if case .name(let variable) = subject.kind, wantedTypes.count == 1 {
      condition.whenTrue[variable] = wantedTypes[0]
      if case .optional(let inner) = value.type {
        if isOne(.none) {
          condition.whenFalse[variable] = inner
        } else if isOne(inner) {
          condition.whenFalse[variable] = GraphType.none
        }
      }
    }
    return condition
  }
}
