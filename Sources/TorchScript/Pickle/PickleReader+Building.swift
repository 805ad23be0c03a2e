import MartletTensor

/// Values that hold others.
///
/// A value may change only while no other value holds it. Picklers that write plain data never
/// need more, and so nothing refers to itself and the levels below a value are known.
extension PickleReader {
  /// Lets `parent` hold the value from now on.
  private func hold(_ value: PickleValue, in parent: PickleNode) throws {
    let (size, overflow): (Int, Bool)
    if let node = value.node {
      guard node !== parent else { throw cyclic() }
      node.isHeld = true
      parent.depth = max(parent.depth, node.depth + 1)
      (size, overflow) = parent.treeSize.addingReportingOverflow(node.treeSize)
    } else {
      (size, overflow) = parent.treeSize.addingReportingOverflow(1)
    }
    guard parent.depth <= limits.depth else {
      throw wrong("nests values more than \(limits.depth) levels deep")
    }
    guard !overflow, size <= limits.treeSize else {
      throw wrong("holds more than \(limits.treeSize) values when shared ones are counted anew")
    }
    parent.treeSize = size
  }

  private func requireOpen(_ node: PickleNode) throws {
    guard !node.isHeld else { throw cyclic() }
  }

  private func cyclic() -> MartletError {
    wrong("changes a value that another one already holds, as cyclic references do")
  }

  mutating func tuple(_ elements: [PickleValue]) throws -> PickleValue {
    let tuple = PickleTuple(elements)
    for element in elements { try hold(element, in: tuple) }
    return .tuple(tuple)
  }

  mutating func append(_ elements: [PickleValue], to value: PickleValue, isSet: Bool = false) throws
  {
    guard case .list(let list) = value, list.isSet == isSet else {
      throw wrong("appends to \(value.kindName), which is no \(isSet ? "set" : "list")")
    }
    try requireOpen(list)
    for element in elements { try hold(element, in: list) }
    list.elements += elements
  }

  mutating func set(_ pairs: [PickleValue], on value: PickleValue) throws {
    guard pairs.count % 2 == 0 else { throw wrong("a key without a value") }
    switch value {
    case .dictionary(let node):
      try requireOpen(node)
      for item in pairs { try hold(item, in: node) }
      for i in stride(from: 0, to: pairs.count, by: 2) {
        node.entries.append((pairs[i], pairs[i + 1]))
      }
    case .object(let node):
      try requireOpen(node)
      for item in pairs { try hold(item, in: node) }
      for i in stride(from: 0, to: pairs.count, by: 2) {
        node.entries.append((pairs[i], pairs[i + 1]))
      }
    default: throw wrong("sets entries of \(value.kindName), which is no dict")
    }
  }

  mutating func build(_ value: PickleValue, state: PickleValue) throws {
    switch value {
    case .object(let node):
      try requireOpen(node)
      guard node.state == nil else { throw wrong("sets an object's state twice") }
      try hold(state, in: node)
      node.state = state
    case .dictionary(let node):
      try requireOpen(node)
      guard node.state == nil else { throw wrong("sets an object's state twice") }
      try hold(state, in: node)
      node.state = state
    default: throw wrong("sets the state of \(value.kindName), which has none")
    }
  }

  mutating func object(_ kind: PickleObject.Kind, _ callable: PickleValue, _ argument: PickleValue)
    throws
    -> PickleValue
  {
    guard let callee = callable.global else {
      throw wrong("calls \(callable.kindName); only globals can be called")
    }
    if kind == .new {
      guard case .tuple = argument else {
        throw wrong("gives \(callee) \(argument.kindName) in place of a tuple of arguments")
      }
    }
    if callee == PickleGlobal("collections", "OrderedDict"), kind == .call {
      return try orderedDictionary(argument)
    }
    let object = PickleObject(kind, callable, argument)
    try hold(argument, in: object)
    return .object(object)
  }

  /// `OrderedDict()`, or as Python 2 wrote it with a list of pairs.
  private mutating func orderedDictionary(_ argument: PickleValue) throws -> PickleValue {
    let result = PickleDictionary()
    guard case .tuple(let arguments) = argument, arguments.elements.count <= 1 else {
      throw wrong("gives collections.OrderedDict \(argument.kindName)")
    }
    if let pairs = arguments.elements.first {
      guard let pairs = pairs.elements else {
        throw wrong("gives collections.OrderedDict \(pairs.kindName)")
      }
      for pair in pairs {
        guard let pair = pair.elements, pair.count == 2 else {
          throw wrong("gives collections.OrderedDict \(pair.kindName) as a pair")
        }
        try set(pair, on: .dictionary(result))
      }
    }
    return .dictionary(result)
  }

  mutating func persistent(_ id: PickleValue) throws -> PickleValue {
    let result = PicklePersistent(id)
    try hold(id, in: result)
    return .persistent(result)
  }
}
