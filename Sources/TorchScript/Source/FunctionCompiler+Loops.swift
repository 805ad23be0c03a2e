import MartletOps
import MartletTensor
import MartletTracer

extension FunctionCompiler {
  func compileWhile(_ condition: Expression, _ body: [Statement]) throws -> Outcome {
    try prepareLoop(body)
    let first = try compileCondition(condition)
    let start: Typed
    switch first.truth {
    case .known(let flag): start = Typed(.bool(flag), .bool)
    case .value(let value): start = value
    }
    return try compileLoop(
      rounds: .int(Int.max), start: start, body, carrying: [],
      prologue: { _ in self.refine(first.whenTrue) }, condition: condition)
  }

  func compileFor(_ target: Expression, _ iterable: Expression, _ body: [Statement]) throws
    -> Outcome
  {
    let source = try compile(iterable)
    if let items = fixedItems(source) { return try unroll(items, target, body) }
    try prepareLoop(body)
    let walk = try Walk(source, self, at: iterable.position)
    let targets = AssignedNames.variables(in: [
      Statement(kind: .assign([target], annotation: nil, value: nil), position: position)
    ])
    return try compileLoop(
      rounds: walk.rounds, start: Typed(.bool(true), .bool), body, carrying: targets,
      prologue: { round in
        self.position = target.position
        try self.assign(to: target, walk.item(Typed(round, .int), self))
      }, condition: nil)
  }

  /// Tuples are walked while compiling: their items may be of different types.
  private func fixedItems(_ source: Operand) -> [Operand]? {
    switch source {
    case .tuple(let items): return items
    case .value(let value):
      guard let types = value.type.tupleItems else { return nil }
      return types.indices.map { tupleItem(value, $0, types[$0]) }
    case .iterable(.enumerate(let inner, let start)):
      guard let items = fixedItems(inner), case .int(let first) = start.argument else {
        return nil
      }
      return items.enumerated().map { .tuple([.int(first &+ $0), $1]) }
    case .iterable(.zip(let sources)):
      let lists = sources.compactMap { fixedItems($0) }
      guard lists.count == sources.count, let count = lists.map(\.count).min() else { return nil }
      return (0..<count).map { index in .tuple(lists.map { $0[index] }) }
    default: return nil
    }
  }

  private func unroll(_ items: [Operand], _ target: Expression, _ body: [Statement]) throws
    -> Outcome
  {
    guard Exits.of(body) == .never, !Exits.breaks(body) else {
      throw failure("expected no 'return', 'break' or 'continue' in a loop over a tuple")
    }
    for item in items {
      try assign(to: target, item)
      if try compile(body[...]) == .raises { return .raises }
    }
    return .goesOn
  }

  /// Variables that tell how a loop was left, set before it.
  private func prepareLoop(_ body: [Statement]) throws {
    if Exits.breaks(body) { assign("$broken", .bool(false)) }
  }

  private func compileLoop(
    rounds: Argument, start: Typed, _ body: [Statement], carrying targets: Set<String>,
    prologue: (Argument) throws -> Void, condition: Expression?
  ) throws -> Outcome {
    let loopPosition = position
    let breaks = Exits.breaks(body)
    let returns = Exits.returns(body)
    var names = AssignedNames.variables(in: body).union(targets)
    if breaks { names.insert("$broken") }
    if returns { names.formUnion(["$returned", "$return"]) }
    // What is no value cannot change from round to round.
    let carried = try names.sorted(by: Self.precedes).compactMap {
      name -> (name: String, value: Typed)? in
      guard let variable = variable(name), variable.problem == nil, variable.operand.type != nil
      else { return nil }
      return (name, try materialized(variable.operand))
    }
    let round = graph.newValue(.int)
    let parameters = carried.map { graph.newValue($0.value.type) }
    for (parameter, item) in zip(parameters, carried) { nameValue(parameter, item.name) }
    var next = start
    var part = try inBlock([round] + parameters) {
      for (parameter, item) in zip(parameters, carried) {
        let declared = self.variable(item.name)?.type ?? item.value.type
        self.frames[self.frames.count - 1].variables[item.name] = Variable(
          operand: .value(.value(parameter), item.value.type), type: declared)
      }
      self.frames[self.frames.count - 1].variables["$loop"] = Variable(
        operand: .bool(true), type: .bool)
      if Exits.needsFlag(body) || Exits.returnsFromLoop(body) {
        self.assign("$exited", .bool(false))
      } else {
        self.frames[self.frames.count - 1].variables["$exited"] = nil
      }
      try prologue(.value(round))
      _ = try self.compile(body[...])
      self.position = loopPosition
      next = try self.nextCondition(condition, breaks: breaks, returns: returns)
    }
    part.block.results = [next.argument]
    try close(&part, carried)
    let outputs = carried.map { graph.newValue($0.value.type) }
    for (output, item) in zip(outputs, carried) { nameValue(output, item.name) }
    blocks[blocks.count - 1].nodes.append(
      Node(
        .prim(.loop), [rounds, start.argument] + carried.map(\.value.argument), outputs: outputs,
        blocks: [part.block], location: location))
    for (output, item) in zip(outputs, carried) {
      let declared = variable(item.name)?.type
      assign(item.name, .value(.value(output), item.value.type), type: declared)
    }
    return returns ? .mayLeave : .goesOn
  }

