import Foundation
import MartletTensor

/// Values as text, and what a program says or sets on its way.
package enum Texts {
  package static let operators: [Operator] = [
    str, format, percentFormat, warn, print, printText, manualSeed,
  ]

  /// A value as TorchScript's `str` writes it, which is not Python's way: `1.0` gives `1.`, and a
  /// list's strings have no quotes.
  static let str = Operator(
    "aten::str(t elem) -> str", .scalar { [.string(text(of: $0["elem"]))] })

  /// Each `{}` replaced by the next value, written as `str` does.
  static let format = Operator(
    "aten::format(str self, ...) -> str",
    .scalar { arguments in
      let pieces = try arguments.string("self").components(separatedBy: "{}")
      let values = arguments.values.dropFirst()
      guard values.count >= pieces.count - 1 else {
        throw MartletError(
          .argument, "Too few arguments for format string: \(try arguments.string("self"))")
      }
      var result = pieces[0]
      for (value, piece) in zip(values, pieces.dropFirst()) { result += text(of: value) + piece }
      return [.string(result)]
    })

  /// Python's `%` on strings, with `%s %d %i %c %f %e` and `%%`.
  static let percentFormat = Operator(
    "aten::percentFormat(str self, ...) -> str",
    .scalar { arguments in
      var values = arguments.values.dropFirst()
      var result = ""
      var rest = try arguments.string("self")[...]
      while let sign = rest.firstIndex(of: "%") {
        result += rest[..<sign]
        rest = rest[rest.index(after: sign)...]
        guard let specifier = rest.popFirst() else {
          throw MartletError(.argument, "Incomplete format specifier")
        }
        if specifier == "%" {
          result += "%"
          continue
        }
        guard let value = values.popFirst() else {
          throw MartletError(.argument, "Too few arguments for format string")
        }
        result += try text(of: value, as: specifier)
      }
      guard values.isEmpty else {
        throw MartletError(.argument, "Too many arguments for format string")
      }
      return [.string(result + rest)]
    })

  private static func text(of value: Value, as specifier: Character) throws -> String {
    func number() throws -> Scalar {
      do { return try Scalar(value) } catch {
        throw MartletError(
          .argument,
          "%\(specifier) requires a number for formatting, but got \(value.kindName)")
      }
    }
    switch specifier {
    case "s": return text(of: value)
    case "d", "i": return "\(try number().int64)"
    case "f", "F": return String(format: "%f", try number().double)
    case "e", "E": return String(format: "%\(specifier)", try number().double)
    case "c":
      if case .string(let character) = value { return character }
      let code = try number().int64
      guard let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init) else {
        throw MartletError(.argument, "%c requires an int or char for formatting, got \(code)")
      }
      return String(scalar)
    default:
      throw MartletError(
        .argument, "The specifier %\(specifier) is not supported in TorchScript format strings")
    }
  }

  /// Says it on standard error.
  static let warn = Operator(
    "aten::warn(str message, int stacklevel=2) -> ()",
    .mutating { arguments in
      FileHandle.standardError.write(Data("Warning: \(try arguments.string("message"))\n".utf8))
      return []
    })

  /// Its values on standard output, with spaces between.
  static let print = Operator(
    "prim::Print(...) -> ()",
    .mutating { arguments in
      Swift.print(arguments.values.map { text(of: $0) }.joined(separator: " "))
      return []
    })
  static let printText = Operator(
    "aten::_print(str s) -> ()",
    .mutating { arguments in
      Swift.print(try arguments.string("s"))
      return []
    })

  /// Starts the current generator's numbers that belong to the seed.
  static let manualSeed = Operator(
    "aten::manual_seed(int seed) -> ()",
    .mutating { arguments in
      MartletTensor.manualSeed(try arguments.int("seed"))
      return []
    })

  static func text(of value: Value) -> String {
    switch value {
    case .none: "None"
    case .tensor(let tensor): "\(tensor)"
    case .bool(let flag): flag ? "True" : "False"
    case .int(let number): "\(number)"
    case .double(let number): text(of: number)
    case .complex(let real, let imaginary): "(\(text(of: real)),\(text(of: imaginary)))"
    case .string(let string), .device(let string): string
    case .list(let items): "[\(items.map(text).joined(separator: ", "))]"
    case .tuple(let items):
      "(\(items.map(text).joined(separator: ", "))\(items.count == 1 ? "," : ""))"
    case .dictionary(let entries):
      "{\(entries.map { "\(text(of: $0.key)): \(text(of: $0.value))" }.joined(separator: ", "))}"
    default: value.summary
    }
  }

  /// Whole numbers that fit in 64 bits end with a point; the others have 17 digits.
  private static func text(of number: Double) -> String {
    if number.isNaN { return "nan" }
    if number.isInfinite { return number < 0 ? "-inf" : "inf" }
    if let whole = Int64(exactly: number) { return "\(whole)." }
    return String(format: "%.17g", number)
  }
}
