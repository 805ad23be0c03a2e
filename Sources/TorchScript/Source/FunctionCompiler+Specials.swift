import MartletOps
import MartletTensor
import MartletTracer

/// Words with rules of their own.
extension FunctionCompiler {
  func compileSpecial(
    _ special: Special, _ function: Expression, _ arguments: [Expression],
    _ keywords: [Expression.Keyword], at position: Int
  ) throws -> Operand {
    switch special {
    case .annotate, .uncheckedCast, .uninitialized:
      return try compileTyped(special, arguments, at: position)
    case .getattr, .hasattr: return try compileNamed(special, arguments, at: position)
    case .isinstance:
      guard arguments.count == 2 else {
        throw failure("expected a value and its types", at: position)
      }
      let call = Expression.Kind.call(
        Expression(kind: .name("isinstance"), position: position, depth: 1), arguments, [])
      let condition = try compileCondition(
        Expression(kind: call, position: position, depth: 2))
      switch condition.truth {
      case .known(let flag): return .bool(flag)
      case .value(let value): return .value(value)
      }
    case .new: return try compileNew(arguments, at: position)
    case .isScripting: return .bool(true)
    case .isTracing: return .bool(false)
    case .fork: return try compileFork(arguments, keywords, at: position)
    default: break
    }
    let given = try compileItems(arguments)
    let named = try keywords.map { ($0.name, try compile($0.value)) }
    switch special {
    case .int: return try cast(to: .int, given.isEmpty ? [.int(0)] : given, at: position)
    case .float:
      return try cast(
        to: .float, given.isEmpty ? [.value(.double(0), .float)] : given, at: position)
    case .bool: return try cast(to: .bool, given.isEmpty ? [.bool(false)] : given, at: position)
    case .str: return try cast(to: .string, given.isEmpty ? [.string("")] : given, at: position)
    case .wait: return try waited(given, at: position)
    case .range, .enumerate, .zip, .reversed:
      return try compileIterable(special, given, named, at: position)
    case .list, .tuple, .dict, .len, .print, .device, .min, .max, .sum, .abs, .round, .divmod,
      .sorted, .ord, .chr, .any, .all, .pow, .complex, .uncheckedUnwrap:
      return try compileFunction(special, given, named, at: position)
    case .exception: throw failure("expected exceptions only behind 'raise'", at: position)
    default:
      throw failure("expected TorchScript, got '\(special.rawValue)'", at: position)
    }
  }

  /// `annotate(T, x)`, `unchecked_cast(T, x)`, `uninitialized(T)`.
  private func compileTyped(_ special: Special, _ arguments: [Expression], at position: Int) throws
    -> Operand
  {
    guard arguments.count == (special == .uninitialized ? 1 : 2) else {
      throw failure("expected a type and a value", at: position)
    }
    let type = try types.type(arguments[0])
    if special == .uninitialized { return try uninitialized(type) }
    if case .call(let function, let given, _) = arguments[1].kind, given.isEmpty,
      case .attribute(let base, "tolist") = function.kind
    {
      return try compileToList(try compile(base), type, at: position)
    }
    let value = try compile(arguments[1], hint: type)
    if special == .uncheckedCast {
      let given = try materialized(value)
      if given.type == type { return .value(given) }
      return .value(.value(emit(.prim(.uncheckedCast), [given.argument], type)), type)
    }
    switch (value, type) {
    case (.list(let items, nil), .list(let element)) where !items.isEmpty:
      return .list(
        try items.map { .value(try converted($0, to: element) { "an item of type \($0)" }) },
        element: element)
    case (.list(_, nil), .list(let element)): return .list([], element: element)
    case (.dictionary(let entries, nil), .dictionary): return .dictionary(entries, type)
    default: break
    }
    return .value(try converted(value, to: type) { "a value of type \($0)" })
  }

  /// `x.tolist()` where its type is stated.
  func compileToList(_ operand: Operand, _ type: GraphType, at position: Int) throws -> Operand {
    let tensor = try materialized(operand)
    guard tensor.type == .tensor else {
      throw failure("expected a tensor, got \(TypeRules.text(tensor.type))", at: position)
    }
    return .value(.value(emit(.prim(.toList), [tensor.argument], type)), type)
  }

  /// `getattr(x, "0")`, `hasattr(x, "name")`.
  private func compileNamed(_ special: Special, _ arguments: [Expression], at position: Int) throws
    -> Operand
  {
    guard arguments.count >= 2, case .string(let name) = arguments[1].kind else {
      throw failure("expected an object and an attribute's name", at: position)
    }
    let object = try compile(arguments[0])
    guard special == .hasattr else {
      if arguments.count == 3, !has(object, name) { return try compile(arguments[2]) }
      return try attribute(object, name, at: position)
    }
    return .bool(has(object, name))
  }

  private func has(_ object: Operand, _ name: String) -> Bool {
    switch object.type {
    case .module(let className)?:
      guard let declared = try? unit.declaredClass(className, from: source, at: position) else {
        return false
      }
      return declared.script.attribute(name) != nil || declared.script.constant(name) != nil
        || declared.methodSyntax(name) != nil
    case .namedTuple(let type)?: return type.fieldNames.contains(name)
    default: return false
    }
  }

