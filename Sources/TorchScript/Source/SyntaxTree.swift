/// An expression of the source.
struct Expression: Sendable {
  indirect enum Kind: Sendable {
    case name(String)
    case int(Int)
    case double(Double)
    case imaginary(Double)
    case string(String)
    case bool(Bool)
    case none
    case ellipsis
    /// `f"a{x}b"`: text between `{}`s and what stands in them.
    case formatted(String, [Expression])
    case negative(Expression)
    case invert(Expression)
    case not(Expression)
    case binary(BinaryOperator, Expression, Expression)
    case comparison(Comparison, Expression, Expression)
    case logical(isAnd: Bool, Expression, Expression)
    /// `then if condition else otherwise`.
    case conditional(condition: Expression, then: Expression, otherwise: Expression)
    case attribute(Expression, String)
    /// More than one index: `x[1, 2:]`.
    case subscripted(Expression, [Expression])
    case slice(Expression?, Expression?, Expression?)
    case call(Expression, [Expression], [Keyword])
    case star(Expression)
    case list([Expression])
    case tuple([Expression])
    case dictionary([(key: Expression, value: Expression)])
    case listComprehension(Expression, [Clause])
    case dictionaryComprehension(Expression, Expression, [Clause])
  }

  struct Keyword: Sendable {
    let name: String
    let value: Expression
  }

  /// `for target in iterable if condition`.
  struct Clause: Sendable {
    let target: Expression
    let iterable: Expression
    let conditions: [Expression]
  }

  let kind: Kind
  let position: Int
  /// The greatest number of expressions within each other, so that trees stay shallow.
  let depth: Int
}

extension Expression {
  /// The number that `1.+2.j` is.
  var complexNumber: (real: Double, imaginary: Double)? {
    switch kind {
    case .imaginary(let number): return (0, number)
    case .binary(let operation, let left, let right):
      guard case .imaginary(let imaginary) = right.kind else { return nil }
      let real: Double
      switch left.kind {
      case .int(let number): real = Double(number)
      case .double(let number): real = number
      default: return nil
      }
      switch operation {
      case .add: return (real, imaginary)
      case .subtract: return (real, -imaginary)
      default: return nil
      }
    default: return nil
    }
  }
}

enum BinaryOperator: String, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case floorDivide = "//"
  case remainder = "%"
  case power = "**"
  case matMul = "@"
  case and = "&"
  case or = "|"
  case xor = "^"
  case shiftLeft = "<<"
  case shiftRight = ">>"
}

enum Comparison: String, Sendable {
  case less = "<"
  case greater = ">"
  case lessOrEqual = "<="
  case greaterOrEqual = ">="
  case equal = "=="
  case notEqual = "!="
  case `is` = "is"
  case isNot = "is not"
  case `in` = "in"
  case notIn = "not in"
}

/// A statement of the source.
struct Statement: Sendable {
  indirect enum Kind: Sendable {
    /// `a = b = value`, `a: T = value`, `a: T`.
    case assign([Expression], annotation: Expression?, value: Expression?)
    case augmented(BinaryOperator, Expression, Expression)
    case expression(Expression)
    case `return`(Expression?)
    case `if`(Expression, then: [Statement], otherwise: [Statement])
    case `while`(Expression, [Statement])
    case `for`(target: Expression, iterable: Expression, [Statement])
    case with([(context: Expression, name: Expression?)], [Statement])
    case raise(Expression?)
    case assert(Expression, Expression?)
    case delete([Expression])
    case define(FunctionSyntax)
    case pass, `break`, `continue`
  }

  let kind: Kind
  let position: Int
}

/// `def name(parameters) -> type: body`.
struct FunctionSyntax: Sendable {
  struct Parameter: Sendable {
    let name: String
    let annotation: Expression?
    let defaultValue: Expression?
    let isKeywordOnly: Bool
    let position: Int
  }

  let name: String
  let parameters: [Parameter]
  let returnAnnotation: Expression?
  let body: [Statement]
  let position: Int
}

/// `class Name(Base): body`.
struct ClassSyntax: Sendable {
  let name: String
  let base: String?
  let body: [Statement]
  let position: Int
}

/// What a file declares.
enum Declaration: Sendable {
  case function(FunctionSyntax)
  case `class`(ClassSyntax)
}
