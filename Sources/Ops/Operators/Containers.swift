import MartletTensor

/// Lists that may change and whose items keep their identity.
package enum Containers {
  package static let operators: [Operator] =
    [
      is_, isNot, length("aten::len.t(t[] a) -> int"), length("aten::len.any(Any[] a) -> int"),
      concatenation, repetition, repetitionRight, copyOfList, copy, item, slice, append, extend,
      addInPlace, multiplyInPlace, insert, pop, delete, setItem, clear, reverse,
    ] + removals + searches + counts + memberships + sorts + Dictionaries.operators

  // Whether both are the same object; None is always itself.
  static let is_ = Operator(
    "aten::__is__(t1 self, t2 obj) -> bool",
    .containers { [.bool($0["self"].isSame(as: $0["obj"]))] })
  static let isNot = Operator(
    "aten::__isnot__(t1 self, t2 obj) -> bool",
    .containers { [.bool(!$0["self"].isSame(as: $0["obj"]))] })

  private static func length(_ schema: String) -> Operator {
    Operator(schema, .containers { [.int(Dim(try $0.items("a").count))] })
  }

  static let concatenation = Operator(
    "aten::add.t(t[] a, t[] b) -> t[]",
    .containers { [.list(try $0.items("a") + $0.items("b"))] })
  static let repetition = Operator(
    "aten::mul.left_t(t[] l, int n) -> t[]",
    .containers { [.list(repeated(try $0.items("l"), try $0.int("n")))] })
  static let repetitionRight = Operator(
    "aten::mul.right_(int n, t[] l) -> t[]",
    .containers { [.list(repeated(try $0.items("l"), try $0.int("n")))] })
  static let multiplyInPlace = Operator(
    "aten::mul_.t(t[](a!) l, int n) -> t[](a!)",
    .containers { arguments in
      let count = try arguments.int("n")
      return [try arguments.changeItems("l") { $0 = repeated($0, count) }]
    })

  private static func repeated(_ items: [Value], _ count: Int) -> [Value] {
    Array(repeatElement(items, count: max(count, 0)).joined())
  }

  static let copyOfList = Operator(
    "aten::list.t(t[] l) -> t[]", .containers { [.list(try $0.items("l"))] })
  static let copy = Operator(
    "aten::copy.t(t[](a) self) -> t[]", .containers { [.list(try $0.items("self"))] })

  static let item = Operator(
    "aten::__getitem__.t(t[](a) list, int idx) -> t(*)",
    .containers { arguments in
      let items = try arguments.items("list")
      return [items[try position(arguments.int("idx"), in: items)]]
    })

  static let slice = Operator(
    "aten::slice.t(t[] l, int? start=None, int? end=None, int step=1) -> t[]",
    .containers { arguments in
      let items = try arguments.items("l")
      return [.list(try arguments.slicePositions(count: items.count).map { items[$0] })]
    })

  static let append = Operator(
    "aten::append.t(t[](a!) self, t(c -> *) el) -> t[](a!)",
    .containers { arguments in
      let element = arguments["el"]
      return [try arguments.changeItems("self") { $0.append(element) }]
    })
  static let extend = Operator(
    "aten::extend.t(t[](a!) self, t[] other) -> ()",
    .containers { arguments in
      let other = try arguments.items("other")
      try arguments.changeItems("self") { $0 += other }
      return []
    })
  static let addInPlace = Operator(
    "aten::add_.t(t[](a!) self, t[] b) -> t[]",
    .containers { arguments in
      let other = try arguments.items("b")
      return [try arguments.changeItems("self") { $0 += other }]
    })
  static let insert = Operator(
    "aten::insert.t(t[](a!) self, int idx, t(b -> *) el) -> ()",
    .containers { arguments in
      let (element, index) = (arguments["el"], try arguments.int("idx"))
      try arguments.changeItems("self") { items in
        let place = index < 0 ? max(index + items.count, 0) : min(index, items.count)
        items.insert(element, at: place)
      }
      return []
    })
  static let pop = Operator(
    "aten::pop.t(t[](a!) self, int idx=-1) -> t(*)",
    .containers { arguments in
      let index = try arguments.int("idx")
      var removed = Value.none
      try arguments.changeItems("self") { items in
        guard !items.isEmpty else { throw MartletError(.index, "pop from empty list") }
        removed = items.remove(at: try position(index, in: items))
      }
      return [removed]
    })
  static let delete = Operator(
    "aten::Delete.t(t[](a!) self, int idx) -> ()",
    .containers { arguments in
      let index = try arguments.int("idx")
      try arguments.changeItems("self") { $0.remove(at: try position(index, in: $0)) }
      return []
    })
  static let setItem = Operator(
    "aten::_set_item.t(t[](a!) l, int idx, t(b -> *) el) -> t[](a!)",
    .containers { arguments in
      let (element, index) = (arguments["el"], try arguments.int("idx"))
      return [try arguments.changeItems("l") { $0[try position(index, in: $0)] = element }]
    })
  static let clear = Operator(
    "aten::clear.t(t[](a!) self) -> ()",
    .containers { arguments in
      try arguments.changeItems("self") { $0 = [] }
      return []
    })
  static let reverse = Operator(
    "aten::reverse.t(t[](a!) self) -> ()",
    .containers { arguments in
      try arguments.changeItems("self") { $0.reverse() }
      return []
    })

  private static func position(_ index: Int, in items: [Value]) throws -> Int {
    let position = index < 0 ? index + items.count : index
    guard items.indices.contains(position) else {
      throw MartletError(.index, "list index \(index) out of range for a list of \(items.count)")
    }
    return position
  }
}

extension Arguments {
  /// The positions that Python's `[start:end:step]` picks.
  package func slicePositions(count: Int) throws -> StrideTo<Int> {
    let step = try int("step")
    guard step != 0 else { throw MartletError(.value, "slice step must not be zero") }
    func end(_ name: String, _ usual: Int) throws -> Int {
      guard let given = try optionalInt(name) else { return usual }
      let position = given < 0 ? given + count : given
      return step > 0 ? min(max(position, 0), count) : min(max(position, -1), count - 1)
    }
    return stride(
      from: try end("start", step > 0 ? 0 : count - 1), to: try end("end", step > 0 ? count : -1),
      by: step)
  }
}