  /// `__torch__.Foo.__new__(__torch__.Foo)`.
  private func compileNew(_ arguments: [Expression], at position: Int) throws -> Operand {
    guard arguments.count == 1, case .classReference(let name) = try compile(arguments[0]) else {
      throw failure("expected a class", at: position)
    }
    let type = try unit.instanceType(name, from: source, at: position)
    return .value(.value(emit(.prim(.createObject), [], type)), type)
  }

  /// What runs beside runs in its place.
  private func compileFork(
    _ arguments: [Expression], _ keywords: [Expression.Keyword], at position: Int
  ) throws -> Operand {
    guard let first = arguments.first else { throw failure("expected a function", at: position) }
    let result = try compileCall(
      first, Array(arguments.dropFirst()), keywords, at: position)
    let value = try materialized(result)
    try check(value.type)
    return .value(value.argument, .future(value.type))
  }

  private func waited(_ given: [Operand], at position: Int) throws -> Operand {
    guard given.count == 1 else { throw failure("expected one future", at: position) }
    let value = try materialized(given[0])
    if case .future(let inner) = value.type { return .value(value.argument, inner) }
    return .value(value)
  }

  private func compileIterable(
    _ special: Special, _ given: [Operand], _ named: [(String, Operand)], at position: Int
  ) throws -> Operand {
    switch special {
    case .range:
      guard (1...3).contains(given.count) else {
        throw failure("expected one to three integers, got \(given.count)", at: position)
      }
      return .iterable(
        .range(try given.map { try converted($0, to: .int) { _ in "an int for 'range'" } }))
    case .enumerate:
      guard let first = given.first, given.count <= 2 else {
        throw failure("expected something to walk", at: position)
      }
      let start = given.count > 1 ? given[1] : named.first?.1 ?? .int(0)
      return .iterable(
        .enumerate(
          try kept(first), start: try converted(start, to: .int) { _ in "an int as the start" }))
    case .zip: return .iterable(.zip(try given.map { try kept($0) }))
    default:
      guard given.count == 1 else { throw failure("expected one list", at: position) }
      let list = try callOperator(
        "aten::list", [.value(try materialized(given[0]))], [], at: position)
      _ = try callOperator("aten::reverse", [list], [], at: position)
      return list
    }
  }

  /// Tuples and iterators stay what they are, everything else is made once.
  private func kept(_ operand: Operand) throws -> Operand {
    switch operand {
    case .tuple, .iterable: operand
    default: .value(try materialized(operand))
    }
  }

  /// An iterator as a list.
  func listOfIterable(_ operand: Operand) throws -> Operand {
    let item = Expression(kind: .name("$item"), position: position, depth: 1)
    assign("$iterable", operand)
    return try compile(
      Expression(
        kind: .listComprehension(
          item,
          [
            .init(
              target: item,
              iterable: Expression(kind: .name("$iterable"), position: position, depth: 1),
              conditions: [])
          ]), position: position, depth: 2))
  }

  private func compileFunction(
    _ special: Special, _ given: [Operand], _ named: [(String, Operand)], at position: Int
  ) throws -> Operand {
    switch special {
    case .len:
      if given.count == 1, let items = given[0].type?.tupleItems { return .int(items.count) }
      if case .list(let items, _)? = given.first { return .int(items.count) }
      if case .value(let value)? = given.first, case .module = value.type {
        return try callMethod(value, "__len__", [], at: position)
      }
    case .list:
      guard let first = given.first else { return .list([], element: nil) }
      switch first {
      case .tuple(let items): return .list(items, element: nil)
      case .iterable: return try listOfIterable(first)
      case .list: return first
      default: break
      }
      if let types = first.type?.tupleItems {
        let value = try materialized(first)
        return .list(types.indices.map { tupleItem(value, $0, types[$0]) }, element: nil)
      }
      if case .dictionary? = first.type {
        return try callOperator("aten::keys", given, [], at: position)
      }
    case .tuple:
      guard let first = given.first else { return .tuple([]) }
      if first.type?.tupleItems != nil { return first }
      if case .list(let items, _) = first { return .tuple(items) }
      throw failure("expected a tuple, got \(first.summary)", at: position)
    case .dict where given.isEmpty:
      return .dictionary(
        named.map { (.string($0.0), $0.1) }, nil)
    case .device:
      if case .value(let value)? = given.first {
        if value.type == .device { return given[0] }
        if given.count == 1, case .string(let text) = value.argument {
          return .value(.device(text), .device)
        }
        if given.count == 2, case .string(let text) = value.argument,
          case .value(let index) = given[1], case .int(let number) = index.argument
        {
          return .value(.device("\(text):\(number)"), .device)
        }
      }
    case .print:
      let values = try given.map { try materialized($0).argument }
      emit(NodeKind("prim::Print"), values, outputs: [])
      return .none
    case .sum where given.count == 1:
      return try callOperator("aten::sum", given, named, at: position)
    case .uncheckedUnwrap:
      guard given.count == 1 else { break }
      return try unwrapped(try materialized(given[0]))
    case .complex:
      return try callOperator("aten::Complex", given, named, at: position)
    default: break
    }
    return try callOperator(
      Special.operators[special] ?? "aten::\(special.rawValue)", given, named, at: position)
  }
}

extension Special {
  /// Where an operator is not `aten::` with the word's own name.
  static let operators: [Special: String] = [
    .min: "prim::min", .max: "prim::max", .abs: "prim::abs",
  ]
}
