import MartletOps
import MartletTensor
import MartletTracer

/// Makes values of what a pickle of TorchScript's holds.
final class ValueReader {
  private let tensors: TensorReader
  private let unit: CompilationUnit
  private let place: String
  /// Objects by the node of their pickle, so that what is shared stays shared.
  private var objects: [ObjectIdentifier: Value] = [:]
  /// Keeps the nodes alive whose identities are the keys.
  private var nodes: [PickleNode] = []

  init(_ tensors: TensorReader, unit: CompilationUnit, place: String) {
    self.tensors = tensors
    self.unit = unit
    self.place = place
  }

  /// - Parameter name: the value's path, for messages.
  func value(_ pickled: PickleValue, named name: String) throws -> Value {
    switch pickled {
    case .none: return .none
    case .bool(let flag): return .bool(flag)
    case .int(let number): return .int(Dim(number))
    case .double(let number): return .double(number)
    case .string(let text): return .string(text)
    case .list(let list):
      return .list(try values(list.elements, named: name))
    case .tuple(let tuple):
      return .tuple(try values(tuple.elements, named: name))
    case .dictionary(let dictionary):
      return .dictionary(
        try dictionary.entries.map { key, item in
          let key = try value(key, named: name)
          return .init(key: key, value: try value(item, named: "\(name)[\(key.summary)]"))
        })
    case .object(let object): return try value(of: object, pickled, named: name)
    case .largeInt, .bytes, .global, .persistent:
      throw wrong(name, "is \(pickled.kindName), which is no value of TorchScript's")
    }
  }

  private func values(_ items: [PickleValue], named name: String) throws -> [Value] {
    try items.enumerated().map { index, item in try value(item, named: "\(name).\(index)") }
  }

  private func value(
    of object: PickleObject, _ pickled: PickleValue, named name: String
  ) throws -> Value {
    if TensorReader.isTensor(pickled) {
      return .tensor(try tensors.tensor(pickled, named: name).complete())
    }
    guard let callee = object.callee else { throw wrong(name, "is an object of no class") }
    switch (callee.module, callee.name) {
    case ("torch.jit._pickle", "restore_type_tag"), ("torch.jit._pickle", "build_intlist"),
      ("torch.jit._pickle", "build_tensorlist"), ("torch.jit._pickle", "build_doublelist"),
      ("torch.jit._pickle", "build_boollist"), ("torch.jit._pickle", "build_complexlist"):
      guard let first = object.arguments.first else { throw wrong(name, "is an empty \(callee)") }
      return try value(first, named: name)
    case ("torch", "device"):
      guard let device = object.arguments.first?.string else {
        throw wrong(name, "is a broken device")
      }
      return .device(device)
    case ("torch", "Size"), ("collections", "OrderedDict"):
      guard let first = object.arguments.first else { return .dictionary([]) }
      return try value(first, named: name)
    case ("builtins", "complex"):
      let parts = object.arguments.compactMap(\.double)
      guard parts.count == 2 else { throw wrong(name, "is a broken complex number") }
      return .complex(parts[0], parts[1])
    default:
      guard callee.module == "__torch__" || callee.module.hasPrefix("__torch__.") else {
        throw wrong(name, "is \(pickled.kindName), which is no value of TorchScript's")
      }
      return try instance(of: "\(callee)", object, named: name)
    }
  }

  /// A member of an enumeration, packed parameters, or an object of a script's class.
  private func instance(
    of className: String, _ object: PickleObject, named name: String
  ) throws -> Value {
    if let known = objects[ObjectIdentifier(object)] { return known }
    let result: Value
    if className.hasPrefix("__torch__.torch.classes.") {
      let state = try value(object.state ?? object.argument, named: name)
      do {
        result = .packed(try PackedParameters(className: className, state: state))
      } catch let error as MartletError {
        throw error.prefixed(by: "'\(name)': ")
      }
    } else {
      guard let type = unit.classes[className] else {
        throw wrong(name, "is an object of \(className), a class that the code does not declare")
      }
      switch type.kind {
      case .enumeration: result = try member(of: type, object, named: name)
      case .object: result = try scriptObject(type, object, named: name)
      case .namedTuple:
        result = try value(object.state ?? object.argument, named: name)
      case .module, .interface:
        throw wrong(name, "is a module where a value is expected")
      }
    }
    objects[ObjectIdentifier(object)] = result
    nodes.append(object)
    return result
  }

  private func member(
    of type: ScriptClass, _ object: PickleObject, named name: String
  ) throws -> Value {
    let given = try value(object.arguments.first ?? .none, named: name)
    guard let member = type.members.first(where: { $0.value.isEqual(to: given) }) else {
      throw wrong(name, "is \(given.summary), which is no member of \(type.name)")
    }
    return .enumeration(member)
  }

  private func scriptObject(
    _ type: ScriptClass, _ object: PickleObject, named name: String
  ) throws -> Value {
    let result = ScriptObject(className: type.name)
    guard let state = object.state else { return .object(result) }
    if let method = type.method("__setstate__") {
      let given = try value(state, named: name)
      _ = try InterpreterRun.result(
        of: method.graph, receiver: .object(result), [given], unit: unit)
      return .object(result)
    }
    guard let attributes = state.dictionary else {
      throw wrong(name, "has the state \(state.kindName); a dictionary is expected")
    }
    for (key, item) in attributes.entries {
      guard let attribute = key.string else { continue }
      let value = try value(item, named: "\(name).\(attribute)")
      result[attribute] = unit.traits.changesContainers ? value.givingIdentities : value
    }
    return .object(result)
  }

  func wrong(_ name: String, _ message: String) -> MartletError {
    MartletError(.file, "\(place): '\(name)' \(message)")
  }
}
