import MartletKernels
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
    case .callMethod: return "(\(arguments[0])).\(node.label ?? "")(\(given(from: 1)))"
    case .callFunction: return "\(node.label ?? "")(\(given(from: 0)))"
    case .listConstruct: return annotated("[\(list)]", element: type?.listElement)
    case .tupleConstruct:
      let name: String = if case .namedTuple(let named)? = type { named.name } else { "" }
      return name + (arguments.count == 1 ? "(\(list),)" : "(\(list))")
    case .dictConstruct: return dictionary
    case .dictItem: return item
    case .tupleIndex: return "(\(arguments[0]))[\(arguments[1])]"
    case .tupleSlice: return "(\(arguments[0]))[\(arguments[1]):\(arguments[2])]"
    case .createObject: return "\(annotation).__new__(\(annotation))"
    case .enumMember: return node.label ?? ""
    case .uncheckedCast: return "unchecked_cast(\(annotation), \(arguments[0]))"
    case .uninitialized: return "uninitialized(\(annotation))"
    case .toList: return "annotate(\(annotation), \(arguments[0]).tolist())"
    case .isInstance: return "isinstance(\(arguments[0]), \(instanceTypes))"
    case .raiseException:
      let given = arguments.last == "None" ? arguments.dropLast() : arguments[...]
      return "ops.prim.RaiseException(\(given.joined(separator: ", ")))"
    default: return call
    }
  }

  private var annotation: String { type?.annotation ?? "Tensor" }

  private func given(from start: Int) -> String {
    arguments.dropFirst(start).map { "\($0), " }.joined()
  }

  private func annotated(_ text: String, element: GraphType?) -> String {
    guard arguments.isEmpty || element?.needsAnnotation == true else { return text }
    return "annotate(\(type?.annotation ?? "List[Tensor]"), \(text))"
  }

  private var dictionary: String {
    let entries = stride(from: 0, to: arguments.count - 1, by: 2).map {
      "\(arguments[$0]): \(arguments[$0 + 1])"
    }
    let text = "{\(entries.joined(separator: ", "))}"
    guard case .dictionary(let key, let item)? = type else { return text }
    return annotated(text, element: key.needsAnnotation ? key : item)
  }

  private var item: String {
    let container = arguments[0]
    let head = SourceNames.isIdentifier(container) ? container : "(\(container))"
    return "\(head)[\(arguments[1])]"
  }

  private var instanceTypes: String {
    let types = (node.label ?? "").split(separator: "|")
    return types.count == 1 ? String(types[0]) : "(\(types.joined(separator: ", ")))"
  }

  private var call: String {
    let name = String(node.name.prefix { $0 != "." })
    switch name {
    case "aten::Int": return "int(\(arguments[0]))"
    case "aten::Float": return "float(\(arguments[0]))"
    case "aten::Bool": return "bool(\(arguments[0]))"
    case "aten::str": return "str(\(arguments[0]))"
    case "aten::sorted", "prim::Print":
      return "\(name == "prim::Print" ? "print" : "sorted")(\(arguments.joined(separator: ", ")))"
    case "aten::IntImplicit", "aten::FloatImplicit", "aten::ScalarImplicit",
      "aten::ComplexImplicit":
      return "annotate(\(annotation), \(arguments[0]))"
    case "aten::__getitem__": return item
    case "prim::EnumValue": return "(\(arguments[0])).value"
    case "prim::EnumName": return "(\(arguments[0])).name"
    default: break
    }
    let parts = name.split(separator: "::", omittingEmptySubsequences: false)
    let function =
      parts.count == 2
      ? (parts[0] == "aten" ? "torch.\(parts[1])" : "ops.\(parts[0]).\(parts[1])") : name
    return "\(function)(\(givenArguments.joined(separator: ", ")))"
  }

  /// Trailing arguments that are their defaults are left out, keyword-only ones are named.
  private var givenArguments: [String] {
    guard let parameters = node.schema?.arguments,
      parameters.count >= node.arguments.count
    else { return arguments }
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

extension Node {
  /// The operator's signature, also of one that the catalogue lacks.
  var schema: Schema? {
    if let operation { return operation.schema }
    guard case .unknown(let name) = kind else { return nil }
    let base = String(name.prefix { $0 != "." })
    return KnownSchemas.schemas(of: base).first { $0.qualifiedName == name }
  }
}

extension GraphType {
  fileprivate var listElement: GraphType? {
    if case .list(let element) = self { element } else { nil }
  }
}
