import MartletOps
import MartletTensor
import MartletTracer

/// Calls by what is called.
extension FunctionCompiler {
  func compileCall(
    _ function: Expression, _ arguments: [Expression], _ keywords: [Expression.Keyword],
    at position: Int
  ) throws -> Operand {
    let callee = try compile(function)
    if case .special(let special) = callee {
      return try compileSpecial(special, function, arguments, keywords, at: position)
    }
    if case .builtin(let name, let receiver) = callee {
      return try compileBuiltin(name, receiver, arguments, keywords, at: position)
    }
    let given = try compileItems(arguments)
    let named = try keywords.map { ($0.name, try compile($0.value)) }
    switch callee {
    case .function(let name): return try callFunction(name, given, named, at: position)
    case .method(let receiver, _, let name):
      return try callMethod(receiver, name, given, named, at: position)
    case .classReference(let name): return try construct(name, given, named, at: position)
    case .closure(let syntax): return try callClosure(syntax, given, named, at: position)
    case .value(let value):
      guard case .module(let className) = value.type else { break }
      let declared = try unit.declaredClass(className, from: source, at: position)
      let method = declared.script.kind == .object ? "__call__" : "forward"
      return try callMethod(value, method, given, named, at: position)
    case .type(let type): return try cast(to: type, given, at: position)
    default: break
    }
    throw failure("expected something that can be called, got \(callee.summary)", at: position)
  }

  private func compileBuiltin(
    _ name: String, _ receiver: Typed?, _ arguments: [Expression],
    _ keywords: [Expression.Keyword], at position: Int
  ) throws -> Operand {
    var given = try compileItems(arguments)
    let named = try keywords.map { ($0.name, try compile($0.value)) }
    if let receiver { given.insert(.value(receiver), at: 0) }
    if let receiver, receiver.type == .tensor, given.count == 1,
      let code = FunctionCompiler.castMethods[String(name.dropFirst("aten::".count))]
    {
      return try callOperator("aten::to", [.value(receiver), .int(code)], [], at: position)
    }
    switch name {
    case "aten::wait":
      guard given.count == 1 else { break }
      let value = try materialized(given[0])
      if case .future(let inner) = value.type { return .value(value.argument, inner) }
      return .value(value)
    case "prim::RaiseException":
      let parts = try given.map { try materialized($0).argument }
      emit(.prim(.raiseException), parts, outputs: [])
      return .none
    case "aten::device":
      if given.count == 1, case .value(let value) = given[0],
        case .string(let text) = value.argument
      {
        return .value(.device(text), .device)
      }
    case "aten::Delete", "aten::warn":
      break
    case "prim::tolist":
      throw failure(
        "expected 'tolist()' with its type stated, as 'x: List[float] = y.tolist()'", at: position)
    case "prim::unchecked_unwrap_optional", "aten::_unwrap_optional":
      guard given.count == 1 else { break }
      return try unwrapped(try materialized(given[0]))
    case "prim::EnumName", "prim::EnumValue":
      guard given.count == 1 else { break }
      return try attribute(
        of: try materialized(given[0]), name == "prim::EnumName" ? "name" : "value", at: position)
    default: break
    }
    return try callOperator(
      OperatorAliases.known(name), given, named, at: position)
  }

  func unwrapped(_ value: Typed) throws -> Operand {
    let type = value.type.withoutOptional
    guard type != value.type else { return .value(value) }
    return .value(.value(emit(.prim(.uncheckedCast), [value.argument], type)), type)
  }

  /// A function within this one, put in its place.
  func callClosure(
    _ syntax: FunctionSyntax, _ arguments: [Operand], _ keywords: [(String, Operand)],
    at position: Int
  ) throws -> Operand {
    guard depth < 50 else { throw failure("expected no recursion", at: position) }
    let parameters = try syntax.parameters.map { parameter in
      Signature.Parameter(
        name: parameter.name,
        type: try parameter.annotation.map { try types.type($0) } ?? .tensor,
        defaultValue: try parameter.defaultValue.map { try types.constant($0).0 },
        isKeywordOnly: parameter.isKeywordOnly)
    }
    let given = try matched(syntax.name, parameters[...], arguments, keywords, at: position)
    let saved = (returnType, self.position)
    depth += 1
    frames.append(Frame())
    defer {
      (returnType, self.position) = saved
      depth -= 1
      frames.removeLast()
    }
    for (parameter, argument) in zip(parameters, given) {
      assign(parameter.name, .value(argument, parameter.type), type: parameter.type)
    }
    frames[frames.count - 1].variables["$returned"] = nil
    returnType = try syntax.returnAnnotation.map { try types.type($0) }
    return .value(try result(of: syntax.body))
  }

  /// `int(x)`, `float(x)`, … and `torch.Tensor(x)`'s like.
  func cast(to type: GraphType, _ arguments: [Operand], at position: Int) throws -> Operand {
    guard arguments.count == 1 else {
      throw failure("expected one value, got \(arguments.count)", at: position)
    }
    let given = arguments[0]
    if given.type == type { return given }
    let name: String
    switch type {
    case .int: name = "aten::Int"
    case .float: name = "aten::Float"
    case .complex: name = "aten::Complex"
    case .bool: name = "aten::Bool"
    case .string: name = "aten::str"
    default: throw failure("expected a number's type, got \(TypeRules.text(type))", at: position)
    }
    if type == .float, case .value(let value) = given, case .string(let text) = value.argument,
      let number = Double(text.lowercased())
    {
      return .value(.double(number), .float)
    }
    return try callOperator(name, [given], [], at: position)
  }
}

/// Names that the source uses for operators with other ones.
enum OperatorAliases {
  /// What the operator is called that the name means.
  static func known(_ name: String) -> String {
    guard let other = byName[name], OperatorTable.overloads(of: name).isEmpty else { return name }
    return other
  }

  private static let byName: [String: String] = [
    "aten::clip": "aten::clamp", "aten::concat": "aten::cat", "aten::concatenate": "aten::cat",
    "aten::multiply": "aten::mul", "aten::divide": "aten::div", "aten::subtract": "aten::sub",
    "aten::greater": "aten::gt", "aten::less": "aten::lt", "aten::greater_equal": "aten::ge",
    "aten::less_equal": "aten::le", "aten::not_equal": "aten::ne", "aten::absolute": "aten::abs",
    "aten::negative": "aten::neg", "aten::arccos": "aten::acos", "aten::arcsin": "aten::asin",
    "aten::arctan": "aten::atan", "aten::swapaxes": "aten::transpose",
    "aten::swapdims": "aten::transpose", "aten::true_divide": "aten::div",
    "aten::special_expit": "aten::sigmoid", "aten::special_softmax": "aten::softmax",
    "aten::moveaxis": "aten::movedim", "aten::fix": "aten::trunc",
    "aten::row_stack": "aten::vstack",
    "aten::inverse": "aten::linalg_inv", "aten::arctan2": "aten::atan2",
  ]
}
