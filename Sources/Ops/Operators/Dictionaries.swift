import MartletTensor

/// Dictionaries, whose entries stay in the order in which their keys first came.
enum Dictionaries {
  static let operators: [Operator] =
    [empty] + ["str", "int", "float", "bool", "complex", "Tensor"].flatMap(operators(key:))

  static let empty = Operator(
    "aten::dict() -> Dict(str, Tensor)", .containers { _ in [.dictionary([])] })

  private static func operators(key: String) -> [Operator] {
    let type = "Dict(\(key), t)"
    return reading(key, type) + copying(key, type) + changing(key, type) + removing(key, type)
  }

  private static func reading(_ key: String, _ type: String) -> [Operator] {
    [
      Operator(
        "aten::len.Dict_\(key)(\(type) self) -> int",
        .containers { [.int(Dim(try $0.entries("self").count))] }),
      Operator(
        "aten::__contains__.\(key)(\(type) dict, \(key) key) -> bool",
        .containers { [.bool(position(of: $0["key"], in: try $0.entries("dict")) != nil)] }),
      Operator(
        "aten::__getitem__.Dict_\(key)(\(type) self, \(key) key) -> t(*)",
        .containers { arguments in
          let (entries, key) = (try arguments.entries("self"), arguments["key"])
          return [entries[try requiredPosition(of: key, in: entries)].value]
        }),
      Operator(
        "aten::get.\(key)(\(type) self, \(key) key) -> t(*)?",
        .containers { [find($0["key"], in: try $0.entries("self")) ?? .none] }),
      Operator(
        "aten::get.default_\(key)(\(type) self, \(key) key, t default_value) -> t(*)",
        .containers { [find($0["key"], in: try $0.entries("self")) ?? $0["default_value"]] }),
      Operator(
        "aten::keys.\(key)(\(type) self) -> \(key)[](*)",
        .containers { [.list(try $0.entries("self").map(\.key))] }),
      Operator(
        "aten::values.\(key)(\(type) self) -> t[](*)",
        .containers { [.list(try $0.entries("self").map(\.value))] }),
      Operator(
        "aten::items.\(key)(\(type) self) -> ((\(key), t)[])",
        .containers { [.list(try $0.entries("self").map { .tuple([$0.key, $0.value]) })] }),
    ]
  }

  private static func copying(_ key: String, _ type: String) -> [Operator] {
    [
      Operator(
        "aten::copy.Dict_\(key)(\(type)(a) self) -> \(type)",
        .containers { [.dictionary(try $0.entries("self"))] }),
      Operator(
        "aten::dict.Dict_\(key)(\(type)(a) self) -> \(type)",
        .containers { [.dictionary(try $0.entries("self"))] }),
      Operator(
        "aten::dict.\(key)((\(key), tVal)[] inputs) -> Dict(\(key), tVal)",
        .containers { arguments in
          var entries: [Value.DictionaryEntry] = []
          for pair in try arguments.items("inputs") {
            guard case .tuple(let parts) = pair, parts.count == 2 else {
              throw MartletError(.argument, "expected pairs, got \(pair.summary)")
            }
            set(parts[0], parts[1], in: &entries)
          }
          return [.dictionary(entries)]
        }),
    ]
  }

  private static func changing(_ key: String, _ type: String) -> [Operator] {
    [
      Operator(
        "aten::_set_item.\(key)(\(type)(a!) l, \(key)(b -> *) idx, t(c -> *) v) -> ()",
        .containers { arguments in
          let (key, value) = (arguments["idx"], arguments["v"])
          try arguments.changeEntries("l") { set(key, value, in: &$0) }
          return []
        }),
      Operator(
        "aten::setdefault.\(key)(\(type)(a!) self, \(key)(b -> *) key, "
          + "t(c -> *) default_value) -> t(*)",
        .containers { arguments in
          let (key, standard) = (arguments["key"], arguments["default_value"])
          var result = standard
          try arguments.changeEntries("self") { entries in
            if let known = find(key, in: entries) {
              result = known
            } else {
              set(key, standard, in: &entries)
            }
          }
          return [result]
        }),
      Operator(
        "aten::update.\(key)(\(type)(a!) self, \(type)(a!) to_add) -> ()",
        .containers { arguments in
          let added = try arguments.entries("to_add")
          try arguments.changeEntries("self") { entries in
            for entry in added { set(entry.key, entry.value, in: &entries) }
          }
          return []
        }),
    ]
  }

  private static func removing(_ key: String, _ type: String) -> [Operator] {
    [
      Operator(
        "aten::Delete.Dict_\(key)(\(type)(a!) self, \(key) key) -> ()",
        .containers { arguments in
          _ = try remove(arguments, otherwise: nil)
          return []
        }),
      Operator(
        "aten::pop.Dict_\(key)(\(type)(a!) self, \(key) key) -> t(*)",
        .containers { [try remove($0, otherwise: nil)] }),
      Operator(
        "aten::pop.Dict_default_\(key)(\(type)(a!) self, \(key) key, t default_value) -> t(*)",
        .containers { [try remove($0, otherwise: $0["default_value"])] }),
      Operator(
        "aten::popitem.\(key)(\(type)(a!) self) -> ((\(key), t))",
        .containers { arguments in
          var last = Value.none
          try arguments.changeEntries("self") { entries in
            guard let entry = entries.popLast() else {
              throw MartletError(.index, "popitem(): dictionary is empty")
            }
            last = .tuple([entry.key, entry.value])
          }
          return [last]
        }),
      Operator(
        "aten::clear.\(key)(\(type)(a!) self) -> ()",
        .containers { arguments in
          try arguments.changeEntries("self") { $0 = [] }
          return []
        }),
    ]
  }

  /// Takes the entry out and gives its value.
  private static func remove(_ arguments: Arguments, otherwise: Value?) throws -> Value {
    let key = arguments["key"]
    var result = Value.none
    try arguments.changeEntries("self") { entries in
      if let otherwise, position(of: key, in: entries) == nil {
        result = otherwise
      } else {
        result = entries.remove(at: try requiredPosition(of: key, in: entries)).value
      }
    }
    return result
  }

  private static func position(of key: Value, in entries: [Value.DictionaryEntry]) -> Int? {
    entries.firstIndex { $0.key.isEqual(to: key) }
  }

  private static func requiredPosition(
    of key: Value, in entries: [Value.DictionaryEntry]
  ) throws -> Int {
    guard let found = position(of: key, in: entries) else {
      throw MartletError(.index, "KeyError: \(key.summary)")
    }
    return found
  }

  private static func find(_ key: Value, in entries: [Value.DictionaryEntry]) -> Value? {
    position(of: key, in: entries).map { entries[$0].value }
  }

  private static func set(
    _ key: Value, _ value: Value, in entries: inout [Value.DictionaryEntry]
  ) {
    let entry = Value.DictionaryEntry(key: key, value: value)
    if let known = position(of: key, in: entries) {
      entries[known] = entry
    } else {
      entries.append(entry)
    }
  }
}
