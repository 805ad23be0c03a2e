import MartletKernels
import MartletTensor

/// How TorchScript writes values into texts: as C++ streams do, with 17 digits.
enum StringForm {
  static func text(of value: Value) -> String {
    switch value {
    case .none: "None"
    case .bool(let flag): flag ? "True" : "False"
    case .int(let number): "\(number.number)"
    case .double(let number): text(of: number)
    case .string(let text): text
    case .device(let name): name
    case .tensor(let tensor): "\(tensor)"
    case .list(let items): "[\(items.map(text(of:)).joined(separator: ", "))]"
    case .tuple(let items):
      items.count == 1
        ? "(\(text(of: items[0])),)"
        : "(\(items.map(text(of:)).joined(separator: ", ")))"
    case .dictionary(let entries):
      "{\(entries.map { "\(text(of: $0.key)): \(text(of: $0.value))" }.joined(separator: ", "))}"
    case .enumeration(let member): "Enum<\(member.className).\(member.name)>"
    case .reference(let reference): text(of: reference.snapshot)
    case .object, .packed, .complex: value.summary
    }
  }

  /// `1.`, `0.10000000000000001`, `1e+20`.
  static func text(of number: Double) -> String {
    if number.isNaN { return "nan" }
    if number.isInfinite { return number < 0 ? "-inf" : "inf" }
    if let whole = Int64(exactly: number) { return "\(whole)." }
    return NumberText.text(number, .general, digits: 17)
  }

  /// `%d`, `%i`, `%s`, `%f`, `%F`, `%e`, `%E`, `%c`, `%%`.
  static func percent(_ form: String, _ values: [Value]) throws -> String {
    var rest = values[...]
    var text = ""
    var scalars = form.unicodeScalars[...]
    while let scalar = scalars.popFirst() {
      guard scalar == "%" else {
        text.unicodeScalars.append(scalar)
        continue
      }
      guard let key = scalars.popFirst() else {
        throw MartletError(.argument, "Incomplete format specifier")
      }
      if key == "%" {
        text += "%"
        continue
      }
      guard let value = rest.popFirst() else {
        throw MartletError(.argument, "Too few arguments for format string")
      }
      text += try formatted(value, Character(key))
    }
    guard rest.isEmpty else {
      throw MartletError(.argument, "Too many arguments for format string")
    }
    return text
  }

  private static func formatted(_ value: Value, _ key: Character) throws -> String {
    switch key {
    case "d", "i":
      if case .double(let number) = value { return "\(Int64(saturating: number))" }
      return "\(try Scalar(value).int64)"
    case "e", "E", "f", "F":
      let style = NumberText.Style(rawValue: String(key)) ?? .fixed
      return NumberText.text(try Scalar(value).double, style, digits: 6)
    case "c":
      if case .string(let text) = value { return text }
      guard let code = UInt32(exactly: try Scalar(value).int64),
        let scalar = Unicode.Scalar(code)
      else { throw MartletError(.value, "%c requires a character's number") }
      return String(scalar)
    case "s": return text(of: value)
    default:
      throw MartletError(
        .argument, "The specifier %\(key) is not supported in TorchScript format strings")
    }
  }
}
