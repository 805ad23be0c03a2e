import MartletOps
import MartletTensor
import MartletTracer

/// What names and attributes stand for.
extension FunctionCompiler {
  func compileName(_ name: String, at position: Int) throws -> Operand {
    if let variable = variable(name) {
      if let problem = variable.problem {
        throw failure("expected a variable with a value: \(problem)", at: position)
      }
      return variable.operand
    }
    switch name {
    case "inf": return .value(.double(.infinity), .float)
    case "nan": return .value(.double(.nan), .float)
    case "infj": return .value(.complex(0, .infinity), .complex)
    case "nanj": return .value(.complex(0, .nan), .complex)
    case "torch", "ops", "math", "CONSTANTS", "__torch__", "F", "nn", "warnings", "typing":
      return .namespace(FunctionCompiler.namespaces[name] ?? name)
    default: break
    }
    if let declared = declared("\(qualifier).\(name)") { return declared }
    if let special = Special(rawValue: name) { return .special(special) }
    if let type = try? types.type(Expression(kind: .name(name), position: position, depth: 1)) {
      return .type(type)
    }
    if FunctionCompiler.exceptions.contains(name) { return .special(.exception) }
    throw failure("expected a variable or a function, got '\(name)'", at: position)
  }

  private static let namespaces = ["F": "torch.nn.functional", "nn": "torch.nn"]

  private static let exceptions: Set<String> = [
    "Exception", "ValueError", "RuntimeError", "AssertionError", "NotImplementedError",
    "TypeError", "IndexError", "KeyError",
  ]

  private func declared(_ name: String) -> Operand? {
    if unit.functionSyntax[name] != nil { return .function(name) }
    return unit.classSyntax[name] != nil ? .classReference(name) : nil
  }

  func attribute(_ base: Operand, _ name: String, at position: Int) throws -> Operand {
    switch base {
    case .namespace(let space): return try member(of: space, name, at: position)
    case .classReference(let className):
      return try member(ofClass: className, name, at: position)
    case .value, .tuple, .list, .dictionary, .iterable:
      return try attribute(of: try materialized(base), name, at: position)
    case .type(.tensor): return .builtin("aten::" + name, receiver: nil)
    default:
      throw failure("expected '\(name)' of a value, got \(base.summary)", at: position)
    }
  }

  private func member(of space: String, _ name: String, at position: Int) throws -> Operand {
    switch space {
    case "CONSTANTS": return try archived(name, at: position)
    case "ops", "torch.ops": return .namespace("ops.\(name)")
    case "math":
      if let value = TorchConstants.math[name] { return .value(.double(value), .float) }
      return .builtin(name == "fabs" ? "aten::abs" : "aten::" + name, receiver: nil)
    case "warnings": return .builtin("aten::" + name, receiver: nil)
    case "torch": return torchMember(name)
    case "torch.jit":
      switch name {
      case "annotate", "fork", "isinstance": return .special(Special(rawValue: name) ?? .annotate)
      case "_fork": return .special(.fork)
      case "wait", "_wait": return .special(.wait)
      case "is_scripting": return .special(.isScripting)
      case "is_tracing": return .special(.isTracing)
      default: break
      }
    case "torch.linalg", "torch.fft", "torch.special":
      return .builtin("aten::\(space.dropFirst("torch.".count))_\(name)", receiver: nil)
    case "torch.nn":
      if name == "functional" { return .namespace("torch.nn.functional") }
    case "torch.nn.functional":
      let qualified = "\(FunctionalSource.qualifier).\(name)"
      if let alias = FunctionalSource.aliases[name] { return .builtin(alias, receiver: nil) }
      try unit.addFunctional()
      guard unit.functionSyntax[qualified] != nil else {
        return .builtin("aten::" + name, receiver: nil)
      }
      return .function(qualified)
    default: break
    }
    if space.hasPrefix("ops.") {
      return .builtin("\(space.dropFirst("ops.".count))::\(name)", receiver: nil)
    }
    if space.hasPrefix("__torch__") {
      let qualified = "\(space).\(name)"
      return declared(qualified) ?? .namespace(qualified)
    }
    throw failure("expected something that '\(space)' has, got '\(name)'", at: position)
  }

  private func torchMember(_ name: String) -> Operand {
    if let value = TorchConstants.byName[name] { return .value(argument(value), .int) }
    switch name {
    case "nn", "jit", "linalg", "fft", "special", "ops", "autograd", "classes":
      return .namespace("torch.\(name)")
    case "Tensor": return .type(.tensor)
    case "device": return .special(.device)
    case "wait": return .special(.wait)
    case "inf", "nan", "pi", "e": return .value(.double(TorchConstants.math[name] ?? 0), .float)
    default: return .builtin("aten::" + name, receiver: nil)
    }
  }

  private func argument(_ value: Value) -> Argument { Argument(literal: value) ?? .none }

