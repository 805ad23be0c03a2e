import MartletTensor

/// Finding, counting and sorting items of lists.
extension Containers {
  private static let kinds = [
    ("int", "int[]"), ("float", "float[]"), ("bool", "bool[]"), ("str", "str[]"),
    ("Tensor", "Tensor[]"),
  ]

  static let removals: [Operator] = kinds.map { kind, list in
    Operator(
      "aten::remove.\(kind)(\(list)(a!) self, \(kind) el) -> ()",
      .containers { arguments in
        let element = arguments["el"]
        try arguments.changeItems("self") { items in
          items.remove(at: try firstPosition(of: element, in: items, "list.remove(x)"))
        }
        return []
      })
  }

  static let searches: [Operator] = kinds.map { kind, list in
    Operator(
      "aten::index.list_\(kind)(\(list) self, \(kind) el) -> int",
      .containers { arguments in
        let items = try arguments.items("self")
        return [.int(Dim(try firstPosition(of: arguments["el"], in: items, "list.index(x)")))]
      })
  }

  static let counts: [Operator] = kinds.map { kind, list in
    Operator(
      "aten::count.\(kind)(\(list) self, \(kind) el) -> int",
      .containers { arguments in
        let element = arguments["el"]
        let found = try arguments.items("self").count { try isEqualByValue($0, element) }
        return [.int(Dim(found))]
      })
  }

  static let memberships: [Operator] = ["int", "float", "str"].map { kind in
    Operator(
      "aten::__contains__.\(kind)_list(\(kind)[] l, \(kind) item) -> bool",
      .containers { arguments in
        let item = arguments["item"]
        return [.bool(try arguments.items("l").contains { $0.isEqual(to: item) })]
      })
  }

  static let sorts: [Operator] =
    kinds.flatMap { kind, list in
      [sort(kind, list), sorted("aten::sorted.\(kind)(\(list)(a) input) -> \(list)", "input")]
    } + [sort("any", "t[]"), sorted("aten::sorted.any(t[](a) self) -> t[]", "self")]

  private static func sort(_ kind: String, _ list: String) -> Operator {
    Operator(
      "aten::sort.\(kind)(\(list)(a!) self, bool reverse=False) -> ()",
      .containers { arguments in
        let isReversed = try arguments.bool("reverse")
        try arguments.changeItems("self") { items in
          try items.sort { try isReversed ? isLess($1, $0) : isLess($0, $1) }
        }
        return []
      })
  }

  private static func sorted(_ schema: String, _ name: String) -> Operator {
    Operator(schema, .containers { [.list(try $0.items(name).sorted(by: isLess))] })
  }

  private static func firstPosition(
    of element: Value, in items: [Value], _ call: String
  ) throws -> Int {
    guard let found = try items.firstIndex(where: { try isEqualByValue($0, element) }) else {
      throw MartletError(.value, "\(call): x not in list")
    }
    return found
  }

  /// Tensors by the truth of their comparison.
  static func isEqualByValue(_ a: Value, _ b: Value) throws -> Bool {
    guard case .tensor(let x) = a, case .tensor(let y) = b else { return a.isEqual(to: b) }
    return try truth(of: "aten::eq.Tensor", x, y)
  }

  /// The order that Python sorts by: tuples by their first items that differ.
  @Sendable private static func isLess(_ a: Value, _ b: Value) throws -> Bool {
    switch (a.content, b.content) {
    case (.int(let x), .int(let y)): return x.number < y.number
    case (.bool(let x), .bool(let y)): return !x && y
    case (.int, .double), (.double, .int), (.double, .double):
      return try Scalar(a).double < Scalar(b).double
    case (.string(let x), .string(let y)):
      return x.unicodeScalars.lexicographicallyPrecedes(y.unicodeScalars)
    case (.tensor(let x), .tensor(let y)): return try truth(of: "aten::lt.Tensor", x, y)
    case (.tuple(let x), .tuple(let y)), (.list(let x), .list(let y)):
      for (one, other) in zip(x, y) where !(try isEqualByValue(one, other)) {
        return try isLess(one, other)
      }
      return x.count < y.count
    default:
      throw MartletError(
        .unsupported, "items of kind \(a.kindName) and \(b.kindName) have no order")
    }
  }

  private static func truth(of name: String, _ x: Tensor, _ y: Tensor) throws -> Bool {
    guard let comparison = Catalog.byName[name], let truth = Catalog.byName["aten::Bool.Tensor"]
    else { throw MartletError(.unsupported, "\(name) is not one that Martlet has") }
    let result = try comparison.value(.tensor(x), .tensor(y))
    return try Bool(try truth.value(result))
  }
}
