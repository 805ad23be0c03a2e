import MartletOps
import MartletTensor
import MartletTracer

/// Operators whose meaning has changed keep the one of the archive's file version, as PyTorch's
/// `operator_upgraders` see to.
extension FunctionCompiler {
  private func isOlder(than version: Int) -> Bool {
    !isUpgrading && (unit.version ?? Int.max) < version
  }

  /// Arguments that were once left out: the number of steps of `linspace` and `logspace`.
  func upgradedArguments(
    _ name: String, _ arguments: [Operand], _ keywords: [(String, Operand)]
  ) -> ([Operand], [(String, Operand)]) {
    guard
      name == "aten::linspace" && isOlder(than: 8) || name == "aten::logspace" && isOlder(than: 9)
    else { return (arguments, keywords) }
    func isNone(_ operand: Operand) -> Bool {
      if case .value(let value) = operand, value.type == .none { true } else { false }
    }
    var (arguments, keywords) = (arguments, keywords)
    if arguments.count > 2 {
      if isNone(arguments[2]) { arguments[2] = .int(100) }
    } else if let index = keywords.firstIndex(where: { $0.0 == "steps" }) {
      if isNone(keywords[index].1) { keywords[index].1 = .int(100) }
    } else {
      keywords.append(("steps", .int(100)))
    }
    return (arguments, keywords)
  }

  /// What stands for a call of an overload whose meaning has changed; nil for all others.
  func upgraded(_ overload: OperatorOverload, _ operands: [Operand]) throws -> Operand? {
    switch overload.schema.qualifiedName {
    case "aten::div.Tensor", "aten::div.Scalar", "aten::div_.Tensor", "aten::div_.Scalar":
      guard isOlder(than: 4), operands.count == 2 else { return nil }
      return try truncatingDivision(overload, operands)
    case "aten::full":
      guard isOlder(than: 5), operands.count > 2, case .value(let dtype) = operands[2],
        dtype.type == .none, case .value(let fill) = operands[1], fill.type != .float
      else { return nil }
      // Without a dtype the result was always of floating point.
      var operands = operands
      switch fill.argument {
      case .int(let number): operands[1] = .value(.double(Double(number)), .float)
      case .bool(let flag): operands[1] = .value(.double(flag ? 1 : 0), .float)
      default: operands[1] = try callOperator("aten::Float", [operands[1]], [], at: position)
      }
      return try emit(overload, operands)
    default: return nil
    }
  }

  /// Integers were once divided as in C.
  private func truncatingDivision(_ overload: OperatorOverload, _ operands: [Operand]) throws
    -> Operand?
  {
    let kind: GraphType = operands[1].type ?? .any
    if kind == .float { return nil }
    let test =
      switch kind {
      case .tensor: " or torch.is_floating_point(b)"
      case .int, .bool: ""
      default: " or isinstance(b, float)"
      }
    let function = overload.schema.name == "aten::div_" ? "torch.div_" : "torch.div"
    let text = """
      def divide(a: Tensor, b: \(TypeRules.text(kind))) -> Tensor:
        if torch.is_floating_point(a)\(test):
          return \(function)(a, b)
        return \(function)(a, b, rounding_mode="trunc")
      """
    var parser = try SourceParser(SourceText(path: "upgrader", text: text), place: position)
    guard case .function(let syntax)? = try parser.file().first else { return nil }
    isUpgrading = true
    defer { isUpgrading = false }
    return try callClosure(syntax, operands, [], at: position)
  }
}
