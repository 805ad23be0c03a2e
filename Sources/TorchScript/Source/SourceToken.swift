/// A word of TorchScript source.
struct SourceToken: Sendable {
  enum Kind: Sendable, Equatable {
    case name(String)
    /// Without a sign; the parser joins it with a minus before it.
    case int(UInt)
    case double(Double)
    case imaginary(Double)
    case string(String)
    /// A string with replacement fields, `f"{x}"`, as it stands between the quotes.
    case formatted(String)
    case symbol(SourceSymbol)
    case newline, indent, dedent, end
  }

  let kind: Kind
  let position: Int
}

enum SourceSymbol: String, Sendable, CaseIterable {
  case leftParenthesis = "("
  case rightParenthesis = ")"
  case leftBracket = "["
  case rightBracket = "]"
  case leftBrace = "{"
  case rightBrace = "}"
  case comma = ","
  case colon = ":"
  case dot = "."
  case semicolon = ";"
  case at = "@"
  case assign = "="
  case arrow = "->"
  case plus = "+"
  case minus = "-"
  case times = "*"
  case power = "**"
  case divide = "/"
  case floorDivide = "//"
  case remainder = "%"
  case and = "&"
  case or = "|"
  case xor = "^"
  case invert = "~"
  case shiftLeft = "<<"
  case shiftRight = ">>"
  case less = "<"
  case greater = ">"
  case lessOrEqual = "<="
  case greaterOrEqual = ">="
  case equal = "=="
  case notEqual = "!="
  case plusAssign = "+="
  case minusAssign = "-="
  case timesAssign = "*="
  case powerAssign = "**="
  case divideAssign = "/="
  case floorDivideAssign = "//="
  case remainderAssign = "%="
  case andAssign = "&="
  case orAssign = "|="
  case xorAssign = "^="
  case matMulAssign = "@="
  case shiftLeftAssign = "<<="
  case shiftRightAssign = ">>="
  case ellipsis = "..."

  /// By up to three bytes, the first in the lowest.
  static let byBytes: [UInt32: SourceSymbol] = Dictionary(
    uniqueKeysWithValues: allCases.map { symbol in
      (symbol.rawValue.utf8.reversed().reduce(0) { $0 << 8 | UInt32($1) }, symbol)
    })
}

extension SourceToken.Kind: CustomStringConvertible {
  /// As messages name it.
  var description: String {
    switch self {
    case .name(let text): "'\(text.prefix(60))'"
    case .int(let number): "'\(number)'"
    case .double(let number): "'\(number)'"
    case .imaginary(let number): "'\(number)j'"
    case .string, .formatted: "a string"
    case .symbol(let symbol): "'\(symbol.rawValue)'"
    case .newline: "the end of the line"
    case .indent: "a deeper indentation"
    case .dedent: "the end of the block"
    case .end: "the end of the file"
    }
  }
}
