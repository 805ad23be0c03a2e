/// Quotients and remainders with Python's and C's signs, for whole and floating-point numbers.
/// Whole divisors are not zero: operators refuse those first.
enum Division {
  /// The quotient rounded down.
  static func floor(_ a: Int64, _ b: Int64) -> Int64 {
    if b == -1 { return 0 &- a }
    let quotient = a / b
    return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient
  }

  /// The quotient rounded down, by way of the exact remainder as CPython does it.
  static func floor<T: BinaryFloatingPoint>(_ a: T, _ b: T) -> T {
    if b == 0 { return a / b }
    let remainder = a.truncatingRemainder(dividingBy: b)
    var quotient = (a - remainder) / b
    if remainder != 0, (b < 0) != (remainder < 0) { quotient -= 1 }
    if quotient == 0 { return T(signOf: a / b, magnitudeOf: 0) }
    let down = quotient.rounded(.down)
    return quotient - down > 0.5 ? down + 1 : down
  }

  /// The quotient rounded towards zero.
  static func truncate(_ a: Int64, _ b: Int64) -> Int64 { b == -1 ? 0 &- a : a / b }

  static func truncate<T: BinaryFloatingPoint>(_ a: T, _ b: T) -> T {
    (a / b).rounded(.towardZero)
  }

  /// What `floor` leaves: it has the divisor's sign.
  static func remainder(_ a: Int64, _ b: Int64) -> Int64 {
    if b == -1 { return 0 }
    let rest = a % b
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
  }

  static func remainder<T: BinaryFloatingPoint>(_ a: T, _ b: T) -> T {
    let rest = a.truncatingRemainder(dividingBy: b)
    return rest != 0 && (b < 0) != (rest < 0) ? rest + b : rest
  }

  /// What `truncate` leaves: it has the dividend's sign.
  static func truncatingRemainder(_ a: Int64, _ b: Int64) -> Int64 { b == -1 ? 0 : a % b }

  static func truncatingRemainder<T: BinaryFloatingPoint>(_ a: T, _ b: T) -> T {
    a.truncatingRemainder(dividingBy: b)
  }
}
