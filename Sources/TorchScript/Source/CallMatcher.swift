import MartletOps
import MartletTensor
import MartletTracer

/// How an argument comes to stand for a parameter.
indirect enum Fit {
  case asIs(Operand)
  /// By an operator that takes it alone, as `aten::IntImplicit`.
  case converted(String, Operand, GraphType)
  /// One number for all items of a list.
  case repeated(Operand, Int)
  case list([Fit], element: GraphType)
  case tuple([Fit])
  /// A tuple of known length as a list.
  case unpacked(Typed, [GraphType], element: GraphType)
  case literal(Value)
}

/// Matches arguments with parameters by the rules of PyTorch's `schema_matching.cpp`.
struct CallMatcher {
  let strictness: TypeRules.Strictness
  /// Whether a class has what an interface asks for.
  let implements: (String, String) -> Bool

  private func fits(
    _ given: GraphType, _ formal: GraphType, _ bindings: inout TypeRules.Bindings
  ) -> Bool {
    var attempt = bindings
    guard TypeRules.fits(given, formal, &attempt, strictness, implements: implements) else {
      return false
    }
    bindings = attempt
    return true
  }

  /// - Parameter count: of `int[2]`, which one number fills.
  func fit(
    _ operand: Operand, _ formal: GraphType, count: Int?,
    _ bindings: inout TypeRules.Bindings
  ) -> Fit? {
    if case .optional(let inner) = formal {
      switch operand.type {
      case .none?, .optional?: break
      default: return fit(operand, inner, count: count, &bindings)
      }
    }
    if let display = display(operand, formal, &bindings) { return display }
    guard let type = operand.type else {
      if formal == .any, case .iterable = operand { return .asIs(operand) }
      return nil
    }
    if case .list(.any) = type, case .list(let items, nil) = operand, !items.isEmpty {
      return formal == .any ? .asIs(operand) : nil
    }
    if fits(type, formal, &bindings) { return .asIs(operand) }
    if case .list(let element) = formal {
      if let count, type == element, type == .int || type == .float {
        return .repeated(operand, count)
      }
      if let items = type.tupleItems, !items.isEmpty,
        items.allSatisfy({ fits($0, element, &bindings) })
      {
        if case .tuple(let parts) = operand {
          return .list(parts.map { .asIs($0) }, element: element)
        }
        if case .value(let value) = operand { return .unpacked(value, items, element: element) }
      }
    }
    return strictness == .exact ? nil : conversion(operand, type, formal)
  }

  /// Lists, tuples and dictionaries that stand in the call take the types that are asked for.
  private func display(
    _ operand: Operand, _ formal: GraphType, _ bindings: inout TypeRules.Bindings
  ) -> Fit? {
    switch (operand, formal) {
    case (.list(let items, let stated), .list(let element)):
      if let stated {
        guard fits(.list(stated), formal, &bindings) else { return nil }
        return .asIs(operand)
      }
      if items.isEmpty {
        let type = TypeRules.substituted(element, bindings)
        return .list([], element: type == .any ? .tensor : type)
      }
      if TypeRules.variableName(element) != nil {
        guard let type = operand.type, type != .list(.any), fits(type, formal, &bindings) else {
          return nil
        }
        return .asIs(operand)
      }
      var fits: [Fit] = []
      for item in items {
        guard let fit = fit(item, element, count: nil, &bindings) else { return nil }
        fits.append(fit)
      }
      return .list(fits, element: TypeRules.substituted(element, bindings))
    case (.tuple(let items), .tuple(let types)) where items.count == types.count:
      var fits: [Fit] = []
      for (item, type) in zip(items, types) {
        guard let fit = fit(item, type, count: nil, &bindings) else { return nil }
        fits.append(fit)
      }
      return .tuple(fits)
    case (.dictionary(let entries, nil), .dictionary) where entries.isEmpty:
      return .asIs(.dictionary([], TypeRules.substituted(formal, bindings)))
    default: return nil
    }
  }

  private func conversion(_ operand: Operand, _ type: GraphType, _ formal: GraphType) -> Fit? {
    switch (formal, type) {
    case (.float, .tensor): return .converted("aten::FloatImplicit", operand, .float)
    case (.int, .tensor): return .converted("aten::IntImplicit", operand, .int)
    case (.complex, .tensor): return .converted("aten::ComplexImplicit", operand, .complex)
    case (.scalar, .tensor): return .converted("aten::ScalarImplicit", operand, .scalar)
    case (.float, .scalar): return .converted("aten::Float", operand, .float)
    case (.complex, .scalar): return .converted("aten::Complex", operand, .complex)
    case (.int, .scalar): return .converted("aten::Int", operand, .int)
    case (.device, .string): return .converted("aten::device", operand, .device)
    case (.float, .int) where strictness == .lenient:
      return .converted("aten::Float", operand, .float)
    case (.int, .bool) where strictness == .lenient:
      return .converted("aten::Int", operand, .int)
    default: return nil
    }
  }
}

