import MartletOps
import MartletTensor

extension Graph: CustomStringConvertible {
  /// The graph as text, close to PyTorch's; `Graph(parsing:)` reads it back.
  public var description: String {
    let inputs = body.parameters.map { declaration($0) }
    var text = "graph(\(inputs.joined(separator: ",\n      "))):\n"
    for node in body.nodes { append(node, indent: "  ", to: &text) }
    text += "  return (\(list(body.results)))\n"
    return text
  }

  /// The node as one line without its blocks, for messages.
  package func line(of node: Node) -> String {
    var text = ""
    appendHead(node, to: &text)
    return text
  }

  private func append(_ node: Node, indent: String, to text: inout String) {
    text += indent
    appendHead(node, to: &text)
    if let comment = comment(node) { text += " # \(comment)" }
    text += "\n"
    for (index, block) in node.blocks.enumerated() {
      let parameters = block.parameters.map { declaration($0) }.joined(separator: ", ")
      text += "\(indent)  block\(index)(\(parameters)):\n"
      for inner in block.nodes { append(inner, indent: indent + "    ", to: &text) }
      text += "\(indent)    -> (\(list(block.results)))\n"
    }
  }

  private func appendHead(_ node: Node, to text: inout String) {
    if !node.outputs.isEmpty {
      text += node.outputs.map { declaration($0) }.joined(separator: ", ") + " = "
    }
    text += node.name
    if let label = node.label { text += "[name=\(quoted(label))]" }
    text += "(\(list(node.arguments)))"
  }

  private func comment(_ node: Node) -> String? {
    var parts: [String] = []
    if let path = node.scope?.path, !path.isEmpty { parts.append(path) }
    if let location = node.location { parts.append("\(location)") }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  private func declaration(_ value: GraphValue) -> String {
    "%\(name(of: value)) : \(type(of: value))"
  }

  private func list(_ arguments: [Argument]) -> String {
    arguments.map { text(of: $0) }.joined(separator: ", ")
  }

  /// The argument as it prints: `%5`, `1e-05`, `[%1, %2]`.
  package func text(of argument: Argument) -> String {
    switch argument {
    case .value(let value): "%\(name(of: value))"
    case .none: "None"
    case .bool(let flag): flag ? "True" : "False"
    case .int(let number): "\(number)"
    case .double(let number): "\(number)"
    case .complex(let real, let imaginary): Complex(real, imaginary).description
    case .string(let text): quoted(text)
    case .device(let name): "device(\(quoted(name)))"
    case .packed(let object): "packed(\(object.summary))"
    case .list(let items): "[\(list(items))]"
    case .tuple(let items): items.count == 1 ? "(\(text(of: items[0])),)" : "(\(list(items)))"
    case .dictionary(let entries):
      "{\(entries.map { "\(text(of: $0.key)): \(text(of: $0.value))" }.joined(separator: ", "))}"
    }
  }
}

/// A string between double quotes, with what would end it or the line escaped.
package func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    default:
      if scalar.value < 32 || scalar.value == 127 {
        let digits = String(scalar.value, radix: 16)
        result += "\\x" + (digits.count < 2 ? "0" + digits : digits)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }
  return result + "\""
}
