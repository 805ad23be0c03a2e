import MartletKernels
import MartletTensor

/// Arithmetic on the numbers of a graph: sizes, and what Python's integers and floats became.
package enum Numbers {
  package static let operators: [Operator] = {
    let groups: [[Operator]] = [
      add, sub, mul, floordiv, remainder, larger, smaller, pow, fmod, mathRemainder, atan2,
      copysign, division, logarithm, eq, ne, lt, le, gt, ge, neg, absolute, floor, ceil, functions,
      rest,
    ]
    return groups.flatMap { $0 }
  }()

  static let add = arithmetic(
    "aten::add", integer: { $0 &+ $1 }, complex: { $0 + $1 }
  ) { $0 + $1 }
  static let sub = arithmetic(
    "aten::sub", integer: { $0 &- $1 }, complex: { $0 - $1 }
  ) { $0 - $1 }
  static let mul = arithmetic(
    "aten::mul", integer: { $0 &* $1 }, complex: { $0 * $1 }
  ) { $0 * $1 }
  static let floordiv = arithmetic(
    "aten::floordiv", integer: { Int(Division.floor(try nonzero($0, by: $1), Int64($1))) }
  ) { ($0 / $1).rounded(.down) }
  static let remainder = arithmetic(
    "aten::remainder", integer: { Int(Division.remainder(try nonzero($0, by: $1), Int64($1))) }
  ) { a, b in
    (b + a.truncatingRemainder(dividingBy: b)).truncatingRemainder(dividingBy: b)
  }
  static let larger = arithmetic("prim::max", integer: { max($0, $1) }) { $0 > $1 ? $0 : $1 }
  static let smaller = arithmetic("prim::min", integer: { min($0, $1) }) { $0 < $1 ? $0 : $1 }

  private static func nonzero(_ a: Int, by b: Int) throws -> Int64 {
    guard b != 0 else { throw MartletError(.value, "division by 0: \(a) by \(b)") }
    return Int64(a)
  }

  static let eq = comparison("aten::eq", integer: { $0 == $1 }) { $0 == $1 }
  static let ne = comparison("aten::ne", integer: { $0 != $1 }) { $0 != $1 }
  static let lt = comparison("aten::lt", integer: { $0 < $1 }) { $0 < $1 }
  static let le = comparison("aten::le", integer: { $0 <= $1 }) { $0 <= $1 }
  static let gt = comparison("aten::gt", integer: { $0 > $1 }) { $0 > $1 }
  static let ge = comparison("aten::ge", integer: { $0 >= $1 }) { $0 >= $1 }

  static let pow = floating("aten::pow", scalars: "Scalar_Scalar") { Libm.pow($0, $1) }
  static let fmod = floating("aten::fmod", scalars: "") { $0.truncatingRemainder(dividingBy: $1) }
  static let mathRemainder = floating("aten::mathremainder", scalars: "") {
    $0.remainder(dividingBy: $1)
  }
  static let atan2 = floating("aten::atan2", scalars: "Scalar_Scalar") { Libm.atan2($0, $1) }
  static let copysign = floating("aten::copysign", scalars: "") {
    Double(signOf: $1, magnitudeOf: $0)
  }

  /// The logarithm of `a` to base `b`.
  static let logarithm = [
    ("int_int", ("int", "int")), ("float_float", ("float", "float")),
    ("int_float", ("int", "float")), ("float_int", ("float", "int")),
    ("Scalar_Scalar", ("Scalar", "Scalar")),
  ].map { overload, types in
    binary("aten::log", overload, types, "float") { a, b in
      try refuseComplex(a, b, "aten::log")
      return .double(Libm.log(a.double) / Libm.log(b.double))
    }
  }

  static let division = [("int", "int"), ("float", "float"), ("", "Scalar")].map { overload, type in
    binary("aten::div", overload, (type, type), "float") { a, b in
      try refuseComplex(a, b, "aten::div")
      return .double(a.double / b.double)
    }
  }

  static let neg = unary("aten::neg", gives: ("int", "float", "Scalar")) { number in
    switch number {
    case .double(let value): .double(-value)
    default: .int(Dim(0 &- Int(number.int64)))
    }
  }
  static let absolute = unary("prim::abs", gives: ("int", "float", "Scalar")) { number in
    switch number {
    case .double(let value): .double(abs(value))
    default: .int(Dim(number.int64 < 0 ? 0 &- Int(number.int64) : Int(number.int64)))
    }
  }
  static let floor = unary("aten::floor", gives: ("int", "int", "Scalar")) { number in
    .int(
      Dim(
        number.isFloatingPoint
          ? Int(Int64(saturating: number.double.rounded(.down)))
          : Int(number.int64)))
  }
  static let ceil = unary("aten::ceil", gives: ("int", "int", "Scalar")) { number in
    .int(
      Dim(
        number.isFloatingPoint
          ? Int(Int64(saturating: number.double.rounded(.up)))
          : Int(number.int64)))
  }

  // Functions from numbers to a float.
  static let functions: [Operator] = {
    let table: [(String, @Sendable (Double) -> Double)] = [
      ("aten::round", { $0.rounded(.toNearestOrEven) }), ("aten::sqrt", { $0.squareRoot() }),
      ("aten::exp", { Libm.exp($0) }),
      ("aten::log", { Libm.log($0) }),
      ("aten::log10", { Libm.log10($0) }),
      ("aten::log1p", { Libm.log1p($0) }),
      ("aten::expm1", { Libm.expm1($0) }),
      ("aten::sin", { Libm.sin($0) }),
      ("aten::cos", { Libm.cos($0) }),
      ("aten::tan", { Libm.tan($0) }),
      ("aten::asin", { Libm.asin($0) }),
      ("aten::acos", { Libm.acos($0) }),
      ("aten::atan", { Libm.atan($0) }),
      ("aten::sinh", { Libm.sinh($0) }),
      ("aten::cosh", { Libm.cosh($0) }),
      ("aten::tanh", { Libm.tanh($0) }),
      ("aten::asinh", { Libm.asinh($0) }),
      ("aten::acosh", { Libm.acosh($0) }),
      ("aten::atanh", { Libm.atanh($0) }),
      ("aten::erf", { Libm.erf($0) }),
      ("aten::erfc", { Libm.erfc($0) }),
      ("aten::lgamma", { SpecialFunctions.lgamma($0) }),
    ]
    return table.flatMap { name, function in
      unary(name, gives: ("float", "float", "Scalar")) { .double(function($0.double)) }
    }
  }()

  static let rest: [Operator] = [
    binary("aten::gcd", "int", ("int", "int"), "int") { a, b in
      .int(Dim(Int(Powers.greatestCommonDivisor(a.int64, b.int64))))
    },
    binary("aten::__and__", "int", ("int", "int"), "int") { .int(Dim(Int($0.int64 & $1.int64))) },
    binary("aten::__or__", "int", ("int", "int"), "int") { .int(Dim(Int($0.int64 | $1.int64))) },
    binary("aten::__xor__", "int", ("int", "int"), "int") { .int(Dim(Int($0.int64 ^ $1.int64))) },
    binary("aten::__lshift__", "int", ("int", "int"), "int") {
      .int(Dim(Int(Logic.shiftedLeft($0.int64, $1.int64))))
    },
    binary("aten::__rshift__", "int", ("int", "int"), "int") {
      .int(Dim(Int(Logic.shiftedRight($0.int64, $1.int64))))
    },
    binary("aten::__and__", "bool", ("bool", "bool"), "bool") {
      .bool($0.double != 0 && $1.double != 0)
    },
    binary("aten::__or__", "bool", ("bool", "bool"), "bool") {
      .bool($0.double != 0 || $1.double != 0)
    },
    binary("aten::__xor__", "bool", ("bool", "bool"), "bool") {
      .bool(($0.double != 0) != ($1.double != 0))
    },
    binary("aten::eq", "bool", ("bool", "bool"), "bool") { .bool($0.double == $1.double) },
    binary("aten::ne", "bool", ("bool", "bool"), "bool") { .bool($0.double != $1.double) },
  ]

  private static let mixes = [
    ("int", ("int", "int")), ("float", ("float", "float")), ("int_float", ("int", "float")),
    ("float_int", ("float", "int")),
  ]

  /// Whole for whole operands, a float where one is a float.
  private static func arithmetic(
    _ name: String, integer: @escaping @Sendable (Int, Int) throws -> Int,
    complex: (@Sendable (Complex<Double>, Complex<Double>) -> Complex<Double>)? = nil,
    _ function: @escaping @Sendable (Double, Double) -> Double
  ) -> [Operator] {
    (mixes + [("", ("Scalar", "Scalar"))]).map { overload, types in
      let result =
        types.0 == "Scalar" ? "Scalar" : types == ("int", "int") ? "int" : "float"
      return binary(name, overload, types, result) { a, b in
        if let complex, a.isComplex || b.isComplex {
          return complex(a.complex, b.complex).value
        }
        try refuseComplex(a, b, name)
        if a.isFloatingPoint || b.isFloatingPoint { return .double(function(a.double, b.double)) }
        return .int(Dim(try integer(Int(a.int64), Int(b.int64))))
      }
    }
  }

  private static func refuseComplex(_ a: Scalar, _ b: Scalar, _ name: String) throws {
    guard !a.isComplex, !b.isComplex else {
      throw MartletError(.argument, "\(name) is not implemented for complex numbers")
    }
  }

  private static func comparison(
    _ name: String, integer: @escaping @Sendable (Int64, Int64) -> Bool,
    _ function: @escaping @Sendable (Double, Double) -> Bool
  ) -> [Operator] {
    (mixes + [("", ("Scalar", "Scalar"))]).map { overload, types in
      binary(name, overload, types, "bool") { a, b in
        if a.isComplex || b.isComplex, name == "aten::eq" || name == "aten::ne" {
          return .bool((a.complex == b.complex) == (name == "aten::eq"))
        }
        try refuseComplex(a, b, name)
        if a.isFloatingPoint || b.isFloatingPoint { return .bool(function(a.double, b.double)) }
        return .bool(integer(a.int64, b.int64))
      }
    }
  }

  private static func floating(
    _ name: String, scalars: String, _ function: @escaping @Sendable (Double, Double) -> Double
  ) -> [Operator] {
    (mixes + [(scalars, ("Scalar", "Scalar"))]).map { overload, types in
      binary(name, overload, types, "float") { a, b in
        try refuseComplex(a, b, name)
        return .double(function(a.double, b.double))
      }
    }
  }

  private static func binary(
    _ name: String, _ overload: String, _ types: (String, String), _ result: String,
    _ function: @escaping @Sendable (Scalar, Scalar) throws -> Value
  ) -> Operator {
    let suffix = overload.isEmpty ? "" : "." + overload
    return Operator(
      name + suffix + "(" + types.0 + " a, " + types.1 + " b) -> " + result,
      .scalar { arguments in
        [try function(try Scalar(arguments.values[0]), try Scalar(arguments.values[1]))]
      })
  }

  /// The overloads for an int, a float and either.
  private static func unary(
    _ name: String, gives results: (String, String, String),
    _ function: @escaping @Sendable (Scalar) -> Value
  ) -> [Operator] {
    [(".int", "int", results.0), (".float", "float", results.1), (".Scalar", "Scalar", results.2)]
      .map { overload, type, result in
        Operator(
          name + overload + "(" + type + " a) -> " + result,
          .scalar { arguments in
            let number = try Scalar(arguments.values[0])
            try refuseComplex(number, number, name)
            return [function(number)]
          })
      }
  }
}
