import MartletTensor

/// Lists of numbers, strings and devices of a graph.
package enum Lists {
  package static let operators: [Operator] =
    [
      lengthOfString, stringConcatenation, characters, device, intString, floatString, isCUDA,
      layout, rangeList,
    ] + equalities + extremes + truths

  static let lengthOfString = Operator(
    "aten::len.str(str s) -> int", .scalar { [.int(Dim(try $0.string("s").unicodeScalars.count))] })
  static let stringConcatenation = Operator(
    "aten::add.str(str a, str b) -> str",
    .scalar { [.string(try $0.string("a") + $0.string("b"))] })
  static let characters = Operator(
    "aten::list(str t) -> str[]",
    .scalar { [.list(try $0.string("t").unicodeScalars.map { .string(String($0)) })] })

  static let device = Operator(
    "aten::device(str a) -> Device", .scalar { [.device(try $0.string("a"))] })
  static let isCUDA = Operator("prim::is_cuda(Tensor a) -> bool", .scalar { _ in [.bool(false)] })
  static let layout = Operator(
    "prim::layout(Tensor a) -> Layout", .scalar { _ in [.int(Dim(0))] })
  static let rangeList = Operator(
    "prim::rangelist(int n) -> int[]",
    .scalar { [.list((0..<max(try $0.int("n"), 0)).map { .int(Dim($0)) })] })
  static let intString = Operator(
    "aten::Int.str(str a) -> int",
    .scalar { arguments in
      let text = try arguments.string("a")
      guard let number = Int(text) else {
        throw MartletError(.value, "'\(text)' is not a whole number")
      }
      return [.int(Dim(number))]
    })
  static let floatString = Operator(
    "aten::Float.str(str a) -> float",
    .scalar { arguments in
      let text = try arguments.string("a")
      guard let number = Double(text) else {
        throw MartletError(.value, "'\(text)' is not a number")
      }
      return [.double(number)]
    })

  static let equalities: [Operator] = [
    (".int_list", "int[]"), (".float_list", "float[]"), (".bool_list", "bool[]"),
    (".str_list", "str[]"), (".str", "str"), (".device", "Device"),
  ].flatMap { overload, type in
    [("aten::eq", true), ("aten::ne", false)].map { name, wanted in
      Operator(
        "\(name)\(overload)(\(type) a, \(type) b) -> bool",
        .scalar { [.bool($0["a"].isEqual(to: $0["b"]) == wanted)] })
    }
  }

  // The least and greatest of a list, and its sum.
  static let extremes: [Operator] = [
    Operator("prim::max.self_int(int[] self) -> int", .scalar { [try extreme($0) { $0 > $1 }] }),
    Operator("prim::min.self_int(int[] self) -> int", .scalar { [try extreme($0) { $0 < $1 }] }),
    Operator(
      "prim::max.self_float(float[] self) -> float", .scalar { [try extreme($0) { $0 > $1 }] }),
    Operator(
      "prim::min.self_float(float[] self) -> float", .scalar { [try extreme($0) { $0 < $1 }] }),
    Operator(
      "aten::sum.int(int[] self) -> int",
      .scalar { [.int(Dim(Int(try numbers($0).reduce(Int64(0)) { $0 &+ $1.int64 })))] }),
    Operator(
      "aten::sum.float(float[] self) -> float",
      .scalar { [.double(try numbers($0).reduce(0.0) { $0 + $1.double })] }),
  ]

  private static func numbers(_ arguments: Arguments) throws -> [Scalar] {
    try [Value](arguments["self"]).map(Scalar.init)
  }

  private static func extreme(
    _ arguments: Arguments, _ isBetter: (Double, Double) -> Bool
  ) throws -> Value {
    let items = try [Value](arguments["self"])
    guard var best = items.first else {
      throw MartletError(.value, "\(arguments.schema.name) of an empty list")
    }
    for item in items where isBetter(try Scalar(item).double, try Scalar(best).double) {
      best = item
    }
    return best
  }

  static let truths: [Operator] = [
    all("aten::all.int(int[] self) -> bool"), all("aten::all.float(float[] self) -> bool"),
    all("aten::all.bool(bool[] self) -> bool"), any("aten::any.int(int[] self) -> bool"),
    any("aten::any.float(float[] self) -> bool"), any("aten::any.bool(bool[] self) -> bool"),
  ]

  private static func all(_ schema: String) -> Operator {
    Operator(schema, .scalar { [.bool(try numbers($0).allSatisfy { $0.double != 0 })] })
  }

  private static func any(_ schema: String) -> Operator {
    Operator(schema, .scalar { [.bool(try numbers($0).contains { $0.double != 0 })] })
  }
}
