/// A tensor's size along one axis, or integer arithmetic on such sizes.
///
/// It computes like an integer. Read from a tensor that is being traced, it also remembers where
/// it came from, so that the trace holds `aten::size` and the arithmetic instead of a number.
public struct Dim: Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
  package let number: Int
  package let expression: DimExpression?

  package init(number: Int, expression: DimExpression? = nil) {
    self.number = number
    self.expression = expression
  }

  public init(_ value: Int) { self.init(number: value) }
  public init(integerLiteral value: Int) { self.init(number: value) }

  public var description: String { "\(number)" }

  public static func + (a: Dim, b: Dim) -> Dim { a.combined(.add, b, a.number &+ b.number) }
  public static func - (a: Dim, b: Dim) -> Dim { a.combined(.subtract, b, a.number &- b.number) }
  public static func * (a: Dim, b: Dim) -> Dim { a.combined(.multiply, b, a.number &* b.number) }

  /// Floor division, as Python's `//`.
  public static func / (a: Dim, b: Dim) -> Dim {
    a.combined(.floorDivide, b, floorDivide(a.number, b.number))
  }

  /// The remainder with the divisor's sign, as Python's `%`.
  public static func % (a: Dim, b: Dim) -> Dim {
    a.combined(.remainder, b, a.number - floorDivide(a.number, b.number) * b.number)
  }

  public static prefix func - (a: Dim) -> Dim { 0 - a }

  private func combined(_ operation: DimOperation, _ other: Dim, _ result: Int) -> Dim {
    guard expression != nil || other.expression != nil else { return Dim(number: result) }
    return Dim(number: result, expression: DimExpression(.binary(operation, self, other)))
  }
}

private func floorDivide(_ a: Int, _ b: Int) -> Int {
  let quotient = a / b
  return (a % b != 0) && ((a < 0) != (b < 0)) ? quotient - 1 : quotient
}

/// Reading a size as a Swift number or truth value fixes it in a trace; the trace reports it.
extension Dim: Comparable {
  public static func == (a: Dim, b: Dim) -> Bool {
    a.noteBaked("a comparison of sizes")
    b.noteBaked("a comparison of sizes")
    return a.number == b.number
  }

  public static func < (a: Dim, b: Dim) -> Bool {
    a.noteBaked("a comparison of sizes")
    b.noteBaked("a comparison of sizes")
    return a.number < b.number
  }

  package func noteBaked(_ use: String, at location: SourceLocation? = nil) {
    guard expression != nil, let observer = TraceObservation.observer else { return }
    observer.didBake(self, by: use, at: location)
  }
}

extension Int {
  /// The size as a plain number. In a trace the number is fixed and a warning says so.
  public init(_ dim: Dim, file: StaticString = #fileID, line: UInt = #line) {
    dim.noteBaked("Int(_:)", at: SourceLocation(file, line))
    self = dim.number
  }
}

/// Where a traced size comes from. A reference, so that a recorder can remember what it recorded
/// for it.
package final class DimExpression: Sendable {
  package enum Source: Sendable {
    case size(TraceTag, dim: Int)
    case binary(DimOperation, Dim, Dim)
    /// An integer that the trace holds as a value of its own.
    case value(TraceTag)
  }

  package let source: Source

  package init(_ source: Source) { self.source = source }
}

package enum DimOperation: Sendable {
  case add, subtract, multiply, floorDivide, remainder
}
