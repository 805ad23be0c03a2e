import MartletOps
import MartletTensor
import MartletTracer

extension FunctionCompiler {
  /// What a fit gives, with its conversions emitted.
  func apply(_ fit: Fit) throws -> Operand {
    switch fit {
    case .asIs(let operand): return operand
    case .literal(let value): return try literal(value)
    case .repeated(let operand, let count):
      let value = try materialized(operand)
      return .list(Array(repeating: .value(value), count: count), element: value.type)
    case .list(let fits, let element):
      return .list(try fits.map { try apply($0) }, element: element)
    case .tuple(let fits): return .tuple(try fits.map { try apply($0) })
    case .unpacked(let value, let types, let element):
      let items = types.indices.map { tupleItem(value, $0, types[$0]) }
      return .list(items, element: TypeRules.variableName(element) == nil ? element : types[0])
    case .converted(let name, let operand, let type):
      if name == "aten::device", case .value(let value) = operand,
        case .string(let text) = value.argument
      {
        return .value(.device(text), .device)
      }
      if case .value(let value) = operand {
        switch (name, value.argument) {
        case ("aten::Float", .int(let number)): return .value(.double(Double(number)), .float)
        case ("aten::Int", .bool(let flag)): return .int(flag ? 1 : 0)
        default: break
        }
      }
      let value = try materialized(operand)
      let result = try callOperator(name, [.value(value)], [], at: position)
      return .value(try materialized(result).argument, type)
    }
  }

  /// A default value or a constant of the source as an operand.
  func literal(_ value: Value, type: GraphType? = nil) throws -> Operand {
    switch value {
    case .enumeration(let member):
      let name = "\(member.className).\(member.name)"
      let type = GraphType.enumeration(member.className)
      return .value(.value(emit(.prim(.enumMember), label: name, [], type)), type)
    case .tensor: throw failure("expected a constant without tensors")
    case .tuple(let items): return .tuple(try items.map { try literal($0) })
    case .list(let items):
      var element: GraphType?
      if case .list(let stated)? = type { element = stated }
      return .list(try items.map { try literal($0) }, element: element)
    case .dictionary(let entries):
      return .dictionary(
        try entries.map { (try literal($0.key), try literal($0.value)) }, type)
    default:
      guard let argument = Argument(literal: value) else {
        throw failure("expected a constant, got \(value.kindName)")
      }
      return .value(argument, type ?? GraphType(of: value))
    }
  }

  /// As an operator's argument: lists and tuples stay literals.
  func argument(_ operand: Operand) throws -> Argument {
    switch operand {
    case .list(let items, _): return .list(try items.map { try argument($0) })
    case .tuple(let items): return .tuple(try items.map { try argument($0) })
    default: return try materialized(operand).argument
    }
  }

  /// Calls an operator by its name without overload; the overload is chosen by the arguments.
  func callOperator(
    _ name: String, _ arguments: [Operand], _ keywords: [(String, Operand)] = [], at position: Int
  ) throws -> Operand {
    let overloads = OperatorTable.overloads(of: name)
    let (arguments, keywords) = upgradedArguments(name, arguments, keywords)
    if let out = keywords.first(where: { $0.0 == "out" })?.1, out.type == .tensor {
      // `out=` is where the result is written to.
      let result = try callOperator(
        name, arguments, keywords.filter { $0.0 != "out" }, at: position)
      _ = try callOperator("aten::copy_", [out, result], [], at: position)
      return out
    }
    if arguments.count == 2, keywords.isEmpty, arguments[0].type?.isNumber == true,
      arguments[1].type == .tensor,
      let result = try callSwapped(name, arguments[0], arguments[1], at: position)
    {
      return result
    }
    guard !overloads.isEmpty else {
      return try callUnknown(name, arguments, keywords, at: position)
    }
    var mismatch: (overload: OperatorOverload, CallMatcher.Mismatch)?
    let strictnesses: [TypeRules.Strictness] =
      overloads.count == 1 ? [.converting, .lenient] : [.exact, .converting, .lenient]
    for strictness in strictnesses {
      let matcher = CallMatcher(strictness: strictness, implements: unit.implements)
      for overload in overloads {
        switch matcher.match(
          overload.parameters, arguments, keywords, takesRest: overload.takesRest)
        {
        case .success(let match):
          let operands = try match.fits.map { try apply($0) } + match.rest
          if let upgraded = try upgraded(overload, operands) { return upgraded }
          return try emit(overload, operands, match.bindings)
        case .failure(let reason): mismatch = mismatch ?? (overload, reason)
        }
      }
    }
    guard overloads.count == 1, let mismatch else {
      return try callUnknown(name, arguments, keywords, at: position)
    }
    throw failure(
      "\(name): expected \(mismatch.1.expected)\n    for \(mismatch.overload.schema)",
      at: position)
  }

  /// A number before a tensor: `1 - x`, `2 / x`, `3 < x`.
  private func callSwapped(_ name: String, _ number: Operand, _ tensor: Operand, at position: Int)
    throws -> Operand?
  {
    switch name {
    case "aten::mul", "aten::add", "aten::eq", "aten::ne":
      return try callOperator(name, [tensor, number], [], at: position)
    case "aten::lt": return try callOperator("aten::gt", [tensor, number], [], at: position)
    case "aten::le": return try callOperator("aten::ge", [tensor, number], [], at: position)
    case "aten::gt": return try callOperator("aten::lt", [tensor, number], [], at: position)
    case "aten::ge": return try callOperator("aten::le", [tensor, number], [], at: position)
    case "aten::sub":
      let negated = try callOperator("aten::neg", [tensor], [], at: position)
      return try callOperator("aten::add", [negated, number], [], at: position)
    case "aten::div":
      let inverse = try callOperator("aten::reciprocal", [tensor], [], at: position)
      return try callOperator("aten::mul", [inverse, number], [], at: position)
    default: return nil
    }
  }

