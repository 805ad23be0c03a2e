import MartletTensor

/// Looking for items, ordering and comparing lists that stay as they are.
package enum ListSearching {
  package static let operators: [Operator] =
    counts + indices + sorted + extremes + [repetition, select, anyString, sumBool]
    + enumerations

  private static let kinds = ["int", "float", "bool", "str"]

  static let counts = kinds.map { kind in
    Operator(
      "aten::count." + kind + "(" + kind + "[] self, " + kind + " el) -> int",
      .scalar { arguments in
        let items = try [Value](arguments["self"])
        return [.int(Dim(items.count { Lists.isEqual($0, arguments["el"]) }))]
      })
  }

  static let indices = kinds.map { kind in
    Operator(
      "aten::index.list_" + kind + "(" + kind + "[] self, " + kind + " el) -> int",
      .scalar { arguments in
        let items = try [Value](arguments["self"])
        guard let place = items.firstIndex(where: { Lists.isEqual($0, arguments["el"]) }) else {
          throw MartletError(.value, "'\(arguments["el"].summary)' is not in list")
        }
        return [.int(Dim(place))]
      })
  }

  static let sorted =
    kinds.map { kind in
      Operator(
        "aten::sorted." + kind + "(" + kind + "[](a) input) -> " + kind + "[]",
        .scalar { [.list(try ordered([Value]($0["input"])))] })
    } + [
      Operator(
        "aten::sorted.any(t[](a) self) -> t[]",
        .scalar { [.list(try ordered([Value]($0["self"])))] })
    ]

  /// Least first, equal ones in the order they came in.
  static func ordered(_ items: [Value]) throws -> [Value] {
    var order = Array(items.indices)
    var failure: (any Error)?
    order.sort { a, b in
      do {
        if try precedes(items[a], items[b]) { return true }
        return try !precedes(items[b], items[a]) && a < b
      } catch {
        failure = error
        return a < b
      }
    }
    if let failure { throw failure }
    return order.map { items[$0] }
  }

  /// Python's `<`: of numbers, strings, and of tuples and lists item by item.
  static func precedes(_ a: Value, _ b: Value) throws -> Bool {
    switch (a, b) {
    case (.string(let x), .string(let y)): return x < y
    case (.tuple(let x), .tuple(let y)), (.list(let x), .list(let y)):
      for (first, second) in zip(x, y) {
        if try precedes(first, second) { return true }
        if try precedes(second, first) { return false }
      }
      return x.count < y.count
    case (.tensor(let x), .tensor(let y)):
      return try x.scalar(as: Double.self) < y.scalar(as: Double.self)
    default:
      let (x, y) = (try Scalar(a), try Scalar(b))
      if x.isFloatingPoint || y.isFloatingPoint { return x.double < y.double }
      return x.int64 < y.int64
    }
  }

  // The lesser or greater of two lists, and of a list of truth values.
  static let extremes: [Operator] =
    ["int", "float", "bool"].flatMap { kind in
      ["max", "min"].map { name in
        Operator(
          "prim::" + name + "." + kind + "_list(" + kind + "[] l, " + kind + "[] r) -> " + kind
            + "[]",
          .scalar { arguments in
            let (l, r) = (arguments["l"], arguments["r"])
            let takesRight = try name == "max" ? precedes(l, r) : precedes(r, l)
            return [takesRight ? r : l]
          })
      }
    } + [
      Operator(
        "prim::max.self_bool(bool[] self) -> bool",
        .scalar { [.bool(try truths($0).contains(true))] }),
      Operator(
        "prim::min.self_bool(bool[] self) -> bool",
        .scalar { [.bool(try !truths($0).contains(false))] }),
    ]

  private static func truths(_ arguments: Arguments) throws -> [Bool] {
    let truths = try [Bool](arguments["self"])
    guard !truths.isEmpty else {
      throw MartletError(.value, "\(arguments.schema.name) of an empty list")
    }
    return truths
  }

  static let repetition = Operator(
    "aten::mul.right_(int n, t[] l) -> t[]",
    .scalar { arguments in
      let (items, count) = (try [Value](arguments["l"]), max(try arguments.int("n"), 0))
      return [.list(Array(repeatElement(items, count: count).joined()))]
    })
  static let select = Operator(
    "aten::select.t(t[](a) list, int idx) -> t(*)",
    .scalar { try Lists.item.evaluate(try Arguments(Lists.item.schema, $0.values)) })
  static let anyString = Operator(
    "aten::any.str(str[] self) -> bool",
    .scalar { [.bool(try [String]($0["self"]).contains { !$0.isEmpty })] })
  static let sumBool = Operator(
    "aten::sum.bool(bool[] self) -> int",
    .scalar { [.int(Dim(try [Bool]($0["self"]).count { $0 }))] })

  static let enumerations =
    [("eq", true), ("ne", false)].map { name, wanted in
      Operator(
        "aten::" + name + ".enum(AnyEnumType a, AnyEnumType b) -> bool",
        .scalar { arguments in
          guard case .enumeration(let a) = arguments["a"],
            case .enumeration(let b) = arguments["b"]
          else { throw MartletError(.argument, "expected two members of an enumeration") }
          return [.bool((a.className == b.className && a.name == b.name) == wanted)]
        })
    } + [
      Operator(
        "prim::EnumName(AnyEnumType enum) -> str",
        .scalar { [.string(try member($0).name)] })
    ]
    + ["float", "int", "str"].map { kind in
      Operator(
        "prim::EnumValue." + kind + "(AnyEnumType enum) -> " + kind,
        .scalar { [try member($0).value] })
    }

  private static func member(_ arguments: Arguments) throws -> EnumerationMember {
    guard case .enumeration(let member) = arguments.values[0] else {
      throw MartletError(
        .argument, "expected a member of an enumeration, got \(arguments.values[0].summary)")
    }
    return member
  }
}
