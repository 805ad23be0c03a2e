import MartletTensor

/// Lists, dictionaries, strings and identities of a graph.
package enum Lists {
  package static let operators: [Operator] =
    [
      is_, isNot, length("aten::len.t(t[] a) -> int"), length("aten::len.any(Any[] a) -> int"),
      lengthOfString, lengthOfDictionary, concatenation, stringConcatenation, repetition, item,
      slice, copy, characters, dictionaryItem, keys, values, containsKey, device, intString,
      floatString, isCUDA, layout, rangeList,
    ] + equalities + searches + extremes + truths

  // Whether both are the same object; None is always itself.
  static let is_ = Operator(
    "aten::__is__(t1 self, t2 obj) -> bool", .scalar { [.bool(isSame($0["self"], $0["obj"]))] })
  static let isNot = Operator(
    "aten::__isnot__(t1 self, t2 obj) -> bool",
    .scalar { [.bool(!isSame($0["self"], $0["obj"]))] })

  private static func isSame(_ a: Value, _ b: Value) -> Bool {
    switch (a, b) {
    case (.tensor(let x), .tensor(let y)):
      x.storage === y.storage && x.layout == y.layout && x.dtype == y.dtype
    default: isEqual(a, b)
    }
  }

  /// Whether numbers, strings and lists of them are equal; tensors never are.
  static func isEqual(_ a: Value, _ b: Value) -> Bool {
    switch (a, b) {
    case (.none, .none): true
    case (.bool(let x), .bool(let y)): x == y
    case (.int(let x), .int(let y)): x.number == y.number
    case (.double(let x), .double(let y)): x == y
    case (.int(let x), .double(let y)), (.double(let y), .int(let x)): Double(x.number) == y
    case (.string(let x), .string(let y)), (.device(let x), .device(let y)): x == y
    case (.list(let x), .list(let y)): x.count == y.count && zip(x, y).allSatisfy(isEqual)
    default: false
    }
  }

  private static func length(_ schema: String) -> Operator {
    Operator(schema, .scalar { [.int(Dim(try [Value]($0["a"]).count))] })
  }
  static let lengthOfString = Operator(
    "aten::len.str(str s) -> int", .scalar { [.int(Dim(try $0.string("s").unicodeScalars.count))] })
  static let lengthOfDictionary = Operator(
    "aten::len.Dict_str(Dict(str, t) self) -> int",
    .scalar { [.int(Dim(try entries($0["self"]).count))] })

  static let concatenation = Operator(
    "aten::add.t(t[] a, t[] b) -> t[]",
    .scalar { [.list(try [Value]($0["a"]) + [Value]($0["b"]))] })
  static let stringConcatenation = Operator(
    "aten::add.str(str a, str b) -> str",
    .scalar { [.string(try $0.string("a") + $0.string("b"))] })
  static let repetition = Operator(
    "aten::mul.left_t(t[] l, int n) -> t[]",
    .scalar { arguments in
      let (items, count) = (try [Value](arguments["l"]), max(try arguments.int("n"), 0))
      return [.list(Array(repeatElement(items, count: count).joined()))]
    })
  static let copy = Operator("aten::list.t(t[] l) -> t[]", .scalar { [$0["l"]] })
  static let characters = Operator(
    "aten::list(str t) -> str[]",
    .scalar { [.list(try $0.string("t").unicodeScalars.map { .string(String($0)) })] })

  static let item = Operator(
    "aten::__getitem__.t(t[](a) list, int idx) -> t(*)",
    .scalar { arguments in
      let (items, index) = (try [Value](arguments["list"]), try arguments.int("idx"))
      let position = index < 0 ? index + items.count : index
      guard items.indices.contains(position) else {
        throw MartletError(
          .index, "list index \(index) out of range for a list of \(items.count)")
      }
      return [items[position]]
    })
  static let slice = Operator(
    "aten::slice.t(t[] l, int? start=None, int? end=None, int step=1) -> t[]",
    .scalar { arguments in
      let items = try [Value](arguments["l"])
      return [.list(try slicePositions(arguments, count: items.count).map { items[$0] })]
    })

  /// What Python's `[start:end:step]` takes of `count` items.
  static func slicePositions(_ arguments: Arguments, count: Int) throws -> [Int] {
    let step = try arguments.int("step")
    guard step != 0 else { throw MartletError(.value, "slice step must not be zero") }
    /// Where Python puts an end of a slice.
    func end(_ name: String, _ usual: Int) throws -> Int {
      guard let given = try arguments.optionalInt(name) else { return usual }
      let position = given < 0 ? given + count : given
      return step > 0 ? min(max(position, 0), count) : min(max(position, -1), count - 1)
    }
    let first = try end("start", step > 0 ? 0 : count - 1)
    let last = try end("end", step > 0 ? count : -1)
    return Array(stride(from: first, to: last, by: step))
  }

  static let dictionaryItem = Operator(
    "aten::__getitem__.Dict_str(Dict(str, t) self, str key) -> t(*)",
    .scalar { arguments in
      let key = try arguments.string("key")
      guard let found = try entry(arguments["self"], key) else {
        throw MartletError(.index, "KeyError: '\(key)'")
      }
      return [found.value]
    })
  static let containsKey = Operator(
    "aten::__contains__.str(Dict(str, t) dict, str key) -> bool",
    .scalar { [.bool(try entry($0["dict"], $0.string("key")) != nil)] })
  static let keys = Operator(
    "aten::keys.str(Dict(str, t) self) -> str[](*)",
    .scalar { [.list(try entries($0["self"]).map(\.key))] })
  static let values = Operator(
    "aten::values.str(Dict(str, t) self) -> t[](*)",
    .scalar { [.list(try entries($0["self"]).map(\.value))] })

  private static func entries(_ value: Value) throws -> [Value.DictionaryEntry] {
    guard case .dictionary(let entries) = value else {
      throw MartletError(.argument, "expected a dictionary, got \(value.kindName)")
    }
    return entries
  }

  private static func entry(_ dictionary: Value, _ key: String) throws -> Value.DictionaryEntry? {
    try entries(dictionary).first { isEqual($0.key, .string(key)) }
  }

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
        .scalar { [.bool(isEqual($0["a"], $0["b"]) == wanted)] })
    }
  }

  static let searches: [Operator] = [
    contains("aten::__contains__.int_list(int[] l, int item) -> bool"),
    contains("aten::__contains__.float_list(float[] l, float item) -> bool"),
    contains("aten::__contains__.str_list(str[] l, str item) -> bool"),
  ]

  private static func contains(_ schema: String) -> Operator {
    Operator(
      schema,
      .scalar { arguments in
        [.bool(try [Value](arguments["l"]).contains { isEqual($0, arguments["item"]) })]
      })
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