  func emit(
    _ overload: OperatorOverload, _ operands: [Operand], _ bindings: TypeRules.Bindings = [:]
  ) throws -> Operand {
    let arguments = try operands.map { try argument($0) }
    let kind =
      overload.operation.map { NodeKind.operation($0) } ?? .unknown(overload.schema.qualifiedName)
    let types = overload.results.map { TypeRules.substituted($0, bindings) }
    let outputs = emit(kind, arguments, outputs: types)
    if outputs.isEmpty { return .none }
    let results = zip(outputs, types).map { Operand.value(.value($0), $1) }
    return results.count == 1 ? results[0] : .tuple(results)
  }

  /// An operator that the catalogue lacks, with its arguments as they stand.
  private func callUnknown(
    _ name: String, _ arguments: [Operand], _ keywords: [(String, Operand)], at position: Int
  ) throws -> Operand {
    let given = try (arguments + keywords.map(\.1)).map { try argument($0) }
    // The bare name may be an overload that the catalogue has.
    let unknown = Catalog.byName[name] == nil ? name : name + ".other"
    return .value(.value(emit(.unknown(unknown), given, .tensor)), .tensor)
  }
}

/// Calls of what the source declares.
extension FunctionCompiler {
  /// Arguments as the signature wants them, defaults filled in.
  func matched(
    _ name: String, _ parameters: ArraySlice<Signature.Parameter>, _ arguments: [Operand],
    _ keywords: [(String, Operand)], at position: Int
  ) throws -> [Argument] {
    let wanted = parameters.map {
      CallMatcher.Parameter(
        name: $0.name, type: $0.type, count: $0.count, defaultValue: $0.defaultValue,
        isKeywordOnly: $0.isKeywordOnly)
    }
    var mismatch: CallMatcher.Mismatch?
    for strictness in [TypeRules.Strictness.converting, .lenient] {
      let matcher = CallMatcher(strictness: strictness, implements: unit.implements)
      switch matcher.match(wanted, arguments, keywords) {
      case .success(let match):
        return try zip(match.fits, parameters).map { fit, parameter in
          if case .literal(let value) = fit {
            return try materialized(try literal(value, type: parameter.type)).argument
          }
          return try materialized(try apply(fit)).argument
        }
      case .failure(let reason): mismatch = mismatch ?? reason
      }
    }
    throw failure("\(name): expected \(mismatch?.expected ?? "other arguments")", at: position)
  }

  func callFunction(
    _ name: String, _ arguments: [Operand], _ keywords: [(String, Operand)], at position: Int
  ) throws -> Operand {
    guard let signature = try unit.functionSignature(name), let type = signature.returnType else {
      throw failure("expected a function, got '\(name)'", at: position)
    }
    unit.calls[self.name, default: []].append((name, source, position))
    let given = try matched(name, signature.parameters[...], arguments, keywords, at: position)
    return .value(.value(emit(.prim(.callFunction), label: name, given, type)), type)
  }

  func callMethod(
    _ receiver: Typed, _ name: String, _ arguments: [Operand],
    _ keywords: [(String, Operand)] = [], at position: Int
  ) throws -> Operand {
    guard case .module(let className) = receiver.type else {
      throw failure(
        "expected an object, got \(TypeRules.text(receiver.type))", at: position)
    }
    if className.hasPrefix("__torch__.torch.classes.") {
      let given = try (arguments + keywords.map(\.1)).map { try materialized($0).argument }
      let value = emit(
        .prim(.callMethod), label: name, [receiver.argument] + given, .any)
      return .value(.value(value), .any)
    }
    let declared = try unit.declaredClass(className, from: source, at: position)
    guard let signature = try unit.methodSignature(name, of: declared),
      let type = signature.returnType
    else {
      throw failure("expected a method of \(className), got '\(name)'", at: position)
    }
    if declared.script.kind != .interface {
      unit.calls[self.name, default: []].append(("\(className).\(name)", source, position))
    }
    let given = try matched(
      "\(className).\(name)", signature.parameters.dropFirst(), arguments, keywords, at: position)
    let value = emit(.prim(.callMethod), label: name, [receiver.argument] + given, type)
    return .value(.value(value), type)
  }

  /// `Point(x, 1)`, `Counter(3)`.
  func construct(
    _ name: String, _ arguments: [Operand], _ keywords: [(String, Operand)], at position: Int
  ) throws -> Operand {
    let declared = try unit.declaredClass(name, from: source, at: position)
    switch declared.script.kind {
    case .namedTuple:
      let parameters = declared.script.attributes.map {
        Signature.Parameter(
          name: $0.name, type: $0.type, defaultValue: $0.defaultValue, isKeywordOnly: false)
      }
      let given = try matched(name, parameters[...], arguments, keywords, at: position)
      return .value(.value(emit(.prim(.tupleConstruct), given, declared.type)), declared.type)
    case .object:
      let object = Typed(emit(.prim(.createObject), [], declared.type), declared.type)
      if declared.methodSyntax("__init__") != nil {
        _ = try callMethod(object, "__init__", arguments, keywords, at: position)
      }
      return .value(object)
    case .enumeration:
      throw failure(
        "expected a member of \(name), as \(name).\(firstMember(declared))", at: position)
    case .module, .interface:
      throw failure("expected a class whose objects can be made, got \(name)", at: position)
    }
  }

  private func firstMember(_ declared: DeclaredClass) -> String {
    declared.script.members.first?.name ?? "NAME"
  }
}
