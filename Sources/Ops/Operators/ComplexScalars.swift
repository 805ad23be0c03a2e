import MartletTensor

/// Arithmetic on the complex numbers of a graph, which Python's literals became.
package enum ComplexScalars {
  package static let operators: [Operator] = {
    let groups: [[Operator]] = [
      fromParts, fromTensors, fromScalars, add, sub, mul, div, pow, logarithm, eq, ne, functions,
      properties, polar, angle, rest,
    ]
    return groups.flatMap { $0 }
  }()

  /// `complex(a, b)` of numbers.
  private static let fromParts = [
    ("int", "int"), ("int", "float"), ("int", "bool"), ("float", "int"), ("float", "float"),
    ("float", "bool"), ("bool", "int"), ("bool", "float"), ("bool", "bool"),
  ].map { real, imaginary in
    Operator(
      "aten::Complex.\(real)_\(imaginary)(\(real) x, \(imaginary) y) -> complex",
      .scalar { arguments in
        let (x, y) = try operands(arguments)
        return [.complex(x.double, y.double)]
      })
  }

  /// `complex(a, b)` where one is a tensor of one element.
  private static let fromTensors =
    [
      ("Tensor", "int"), ("Tensor", "float"), ("Tensor", "bool"), ("int", "Tensor"),
      ("float", "Tensor"), ("bool", "Tensor"),
    ].map { real, imaginary in
      Operator(
        "aten::Complex.\(real)_\(imaginary)(\(real) x, \(imaginary) y) -> complex",
        .dataDependent { [.complex(try part($0.values[0]), try part($0.values[1]))] })
    } + [
      Operator(
        "aten::Complex.Tensor_Tensor(Tensor a, Tensor b) -> complex",
        .dataDependent { [.complex(try part($0.values[0]), try part($0.values[1]))] }),
      Operator(
        "aten::ComplexImplicit(Tensor a) -> complex", takesComplex: true,
        .dataDependent { arguments in
          let x = try arguments.tensor("a")
          guard x.dim == 0 else {
            throw MartletError(
              .shape, "Cannot input a tensor of dimension other than 0 as a scalar argument")
          }
          return [try x.scalar(as: Complex<Double>.self).value]
        }),
    ]

  private static let fromScalars = [
    Operator(
      "aten::Complex.Scalar(Scalar a) -> complex", .scalar { [try $0.scalar("a").complex.value] })
  ]

  private static func part(_ value: Value) throws -> Double {
    if case .tensor(let tensor) = value { return try tensor.scalar(as: Double.self) }
    return try Scalar(value).double
  }

  private typealias Number = Complex<Double>
  private static let everyMix = ["", "int", "float"]

  private static let add = arithmetic("aten::add", everyMix) { $0 + $1 }
  private static let sub = arithmetic("aten::sub", everyMix) { $0 - $1 }
  private static let mul = arithmetic("aten::mul", everyMix) { $0 * $1 }
  private static let div = arithmetic("aten::div", [""]) { $0 / $1 }
  private static let pow = arithmetic("aten::pow", ["", "float"]) { Number.pow($0, $1) }

  /// The logarithm of `a` to base `b`.
  private static let logarithm = [
    ("complex_complex", "complex", "complex"), ("complex_int", "complex", "int"),
    ("complex_float", "complex", "float"), ("int_complex", "int", "complex"),
    ("float_complex", "float", "complex"),
  ].map { overload, a, b in
    binary("aten::log.\(overload)", a, b, "complex") { (Number.log($0) / Number.log($1)).value }
  }

  private static let eq = comparison("aten::eq") { $0 == $1 }
  private static let ne = comparison("aten::ne") { $0 != $1 }

  /// Overloads for two complex numbers, and for one beside another kind of number.
  private static func arithmetic(
    _ name: String, _ others: [String], _ function: @escaping @Sendable (Number, Number) -> Number
  ) -> [Operator] {
    mixed(name, others, "complex") { function($0, $1).value }
  }

  private static func comparison(
    _ name: String, _ function: @escaping @Sendable (Number, Number) -> Bool
  ) -> [Operator] {
    mixed(name, ["", "float"], "bool") { .bool(function($0, $1)) }
  }

  private static func mixed(
    _ name: String, _ others: [String], _ result: String,
    _ function: @escaping @Sendable (Number, Number) -> Value
  ) -> [Operator] {
    others.flatMap { other in
      other.isEmpty
        ? [binary(name + ".complex", "complex", "complex", result, function)]
        : [
          binary("\(name).complex_\(other)", "complex", other, result, function),
          binary("\(name).\(other)_complex", other, "complex", result, function),
        ]
    }
  }

  private static func binary(
    _ name: String, _ a: String, _ b: String, _ result: String,
    _ function: @escaping @Sendable (Number, Number) -> Value
  ) -> Operator {
    Operator(
      "\(name)(\(a) a, \(b) b) -> \(result)",
      .scalar { arguments in
        let (x, y) = try operands(arguments)
        return [function(x.complex, y.complex)]
      })
  }

  private static func operands(_ arguments: Arguments) throws -> (Scalar, Scalar) {
    (try Scalar(arguments.values[0]), try Scalar(arguments.values[1]))
  }

  private static let functions: [Operator] = {
    let table: [(String, @Sendable (Number) -> Number)] = [
      ("neg", { -$0 }), ("exp", Number.exp), ("log", Number.log), ("log10", Number.log10),
      ("sqrt", Number.sqrt), ("sin", Number.sin), ("cos", Number.cos), ("tan", Number.tan),
      ("asin", Number.asin), ("acos", Number.acos), ("atan", Number.atan), ("sinh", Number.sinh),
      ("cosh", Number.cosh), ("tanh", Number.tanh), ("asinh", Number.asinh),
      ("acosh", Number.acosh), ("atanh", Number.atanh),
    ]
    return table.map { name, function in unary("aten::\(name)", "complex") { function($0).value } }
  }()

  private static let properties = [
    unary("aten::isnan", "bool") { .bool($0.isNaN) },
    unary("aten::isinf", "bool") { .bool($0.isInfinite) },
    unary("aten::isfinite", "bool") { .bool($0.isFinite) },
    unary("aten::angle", "float") { .double($0.phase) },
    unary("prim::abs", "float") { .double($0.length) },
  ]

  private static func unary(
    _ name: String, _ result: String, _ function: @escaping @Sendable (Number) -> Value
  ) -> Operator {
    Operator(
      "\(name).complex(complex a) -> \(result)",
      .scalar { [function(try Scalar($0.values[0]).complex)] })
  }

  /// The number of length `a` and angle `b`.
  private static let polar = [
    ("int", "int", "int"), ("float", "float", "float"), ("int_float", "int", "float"),
    ("float_int", "float", "int"), ("Scalar_Scalar", "Scalar", "Scalar"),
  ].map { overload, a, b in
    binary(
      "aten::polar.\(overload)", a, b, a == "Scalar" ? "Scalar" : "complex"
    ) { length, angle in
      (Number.exp(Number(0, angle.real)) * length.real).value
    }
  }

  /// 0 or π of real numbers.
  private static let angle = [("int", "float"), ("float", "float"), ("Scalar", "Scalar")].map {
    type, result in
    Operator(
      "aten::angle.\(type)(\(type) a) -> \(result)",
      .scalar { arguments in
        let number = try Scalar(arguments.values[0])
        if number.isComplex { return [.double(number.complex.phase)] }
        let value = number.double
        return [.double(value < 0 ? .pi : 0)]
      })
  }

  private static let rest = [
    Operator(
      "aten::sum.complex(complex[] self) -> complex",
      .scalar { arguments in
        let numbers = try [Number](arguments["self"])
        return [numbers.reduce(.zero) { $0 + $1 }.value]
      })
  ]
}
