/// What a pickle holds, as data: nothing that a file names is looked up or called.
///
/// Values never change once another value holds them, so there are no cycles and no surprises;
/// what a file shares is one and the same node here. Whoever walks the values should remember
/// nodes by identity.
package enum PickleValue {
  case none
  case bool(Bool)
  case int(Int)
  /// An integer beyond 64 bits: two's complement, lowest byte first.
  case largeInt([UInt8])
  case double(Double)
  case string(String)
  case bytes([UInt8])
  case global(PickleGlobal)
  case list(PickleList)
  case tuple(PickleTuple)
  case dictionary(PickleDictionary)
  case object(PickleObject)
  /// What the pickle leaves to its reader, by an identifier: PyTorch's storages.
  case persistent(PicklePersistent)

  /// The node behind a value that is shared by reference.
  package var node: PickleNode? {
    switch self {
    case .list(let node): node
    case .tuple(let node): node
    case .dictionary(let node): node
    case .object(let node): node
    case .persistent(let node): node
    default: nil
    }
  }
}

/// Reading a value as what it should be; nil when it is something else.
extension PickleValue {
  package var isNone: Bool { if case .none = self { true } else { false } }
  package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  package var int: Int? { if case .int(let value) = self { value } else { nil } }
  package var string: String? { if case .string(let value) = self { value } else { nil } }
  package var global: PickleGlobal? { if case .global(let value) = self { value } else { nil } }
  package var object: PickleObject? { if case .object(let value) = self { value } else { nil } }
  package var dictionary: PickleDictionary? {
    if case .dictionary(let value) = self { value } else { nil }
  }
  /// A number, also one that is written as an integer.
  package var double: Double? {
    switch self {
    case .double(let value): value
    case .int(let value): Double(value)
    default: nil
    }
  }
  /// The elements of a list or a tuple.
  package var elements: [PickleValue]? {
    switch self {
    case .list(let list): list.elements
    case .tuple(let tuple): tuple.elements
    default: nil
    }
  }
  /// The elements of a list or tuple of integers.
  package var ints: [Int]? {
    guard let elements else { return nil }
    var result: [Int] = []
    result.reserveCapacity(elements.count)
    for element in elements {
      guard let value = element.int else { return nil }
      result.append(value)
    }
    return result
  }
  /// The kind in Python's words, for messages.
  package var kindName: String {
    switch self {
    case .none: "None"
    case .bool: "bool"
    case .int, .largeInt: "int"
    case .double: "float"
    case .string: "str"
    case .bytes: "bytes"
    case .global(let global): "the global \(global)"
    case .list(let list): list.isSet ? "set" : "list"
    case .tuple: "tuple"
    case .dictionary: "dict"
    case .object(let object): object.callee.map { "an object of \($0)" } ?? "an object"
    case .persistent: "a persistent id"
    }
  }
}

/// A class or function by name, as in `torch._utils._rebuild_tensor_v2`.
package struct PickleGlobal: Hashable, Sendable, CustomStringConvertible {
  package let module: String
  package let name: String

  package init(_ module: String, _ name: String) {
    self.module = module
    self.name = name
  }

  package var description: String { "\(module).\(name)" }
}

/// A value that others can refer to.
package class PickleNode {
  /// Levels of nesting, from 1.
  var depth = 1
  /// Values below it, counted once for each way that leads there.
  var treeSize = 1
  /// Whether another value holds it, so that it may not change any more.
  var isHeld = false

  init() {}
}

/// A list, or a set in the order of its elements in the file.
package final class PickleList: PickleNode {
  package internal(set) var elements: [PickleValue] = []
  package let isSet: Bool

  init(isSet: Bool = false) { self.isSet = isSet }
}

package final class PickleTuple: PickleNode {
  package let elements: [PickleValue]

  init(_ elements: [PickleValue]) { self.elements = elements }
}

/// A `dict` or `OrderedDict`; of equal keys, the later entry counts.
package final class PickleDictionary: PickleNode {
  package internal(set) var entries: [(key: PickleValue, value: PickleValue)] = []
  /// Attributes that an `OrderedDict` carries, such as a state dictionary's `_metadata`.
  package internal(set) var state: PickleValue?

  /// The value of a text key. Takes a walk over the entries; use `byName` for many.
  package subscript(name: String) -> PickleValue? {
    entries.last { $0.key.string == name }?.value
  }

  /// The entries whose keys are texts.
  package var byName: [String: PickleValue] {
    var result: [String: PickleValue] = [:]
    for (key, value) in entries {
      if let name = key.string { result[name] = value }
    }
    return result
  }
}

/// What the pickle asks to be built by calling a global.
package final class PickleObject: PickleNode {
  /// How it is built.
  package enum Kind: Sendable {
    /// By calling a function or class: `callable(*arguments)`.
    case call
    /// By `__new__`, without its class's initialiser, as TorchScript's modules are.
    case new
  }

  package let kind: Kind
  package let callable: PickleValue
  /// A tuple; TorchScript gives an enum's value bare.
  package let argument: PickleValue
  /// What `__setstate__` or the attributes are set from.
  package internal(set) var state: PickleValue?
  /// Entries that are set on it as on a dictionary.
  package internal(set) var entries: [(key: PickleValue, value: PickleValue)] = []

  init(_ kind: Kind, _ callable: PickleValue, _ argument: PickleValue) {
    self.kind = kind
    self.callable = callable
    self.argument = argument
  }

  package var arguments: [PickleValue] {
    if case .tuple(let tuple) = argument { tuple.elements } else { [argument] }
  }

  /// The global that is called.
  package var callee: PickleGlobal? { callable.global }
}

package final class PicklePersistent: PickleNode {
  package let id: PickleValue

  init(_ id: PickleValue) { self.id = id }
}
