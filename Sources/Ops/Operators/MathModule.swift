import MartletKernels
import MartletTensor

/// Functions of Python's `math` and of its numbers that `Numbers` lacks.
package enum MathModule {
  package static let operators: [Operator] =
    [
      factorial, frexp, modf, ldexp, powWhole, roundToZero, inferSize,
      broadcastShapes, size,
    ] + functions

  // Functions from numbers to a float; of either kind, to a number.
  static let functions: [Operator] = {
    let table: [(String, @Sendable (Double) -> Double)] = [
      ("aten::fabs", { abs($0) }), ("aten::gamma", { Libm.tgamma($0) }),
      ("aten::degrees", { $0 * 180 / .pi }), ("aten::radians", { $0 * .pi / 180 }),
    ]
    return table.flatMap { name, function in
      [(".int", "int", "float"), (".float", "float", "float"), (".Scalar", "Scalar", "Scalar")]
        .map { overload, type, result in
          Operator(
            name + overload + "(" + type + " a) -> " + result,
            .scalar { [.double(function(try Scalar($0.values[0]).double))] })
        }
    }
  }()

  static let factorial = Operator(
    "aten::factorial.int(int a) -> int",
    .scalar { arguments in
      let number = try arguments.int("a")
      guard number >= 0 else {
        throw MartletError(.value, "factorial() not defined for negative values")
      }
      guard number <= 20 else {
        throw MartletError(.value, "the factorial of \(number) does not fit 64 bits")
      }
      return [.int(Dim(number < 2 ? 1 : (2...number).reduce(1, *)))]
    })
  static let frexp = Operator(
    "aten::frexp(float a) -> (float, int)",
    .scalar { arguments in
      let number = try arguments.double("a")
      guard number.isFinite, number != 0 else { return [.double(number), 0] }
      let exponent = Int(number.exponent) + 1
      return [.double(Libm.scalbn(number, -exponent)), .int(Dim(exponent))]
    })
  static let modf = Operator(
    "aten::modf(float a) -> (float, float)",
    .scalar { arguments in
      let number = try arguments.double("a")
      let whole = number.rounded(.towardZero)
      let fraction = number.isInfinite ? 0 : number - whole
      return [
        .double(Double(signOf: number, magnitudeOf: fraction)), .double(whole),
      ]
    })
  static let ldexp = Operator(
    "aten::ldexp(float x, int i) -> float",
    .scalar { [.double(Libm.scalbn(try $0.double("x"), try $0.int("i")))] })

  /// A whole power; of a negative exponent zero, one or minus one as in C.
  static let powWhole = Operator(
    "aten::pow.int_to_int(int a, int b) -> int",
    .scalar { arguments in
      let (base, exponent) = (try arguments.int("a"), try arguments.int("b"))
      let power = Libm.pow(Double(base), Double(exponent))
      guard exponent >= 0, power.magnitude < 0x1p62 else {
        return [.int(Dim(Int(Int64(saturating: power))))]
      }
      return [.int(Dim((0..<exponent).reduce(1) { result, _ in result &* base }))]
    })

  static let roundToZero = Operator(
    "aten::__round_to_zero_floordiv.int(int a, int b) -> int",
    .scalar { arguments in
      let (a, b) = (try arguments.int("a"), try arguments.int("b"))
      guard b != 0 else { throw MartletError(.value, "division by 0: \(a) by 0") }
      return [.int(Dim(a.dividedReportingOverflow(by: b).partialValue))]
    })

  static let inferSize = broadcasting("aten::_infer_size(int[] a, int[] b) -> int[]")
  static let broadcastShapes = broadcasting("aten::broadcast_shapes(int[] a, int[] b) -> int[]")
  static let size = Operator("aten::Size(int[] sizes) -> int[]", .scalar { [$0["sizes"]] })

  private static func broadcasting(_ schema: String) -> Operator {
    Operator(
      schema,
      .scalar { [Shape(try broadcast([try $0.ints("a"), try $0.ints("b")])).value] })
  }
}
