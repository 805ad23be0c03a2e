import MartletKernels
import MartletOps
import MartletTracer

/// Literals as TorchScript writes them.
enum SourceLiteral {
  static func text(of argument: Argument) -> String {
    switch argument {
    case .value, .none, .packed: "None"
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
    return NumberText.text(number, .general, digits: 17)
  }

  /// In double quotes; control characters as C's escapes or three octal digits.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\\"): result += "\\\\"
      case UInt8(ascii: "'"): result += "\\'"
      case UInt8(ascii: "\""): result += "\\\""
      case 0x07: result += "\\a"
      case 0x08: result += "\\b"
      case 0x0c: result += "\\f"
      case 0x0a: result += "\\n"
      case 0x0d: result += "\\r"
      case 0x09: result += "\\t"
      case 0x0b: result += "\\v"
      case 0x20...0x7e: result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 8)
        result += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
      }
    }
    return result + "\""
  }

  static func isASCII(_ text: String) -> Bool { text.utf8.allSatisfy { $0 < 0x80 } }
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
