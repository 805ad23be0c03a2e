import Foundation
import MartletOps
import MartletTensor
import MartletTracer

/// One node as an expression of TorchScript, its arguments as text already.
struct SourceExpression {
  let node: Node
  let arguments: [String]
  let type: GraphType?

  var text: String {
    let list = arguments.joined(separator: ", ")
    switch node.prim {
    case .getAttr:
      let name = node.label ?? ""
      return SourceNames.isIdentifier(name)
        ? "\(arguments[0]).\(name)" : "getattr(\(arguments[0]), \(SourceLiteral.quoted(name)))"
    case .callMethod:
      let given = arguments.dropFirst().map { "\($0), " }.joined()
      return "(\(arguments[0])).\(node.label ?? "")(\(given))"
    case .listConstruct:
      return arguments.isEmpty
        ? "annotate(\(type?.annotation ?? "List[Tensor]"), [])" : "[\(list)]"
    case .tupleConstruct:
      return arguments.count == 1 ? "(\(list),)" : "(\(list))"
    case .dictConstruct:
      let entries = stride(from: 0, to: arguments.count - 1, by: 2).map {
        "\(arguments[$0]): \(arguments[$0 + 1])"
      }
      return arguments.isEmpty
        ? "annotate(\(type?.annotation ?? "Dict[str, Tensor]"), {})"
        : "{\(entries.joined(separator: ", "))}"
    case .dictItem, .tupleIndex: return "\(arguments[0])[\(arguments[1])]"
    default: return call
    }
  }

  private var call: String {
    let name = String(node.name.prefix { $0 != "." })
    switch name {
    case "aten::Int": return "int(\(arguments[0]))"
    case "aten::Float": return "float(\(arguments[0]))"
    case "aten::Bool": return "bool(\(arguments[0]))"
    case "aten::IntImplicit": return "annotate(int, \(arguments[0]))"
    case "aten::FloatImplicit": return "annotate(float, \(arguments[0]))"
    case "aten::ScalarImplicit": return "annotate(number, \(arguments[0]))"
    case "aten::__getitem__": return "\(arguments[0])[\(arguments[1])]"
    default: break
    }
    let parts = name.components(separatedBy: "::")
    let function =
      parts.count == 2
      ? (parts[0] == "aten" ? "torch.\(parts[1])" : "ops.\(parts[0]).\(parts[1])") : name
    return "\(function)(\(givenArguments.joined(separator: ", ")))"
  }

  /// Trailing arguments that are their defaults are left out, keyword-only ones are named.
  private var givenArguments: [String] {
    guard let parameters = node.operation?.schema.arguments else { return arguments }
    var count = arguments.count
    while count > 0, let standard = parameters[count - 1].defaultValue,
      let literal = SourceExpression.literal(node.arguments[count - 1]),
      literal == SourceLiteral.text(of: Argument(literal: standard) ?? .none)
    {
      count -= 1
    }
    return (0..<count).map { index in
      parameters[index].isKeywordOnly
        ? "\(parameters[index].name)=\(arguments[index])"
        : arguments[index]
    }
  }

  private static func literal(_ argument: Argument) -> String? {
    argument.literal == nil ? nil : SourceLiteral.text(of: argument)
  }
}

/// Literals as TorchScript writes them.
enum SourceLiteral {
  static func text(of argument: Argument) -> String {
    switch argument {
    case .value, .none: "None"
    case .bool(let flag): flag ? "True" : "False"
    case .int(let number): "\(number)"
    case .double(let number): text(of: number)
    case .complex(let real, let imaginary):
      text(of: real) + (imaginary >= 0 ? "+" : "-") + text(of: abs(imaginary)) + "j"
    case .string(let text): quoted(text)
    case .device(let name): "torch.device(\(quoted(name)))"
    case .list(let items): "[\(items.map { text(of: $0) }.joined(separator: ", "))]"
    case .tuple(let items):
      items.count == 1
        ? "(\(text(of: items[0])),)" : "(\(items.map { text(of: $0) }.joined(separator: ", ")))"
    case .dictionary(let entries):
      "{\(entries.map { "\(text(of: $0.key)): \(text(of: $0.value))" }.joined(separator: ", "))}"
    }
  }

  /// Whole numbers end in a point, others have the 17 digits that tell any two doubles apart.
  static func text(of number: Double) -> String {
    if number.isNaN { return "nan" }
    if number.isInfinite { return number < 0 ? "-inf" : "inf" }
    if abs(number) < 1e10, number == number.rounded(.towardZero), !number.isSubnormal {
      return number == 0 && number.sign == .minus ? "-0." : "\(Int(number))."
    }
    return String(format: "%.17g", number)
  }

  static func quoted(_ text: String) -> String { MartletTracer.quoted(text) }
}

extension GraphType {
  /// As in the source's annotations: `Tuple[Tensor, List[int]]`.
  var annotation: String {
    switch self {
    case .tensor: "Tensor"
    case .int, .float, .complex, .bool, .any, .none: description
    case .string: "str"
    case .device: "Device"
    case .scalar: "number"
    case .list(let element): "List[\(element.annotation)]"
    case .optional(let wrapped): "Optional[\(wrapped.annotation)]"
    case .tuple(let items):
      items.isEmpty ? "Tuple[()]" : "Tuple[\(items.map(\.annotation).joined(separator: ", "))]"
    case .dictionary(let key, let value): "Dict[\(key.annotation), \(value.annotation)]"
    case .module(let name), .enumeration(let name): name
    case .namedTuple(let type): type.name
    case .future(let type): "Future[\(type.annotation)]"
    }
  }
}

/// Names that no two values share, made from those of the graph.
struct SourceNames {
  private var used: Set<String> = []
  private var next: [String: Int] = [:]

  /// Words of Python and of the serialised form.
  private static let reserved: Set<String> = [
    "_", "as", "aten", "attribute", "CONSTANTS", "fork", "getattr", "inf", "nan", "infj", "nanj",
    "ops", "__torch__", "self", "False", "None", "True", "and", "assert", "async", "await", "break",
    "class", "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global",
    "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try",
    "while", "with", "yield", "uninitialized", "unchecked_cast", "annotate", "torch",
  ]

  /// `input.1` becomes `input`, then `input0`; numbers become `_0`, `_1`, in order.
  mutating func next(for graphName: String) -> String {
    let base = SourceNames.base(of: graphName)
    var name = base
    while used.contains(name) || SourceNames.reserved.contains(name) {
      name = "\(base)\(next[base, default: 0])"
      next[base, default: 0] += 1
    }
    used.insert(name)
    return name
  }

  private static func base(of name: String) -> String {
    if name.allSatisfy(\.isNumber) { return "_" }
    var parts = name.split(separator: ".").map(String.init)
    if parts.count > 1, parts.last?.allSatisfy(\.isNumber) == true { parts.removeLast() }
    let base = parts.joined(separator: "_")
    return isSpelledAsIdentifier(base) ? base : "_\(base)"
  }

  static func isIdentifier(_ name: String) -> Bool {
    isSpelledAsIdentifier(name) && !reserved.contains(name)
  }

  private static func isSpelledAsIdentifier(_ name: String) -> Bool {
    guard let first = name.utf8.first, !(48...57).contains(first) else { return false }
    return name.utf8.allSatisfy {
      (97...122).contains($0 | 32) || (48...57).contains($0) || $0 == UInt8(ascii: "_")
    }
  }
}