  /// Names in order, numbers at their ends by value, so that the order stays when names are
  /// numbered anew.
  private static func precedes(_ a: String, _ b: String) -> Bool {
    func parts(_ name: String) -> (stem: Substring, number: Int) {
      let digits = name.reversed().prefix { $0.isASCII && $0.isNumber }.count
      return (name.dropLast(digits), Int(name.suffix(digits)) ?? -1)
    }
    let (first, second) = (parts(a), parts(b))
    return (first.stem, first.number, a) < (second.stem, second.number, b)
  }

  /// Whether another round follows.
  private func nextCondition(_ condition: Expression?, breaks: Bool, returns: Bool) throws -> Typed
  {
    var flags: [Operand] = []
    if breaks, let variable = variable("$broken") { flags.append(variable.operand) }
    if returns, let variable = variable("$returned") { flags.append(variable.operand) }
    func evaluated() throws -> Typed {
      guard let condition else { return Typed(.bool(true), .bool) }
      switch try self.compileCondition(condition).truth {
      case .known(let flag): return Typed(.bool(flag), .bool)
      case .value(let value): return value
      }
    }
    guard var left = try flags.first.map({ try materialized($0) }) else { return try evaluated() }
    for flag in flags.dropFirst() {
      left = try materialized(
        try callOperator("aten::__or__", [.value(left), flag], [], at: position))
    }
    // The condition is not looked at once the loop was left.
    var result = Typed(.bool(true), .bool)
    let part = try inBlock { result = try evaluated() }
    var evaluation = part.block
    evaluation.results = [result.argument]
    var ended = Block()
    ended.results = [.bool(false)]
    let output = emit(
      .prim(.if), [left.argument], outputs: [.bool], blocks: [ended, evaluation])[0]
    return Typed(output, .bool)
  }

  /// Gives the carried variables' last values as the block's results.
  private func close(
    _ part: inout (block: Block, frame: Frame), _ carried: [(name: String, value: Typed)]
  ) throws {
    for item in carried {
      let result = try reopened(&part) { () throws -> Typed in
        guard let variable = variable(item.name) else { return item.value }
        if let problem = variable.problem {
          throw failure("expected one type for '\(item.name)' in the loop: \(problem)")
        }
        return try converted(variable.operand, to: item.value.type) {
          "'\(item.name)' to stay \($0) in the loop"
        }
      }
      part.block.results.append(result.argument)
    }
  }
}

/// How a loop gets at its items: the number of rounds, and the item of a round.
struct Walk {
  let rounds: Argument
  private let source: Source

  private indirect enum Source {
    case numbers(start: Typed, step: Typed)
    case count
    case list(Typed)
    case tensor(Typed)
    case enumerate(Walk, start: Typed)
    case zip([Walk])
  }

  init(_ operand: Operand, _ compiler: FunctionCompiler, at position: Int) throws {
    func call(_ name: String, _ arguments: [Operand]) throws -> Typed {
      try compiler.materialized(
        try compiler.callOperator(name, arguments, [], at: position))
    }
    switch operand {
    case .iterable(.range(let limits)):
      if limits.count == 1 {
        (rounds, source) = (limits[0].argument, .count)
        return
      }
      let step = limits.count > 2 ? limits[2] : Typed(.int(1), .int)
      rounds = try call(
        "aten::__range_length", [.value(limits[0]), .value(limits[1]), .value(step)]
      ).argument
      source = .numbers(start: limits[0], step: step)
    case .iterable(.enumerate(let inner, let start)):
      let walk = try Walk(inner, compiler, at: position)
      (rounds, source) = (walk.rounds, .enumerate(walk, start: start))
    case .iterable(.zip(let sources)):
      let walks = try sources.map { try Walk($0, compiler, at: position) }
      rounds = try call(
        "prim::min", [.list(walks.map { .value($0.rounds, .int) }, element: .int)]
      ).argument
      source = .zip(walks)
    default:
      let value = try compiler.materialized(operand)
      switch value.type {
      case .list, .string:
        (rounds, source) = (try call("aten::len", [.value(value)]).argument, .list(value))
      case .tensor:
        (rounds, source) = (try call("aten::len", [.value(value)]).argument, .tensor(value))
      case .dictionary:
        let keys = try call("aten::keys", [.value(value)])
        (rounds, source) = (try call("aten::len", [.value(keys)]).argument, .list(keys))
      default:
        throw compiler.failure(
          "expected something to walk, got \(TypeRules.text(value.type))", at: position)
      }
    }
  }

  /// The item of a round, which counts from 0.
  func item(_ round: Typed, _ compiler: FunctionCompiler) throws -> Operand {
    let position = compiler.position
    switch source {
    case .count: return .value(round)
    case .numbers(let start, let step):
      return try compiler.callOperator(
        "aten::__derive_index", [.value(round), .value(start), .value(step)], [], at: position)
    case .list(let list):
      return try compiler.callOperator(
        "aten::__getitem__", [.value(list), .value(round)], [], at: position)
    case .tensor(let tensor):
      return try compiler.callOperator(
        "aten::select", [.value(tensor), .int(0), .value(round)], [], at: position)
    case .enumerate(let walk, let start):
      var index = Operand.value(round)
      if case .int(0) = start.argument {
      } else {
        index = try compiler.callOperator("aten::add", [index, .value(start)], [], at: position)
      }
      return .tuple([index, try walk.item(round, compiler)])
    case .zip(let walks): return .tuple(try walks.map { try $0.item(round, compiler) })
    }
  }
}