/// Matching a whole call.
extension CallMatcher {
  struct Parameter: Sendable {
    let name: String
    let type: GraphType
    let count: Int?
    let defaultValue: Value?
    let isKeywordOnly: Bool
  }

  struct Match {
    var fits: [Fit] = []
    /// Behind the parameters, where the schema takes any number.
    var rest: [Operand] = []
    var bindings: TypeRules.Bindings = [:]
  }

  /// One fit for each parameter, or what does not fit.
  func match(
    _ parameters: [Parameter], _ arguments: [Operand], _ keywords: [(String, Operand)],
    takesRest: Bool = false
  ) -> Result<Match, Mismatch> {
    var match = Match()
    var next = 0
    var used: Set<String> = []
    for (index, parameter) in parameters.enumerated() {
      let given: Operand
      if next < arguments.count, !parameter.isKeywordOnly {
        if let list = rest(of: arguments[next...], for: index, parameters, &match.bindings) {
          match.fits.append(list)
          next = arguments.count
          continue
        }
        given = arguments[next]
        next += 1
      } else if let keyword = keywords.first(where: { $0.0 == parameter.name }) {
        given = keyword.1
        used.insert(keyword.0)
      } else if let standard = parameter.defaultValue {
        match.fits.append(.literal(standard))
        continue
      } else {
        return .failure(Mismatch("a value for '\(parameter.name)'"))
      }
      guard let fit = fit(given, parameter.type, count: parameter.count, &match.bindings) else {
        return .failure(
          Mismatch(
            "\(TypeRules.formalText(parameter.type)) for '\(parameter.name)', got "
              + given.summary))
      }
      match.fits.append(fit)
    }
    if next < arguments.count {
      guard takesRest else {
        return .failure(Mismatch("\(parameters.count) arguments, got \(arguments.count)"))
      }
      match.rest = Array(arguments[next...])
    }
    if let extra = keywords.first(where: { !used.contains($0.0) }) {
      let isKnown = parameters.contains { $0.name == extra.0 }
      return .failure(
        Mismatch(
          isKnown ? "'\(extra.0)' once, got it twice" : "no argument named '\(extra.0)'"))
    }
    return .success(match)
  }

  struct Mismatch: Error {
    let expected: String

    init(_ expected: String) { self.expected = expected }
  }

  /// `x.view(1, 2, 3)`: the last list by its items.
  private func rest(
    of arguments: ArraySlice<Operand>, for index: Int, _ parameters: [Parameter],
    _ bindings: inout TypeRules.Bindings
  ) -> Fit? {
    guard strictness != .exact,
      index + 1 == parameters.count || parameters[index + 1].isKeywordOnly,
      parameters[index].count == nil,
      case .list(let element) = parameters[index].type.withoutOptional,
      TypeRules.variableName(element) == nil, let first = arguments.first
    else { return nil }
    switch first {
    case .list: return nil
    default: break
    }
    switch first.type {
    case .list?, .tuple?, .namedTuple?, .any?, .none?, .optional?: return nil
    default: break
    }
    var fits: [Fit] = []
    var attempt = bindings
    for argument in arguments {
      guard let fit = fit(argument, element, count: nil, &attempt) else { return nil }
      fits.append(fit)
    }
    bindings = attempt
    return .list(fits, element: element)
  }
}

extension TypeRules {
  /// Whether a value's own type says as much as this one.
  static func isPlain(_ type: GraphType) -> Bool {
    switch type {
    case .tensor, .int, .float, .complex, .bool, .string, .device, .none: true
    default: false
    }
  }

  /// As annotations spell it, with type variables by their names.
  static func formalText(_ type: GraphType) -> String {
    switch type {
    case .module(let name): name.hasPrefix("'") ? "a value" : name
    case .list(let element): "List[\(formalText(element))]"
    case .optional(let inner): "Optional[\(formalText(inner))]"
    case .dictionary(let key, let value): "Dict[\(formalText(key)), \(formalText(value))]"
    default: text(type)
    }
  }
}