  /// `CONSTANTS.c7`: tensors are nodes, everything else stands as it is.
  private func archived(_ name: String, at position: Int) throws -> Operand {
    let value = try types.constant(
      Expression(
        kind: .attribute(Expression(kind: .name("CONSTANTS"), position: position, depth: 1), name),
        position: position, depth: 2)
    ).0
    guard case .tensor(let tensor) = value else {
      return try literal(value, type: GraphType(of: value))
    }
    graph.setConstant(tensor, label: name)
    let node = emit(.prim(.constant), label: name, [], GraphType(of: value))
    return .value(.value(node), .tensor)
  }

  private func member(ofClass className: String, _ name: String, at position: Int) throws
    -> Operand
  {
    if name == "__new__" { return .special(.new) }
    let declared = try unit.declaredClass(className, from: source, at: position)
    if declared.script.kind == .enumeration {
      guard let member = declared.script.members.first(where: { $0.name == name }) else {
        throw failure("expected a member of \(className), got '\(name)'", at: position)
      }
      return try literal(.enumeration(member))
    }
    throw failure("expected an attribute of the class \(className), got '\(name)'", at: position)
  }

  func attribute(of value: Typed, _ name: String, at position: Int) throws -> Operand {
    switch value.type {
    case .module(let className):
      return try attribute(of: value, className, name, at: position)
    case .namedTuple(let tuple):
      if let index = tuple.fieldNames.firstIndex(of: name) {
        return tupleItem(value, index, tuple.fieldTypes[index])
      }
    case .enumeration(let className):
      return try attribute(of: value, enumeration: className, name, at: position)
    case .tensor:
      if let property = FunctionCompiler.tensorProperties[name] {
        return try callOperator(property, [.value(value)], [], at: position)
      }
      if name == "tolist" { return .builtin("prim::tolist", receiver: value) }
    case .device where name == "type" || name == "index":
      return try callOperator("prim::\(name)", [.value(value)], [], at: position)
    case .future(let inner):
      switch name {
      case "wait", "value": return .builtin("aten::wait", receiver: Typed(value.argument, inner))
      default: break
      }
    default:
      if name == "wait" { return .builtin("aten::wait", receiver: value) }
    }
    return .builtin("aten::" + name, receiver: value)
  }

  private func attribute(
    of value: Typed, _ className: String, _ name: String, at position: Int
  ) throws -> Operand {
    guard !className.hasPrefix("__torch__.torch.classes.") else {
      return .method(value, className: className, name)
    }
    let declared = try unit.declaredClass(className, from: source, at: position)
    if declared.methodSyntax(name) != nil { return .method(value, className: className, name) }
    if let constant = declared.script.constant(name) {
      if case .tensor(let tensor) = constant.value {
        let label = "\(className).\(name)"
        graph.setConstant(tensor, label: label)
        return .value(
          .value(emit(.prim(.constant), label: label, [], GraphType(of: constant.value))), .tensor)
      }
      return try literal(constant.value, type: constant.type)
    }
    guard let attribute = declared.script.attribute(name) else {
      throw failure("expected an attribute of \(className), got '\(name)'", at: position)
    }
    let result = emit(.prim(.getAttr), label: name, [value.argument], attribute.type)
    return .value(.value(result), attribute.type)
  }

  private func attribute(
    of value: Typed, enumeration className: String, _ name: String, at position: Int
  ) throws -> Operand {
    let declared = try unit.declaredClass(className, from: source, at: position)
    let type: GraphType =
      name == "name"
      ? .string : declared.script.members.first.map { GraphType(of: $0.value) } ?? .any
    switch name {
    case "name":
      return .value(.value(emit(NodeKind("prim::EnumName"), [value.argument], .string)), type)
    case "value":
      return .value(.value(emit(NodeKind("prim::EnumValue.\(type)"), [value.argument], type)), type)
    default:
      throw failure("expected 'name' or 'value' of \(className), got '\(name)'", at: position)
    }
  }

  /// `x.float()` is `x.to(torch.float32)`.
  static let castMethods: [String: Int] = [
    "byte": 0, "char": 1, "short": 2, "int": 3, "long": 4, "half": 5, "float": 6, "double": 7,
    "bool": 11, "bfloat16": 15, "cfloat": 9, "cdouble": 10,
  ]

  private static let tensorProperties: [String: String] = [
    "shape": "aten::size", "ndim": "aten::dim", "dtype": "prim::dtype", "device": "prim::device",
    "layout": "prim::layout", "is_cuda": "prim::is_cuda", "is_cpu": "prim::is_cpu",
    "is_sparse": "prim::is_sparse", "is_quantized": "prim::is_quantized",
    "is_meta": "prim::is_meta", "is_mkldnn": "prim::is_mkldnn", "is_mps": "prim::is_mps",
    "is_leaf": "aten::is_leaf", "requires_grad": "prim::requires_grad", "grad": "prim::grad",
    "data": "prim::data", "T": "aten::numpy_T", "mT": "aten::mT", "H": "aten::matrix_H",
    "mH": "aten::mH", "real": "aten::real", "imag": "aten::imag", "itemsize": "prim::itemsize",
    "nbytes": "prim::nbytes", "name": "prim::name", "retains_grad": "aten::retains_grad",
  ]
}
